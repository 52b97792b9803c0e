//! `query_merchant_balance`, `merchant_withdraw` and `query_withdraw_order`. None exists in the sandbox.

use crate::ecpay::{Endpoint, Fields, Identity, Request};
use crate::{
    ChannelType, CpExtra, MerchantBalance, MerchantEntity, MerchantUid, OutWithdrawNo, WithdrawAmount,
    WithdrawOrder, WithdrawReply, WithdrawUrl,
};

/// 商户余额查询: a merchant's balance at one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMerchantBalance {
    merchant_uid: MerchantUid,
    channel_type: ChannelType,
    merchant_entity: Option<MerchantEntity>,
}

impl QueryMerchantBalance {
    /// Asks about that account.
    pub fn new(merchant_uid: MerchantUid, channel_type: ChannelType) -> Self {
        Self { merchant_uid, channel_type, merchant_entity: None }
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
    const IDENTITY: Identity = Identity::AppOrProvider;
    type Reply = MerchantBalance;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("merchant_uid", self.merchant_uid.as_str());
        to.text("channel_type", self.channel_type.as_str());
        if let Some(entity) = self.merchant_entity {
            to.number("merchant_entity", entity.number());
        }
    }
}

/// 商户提现: withdraw from one account. At most five successful requests a day per merchant and channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantWithdraw {
    merchant_uid: MerchantUid,
    channel_type: ChannelType,
    withdraw_amount: WithdrawAmount,
    out_order_id: OutWithdrawNo,
    callback: Option<WithdrawUrl>,
    cp_extra: Option<CpExtra>,
    merchant_entity: Option<MerchantEntity>,
}

impl MerchantWithdraw {
    /// Withdraws so much under a number of ours. The same number never withdraws twice.
    ///
    /// ```
    /// use douyin_pay_protocol::ecpay::{MerchantWithdraw, sign};
    /// use douyin_pay_protocol::{
    ///     ChannelType, Fen, MerchantUid, OutWithdrawNo, Salt, WithdrawAmount, WithdrawUrl,
    /// };
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ask = MerchantWithdraw::new(
    ///     MerchantUid::new("70775300146143419322")?,
    ///     ChannelType::Alipay,
    ///     WithdrawAmount::new(Fen::from_yuan("1.00")?)?,
    ///     OutWithdrawNo::new("W20240101000001")?,
    /// )
    /// .callback(WithdrawUrl::new("https://m.example.com/cb")?);
    /// let salt = Salt::new("test_salt_Ab12Cd34")?;
    /// assert_eq!(sign(&ask, &salt).as_str(), "711f8ab43a1cfa4f47ad5d369544f2bf");
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(
        merchant_uid: MerchantUid,
        channel_type: ChannelType,
        withdraw_amount: WithdrawAmount,
        out_order_id: OutWithdrawNo,
    ) -> Self {
        Self {
            merchant_uid,
            channel_type,
            withdraw_amount,
            out_order_id,
            callback: None,
            cp_extra: None,
            merchant_entity: None,
        }
    }

    /// Where the platform says how it ended.
    #[must_use]
    pub fn callback(mut self, url: WithdrawUrl) -> Self {
        self.callback = Some(url);
        self
    }

    /// A text of our own that comes back as the callback's `extra`.
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
    const IDENTITY: Identity = Identity::AppOrProvider;
    type Reply = WithdrawReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("merchant_uid", self.merchant_uid.as_str());
        to.text("channel_type", self.channel_type.as_str());
        if let Some(entity) = self.merchant_entity {
            to.number("merchant_entity", entity.number());
        }
        to.number("withdraw_amount", self.withdraw_amount.fen().get());
        to.text("out_order_id", self.out_order_id.as_str());
        if let Some(url) = &self.callback {
            to.text("callback", url.as_str());
        }
        if let Some(text) = &self.cp_extra {
            to.text("cp_extra", text.as_str());
        }
    }
}

/// 提现结果查询: what became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryWithdrawOrder {
    merchant_uid: MerchantUid,
    channel_type: ChannelType,
    out_order_id: OutWithdrawNo,
}

impl QueryWithdrawOrder {
    /// Asks about that withdrawal.
    pub fn new(merchant_uid: MerchantUid, channel_type: ChannelType, out_order_id: OutWithdrawNo) -> Self {
        Self { merchant_uid, channel_type, out_order_id }
    }
}

impl Request for QueryWithdrawOrder {
    const ENDPOINT: Endpoint = Endpoint::QueryWithdrawOrder;
    const IDENTITY: Identity = Identity::AppOrProvider;
    type Reply = WithdrawOrder;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("merchant_uid", self.merchant_uid.as_str());
        to.text("channel_type", self.channel_type.as_str());
        to.text("out_order_id", self.out_order_id.as_str());
    }
}
