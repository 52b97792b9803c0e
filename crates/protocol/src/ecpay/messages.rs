//! The typed messages of guaranteed payment, one file per pair of calls.

mod order;
mod read;
mod refund;
mod settle;

pub use order::{CreateOrder, CreateOrderReply, PaymentInfo, QueryOrder, QueryOrderReply, ValidTime};
pub(super) use read::{order_no, seconds, way};
pub use refund::{CreateRefund, CreateRefundReply, QueryRefund, RefundInfo};
pub use settle::{QuerySettle, Settle, SettleInfo, SettleReply};
