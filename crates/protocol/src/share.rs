//! What another merchant gets out of a settlement.

use serde::{Deserialize, Serialize};

use crate::{MerchantUid, ShareAmount};

/// What another merchant gets out of a settlement. The seller's own part is never listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The receiver.
    pub merchant_uid: MerchantUid,
    /// How much.
    pub amount: ShareAmount,
}
