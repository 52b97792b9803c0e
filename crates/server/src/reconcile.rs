//! The platform's bills against the books: what differs, and what the platform says when asked.
//!
//! ```text
//! rows of a bill ─▶ numbers ─▶ our side ─▶ compare ─┐
//!                                                   ├─▶ differences, one exception each ─▶ live queries ─▶ facts
//! what ended on that day and the bill does not have ┘
//! ```
//!
//! Neither side is ever in memory: rows come in batches, and of what was matched only the order's id and the
//! operation's place are kept. The engine needs no HTTP. Without a service:
//!
//! ```no_run
//! use douyin_pay_env::Env;
//! use douyin_pay_protocol::ecpay::bill::BillKind;
//! use douyin_pay_server::reconcile::{self, Ask, Progress, Source};
//! use douyin_pay_server::{Server, config};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let config = config::load(std::path::Path::new("douyin-pay.toml"))?;
//! // Fails when a service holds the books: ask that service over REST then. Nothing listens, no worker runs.
//! let (server, writer) = Server::open(config, Env::real())?;
//! let writing = writer.run_on_thread()?;
//! let ask = Ask::new("coffee", "2026-01-05".parse()?, vec![BillKind::Payment, BillKind::Refund]);
//! let run = reconcile::run(&server, &ask, Source::Platform, &Progress::default()).await?;
//! println!("{} differences", run.differences);
//! server.stop();
//! drop(server); // the writer's thread ends with the last handle to the journal
//! writing.join().expect("the journal's thread ends");
//! # Ok(())
//! # }
//! ```

mod absent;
mod asking;
mod begin;
mod compare;
pub(crate) mod csv;
mod day;
mod fetched;
mod matching;
mod month;
mod pages;
mod progress;
mod source;
mod view;
mod whose;

use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::ecpay::bill::{BillKind, Unit};

use crate::Server;
use crate::journal::SubmitError;
use crate::store::{BillRun, StoreError};

pub use begin::Begun;
pub(crate) use begin::{begin, resume_begun};
pub use csv::{differences_csv, month_csv};
pub use day::{BadDay, Day, Month};
pub use month::{MerchantMonth, month};
pub(crate) use progress::Runs;
pub use progress::{Progress, Seen};
pub use source::{Batch, Rows, RowsOf, Source, rows_of};
pub use view::{DifferenceView, MonthView, RunView};

/// Live queries that one run makes at most.
pub const QUERIES_MAX: u32 = 1000;
/// The bills that can be compared; of withdrawals, which the books do not know, rows are only counted and summed.
pub const KINDS: [BillKind; 5] =
    [BillKind::Payment, BillKind::Refund, BillKind::Settle, BillKind::Return, BillKind::Withdraw];

/// What is to be reconciled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The app's name in the configuration.
    pub app: String,
    /// The bill's day.
    pub day: Day,
    /// Which bills: of [`KINDS`], at least one.
    pub kinds: Vec<BillKind>,
    /// Whose bills the platform is asked for; if empty, those of everybody who received something on that day by the
    /// books. Of downloaded bills: whose they are; if empty, their rows tell. What others received is not missed.
    pub merchants: Vec<MerchantUid>,
    /// Live queries at most: [`QUERIES_MAX`] if more.
    pub queries_max: u32,
    /// What every amount of the fetched bills is in; if nothing is said, a decimal point tells.
    pub unit: Option<Unit>,
}

impl Ask {
    /// Everybody's bills, with as many live queries as a run may make.
    pub fn new(app: impl Into<String>, day: Day, kinds: Vec<BillKind>) -> Self {
        Self { app: app.into(), day, kinds, merchants: Vec::new(), queries_max: QUERIES_MAX, unit: None }
    }
}

/// Why a run does not begin or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No such app, or one without guaranteed payment.
    #[error("there is no app `{0}` with a section `[apps.ecpay]`; bills are of guaranteed payment")]
    NoApp(String),
    /// The bill cannot be complete.
    #[error("the day {0} is not over in Beijing; reconcile a day that has ended")]
    NotOver(Day),
    /// A bill that has nothing beside it in the books.
    #[error("a bill of kind `{0}` cannot be compared; write payment, refund, settle, return or withdraw")]
    Kind(BillKind),
    /// No bill was named, or one twice.
    #[error("name each kind of bill once, and at least one")]
    Kinds,
    /// One run per app at a time.
    #[error("run {run} of this app is under way; wait for its end")]
    Running {
        /// The other run.
        run: i64,
    },
    /// There is no such run.
    #[error("there is no run {0} of this app")]
    NoRun(i64),
    /// A run that ended before every row was compared has nothing to go on with.
    #[error("run {0} ended before every row was compared; begin the day again, what it found is kept")]
    NotMatched(i64),
    /// A sum is larger than an amount can be.
    #[error("the sums of the month become larger than this program can hold")]
    TooLarge,
    /// The books cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The books cannot be written.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Reconciles a day: matches every row, then asks the platform about what differs.
///
/// `progress` may be read from elsewhere while this runs. A failure on the way (a bill that cannot be read, a silent
/// platform) is not an error: the run that comes back is `Failed` and says why; what was found until then is kept.
/// The same day again finds the same again.
///
/// # Errors
/// When the run cannot begin, or the books cannot be read or written.
pub async fn run(
    server: &Server,
    ask: &Ask,
    source: Source,
    progress: &Progress,
) -> Result<BillRun, RunError> {
    begin(server, ask, source.word(), progress).await?.carry_out(source).await
}

/// Goes on asking the platform about what a run found: at most `queries_max` more queries, [`QUERIES_MAX`] if more.
///
/// # Errors
/// When there is no such run, when it did not compare every row, or when the books cannot be read or written.
pub async fn resume(
    server: &Server,
    app: &str,
    run: i64,
    queries_max: u32,
    progress: &Progress,
) -> Result<BillRun, RunError> {
    resume_begun(server, app, run, queries_max, progress).await?.go_on().await
}
