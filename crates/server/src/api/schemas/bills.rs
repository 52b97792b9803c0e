//! The shapes of reconciliation.
#![expect(dead_code, reason = "only their description is used: replies are written from borrowed views")]

use utoipa::ToSchema;

use super::Share;

/// A run of the reconciliation.
#[derive(ToSchema)]
pub(crate) struct BillRun {
    /// Its number.
    id: i64,
    /// The bills' day in Beijing.
    date: String,
    /// Which bills.
    kinds: Vec<String>,
    /// Where the rows come from: `platform` or `file`.
    source: String,
    /// How far it is: `matching` and `asking` are under way, `stopped` and `failed` say why in `problem`.
    state: String,
    /// When it began.
    started_at: String,
    /// When it ended.
    finished_at: Option<String>,
    /// Rows compared so far.
    rows: i64,
    /// What each bill had.
    bills: Vec<BillFigures>,
    /// Differences found by this run.
    differences: i64,
    /// Of these, how many were too many to be kept: they are counted only.
    differences_left_out: i64,
    /// Live queries that it wants to make.
    queries: i64,
    /// Live queries made.
    queries_done: i64,
    /// In how many seconds it is over at its present pace, if that can be told.
    eta_seconds: Option<i64>,
    /// Why it did not come to its end, or what is to be known of one that did.
    problem: Option<String>,
}

/// What one bill had.
#[derive(ToSchema)]
pub(crate) struct BillFigures {
    /// Which bill.
    kind: String,
    /// Rows read.
    rows: i64,
    /// Rows whose number the books have.
    matched: i64,
    /// Rows about something that an earlier row was about already.
    repeated: i64,
    /// The sum of the rows' amounts.
    amount_fen: i64,
    /// The sum of the rows' fees.
    fee_fen: i64,
    /// The sum of the rows' commissions.
    commission_fen: i64,
    /// Whose bill it was: only these merchants were looked for in the books. Left out if it was everybody's; nobody in
    /// the list means that it could not be told.
    merchants: Option<Vec<String>>,
}

/// A page of runs.
#[derive(ToSchema)]
pub(crate) struct BillRuns {
    /// Newest first.
    bill_runs: Vec<BillRun>,
    /// Give it as `after` for the next page; left out on the last one.
    next: Option<i64>,
}

/// A difference between the books and a bill.
#[derive(ToSchema)]
pub(crate) struct Difference {
    /// Its id.
    id: i64,
    /// The day of the bill.
    date: String,
    /// Which bill.
    kind: String,
    /// In what the two sides differ.
    #[schema(rename = "type")]
    differs: String,
    /// The merchant's number of the payment or operation, or the platform's where there is no other.
    number: String,
    /// The merchant's number of the order.
    out_order_no: Option<String>,
    /// Our own id of the order; left out when the books do not have it: import it.
    order_id: Option<String>,
    /// What the books say.
    ours: Option<BillSide>,
    /// What the bill says.
    theirs: Option<BillSide>,
    /// When it was found.
    found_at: String,
    /// When the platform was last asked about it.
    asked_at: Option<String>,
    /// What that brought: agrees, differs, confirmed, not_found or not_askable.
    answer: Option<String>,
    /// When the sides agreed again.
    resolved_at: Option<String>,
    /// What showed that: a later `run`, or a `query`.
    resolved_by: Option<String>,
}

/// What one side says.
#[derive(ToSchema)]
pub(crate) struct BillSide {
    /// The amount.
    amount_fen: Option<i64>,
    /// The state, in that side's word.
    state: Option<String>,
    /// The platform's fee.
    fee_fen: Option<i64>,
    /// The promoters' commission.
    commission_fen: Option<i64>,
    /// Who shared, and how much each got.
    shares: Option<Vec<Share>>,
    /// When it happened.
    at: Option<String>,
    /// The platform's number.
    platform_no: Option<String>,
}

/// A page of differences.
#[derive(ToSchema)]
pub(crate) struct Differences {
    /// Oldest first.
    differences: Vec<Difference>,
    /// Give it as `after` for the next page; left out on the last one.
    next: Option<i64>,
}

/// A month of the books.
#[derive(ToSchema)]
pub(crate) struct MonthOfApp {
    /// Which month.
    month: String,
    /// One for each merchant who received or shared.
    merchants: Vec<MerchantMonth>,
}

/// A merchant's month. What happened in it counts: a payment of May that is refunded in June is in June's refund.
#[derive(ToSchema)]
pub(crate) struct MerchantMonth {
    /// The merchant; left out where the platform named no seller.
    merchant_uid: Option<String>,
    /// Payments received.
    payments: i64,
    /// Their sum.
    gross_fen: i64,
    /// Refunds that succeeded.
    refund_fen: i64,
    /// The platform's fee on settlements that succeeded.
    fee_fen: i64,
    /// The promoters' commission on these settlements.
    commission_fen: i64,
    /// What others got out of these settlements, less what came back from them.
    shared_out_fen: i64,
    /// What the merchant got out of other sellers' settlements, less what was taken back.
    shared_in_fen: i64,
    /// gross − refund − fee − commission − shared_out + shared_in.
    net_fen: i64,
    /// Settlements whose fee the platform has not told: `fee_fen` lacks theirs.
    fees_unknown: i64,
}
