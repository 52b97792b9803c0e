//! The platform's own figures of what is left to settle.

use douyin_pay_protocol::Fen;
use serde::{Deserialize, Serialize};

/// What the platform says is left of an order to settle: its `unsettle_amount`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleableSeen {
    /// What is left, after the fees below.
    pub unsettled: Fen,
    /// What was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Fen>,
    /// The sum of the refunds that it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded: Option<Fen>,
    /// The fee for the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_rake: Option<Fen>,
    /// The fee for local services.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life_rake: Option<Fen>,
    /// The promoters' commission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commission: Option<Fen>,
}

impl SettleableSeen {
    /// The amount alone.
    pub const fn new(unsettled: Fen) -> Self {
        Self { unsettled, paid: None, refunded: None, payment_rake: None, life_rake: None, commission: None }
    }
}
