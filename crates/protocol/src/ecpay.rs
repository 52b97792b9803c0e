//! Guaranteed payment (担保支付, `ecpay`): signing, messages, callbacks, error codes.
//!
//! Requests are signed with the [`Salt`](crate::Salt), callbacks are verified with the
//! [`Token`](crate::Token); the two are different types and cannot be mixed up.

pub mod bill;
pub mod callback;
mod endpoint;
pub mod json;
mod messages;
mod reply;
mod request;
mod sign;
mod words;

pub use endpoint::Endpoint;
pub use messages::{
    CreateOrder, CreateOrderReply, CreateRefund, CreateRefundReply, PaymentInfo, QueryOrder, QueryOrderReply,
    QueryRefund, QuerySettle, RefundInfo, Settle, SettleInfo, SettleReply, ValidTime,
};
pub use reply::parse_reply;
pub use request::{Fields, Request, signed_body};
pub use sign::{Signature, sign};
pub use words::{OrderStatus, PayWay, ResultStatus};

pub use crate::{ErrNo, Meaning, PlatformError, ReplyError, Share};
