//! The calls about merchants and their money, the order push, and the token it needs.

use douyin_pay_protocol::AccessToken;
use douyin_pay_protocol::ecpay::{
    AppAddSubMerchant, CreateMerchant, CreateMerchantReply, Endpoint, Identity, MerchantBalance,
    MerchantLink, MerchantStatus, MerchantWithdraw, OrderPush, OrderPushReply, QueryMerchantBalance,
    QueryMerchantStatus, QueryWithdrawOrder, WithdrawOrder, WithdrawReply,
};

use super::Client;
use crate::outcome::Cause;
use crate::tokens::{NoToken, Tokens};
use crate::{Answer, Error};

impl Client {
    /// 商户余额查询: a merchant's balance at one channel. Not in the sandbox.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_merchant_balance".
    ///
    /// # Errors
    /// As [`Client::call`].
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
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = QueryMerchantBalance::new(MerchantUid::new("70775300146143419322")?, ChannelType::Alipay);
    /// let balance = client.query_merchant_balance(&ask).await?;
    /// assert_eq!(balance.account_info.withdrawable_balance.map(|fen| fen.get()), Some(100_000));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_merchant_balance(
        &self,
        ask: &QueryMerchantBalance,
    ) -> Result<Answer<MerchantBalance>, Error> {
        self.call(ask).await
    }

    /// 商户提现: withdraws from a merchant's balance. `Ok` means taken on, not done; the same number twice withdraws once.
    /// At most five a day per merchant and channel. Not in the sandbox.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "merchant_withdraw".
    ///
    /// # Errors
    /// As [`Client::call`].
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
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","order_id":"7300000000000000004","merchant_entity":1}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = MerchantWithdraw::new(
    ///     MerchantUid::new("70775300146143419322")?,
    ///     ChannelType::Alipay,
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

    /// 提现结果查询: what became of a withdrawal. A success may be reversed later. Not in the sandbox.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_withdraw_order".
    ///
    /// # Errors
    /// As [`Client::call`].
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
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","status":"SUCCESS","status_msg":""}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let merchant = MerchantUid::new("70775300146143419322")?;
    /// let ask = QueryWithdrawOrder::new(merchant, ChannelType::Alipay, OutWithdrawNo::new("W1")?);
    /// assert_eq!(client.query_withdraw_order(&ask).await?.status, WithdrawStatus::Success);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_withdraw_order(
        &self,
        ask: &QueryWithdrawOrder,
    ) -> Result<Answer<WithdrawOrder>, Error> {
        self.call(ask).await
    }

    /// 小程序为分账方进件: a page on which a receiver of shares opens an account. Signed with the app's salt, also when a
    /// provider acts for the app.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Onboarding links".
    ///
    /// # Errors
    /// As [`Client::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{AppAddSubMerchant, MerchantPage};
    /// use douyin_pay::protocol::SubMerchantId;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","url":"https://cashier.example.com/?token=abc","merchant_id":"69645835031835936200"}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = AppAddSubMerchant::new(SubMerchantId::new("coffee-1")?, MerchantPage::Onboarding);
    /// let link = client.app_add_sub_merchant(&ask).await?;     // its `url` lives for two hours
    /// assert_eq!(link.merchant_id.as_ref().map(|uid| uid.as_str()), Some("69645835031835936200"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn app_add_sub_merchant(&self, ask: &AppAddSubMerchant) -> Result<Answer<MerchantLink>, Error> {
        self.call(ask).await
    }

    /// 进件状态查询: how far the opening of an account is.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Onboarding links".
    ///
    /// # Errors
    /// As [`Client::call`].
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
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","merchant_status_info":{"wx":{"status":"PROCESSING"}}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = QueryMerchantStatus::by_sub_merchant_id(SubMerchantId::new("coffee-1")?);
    /// let status = client.query_merchant_status(&ask).await?;
    /// assert_eq!(status.at(&ChannelType::WeChat), Some(OnboardingState::InReview));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_merchant_status(
        &self,
        ask: &QueryMerchantStatus,
    ) -> Result<Answer<MerchantStatus>, Error> {
        self.call(ask).await
    }

    /// API 进件: opens an account without a page, for partners whom the platform selected. Never repeated by itself: no
    /// number is known to make it safe. Pictures go through another call, `image_upload`, that needs the partner's
    /// permission and is not offered here.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Onboarding links".
    ///
    /// # Errors
    /// As [`Client::call`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::CreateMerchant;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","merchant_id":"69645835031835936200"}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let fields = serde_json::json!({ "sub_merchant_id": "coffee-1", "merchant_name": "Coffee", "channels": ["wx"] });
    /// let ask = CreateMerchant::new(fields.as_object().expect("an object"))?;
    /// assert!(client.create_merchant(&ask).await?.merchant_id.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_merchant(&self, ask: &CreateMerchant) -> Result<Answer<CreateMerchantReply>, Error> {
        self.call(ask).await
    }

    /// 订单同步: shows an order and its state in the user's order centre. Needs [`app_secret`](crate::Builder::app_secret); the access token is
    /// fetched once for all callers, renewed five minutes before it expires, and replaced once when the platform rejects it.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Order push".
    ///
    /// # Errors
    /// As [`Client::call`]. Without an app secret nothing is sent, and [`Error::is_config`].
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{OrderPush, PushDetail, PushItem, PushStatus};
    /// use douyin_pay::protocol::{Fen, OpenId, OutOrderNo, UnixMs};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().with_tokens().then(r#"{"err_code":0,"err_msg":"","body":""}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).app_secret(p::AppSecret::new("a1b2")?).build()?;
    /// let (created, price) = (UnixMs::new(1_704_067_100_000), Fen::from_yuan("12.80")?);
    /// let items = vec![PushItem::new("latte", "https://m.example.com/latte.png", "Latte", 1, price)?];
    /// let page = "pages/order/detail?id=1";
    /// let detail = PushDetail::new(OutOrderNo::new("A1")?, created, PushStatus::Redeemed, price, page, items)?;
    /// let push = OrderPush::new(OpenId::new("_000abc")?, UnixMs::new(1_704_153_600_000), &detail);
    /// client.order_push(&push).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn order_push(&self, ask: &OrderPush) -> Result<Answer<OrderPushReply>, Error> {
        self.call(ask).await
    }

    /// The access token as the order push uses it, for calls of your own. Whoever has it can call for the app.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "Access token".
    ///
    /// # Errors
    /// When there is none and none can be fetched, or there is no app secret.
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().with_tokens();
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).app_secret(p::AppSecret::new("a1b2")?).build()?;
    /// let token = client.access_token().await?;
    /// assert!(!token.expose().is_empty() && !format!("{token:?}").contains(token.expose()));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn access_token(&self) -> Result<AccessToken, Error> {
        let endpoint = Endpoint::Token;
        let failed = |problem| Error::before_sending(endpoint.into(), Cause::NoToken(problem));
        let tokens = self.shared.tokens.as_ref().ok_or_else(|| failed(NoToken::NoSecret))?;
        let engine = &self.shared.engine;
        let pass = tokens.pass(engine.env.mono().plus(engine.total)).await.map_err(failed)?;
        Ok(pass.token().clone())
    }

    /// Where the token of such a call comes from.
    pub(super) fn tokens_for(
        &self,
        endpoint: Endpoint,
        identity: Identity,
    ) -> Result<Option<&Tokens>, Error> {
        if identity != Identity::AccessToken {
            return Ok(None);
        }
        let missing = || Error::before_sending(endpoint.into(), Cause::NoToken(NoToken::NoSecret));
        self.shared.tokens.as_ref().map(Some).ok_or_else(missing)
    }
}
