//! The shapes that only the general trade system has.
#![expect(dead_code, reason = "only their description is used: replies are written from borrowed views")]

use utoipa::ToSchema;

use super::Failure;

/// One item that the platform made of an order.
#[derive(ToSchema)]
pub(crate) struct Item {
    /// The platform's number of the item.
    item_order_id: String,
    /// The merchant's number of the goods.
    sku_id: String,
    /// Its part of the total.
    amount_fen: i64,
    /// What can still be refunded of it.
    refundable_fen: i64,
}

/// A part of a refund.
#[derive(ToSchema)]
pub(crate) struct ItemAmount {
    /// The platform's number of the item.
    item_order_id: String,
    /// How much of it goes back.
    amount_fen: i64,
}

/// The merchant's consent to a refund that somebody else asked for.
#[derive(ToSchema)]
pub(crate) struct Audit {
    /// How far it is; `overtime`: nobody answered in time, which counts as consent.
    status: String,
    /// Whether it is needed at all.
    needed: bool,
    /// When silence becomes consent.
    deadline_at: Option<String>,
    /// Why it was denied, as the platform has it.
    deny_message: Option<String>,
    /// What was decided here.
    decision: Option<Decision>,
}

/// What the merchant decided about a refund.
#[derive(ToSchema)]
pub(crate) struct Decision {
    /// Whether the money goes back.
    agree: bool,
    /// Whether the platform took it.
    state: String,
    /// When it was decided.
    decided_at: String,
    /// Why not.
    deny_message: Option<String>,
    /// Why the platform did not take it.
    failure: Option<Failure>,
}

/// A step of a fulfilment. No money moves.
#[derive(ToSchema)]
pub(crate) struct Fulfilment {
    /// The merchant's number of the step.
    out_fulfil_no: String,
    /// How far it is.
    state: String,
    /// What the platform is told: `fulfilling` or `fulfill_done`; in guaranteed payment `paid`, `cancelled`, `redeemed`,
    /// `refunding`, `refunded` or `refund_failed`.
    to_status: String,
    /// General trade system: the platform's numbers of the items that it is about.
    items: Option<Vec<String>>,
    /// When it was asked for.
    requested_at: String,
    /// When it succeeded or failed.
    finished_at: Option<String>,
    /// Why it failed.
    failure: Option<Failure>,
    /// The order's number; only in replies about this step.
    out_order_no: Option<String>,
    /// What looks wrong and was done all the same.
    warnings: Option<Vec<String>>,
}
