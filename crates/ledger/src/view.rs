//! How orders and operations look to the merchant: in replies and in events.
//!
//! ```json
//! {"id": "ord_025m2xxc00001", "app_id": "tt0000000000000001", "out_order_no": "O1", "system": "ecpay",
//!  "state": "paid", "total_fen": 1280, "discount_fen": 0, "paid_fen": 1280, "refunded_fen": 100,
//!  "refunding_fen": 0, "refundable_fen": 1180, "settled_fen": 0, "settleable_fen": 1180,
//!  "settleable_basis": "estimate", "created_at": "2024-08-04T15:40:00+08:00",
//!  "expires_at": "2024-08-04T15:55:00+08:00", "paid_at": "2024-08-04T15:49:48+08:00",
//!  "way": "alipay", "channel_no": "2024…", "platform_order_id": "N73…",
//!  "refunds": [{"out_refund_no": "R1", "state": "succeeded", "amount_fen": 100, "…": "…"}],
//!  "settlements": []}
//! ```
//!
//! What is not known is left out. An order of guaranteed payment has `returns` as well, and `fulfilments` when the
//! platform's order centre is told of it; `platform_settleable` once the platform was asked. In the general trade system an order has `items` (with `sku_id`, `amount_fen`,
//! `refundable_fen`) and `fulfilments`; a refund has `items` and, when somebody else asked for it,
//! `audit: {status, needed, deadline_at, decision: {agree, state, …}}`; a settlement may have an `item_order_id`.

mod item;
mod operation;
mod order;
mod refund;
mod returned;
mod settleable;
mod settlement;
mod words;

use douyin_pay_protocol::UnixMs;
use serde::{Serialize, Serializer};

pub use item::{ItemAmountView, ItemView};
pub use operation::{CommonView, FulfilmentView, OperationView};
pub use order::OrderView;
pub use refund::{AuditView, DecisionView, RefundView};
pub use returned::ReturnView;
pub use settleable::{PlatformSettleableView, SettleableDetail, SettleableView};
pub use settlement::{SettlementView, ShareView};

/// A time as `2024-08-04T15:49:48+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beijing(pub UnixMs);

impl Serialize for Beijing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.rfc3339())
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}
