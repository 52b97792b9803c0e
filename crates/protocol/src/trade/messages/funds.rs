//! `query_merchant_balance`, `merchant_withdraw` and `query_withdraw_order`.
//!
//! The funds calls are shared with guaranteed payment and carry the client token like all others.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::read::{count, fen, opaque};
use crate::trade::read::object;
use crate::trade::{ChannelType, Endpoint, NotifyUrl, Request, WithdrawStatus};
use crate::{AppId, CpExtra, Fen, FieldError, MerchantUid, OutNo, PlatformNo};

fn spelled<S: Serializer>(channel: &ChannelType, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(channel.as_str())
}

/// 商户余额查询: a merchant's balance in one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryMerchantBalance {
    merchant_uid: MerchantUid,
    #[serde(serialize_with = "spelled")]
    channel_type: ChannelType,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thirdparty_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_entity: Option<u8>,
}

impl QueryMerchantBalance {
    /// Asks about that account.
    pub fn new(merchant_uid: MerchantUid, channel_type: ChannelType) -> Self {
        Self { merchant_uid, channel_type, app_id: None, thirdparty_id: None, merchant_entity: None }
    }

    /// The mini-program that the merchant belongs to.
    #[must_use]
    pub fn app_id(mut self, app_id: AppId) -> Self {
        self.app_id = Some(app_id);
        self
    }

    /// The provider that acts for the app.
    #[must_use]
    pub fn thirdparty_id(mut self, provider: AppId) -> Self {
        self.thirdparty_id = Some(provider);
        self
    }

    /// The contracting company: 0 or 1 the first, 2 the second.
    #[must_use]
    pub fn merchant_entity(mut self, entity: u8) -> Self {
        self.merchant_entity = Some(entity);
        self
    }
}

impl Request for QueryMerchantBalance {
    const ENDPOINT: Endpoint = Endpoint::QueryMerchantBalance;
    type Reply = QueryMerchantBalanceReply;
}

/// A merchant's balance in one account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct QueryMerchantBalanceReply {
    /// The money.
    pub account_info: AccountInfo,
    /// Where withdrawals go.
    #[serde(default, deserialize_with = "object")]
    pub settle_info: Option<SettleAccount>,
    /// The contracting company.
    #[serde(default, deserialize_with = "count")]
    pub merchant_entity: Option<i64>,
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

/// 商户提现: withdraw from one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MerchantWithdraw {
    merchant_uid: MerchantUid,
    #[serde(serialize_with = "spelled")]
    channel_type: ChannelType,
    withdraw_amount: Fen,
    out_order_id: OutNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thirdparty_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<NotifyUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cp_extra: Option<CpExtra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_entity: Option<u8>,
}

impl MerchantWithdraw {
    /// Withdraws so much under a number of ours.
    ///
    /// # Errors
    /// When the amount is 0.
    pub fn new(
        merchant_uid: MerchantUid,
        channel_type: ChannelType,
        withdraw_amount: Fen,
        out_order_id: OutNo,
    ) -> Result<Self, FieldError> {
        if withdraw_amount == Fen::ZERO {
            return Err(FieldError::new("withdraw_amount", "is 0; withdraw at least 1"));
        }
        Ok(Self {
            merchant_uid,
            channel_type,
            withdraw_amount,
            out_order_id,
            app_id: None,
            thirdparty_id: None,
            callback: None,
            cp_extra: None,
            merchant_entity: None,
        })
    }

    /// The mini-program that the merchant belongs to.
    #[must_use]
    pub fn app_id(mut self, app_id: AppId) -> Self {
        self.app_id = Some(app_id);
        self
    }

    /// The provider that acts for the app.
    #[must_use]
    pub fn thirdparty_id(mut self, provider: AppId) -> Self {
        self.thirdparty_id = Some(provider);
        self
    }

    /// Where the platform says how it ended.
    #[must_use]
    pub fn callback(mut self, url: NotifyUrl) -> Self {
        self.callback = Some(url);
        self
    }

    /// A text of our own that comes back.
    #[must_use]
    pub fn cp_extra(mut self, text: CpExtra) -> Self {
        self.cp_extra = Some(text);
        self
    }

    /// The contracting company: 0 or 1 the first, 2 the second.
    #[must_use]
    pub fn merchant_entity(mut self, entity: u8) -> Self {
        self.merchant_entity = Some(entity);
        self
    }
}

impl Request for MerchantWithdraw {
    const ENDPOINT: Endpoint = Endpoint::MerchantWithdraw;
    type Reply = MerchantWithdrawReply;
}

/// The withdrawal is accepted; its outcome comes later.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MerchantWithdrawReply {
    /// The platform's number of the withdrawal.
    pub order_id: PlatformNo,
    /// The contracting company.
    #[serde(default, deserialize_with = "count")]
    pub merchant_entity: Option<i64>,
}

/// 提现结果查询: what became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryWithdrawOrder {
    app_id: AppId,
    merchant_uid: MerchantUid,
    #[serde(serialize_with = "spelled")]
    channel_type: ChannelType,
    out_order_id: OutNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    thirdparty_id: Option<AppId>,
}

impl QueryWithdrawOrder {
    /// Asks about that withdrawal.
    pub fn new(
        app_id: AppId,
        merchant_uid: MerchantUid,
        channel_type: ChannelType,
        out_order_id: OutNo,
    ) -> Self {
        Self { app_id, merchant_uid, channel_type, out_order_id, thirdparty_id: None }
    }

    /// The provider that acts for the app.
    #[must_use]
    pub fn thirdparty_id(mut self, provider: AppId) -> Self {
        self.thirdparty_id = Some(provider);
        self
    }
}

impl Request for QueryWithdrawOrder {
    const ENDPOINT: Endpoint = Endpoint::QueryWithdrawOrder;
    type Reply = QueryWithdrawOrderReply;
}

/// What became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct QueryWithdrawOrderReply {
    /// What became of it.
    pub status: WithdrawStatus,
    /// The platform's words about it; another spelling was seen too.
    #[serde(default, alias = "statusMsg", deserialize_with = "opaque")]
    pub status_msg: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
