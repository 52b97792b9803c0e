//! `query_merchant_balance`, `merchant_withdraw` and `query_withdraw_order`.
//!
//! The funds calls are shared with guaranteed payment and carry the client token like all others.

use serde::Serialize;

use crate::trade::{Endpoint, NotifyUrl, Request};
use crate::{
    AppId, ChannelType, CpExtra, Fen, FieldError, MerchantBalance, MerchantEntity, MerchantUid,
    OutWithdrawNo, WithdrawOrder, WithdrawReply,
};

/// 商户余额查询: a merchant's balance in one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryMerchantBalance {
    merchant_uid: MerchantUid,
    channel_type: ChannelType,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thirdparty_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_entity: Option<MerchantEntity>,
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

    /// The contracting company.
    #[must_use]
    pub fn merchant_entity(mut self, entity: MerchantEntity) -> Self {
        self.merchant_entity = Some(entity);
        self
    }
}

impl Request for QueryMerchantBalance {
    const ENDPOINT: Endpoint = Endpoint::QueryMerchantBalance;
    type Reply = MerchantBalance;
}

/// 商户提现: withdraw from one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MerchantWithdraw {
    merchant_uid: MerchantUid,
    channel_type: ChannelType,
    withdraw_amount: Fen,
    out_order_id: OutWithdrawNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thirdparty_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<NotifyUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cp_extra: Option<CpExtra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_entity: Option<MerchantEntity>,
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
        out_order_id: impl Into<OutWithdrawNo>,
    ) -> Result<Self, FieldError> {
        if withdraw_amount == Fen::ZERO {
            return Err(FieldError::new("withdraw_amount", "is 0; withdraw at least 1"));
        }
        Ok(Self {
            merchant_uid,
            channel_type,
            withdraw_amount,
            out_order_id: out_order_id.into(),
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

    /// The contracting company.
    #[must_use]
    pub fn merchant_entity(mut self, entity: MerchantEntity) -> Self {
        self.merchant_entity = Some(entity);
        self
    }
}

impl Request for MerchantWithdraw {
    const ENDPOINT: Endpoint = Endpoint::MerchantWithdraw;
    type Reply = WithdrawReply;
}

/// 提现结果查询: what became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryWithdrawOrder {
    app_id: AppId,
    merchant_uid: MerchantUid,
    channel_type: ChannelType,
    out_order_id: OutWithdrawNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    thirdparty_id: Option<AppId>,
}

impl QueryWithdrawOrder {
    /// Asks about that withdrawal.
    pub fn new(
        app_id: AppId,
        merchant_uid: MerchantUid,
        channel_type: ChannelType,
        out_order_id: impl Into<OutWithdrawNo>,
    ) -> Self {
        Self { app_id, merchant_uid, channel_type, out_order_id: out_order_id.into(), thirdparty_id: None }
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
    type Reply = WithdrawOrder;
}
