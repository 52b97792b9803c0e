//! The platform's report about a share that goes back.

use douyin_pay_protocol::{Fen, MerchantUid, OutNo, PlatformNo, UnixMs};
use serde::{Deserialize, Serialize};

use crate::OperationState;

/// The platform's report about the return of a share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnSeen {
    /// The merchant's number.
    pub out_no: OutNo,
    /// `Accepted`, `Failed` or `Succeeded`.
    pub state: OperationState,
    /// The merchant's number of the settlement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<OutNo>,
    /// The platform's number of the settlement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle_no: Option<PlatformNo>,
    /// Who gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_uid: Option<MerchantUid>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
    /// The platform's number of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_no: Option<PlatformNo>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<UnixMs>,
    /// Why it failed, in the platform's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
}

impl ReturnSeen {
    /// A report that tells the state and nothing else.
    pub const fn new(out_no: OutNo, state: OperationState) -> Self {
        Self {
            out_no,
            state,
            settlement: None,
            settle_no: None,
            merchant_uid: None,
            amount: None,
            platform_no: None,
            finished_at: None,
            message: None,
        }
    }
}
