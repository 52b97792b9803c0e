//! What operations of guaranteed payment have besides.

use douyin_pay_protocol::OutNo;
use serde::{Deserialize, Serialize};

/// What only an operation of guaranteed payment has. Stored as one JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationEcpay {
    /// The settlement of which a share goes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<OutNo>,
    /// The state that an order push tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_status: Option<Box<str>>,
    /// A call of a settlement that the ledger asked for by itself ended without an answer: whatever is said of its
    /// number later, only the platform's word that it succeeded or failed ends it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unanswered: bool,
}
