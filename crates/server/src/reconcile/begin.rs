//! A run from its place to its end: match every bill, then ask.

use std::sync::Arc;

use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::ecpay::bill::{BillKind, Unit};

use super::fetched::Fetched;
use super::matching::{GRACE_MS, Matching};
use super::pages::Pages;
use super::progress::Place;
use super::source::Chain;
use super::{Ask, Day, KINDS, Progress, QUERIES_MAX, Rows, RunError, Source, asking, compare, pages};
use crate::Server;
use crate::live::App;
use crate::store::{BillRun, BillWrite, DifferenceFilter, RunState, Span};

/// A run that has its number and its place and is known to everybody.
pub struct Begun {
    pub(super) server: Server,
    pub(super) app: Arc<App>,
    pub(super) run: BillRun,
    pub(super) progress: Progress,
    /// Whose bills the run was told to compare; nobody if everybody's, or if the rows tell.
    pub(super) named: Vec<MerchantUid>,
    /// Who received something about that day, by the books; nothing before they were asked.
    sellers: Option<Vec<String>>,
    /// What is to be known of a run that comes to its end.
    pub(super) remark: Option<String>,
    queries_max: u64,
    unit: Option<Unit>,
    _place: Place,
}

/// Merchants whose bills one run fetches at most.
pub(super) const MERCHANTS_MAX: usize = 200;

/// What ended the work on a run before its end.
pub(super) enum Halt {
    /// The service stops.
    Stop,
    /// It cannot go on; a sentence that says why.
    Problem(String),
    /// The books fail.
    Books(RunError),
}

impl<E: Into<RunError>> From<E> for Halt {
    fn from(cause: E) -> Self {
        Self::Books(cause.into())
    }
}

/// Gives a run its number and writes it down, with the word for where its rows come from.
pub(crate) async fn begin(
    server: &Server,
    ask: &Ask,
    source: &'static str,
    progress: &Progress,
) -> Result<Begun, RunError> {
    let app = app(server, &ask.app)?;
    check(server, ask)?;
    let place = place(server, &app, progress)?;
    // Whoever began a run may have hung up before it was written: its number is on its way all the same.
    let mut last_number = server.runs().last_number.lock().await;
    *last_number = server.reads().last_bill_run().await?.max(*last_number) + 1;
    let run = BillRun {
        id: *last_number,
        app_id: app.config.app_id.clone(),
        day: ask.day.midnight(),
        kinds: ask.kinds.clone(),
        source,
        state: RunState::Matching,
        started_at: server.env().now(),
        matched_at: None,
        finished_at: None,
        figures: Vec::new(),
        differences: 0,
        left_out: 0,
        to_ask: 0,
        asked: 0,
        problem: None,
    };
    progress.show(&run, None);
    drop(last_number);
    server.journal().write_bills(vec![BillWrite::Run(run.clone())]).await?;
    let queries_max = u64::from(ask.queries_max.min(QUERIES_MAX));
    let begun = Begun::new(server, app, run, progress, queries_max, place);
    Ok(Begun { named: ask.merchants.clone(), unit: ask.unit, ..begun })
}

/// Takes up a run whose rows were all compared.
pub(crate) async fn resume_begun(
    server: &Server,
    name: &str,
    id: i64,
    queries_max: u32,
    progress: &Progress,
) -> Result<Begun, RunError> {
    let app = app(server, name)?;
    let place = place(server, &app, progress)?;
    let run = server.reads().bill_run(id).await?.filter(|run| run.app_id == app.config.app_id);
    let run = run.ok_or(RunError::NoRun(id))?;
    if run.matched_at.is_none() {
        return Err(RunError::NotMatched(id));
    }
    let remark = run.problem.clone().filter(|_| run.state == RunState::Done);
    let run = BillRun { state: RunState::Asking, finished_at: None, problem: None, ..run };
    progress.show(&run, None);
    server.journal().write_bills(vec![BillWrite::Run(run.clone())]).await?;
    let queries_max = u64::from(queries_max.min(QUERIES_MAX));
    Ok(Begun { remark, ..Begun::new(server, app, run, progress, queries_max, place) })
}

fn app(server: &Server, name: &str) -> Result<Arc<App>, RunError> {
    let live = server.live();
    let app = live.app(name).filter(|app| app.ecpay.is_some());
    app.cloned().ok_or_else(|| RunError::NoApp(name.to_owned()))
}

fn check(server: &Server, ask: &Ask) -> Result<(), RunError> {
    if ask.day.span().to > server.env().now() {
        return Err(RunError::NotOver(ask.day));
    }
    if let Some(kind) = ask.kinds.iter().find(|kind| !KINDS.contains(kind)) {
        return Err(RunError::Kind(*kind));
    }
    let twice = |kind: &BillKind| ask.kinds.iter().filter(|other| *other == kind).count() > 1;
    if ask.kinds.is_empty() || ask.kinds.iter().any(twice) {
        return Err(RunError::Kinds);
    }
    Ok(())
}

fn place(server: &Server, app: &App, progress: &Progress) -> Result<Place, RunError> {
    server
        .runs()
        .take(&app.config.app_id, progress)
        .map_err(|other| RunError::Running { run: other.look().map_or(0, |seen| seen.run.id) })
}

impl Begun {
    fn new(
        server: &Server,
        app: Arc<App>,
        run: BillRun,
        progress: &Progress,
        queries_max: u64,
        place: Place,
    ) -> Self {
        let (server, progress) = (server.clone(), progress.clone());
        let (named, sellers, remark, unit) = (Vec::new(), None, None, None);
        Self { server, app, run, progress, named, sellers, remark, queries_max, unit, _place: place }
    }

    /// The run as it began.
    pub fn run(&self) -> &BillRun {
        &self.run
    }

    /// Matches every bill, then asks the platform.
    ///
    /// # Errors
    /// When the books cannot be read or written.
    pub async fn carry_out(mut self, source: Source) -> Result<BillRun, RunError> {
        let worked = self.match_and_ask(source).await;
        self.end(worked).await
    }

    /// Only asks.
    ///
    /// # Errors
    /// When the books cannot be read or written.
    pub async fn go_on(mut self) -> Result<BillRun, RunError> {
        let worked = self.ask().await;
        self.end(worked).await
    }

    async fn match_and_ask(&mut self, source: Source) -> Result<(), Halt> {
        let mut files = match source {
            Source::Files(files) => files,
            Source::Platform => Vec::new(),
        };
        let mut matching = Matching::begin(self).await?;
        for kind in self.run.kinds.clone() {
            let given: Vec<_> = files.extract_if(.., |(of, _)| *of == kind).map(|(_, rows)| rows).collect();
            let rows: Box<dyn Rows> = if given.is_empty() {
                Box::new(self.fetched(kind).await?)
            } else {
                Box::new(Chain::new(given))
            };
            matching.bill(self, kind, rows).await?;
        }
        matching.end(self).await?;
        self.ask().await
    }

    /// The platform's bills of the day, one of each merchant.
    async fn fetched(&mut self, kind: BillKind) -> Result<Fetched, Halt> {
        let day = Day::of_midnight(self.run.day);
        if self.run.source != "platform" {
            return Err(Halt::Problem(format!("no bill of kind `{kind}` was given for {day}")));
        }
        let mut merchants = self.named.clone();
        if merchants.is_empty() {
            let sellers = self.sellers().await?;
            merchants = sellers.iter().filter_map(|uid| MerchantUid::new(uid).ok()).collect();
        }
        if merchants.is_empty() && self.received_something().await? {
            return Err(Halt::Problem(format!(
                "the platform told of nothing on {day} who received it, so it is not known whose bills to fetch; name `merchant_uids`"
            )));
        }
        if merchants.is_empty() {
            self.remark = Some(format!(
                "nobody received anything on {day} by the books, so no bill was fetched; name `merchant_uids` to fetch one all the same"
            ));
        }
        if merchants.len() > MERCHANTS_MAX {
            return Err(Halt::Problem(format!(
                "more than {MERCHANTS_MAX} merchants received something on {day}; reconcile some at a time with `merchant_uids`"
            )));
        }
        Fetched::new(Arc::clone(&self.app), &merchants, kind, day, self.unit).map_err(Halt::Problem)
    }

    /// The day and what is near its midnights.
    fn about_then(&self) -> Span {
        let day = Day::of_midnight(self.run.day).span();
        Span { from: day.from.plus_ms(-GRACE_MS), to: day.to.plus_ms(GRACE_MS) }
    }

    /// Who received something about that day, by the books; one more than [`MERCHANTS_MAX`] at most.
    pub(super) async fn sellers(&mut self) -> Result<Vec<String>, RunError> {
        if let Some(known) = &self.sellers {
            return Ok(known.clone());
        }
        let (app_id, done) = (self.run.app_id.clone(), self.about_then());
        let sellers = self.server.reads().sellers(app_id, pages::created_for(done), done, MERCHANTS_MAX + 1);
        Ok(self.sellers.insert(sellers.await?).clone())
    }

    /// Whether the books have anything about that day.
    async fn received_something(&self) -> Result<bool, RunError> {
        for kind in KINDS.into_iter().filter(|kind| compare::is_compared(*kind)) {
            let mut pages = Pages::new(self.run.app_id.clone(), kind, self.about_then(), true);
            while let Some(page) = pages.next(self.server.reads()).await? {
                if !page.is_empty() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    async fn ask(&mut self) -> Result<(), Halt> {
        let waiting = self.count(true).await?.saturating_add(self.count(false).await?);
        self.run.to_ask = self.run.asked.saturating_add(waiting.min(self.queries_max));
        self.run.state = RunState::Asking;
        self.keep().await?;
        self.progress.begins_to_ask(self.server.env().now());
        asking::ask(self, self.queries_max).await
    }

    async fn count(&self, never: bool) -> Result<u64, RunError> {
        Ok(self.server.reads().count_differences(self.askable(never, 0, 0)).await?)
    }

    /// The differences to ask about: never asked before, or asked before this run.
    pub(super) fn askable(&self, never: bool, after: i64, limit: usize) -> DifferenceFilter {
        DifferenceFilter {
            day: Some(self.run.day),
            kinds: self.run.kinds.iter().copied().filter(|kind| compare::is_compared(*kind)).collect(),
            open_only: true,
            askable_only: true,
            unasked_only: never,
            asked_before: (!never).then_some(self.run.started_at),
            after,
            ..DifferenceFilter::of(self.run.app_id.clone(), limit)
        }
    }

    async fn end(mut self, worked: Result<(), Halt>) -> Result<BillRun, RunError> {
        (self.run.state, self.run.problem) = match worked {
            Ok(()) => (RunState::Done, self.remark.take()),
            Err(Halt::Stop) => {
                (RunState::Stopped, Some("the service stopped; begin or resume the run again".to_owned()))
            }
            Err(Halt::Problem(problem)) => (RunState::Failed, Some(problem)),
            Err(Halt::Books(cause)) => {
                // Written down if that works again; else the run shows as stopped once nobody works on it.
                self.run.state = RunState::Failed;
                self.run.problem = Some(cause.to_string());
                self.run.finished_at = Some(self.server.env().now());
                if let Err(again) = self.keep().await {
                    tracing::warn!(run = self.run.id, error = %again, "the end of a reconciliation could not be written");
                }
                return Err(cause);
            }
        };
        self.run.finished_at = Some(self.server.env().now());
        self.keep().await?;
        tracing::info!(
            run = self.run.id,
            state = %self.run.state,
            differences = self.run.differences,
            "reconciliation {} is {}",
            self.run.id,
            self.run.state
        );
        Ok(self.run)
    }

    /// Writes the run down as it is, and shows it.
    pub(super) async fn keep(&self) -> Result<(), RunError> {
        self.progress.show(&self.run, None);
        Ok(self.server.journal().write_bills(vec![BillWrite::Run(self.run.clone())]).await?)
    }

    /// Fails when the service stops.
    pub(super) fn still_wanted(&self) -> Result<(), Halt> {
        if self.server.stopping().is_cancelled() { Err(Halt::Stop) } else { Ok(()) }
    }
}
