//! What a provider calls for itself, one method each.

use bytes::Bytes;
use douyin_pay_protocol::Method;
use douyin_pay_protocol::ecpay::{
    AddMerchant, AddSubMerchant, GetAppMerchant, MerchantBalance, MerchantLink, MerchantStatus,
    MerchantWithdraw, QueryMerchantBalance, QueryMerchantStatus, QueryWithdrawOrder, Request, WithdrawOrder,
    WithdrawReply,
};

use super::ProviderClient;
use crate::client::read;
use crate::engine::{Ask, Read};
use crate::observer::Numbers;
use crate::{Answer, Error};

impl ProviderClient {
    /// 服务商进件: a page on which the provider opens its own account. Not signed: the token of the provider's platform is
    /// enough.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Onboarding links".
    ///
    /// # Errors
    /// As [`ProviderClient::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{AddMerchant, MerchantPage};
    /// use douyin_pay::protocol::ComponentToken;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","url":"https://cashier.example.com/?token=abc","merchant_id":""}"#);
    /// # let client = douyin_pay::ProviderClient::builder(p::AppId::new("tt00000000000000ff")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let token = ComponentToken::new("from the provider's platform")?;
    /// let link = client.add_merchant(&AddMerchant::new(token, MerchantPage::Onboarding)).await?;
    /// assert!(link.url.is_some() && link.merchant_id.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn add_merchant(&self, ask: &AddMerchant) -> Result<Answer<MerchantLink>, Error> {
        self.call(ask).await
    }

    /// 服务商为小程序进件: a page on which a mini-program's account is opened.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Onboarding links".
    ///
    /// # Errors
    /// As [`ProviderClient::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{GetAppMerchant, MerchantPage};
    /// use douyin_pay::protocol::AppId;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","url":"https://cashier.example.com/?token=abc","merchant_id":"70775300146143419322"}"#);
    /// # let client = douyin_pay::ProviderClient::builder(p::AppId::new("tt00000000000000ff")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = GetAppMerchant::new(AppId::new("tt0000000000000001")?, MerchantPage::Onboarding);
    /// assert!(client.get_app_merchant(&ask).await?.url.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_app_merchant(&self, ask: &GetAppMerchant) -> Result<Answer<MerchantLink>, Error> {
        self.call(ask).await
    }

    /// 服务商为分账方进件: a page on which a receiver of shares opens an account.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Onboarding links".
    ///
    /// # Errors
    /// As [`ProviderClient::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{AddSubMerchant, MerchantPage};
    /// use douyin_pay::protocol::SubMerchantId;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","url":"https://cashier.example.com/?token=abc","merchant_id":"70775300146143419322"}"#);
    /// # let client = douyin_pay::ProviderClient::builder(p::AppId::new("tt00000000000000ff")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = AddSubMerchant::new(SubMerchantId::new("coffee-1")?, MerchantPage::Onboarding);
    /// assert!(client.add_sub_merchant(&ask).await?.url.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn add_sub_merchant(&self, ask: &AddSubMerchant) -> Result<Answer<MerchantLink>, Error> {
        self.call(ask).await
    }

    /// 进件状态查询: how far the opening of an account is.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Onboarding links".
    ///
    /// # Errors
    /// As [`ProviderClient::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{OnboardingState, QueryMerchantStatus};
    /// use douyin_pay::protocol::{ChannelType, SubMerchantId};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","wx":3,"alipay":1}"#);
    /// # let client = douyin_pay::ProviderClient::builder(p::AppId::new("tt00000000000000ff")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = QueryMerchantStatus::by_sub_merchant_id(SubMerchantId::new("coffee-1")?);
    /// let status = client.query_merchant_status(&ask).await?;
    /// assert_eq!(status.at(&ChannelType::Alipay), Some(OnboardingState::Done));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_merchant_status(
        &self,
        ask: &QueryMerchantStatus,
    ) -> Result<Answer<MerchantStatus>, Error> {
        self.call(ask).await
    }

    /// 商户余额查询: the provider's own balance at one channel. That of an app is asked for with a
    /// [`Client`](crate::Client) that has a `thirdparty_id`.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_merchant_balance".
    ///
    /// # Errors
    /// As [`ProviderClient::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::QueryMerchantBalance;
    /// use douyin_pay::protocol::{ChannelType, MerchantUid};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","account_info":{"online_balance":20,"withdrawable_balacne":100000,"freeze_balance":0}}"#);
    /// # let client = douyin_pay::ProviderClient::builder(p::AppId::new("tt00000000000000ff")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = QueryMerchantBalance::new(MerchantUid::new("70775300146143419322")?, ChannelType::WeChat);
    /// assert!(client.query_merchant_balance(&ask).await?.account_info.withdrawable_balance.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_merchant_balance(
        &self,
        ask: &QueryMerchantBalance,
    ) -> Result<Answer<MerchantBalance>, Error> {
        self.call(ask).await
    }

    /// 商户提现: withdraws from the provider's own balance. `Ok` means taken on, not done; the same number twice withdraws
    /// once.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "merchant_withdraw".
    ///
    /// # Errors
    /// As [`ProviderClient::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::MerchantWithdraw;
    /// use douyin_pay::protocol::{ChannelType, Fen, MerchantUid, OutWithdrawNo, WithdrawAmount};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","order_id":"7300000000000000004"}"#);
    /// # let client = douyin_pay::ProviderClient::builder(p::AppId::new("tt00000000000000ff")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = MerchantWithdraw::new(
    ///     MerchantUid::new("70775300146143419322")?,
    ///     ChannelType::WeChat,
    ///     WithdrawAmount::new(Fen::from_yuan("1.00")?)?,
    ///     OutWithdrawNo::new("W1")?,
    /// );
    /// assert_eq!(client.merchant_withdraw(&ask).await?.order_id.as_str(), "7300000000000000004");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn merchant_withdraw(&self, ask: &MerchantWithdraw) -> Result<Answer<WithdrawReply>, Error> {
        self.call(ask).await
    }

    /// 提现结果查询: what became of a withdrawal of the provider's own.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_withdraw_order".
    ///
    /// # Errors
    /// As [`ProviderClient::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::QueryWithdrawOrder;
    /// use douyin_pay::protocol::{ChannelType, MerchantUid, OutWithdrawNo, WithdrawStatus};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","status":"PROCESSING"}"#);
    /// # let client = douyin_pay::ProviderClient::builder(p::AppId::new("tt00000000000000ff")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let merchant = MerchantUid::new("70775300146143419322")?;
    /// let ask = QueryWithdrawOrder::new(merchant, ChannelType::WeChat, OutWithdrawNo::new("W1")?);
    /// assert_eq!(client.query_withdraw_order(&ask).await?.status, WithdrawStatus::Processing);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_withdraw_order(
        &self,
        ask: &QueryWithdrawOrder,
    ) -> Result<Answer<WithdrawOrder>, Error> {
        self.call(ask).await
    }

    /// Any call that a provider can make for itself, for code that is generic over them. A request that only a
    /// mini-program can make does not compile.
    ///
    /// # Errors
    /// When the platform refused, nothing was sent, or nobody knows: [`Error::outcome`] says which.
    pub async fn call<R: Request>(&self, ask: &R) -> Result<Answer<R::Reply>, Error> {
        const { assert!(R::IDENTITY.is_for_provider(), "only a mini-program can make this call") };
        const { assert!(matches!(R::ENDPOINT.method(), Method::Post), "bills are fetched, not called") };
        let shared = &*self.shared;
        let ask = Ask {
            endpoint: R::ENDPOINT.into(),
            numbers: Numbers::of(ask),
            body: Bytes::from(shared.caller().body(ask)),
            read: Read::Whole(read::<R>),
            tokens: None,
            retry: shared.retry,
            pace_wait_max: self.pace_wait_max,
        };
        shared.engine.call(&ask).await
    }
}
