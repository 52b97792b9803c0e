//! Balances and withdrawals: what both systems say about them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::read::{count, fen, hint, object, opaque};
use crate::word::{code, word};
use crate::{Fen, PlatformNo};

word!(
    /// Which account at the platform holds the money.
    ChannelType {
        /// 支付宝.
        Alipay = "alipay",
        /// 微信.
        WeChat = "wx",
        /// 抖音支付; older pages call it 合众.
        Hz = "hz",
        /// 聚合账户: the aggregate account, the usual one now.
        Yzt = "yzt",
        /// 易宝.
        Yeepay = "yeepay",
    }
);

impl Serialize for ChannelType {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

word!(
    /// What became of a withdrawal.
    WithdrawStatus {
        /// Under way.
        Processing = "PROCESSING",
        /// The money is at the bank.
        Success = "SUCCESS",
        /// Failed for good.
        Fail = "FAIL",
        /// The bank sent the money back, even after a success: it is in the merchant's balance again.
        Reexchange = "REEXCHANGE",
    }
);

code!(
    /// The contracting company behind a merchant's account.
    MerchantEntity {
        /// 0, unsaid: the first.
        Unsaid = 0,
        /// 1, the first.
        First = 1,
        /// 2, the second.
        Second = 2,
    }
);

impl From<u8> for MerchantEntity {
    fn from(number: u8) -> Self {
        Self::of_number(i64::from(number))
    }
}

impl Serialize for MerchantEntity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.number())
    }
}

fn entity<'de, D: Deserializer<'de>>(from: D) -> Result<Option<MerchantEntity>, D::Error> {
    Ok(hint(from)?.map(MerchantEntity::of_number))
}

/// A merchant's balance in one account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MerchantBalance {
    /// The money.
    pub account_info: AccountInfo,
    /// Where withdrawals go.
    #[serde(default, deserialize_with = "object")]
    pub settle_info: Option<SettleAccount>,
    /// The contracting company.
    #[serde(default, deserialize_with = "entity")]
    pub merchant_entity: Option<MerchantEntity>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The money of one account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AccountInfo {
    /// In transit.
    #[serde(default, deserialize_with = "fen")]
    pub online_balance: Option<Fen>,
    /// Free to withdraw. The platform misspells the name; the right spelling is read too.
    #[serde(
        default,
        rename = "withdrawable_balacne",
        alias = "withdrawable_balance",
        deserialize_with = "fen"
    )]
    pub withdrawable_balance: Option<Fen>,
    /// Held back.
    #[serde(default, deserialize_with = "fen")]
    pub freeze_balance: Option<Fen>,
}

/// Where withdrawals go.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SettleAccount {
    /// 1 a bank card, 2 Alipay.
    #[serde(default, deserialize_with = "count")]
    pub settle_type: Option<i64>,
    /// The account, masked.
    #[serde(default, deserialize_with = "opaque")]
    pub settle_account: Option<Box<str>>,
    /// The card's number, masked.
    #[serde(default, deserialize_with = "opaque")]
    pub bankcard_no: Option<Box<str>>,
    /// The bank.
    #[serde(default, deserialize_with = "opaque")]
    pub bank_name: Option<Box<str>>,
}

/// The withdrawal is accepted; its outcome comes later.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct WithdrawReply {
    /// The platform's number of the withdrawal.
    pub order_id: PlatformNo,
    /// The contracting company.
    #[serde(default, deserialize_with = "entity")]
    pub merchant_entity: Option<MerchantEntity>,
}

/// What became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct WithdrawOrder {
    /// What became of it.
    pub status: WithdrawStatus,
    /// The platform's words about it; another spelling was seen too.
    #[serde(default, alias = "statusMsg", deserialize_with = "opaque")]
    pub status_msg: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
