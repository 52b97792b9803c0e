//! What a reconciliation keeps and reads: runs, differences, our side of a bill's rows.

mod ours;

use std::fmt;

use douyin_pay_env::{BoxFuture, UnixMs};
use douyin_pay_ledger::OrderId;
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::bill::BillKind;
use serde::{Deserialize, Serialize};

use super::StoreError;
pub use ours::{BillKey, DonePage, Found, OurState, Ours, PAID_WITHIN_MS, PaidAmong, PaidPage, Span};

/// Makes an enum of words that are stored and shown.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $word:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $word,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$word),+];

            /// The word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),+ }
            }

            /// What the word stands for.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// In what the two sides differ.
    DifferenceType {
        /// The books have it, the bill of its day does not.
        OursOnly = "ours_only",
        /// The bill has it, the books do not.
        TheirsOnly = "theirs_only",
        /// Both have it with different amounts.
        Amount = "amount",
        /// Both have it, and one says done where the other says otherwise.
        State = "state",
        /// Both have the settlement with different fees or commissions.
        Fee = "fee",
    }
}

words! {
    /// How far a run is.
    RunState {
        /// The bill is read and compared.
        Matching = "matching",
        /// The platform is asked about what differs.
        Asking = "asking",
        /// It came to its end.
        Done = "done",
        /// The service stopped before the end.
        Stopped = "stopped",
        /// It could not go on; `problem` says why.
        Failed = "failed",
    }
}

/// What one kind of bill had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindFigures {
    /// Which bill.
    #[serde(with = "kind_word")]
    pub kind: BillKind,
    /// Rows read.
    pub rows: u64,
    /// Rows whose number the books have.
    pub matched: u64,
    /// Rows about something that an earlier row was about already.
    pub repeated: u64,
    /// The sum of the rows' amounts.
    pub amount_fen: i64,
    /// The sum of the rows' fees.
    pub fee_fen: i64,
    /// The sum of the rows' commissions.
    pub commission_fen: i64,
    /// Whose bill it was: only these merchants were looked for in the books; `None` is everybody's, and nobody in the
    /// list means that it could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchants: Option<Vec<String>>,
}

/// A run of the reconciliation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillRun {
    /// Its number.
    pub id: i64,
    /// The mini-program.
    pub app_id: AppId,
    /// The midnight with which the bill's day begins.
    pub day: UnixMs,
    /// Which bills.
    pub kinds: Vec<BillKind>,
    /// Where the rows come from: `platform` or `file`.
    pub source: &'static str,
    /// How far it is.
    pub state: RunState,
    /// When it began.
    pub started_at: UnixMs,
    /// When every row was compared; from then on it only asks.
    pub matched_at: Option<UnixMs>,
    /// When it ended.
    pub finished_at: Option<UnixMs>,
    /// What each bill had.
    pub figures: Vec<KindFigures>,
    /// Differences found, those left out included.
    pub differences: u64,
    /// Differences that are counted only: there were too many.
    pub left_out: u64,
    /// Live queries that the run wants to make.
    pub to_ask: u64,
    /// Live queries made.
    pub asked: u64,
    /// Why it failed, or what is to be known of a run that is done, in a sentence.
    pub problem: Option<String>,
}

/// What one side says of a payment or an operation. It is shown, never summed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// The state, in that side's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The platform's fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee_fen: Option<i64>,
    /// The promoters' commission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission_fen: Option<i64>,
    /// Who shared, and how much each got.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<(String, i64)>,
    /// When it happened: Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<i64>,
    /// The platform's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_no: Option<String>,
}

/// A difference as a run finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDifference {
    /// The mini-program.
    pub app_id: AppId,
    /// The bill.
    pub kind: BillKind,
    /// The merchant's number, or the platform's where there is no other.
    pub number: String,
    /// In what the sides differ.
    pub differs: DifferenceType,
    /// The bill's day.
    pub day: UnixMs,
    /// The run.
    pub run: i64,
    /// The order, if it is known.
    pub order: Option<OrderId>,
    /// The merchant's number of the order.
    pub out_order_no: Option<String>,
    /// Whose bill it is of, if that is known.
    pub merchant_uid: Option<String>,
    /// What the books say.
    pub ours: Option<Side>,
    /// What the bill says.
    pub theirs: Option<Side>,
    /// When it was found.
    pub at: UnixMs,
}

/// A stored difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub id: i64,
    /// As it was found last.
    pub found: NewDifference,
    /// When the platform was last asked about it.
    pub asked_at: Option<UnixMs>,
    /// What that brought.
    pub answer: Option<String>,
    /// When the sides agreed again.
    pub resolved_at: Option<UnixMs>,
    /// What showed that: `run` or `query`.
    pub resolved_by: Option<String>,
}

/// Which differences a page shows, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferenceFilter {
    /// The mini-program.
    pub app_id: AppId,
    /// Only of this bill's day.
    pub day: Option<UnixMs>,
    /// Only of these bills; all if empty.
    pub kinds: Vec<BillKind>,
    /// Only of this type.
    pub differs: Option<DifferenceType>,
    /// Only those that are not resolved.
    pub open_only: bool,
    /// Only those that the platform can be asked about: their order is known.
    pub askable_only: bool,
    /// Only those that the platform was never asked about.
    pub unasked_only: bool,
    /// Only those that the platform was asked about, but before this.
    pub asked_before: Option<UnixMs>,
    /// Only those after this id.
    pub after: i64,
    /// At most so many.
    pub limit: usize,
}

impl DifferenceFilter {
    /// Every difference of an app, in pages of `limit`.
    pub const fn of(app_id: AppId, limit: usize) -> Self {
        Self {
            app_id,
            day: None,
            kinds: Vec::new(),
            differs: None,
            open_only: false,
            askable_only: false,
            unasked_only: false,
            asked_before: None,
            after: 0,
            limit,
        }
    }
}

/// What a reconciliation writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillWrite {
    /// A run, as it is now.
    Run(BillRun),
    /// A difference; its exception opens unless it is known with the same figures.
    Found(Box<NewDifference>),
    /// The platform was asked about a difference.
    Asked {
        /// The difference.
        id: i64,
        /// What that brought.
        answer: &'static str,
        /// When.
        at: UnixMs,
    },
    /// The sides agree: the difference is resolved, and its exception with it.
    Agrees {
        /// The difference.
        id: i64,
        /// What showed it: `run` or `query`.
        by: &'static str,
        /// When.
        at: UnixMs,
    },
    /// Whatever a run of this bill did not find again is resolved.
    Swept {
        /// The mini-program.
        app_id: AppId,
        /// The bill's day.
        day: UnixMs,
        /// The bill.
        kind: BillKind,
        /// Only what is of these merchants' bills; `None` is everybody's.
        merchants: Option<Vec<String>>,
        /// The run.
        run: i64,
        /// When.
        at: UnixMs,
    },
    /// The bill of `day` has something that the books have near or beyond its midnights.
    Edge {
        /// The order.
        order: OrderId,
        /// The operation's place; `None` is the payment.
        place: Option<u32>,
        /// The bill's day.
        day: UnixMs,
    },
}

/// The reading side of a reconciliation.
pub trait BillReads: Send + Sync {
    /// What the books have for these rows, in their order.
    fn bill_sides(&self, app_id: AppId, keys: Vec<BillKey>) -> BoxFuture<Result<Vec<Found>, StoreError>>;
    /// A page of payments, oldest order first.
    fn paid_page(&self, page: PaidPage) -> BoxFuture<Result<Vec<Ours>, StoreError>>;
    /// A page of operations, the earliest end first; of those without one the oldest order first.
    fn done_page(&self, page: DonePage) -> BoxFuture<Result<Vec<Ours>, StoreError>>;
    /// Who receives the payments of orders created in one span, or of what was paid or done in another; at most `limit`.
    fn sellers(
        &self,
        app_id: AppId,
        created: Span,
        done: Span,
        limit: usize,
    ) -> BoxFuture<Result<Vec<String>, StoreError>>;
    /// Whether some day's bill had each of these, by order and place.
    fn on_an_edge(&self, of: Vec<(OrderId, Option<u32>)>) -> BoxFuture<Result<Vec<bool>, StoreError>>;
    /// A run, if there is one of that number.
    fn bill_run(&self, id: i64) -> BoxFuture<Result<Option<BillRun>, StoreError>>;
    /// The runs of an app, newest first.
    fn bill_runs(
        &self,
        app_id: AppId,
        before: Option<i64>,
        limit: usize,
    ) -> BoxFuture<Result<Vec<BillRun>, StoreError>>;
    /// The number of the newest run of any app; 0 when there is none.
    fn last_bill_run(&self) -> BoxFuture<Result<i64, StoreError>>;
    /// Whether the bills of that day and kind of these merchants (`None`: of everybody) were once matched to their end.
    fn was_matched(
        &self,
        app_id: AppId,
        day: UnixMs,
        kind: BillKind,
        merchants: Option<Vec<String>>,
    ) -> BoxFuture<Result<bool, StoreError>>;
    /// A page of differences, oldest first.
    fn differences(&self, filter: DifferenceFilter) -> BoxFuture<Result<Vec<Difference>, StoreError>>;
    /// How many differences a filter finds, whatever its `limit`.
    fn count_differences(&self, filter: DifferenceFilter) -> BoxFuture<Result<u64, StoreError>>;
}

/// A bill's kind as its word.
mod kind_word {
    use douyin_pay_protocol::ecpay::bill::BillKind;
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub(super) fn serialize<S: Serializer>(kind: &BillKind, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(kind.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BillKind, D::Error> {
        let word = String::deserialize(from)?;
        BillKind::of_word(&word).ok_or_else(|| de::Error::custom(format_args!("no kind of bill: `{word}`")))
    }
}
