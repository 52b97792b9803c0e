//! Shapes that only guaranteed payment has.

use utoipa::ToSchema;

use super::Failure;

/// A share that goes back from a receiver to the seller.
#[derive(ToSchema)]
pub(crate) struct Return {
    /// The merchant's number of the return.
    out_return_no: String,
    /// The settlement that the share came from.
    out_settle_no: Option<String>,
    /// Who gives back.
    merchant_uid: Option<String>,
    /// How far it is.
    state: String,
    /// Who started it.
    origin: String,
    /// How much comes back.
    amount_fen: i64,
    /// When it was asked for.
    requested_at: String,
    /// When it succeeded or failed.
    finished_at: Option<String>,
    /// Why it failed.
    failure: Option<Failure>,
    /// What it is for.
    description: String,
    /// The platform's number of the return.
    return_no: Option<String>,
    /// The order's number; only in replies about this return.
    out_order_no: Option<String>,
    /// What looks wrong and was done all the same.
    warnings: Option<Vec<String>>,
}

/// What is left of an order to settle.
#[derive(ToSchema)]
pub(crate) struct Settleable {
    /// How much: before fee and commission by our own books, after them in the platform's word.
    settleable_fen: i64,
    /// Who says so: `estimate`, our own books; `platform`, the platform.
    basis: String,
    /// When the platform said so.
    as_of: Option<String>,
    /// What the amount follows from.
    detail: SettleableDetail,
    /// What no reading of the platform's figure and our own explains, with both; an exception is open then.
    differs: Option<String>,
}

/// What the amount that is left to settle follows from.
#[derive(ToSchema)]
pub(crate) struct SettleableDetail {
    /// What was paid.
    paid_fen: Option<i64>,
    /// Refunds out of money in transit.
    refunded_fen: Option<i64>,
    /// Our own books: what was settled, fee and commission included.
    settled_fen: Option<i64>,
    /// Our own books: settlements under way.
    settling_fen: Option<i64>,
    /// The platform: its fee for the payment.
    payment_rake_fen: Option<i64>,
    /// The platform: its fee for local services.
    life_rake_fen: Option<i64>,
    /// The platform: the promoters' commission.
    commission_fen: Option<i64>,
}

/// What the platform last said is left of an order to settle, after its fees.
#[derive(ToSchema)]
pub(crate) struct PlatformSettleable {
    /// How much.
    amount_fen: i64,
    /// When it said so.
    as_of: String,
}
