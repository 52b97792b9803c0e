//! What a fact changes: the pure ledger of orders, refunds and settlements.
//!
//! Whatever happens to an order is a [`Fact`]. [`decide`] says what it changes, [`fold`] adds up all
//! facts of an order. No IO, no clock, no randomness: times and ids come from the caller.
//!
//! ```text
//! fact ──decide──▶ Change { order after, events, exceptions }     written in one transaction
//!      └─────────▶ Refusal                                       a reason why nothing changes
//! ```
//!
//! Commands (the merchant asks) are refused when a sum would break. Observations (callback, query)
//! form a join: the stronger word wins, so any order and multiplicity ends in the same state.
//!
//! ```text
//! order      opening < waiting < refused < closed < paid
//! operation  requested < accepted < auditing < failed < succeeded
//! ```

#[macro_use]
mod words;

mod alarm;
mod change;
mod decide;
mod event;
mod fact;
mod fold;
mod hex32;
mod id;
mod observe;
mod order;
mod refusal;
pub mod schedule;
mod sums;
pub mod view;

pub use alarm::{Alarm, Alarms, Exception};
pub use change::{Change, Solved};
pub use decide::{
    AUTOMATIC_PREFIX, PUSH_OFF, automatic_no, automatic_refund_no, decide, limits, platform_refund_no,
};
pub use event::{Event, EventKind};
pub use fact::{
    AuditSeen, CallOutcome, DecideRefund, DeliveryFee, Fact, Item, ItemAmount, Open, OpenEcpay, OpenPush,
    OpenTrade, OrderSeen, PushFulfilment, PushItem, RefundEcpay, RefundSeen, RefundTrade, RequestRefund,
    RequestReturn, RequestSettlement, ReturnSeen, SettleableSeen, SettlementSeen, Share, Target, What, Why,
};
pub use fold::{FoldError, check_projection, fold};
pub use id::{BadOrderId, OrderId};
pub use observe::{
    of_notice, of_order_reply, of_platform_order, of_refund_info, of_return_info, of_return_notice,
    of_settle_info, of_trade_notice, of_trade_order_reply, of_trade_refund_info, of_trade_settle_info,
    of_unsettle_amount, trade_refund_no, trade_settle_no,
};
pub use order::{
    Audit, Decision, Failure, NextStep, Operation, OperationEcpay, OperationTrade, Order, OrderTrade, Plan,
    PlatformSettleable, Schedule,
};
pub use refusal::Refusal;
pub use sums::{Returns, Settleable, SettleableBasis};
pub use words::{
    AmountBasis, AuditStatus, DecisionState, IfPaid, OperationKind, OperationState, OrderState, Origin,
    RefundSource, Source, System, UnknownWord,
};
