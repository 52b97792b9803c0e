//! The writer: takes what waits, tries it as one transaction, mends what goes wrong.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use douyin_pay_ledger::{Exception, OrderId};
use tokio::sync::{mpsc, watch};

use super::batch::{Batch, quarantine};
use super::chores::{Chore, Given};
use super::{AppLabels, BATCH_MAX, Condition, Decided, Job, Submission, SubmitError};
use crate::store::{Store, StoreError, Writes};

/// Ids and numbers that another writer took: draw and decide again so often, then one job at a time.
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
    /// Taken out of the queue by [`JournalWriter::wait`].
    held: Option<Job>,
    changed: watch::Sender<()>,
    condition: Condition,
    quarantined: BTreeSet<OrderId>,
    /// The order that was last decided about: if everything fails, it was it.
    suspect: Option<OrderId>,
}

/// What became of one job, until the transaction lasts.
enum Done {
    Decided(Result<Decided, SubmitError>),
    Given(Given),
}

impl JournalWriter {
    pub(super) fn new(
        mut store: Box<dyn Store>,
        labels: AppLabels,
        waiting: mpsc::Receiver<Job>,
        changed: watch::Sender<()>,
        condition: Condition,
    ) -> Result<Self, StoreError> {
        let quarantined = store.quarantined()?.into_iter().collect();
        Ok(Self { store, labels, waiting, held: None, changed, condition, quarantined, suspect: None })
    }

    /// Takes what waits, at most [`BATCH_MAX`] jobs, and carries it out.
    pub fn step(&mut self) -> Worked {
        let first = self.held.take().or_else(|| self.waiting.try_recv().ok());
        first.map_or(Worked { jobs: 0 }, |first| self.carry_out_with(first))
    }

    /// Ends when something waits; false when nothing ever will, because every handle is gone.
    pub async fn wait(&mut self) -> bool {
        if self.held.is_none() {
            self.held = self.waiting.recv().await;
        }
        self.held.is_some()
    }

    /// Loops on a thread of its own until every handle is gone and everything that waited is done.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn run_on_thread(mut self) -> std::io::Result<JoinHandle<()>> {
        std::thread::Builder::new().name("journal".to_owned()).spawn(move || {
            while let Some(first) = self.held.take().or_else(|| self.waiting.blocking_recv()) {
                self.carry_out_with(first);
            }
        })
    }

    /// Takes what else waits and carries everything out.
    fn carry_out_with(&mut self, first: Job) -> Worked {
        let mut jobs = Vec::with_capacity(self.waiting.len().min(BATCH_MAX) + 1);
        jobs.push(first);
        while jobs.len() < BATCH_MAX
            && let Ok(job) = self.waiting.try_recv()
        {
            jobs.push(job);
        }
        let worked = Worked { jobs: jobs.len() };
        metrics::histogram!("douyin_pay_journal_batch_jobs")
            .record(u32::try_from(worked.jobs).unwrap_or(u32::MAX));
        self.carry_out(jobs);
        worked
    }

    /// One transaction over all jobs, then the answers. A bad job is found by trying halves.
    fn carry_out(&mut self, mut jobs: Vec<Job>) {
        let cause = match self.attempt(&jobs) {
            Ok(done) => return self.answer(jobs, done),
            Err(cause) => cause,
        };
        match cause {
            StoreError::Conflict | StoreError::Refused(_) if jobs.len() > 1 => {
                let rest = jobs.split_off(jobs.len() / 2);
                self.carry_out(jobs);
                self.carry_out(rest);
            }
            StoreError::Refused(_) => jobs.into_iter().for_each(|job| self.blame(job, &cause)),
            StoreError::Conflict | StoreError::Unavailable(_) | StoreError::Corrupt { .. } => {
                tracing::error!("the books cannot be written: {cause}");
                self.condition.set(Some(cause.to_string()));
                let told = SubmitError::Unavailable(cause.to_string());
                jobs.into_iter().for_each(|job| job.fail(told.clone()));
            }
        }
    }

    fn answer(&mut self, jobs: Vec<Job>, done: Vec<Done>) {
        self.condition.set(None);
        let resolved = jobs.iter().any(|job| matches!(job, Job::Chore(Chore::Resolve { .. })));
        for (job, done) in jobs.into_iter().zip(done) {
            match (job, done) {
                // Whoever asked may have hung up; what was committed stays committed.
                (Job::Submit(_, answer), Done::Decided(decided)) => drop(answer.send(decided)),
                (Job::Chore(chore), Done::Given(given)) => chore.answer(given),
                (Job::Submit(..), Done::Given(_)) | (Job::Chore(_), Done::Decided(_)) => {
                    unreachable!("each job has its own kind of result")
                }
            }
        }
        if resolved && let Ok(quarantined) = self.store.quarantined() {
            self.quarantined = quarantined.into_iter().collect();
        }
    }

    /// One transaction, tried again when ids or numbers were taken. A panic is a refusal.
    fn attempt(&mut self, jobs: &[Job]) -> Result<Vec<Done>, StoreError> {
        for redraw in 0..=CONFLICTS_MAX {
            let tried = catch_unwind(AssertUnwindSafe(|| self.transact(jobs, redraw)));
            match tried.unwrap_or_else(|panic| Err(panicked(&*panic))) {
                Ok(done) => return Ok(done),
                Err(cause) => {
                    self.store.roll_back();
                    if cause != StoreError::Conflict {
                        return Err(cause);
                    }
                }
            }
        }
        Err(StoreError::Conflict)
    }

    fn transact(&mut self, jobs: &[Job], redraw: u32) -> Result<Vec<Done>, StoreError> {
        let store = &mut *self.store;
        store.begin()?;
        let submissions: Vec<&Submission> = jobs.iter().filter_map(Job::submission).collect();
        let mut batch = Batch::new(&self.labels, &self.quarantined, redraw);
        let decided = batch.decide(store, &submissions, &mut self.suspect)?;
        let (mut writes, damaged) = batch.finish();
        jobs.iter().filter_map(Job::chore).for_each(|chore| chore.collect(&mut writes, redraw));
        if !writes.is_empty() {
            store.write(&writes)?;
        }
        let mut quarantined = &self.quarantined | &damaged;
        let mut decided = decided.into_iter();
        let done = jobs.iter().map(|job| match job {
            Job::Submit(..) => Ok(Done::Decided(decided.next().expect("every submission is decided"))),
            Job::Chore(chore) => chore.carry_out(store, &mut quarantined).map(Done::Given),
        });
        let done = done.collect::<Result<Vec<Done>, StoreError>>()?;
        // Whether a commit that fails lasts is unknown: nobody is told success, and none is tried again.
        store.commit().map_err(|cause| StoreError::Unavailable(cause.to_string()))?;
        self.quarantined = quarantined;
        let due = !writes.orders.is_empty() || !writes.events.is_empty();
        if due || jobs.iter().filter_map(Job::chore).any(Chore::wakes) {
            self.changed.send_replace(());
        }
        Ok(done)
    }

    /// A job that cannot be carried out even alone. Its order, if there is one, is left alone from now on.
    fn blame(&mut self, job: Job, cause: &StoreError) {
        let Job::Submit(submission, answer) = job else {
            tracing::error!("a chore was refused: {cause}");
            return job.fail(SubmitError::Rejected(cause.to_string()));
        };
        let (exception, told) = match self.suspect.take() {
            Some(order) => {
                tracing::error!(order.id = %order, "order quarantined: {cause}");
                self.quarantined.insert(order);
                (quarantine(order, &cause.to_string()), SubmitError::Quarantined(order))
            }
            None => {
                let detail = format!("{:?} cannot be written down: {cause}", submission.key);
                tracing::error!("{detail}");
                let exception = Exception { kind: Exception::QUARANTINED, order: None, detail };
                (exception, SubmitError::Rejected(cause.to_string()))
            }
        };
        let writes = Writes { exceptions: vec![(exception, submission.fact.at)], ..Writes::default() };
        let noted =
            self.store.begin().and_then(|()| self.store.write(&writes)).and_then(|()| self.store.commit());
        if let Err(cause) = noted {
            self.store.roll_back();
            tracing::error!("the quarantine could not be written down: {cause}");
        }
        // Whoever asked may have hung up.
        drop(answer.send(Err(told)));
    }
}

impl Job {
    fn submission(&self) -> Option<&Submission> {
        match self {
            Self::Submit(submission, _) => Some(submission),
            Self::Chore(_) => None,
        }
    }

    fn chore(&self) -> Option<&Chore> {
        match self {
            Self::Submit(..) => None,
            Self::Chore(chore) => Some(chore),
        }
    }

    /// Tells whoever asked that it did not happen.
    fn fail(self, cause: SubmitError) {
        match self {
            Self::Submit(_, answer) => drop(answer.send(Err(cause))),
            Self::Chore(chore) => chore.fail(cause),
        }
    }
}

fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let said = panic.downcast_ref::<&str>().copied();
    let said =
        said.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given");
    StoreError::Refused(format!("an assertion of ours failed: {said}"))
}
