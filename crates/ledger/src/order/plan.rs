//! What an order does by itself, and what the platform says is left of it.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::Schedule;
use crate::SettleableSeen;

/// What was agreed to happen by itself when the order was opened. Stored as one JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// So many days after the payment the order is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle_after_days: Option<u16>,
    /// When to look whether it can be settled; not part of what facts add up to.
    #[serde(default)]
    pub settle: Schedule,
    /// Whether the platform's order centre is told what becomes of the order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub push: bool,
}

/// What the platform last said is left of an order to settle. Stored as one JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformSettleable {
    /// Its figures.
    pub seen: SettleableSeen,
    /// When it said so last; not part of what facts add up to.
    pub as_of: UnixMs,
}

impl PlatformSettleable {
    /// What is left, after the platform's fees.
    pub const fn amount(&self) -> Fen {
        self.seen.unsettled
    }
}
