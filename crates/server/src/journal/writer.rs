//! The writer: takes what waits, tries it as one transaction, mends what goes wrong.

use std::collections::BTreeSet;
use std::thread::JoinHandle;

use douyin_pay_ledger::OrderId;
use tokio::sync::{mpsc, watch};

use super::batch::{Batch, Pending, quarantine};
use super::chores::{Chore, Given};
use super::{AppLabels, BATCH_MAX, Job, SubmitError};
use crate::store::{Store, StoreError, Writes};

/// A number that another writer took: decide again at most so often, then one caller at a time.
const CONFLICTS_MAX: u32 = 3;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worked {
    /// How many jobs were taken.
    pub jobs: usize,
}

/// Drives the journal. In production a thread loops around it, in the simulation the seed does.
pub struct JournalWriter {
    store: Box<dyn Store>,
    labels: AppLabels,
    waiting: mpsc::Receiver<Job>,
    changed: watch::Sender<()>,
    quarantined: BTreeSet<OrderId>,
}

/// Why a transaction did not come about.
enum Failed {
    /// It was not committed.
    Undone(StoreError),
    /// The commit itself failed: nobody knows whether it lasts.
    Unsure(StoreError),
}

impl JournalWriter {
    pub(super) fn new(
        mut store: Box<dyn Store>,
        labels: AppLabels,
        waiting: mpsc::Receiver<Job>,
        changed: watch::Sender<()>,
    ) -> Result<Self, StoreError> {
        let quarantined = store.quarantined()?.into_iter().collect();
        Ok(Self { store, labels, waiting, changed, quarantined })
    }

    /// Takes what waits, at most [`BATCH_MAX`] jobs, and carries it out.
    pub fn step(&mut self) -> Worked {
        match self.waiting.try_recv() {
            Ok(first) => self.carry_out_with(first),
            Err(_) => Worked { jobs: 0 },
        }
    }

    /// Loops on a thread of its own until every handle is gone and everything that waited is done.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn run_on_thread(mut self) -> std::io::Result<JoinHandle<()>> {
        std::thread::Builder::new().name("journal".to_owned()).spawn(move || {
            while let Some(first) = self.waiting.blocking_recv() {
                self.carry_out_with(first);
            }
        })
    }

    /// Takes what else waits and carries everything out.
    fn carry_out_with(&mut self, first: Job) -> Worked {
        let (mut submissions, mut chores) = (Vec::new(), Vec::new());
        let mut next = Some(first);
        let mut jobs = 0;
        while let Some(job) = next {
            jobs += 1;
            match job {
                Job::Submit(submission, answer) => submissions.push(Pending::new(*submission, answer)),
                Job::Chore(chore) => chores.push(chore),
            }
            next = if jobs < BATCH_MAX { self.waiting.try_recv().ok() } else { None };
        }
        metrics::histogram!("douyin_pay_journal_batch_jobs").record(u32::try_from(jobs).unwrap_or(u32::MAX));
        self.attempt(submissions, chores, 0);
        self.changed.send_replace(());
        Worked { jobs }
    }

    /// One transaction over everything, then the answers.
    fn attempt(&mut self, submissions: Vec<Pending>, chores: Vec<Chore>, conflicts: u32) {
        let mut batch = Batch::new(submissions);
        match self.transact(&mut batch, &chores) {
            Ok(given) => {
                batch.answer_all();
                chores.into_iter().zip(given).for_each(|(chore, given)| chore.answer(given));
            }
            Err(Failed::Unsure(cause)) => fail_all(batch.into_pending(), chores, &unavailable(&cause)),
            Err(Failed::Undone(cause)) => {
                self.store.roll_back();
                self.quarantined.extend(batch.damaged());
                self.mend(batch.into_pending(), chores, &cause, conflicts);
            }
        }
    }

    fn transact(&mut self, batch: &mut Batch, chores: &[Chore]) -> Result<Vec<Given>, Failed> {
        self.store.begin().map_err(Failed::Undone)?;
        batch.decide(&mut *self.store, &self.labels, &self.quarantined).map_err(Failed::Undone)?;
        let writes = batch.writes();
        chores.iter().for_each(|chore| chore.collect(writes));
        if !writes.is_empty() {
            self.store.write(writes).map_err(Failed::Undone)?;
        }
        let given: Result<Vec<Given>, StoreError> =
            chores.iter().map(|chore| chore.carry_out(&mut *self.store)).collect();
        let given = given.map_err(Failed::Undone)?;
        self.store.commit().map_err(Failed::Unsure)?;
        self.quarantined.extend(batch.damaged());
        Ok(given)
    }

    fn mend(&mut self, pending: Vec<Pending>, chores: Vec<Chore>, cause: &StoreError, conflicts: u32) {
        match cause {
            StoreError::Unavailable(_) | StoreError::Corrupt { .. } => {
                fail_all(pending, chores, &unavailable(cause))
            }
            StoreError::Conflict if conflicts < CONFLICTS_MAX => self.attempt(pending, chores, conflicts + 1),
            StoreError::Conflict | StoreError::Refused(_) => self.divide(pending, chores, cause),
        }
    }

    /// Tries halves, so that one bad submission does not take the others with it.
    fn divide(&mut self, mut pending: Vec<Pending>, mut chores: Vec<Chore>, cause: &StoreError) {
        match (pending.len(), chores.len()) {
            (0, 0) => {}
            (1, 0) => pending.into_iter().for_each(|one| self.blame(one, cause)),
            (0, 1) => fail_all(pending, chores, &SubmitError::Rejected(cause.to_string())),
            (0, many) => {
                let rest = chores.split_off(many / 2);
                self.attempt(Vec::new(), chores, 0);
                self.attempt(Vec::new(), rest, 0);
            }
            (1, _) => {
                self.attempt(pending, Vec::new(), 0);
                self.attempt(Vec::new(), chores, 0);
            }
            (many, _) => {
                let rest = pending.split_off(many / 2);
                self.attempt(pending, Vec::new(), 0);
                self.attempt(rest, chores, 0);
            }
        }
    }

    /// A submission that cannot be stored even alone: its order is left alone from now on.
    fn blame(&mut self, pending: Pending, cause: &StoreError) {
        let Some(order) = pending.found() else {
            return pending.answer(Err(SubmitError::Rejected(cause.to_string())));
        };
        self.quarantined.insert(order);
        tracing::error!(order.id = %order, "order quarantined: {cause}");
        let exception = (quarantine(order, &cause.to_string()), pending.at());
        let writes = Writes { exceptions: vec![exception], ..Writes::default() };
        let noted =
            self.store.begin().and_then(|()| self.store.write(&writes)).and_then(|()| self.store.commit());
        if let Err(cause) = noted {
            self.store.roll_back();
            tracing::error!(order.id = %order, "the quarantine could not be noted: {cause}");
        }
        pending.answer(Err(SubmitError::Quarantined(order)));
    }
}

fn unavailable(cause: &StoreError) -> SubmitError {
    tracing::error!("the books cannot be written: {cause}");
    SubmitError::Unavailable(cause.to_string())
}

fn fail_all(pending: Vec<Pending>, chores: Vec<Chore>, cause: &SubmitError) {
    pending.into_iter().for_each(|one| one.answer(Err(cause.clone())));
    chores.into_iter().for_each(|chore| chore.fail(cause.clone()));
}
