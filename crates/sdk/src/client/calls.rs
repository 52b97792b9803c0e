//! The calls about orders: open, refund, settle, return, and the queries.

use bytes::Bytes;
use douyin_pay_protocol::Method;
use douyin_pay_protocol::ecpay::{
    CreateOrder, CreateOrderReply, CreateRefund, CreateRefundReply, CreateReturn, PlatformOrder, QueryOrder,
    QueryOrderReply, QueryPlatformOrder, QueryRefund, QueryReturn, QuerySettle, RefundInfo, Request,
    ReturnInfo, Settle, SettleInfo, SettleReply, UnsettleAmount, UnsettleAmountReply,
};

use super::{Client, read};
use crate::engine::{Ask, Read};
use crate::observer::Numbers;
use crate::{Answer, Error};

impl Client {
    /// 预下单: opens an order. The reply is what `tt.pay` needs.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "create_order".
    ///
    /// # Errors
    /// As [`Client::call`]. After [`Outcome::Unknown`](crate::Outcome::Unknown) repeat with the same number: the
    /// platform answers a repeated number with the first reply.
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{CreateOrder, ValidTime};
    /// use douyin_pay::protocol::{Fen, OrderAmount, OrderBody, OutOrderNo, Subject};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","data":{"order_id":"N73","order_token":"CgsIARDi"}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let price = OrderAmount::new(Fen::from_yuan("12.80")?)?;
    /// let (title, details) = (Subject::new("Latte")?, OrderBody::new("Latte, large")?);
    /// let ask = CreateOrder::new(OutOrderNo::new("A1")?, price, title, details, ValidTime::new(900)?);
    /// let opened = client.create_order(&ask).await?;
    /// assert_eq!((opened.order_id.as_str(), opened.order_token.as_str()), ("N73", "CgsIARDi"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_order(&self, ask: &CreateOrder) -> Result<Answer<CreateOrderReply>, Error> {
        self.call(ask).await
    }

    /// 支付结果查询: what became of an order.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_order".
    ///
    /// # Errors
    /// As [`Client::call`]. [`Error::is_not_found`] never means that the payment failed.
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{OrderStatus, QueryOrder};
    /// use douyin_pay::protocol::OutOrderNo;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","out_order_no":"A1","order_id":"N73","payment_info":{"total_fee":1280,"order_status":"SUCCESS"}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let seen = client.query_order(&QueryOrder::new(OutOrderNo::new("A1")?)).await?;
    /// assert_eq!(seen.payment_info.order_status, OrderStatus::Success);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_order(&self, ask: &QueryOrder) -> Result<Answer<QueryOrderReply>, Error> {
        self.call(ask).await
    }

    /// 发起退款: asks for a refund of a part or of all. `Ok` means taken on, not done.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "create_refund".
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
    /// use douyin_pay::protocol::ecpay::CreateRefund;
    /// use douyin_pay::protocol::{Fen, OutOrderNo, OutRefundNo, Reason, RefundAmount};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","refund_no":"N74"}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let amount = RefundAmount::new(Fen::from_yuan("1.00")?)?;
    /// let ask = CreateRefund::new(OutOrderNo::new("A1")?, OutRefundNo::new("R1")?, amount, Reason::new("cold")?);
    /// assert_eq!(client.create_refund(&ask).await?.refund_no.as_str(), "N74");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_refund(&self, ask: &CreateRefund) -> Result<Answer<CreateRefundReply>, Error> {
        self.call(ask).await
    }

    /// 退款结果查询: what became of a refund.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_refund".
    ///
    /// # Errors
    /// As [`Client::call`]. [`Error::is_not_found`] never means that the refund failed.
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{QueryRefund, ResultStatus};
    /// use douyin_pay::protocol::OutRefundNo;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","refundInfo":{"refund_no":"N74","refund_amount":100,"refund_status":"SUCCESS"}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let seen = client.query_refund(&QueryRefund::new(OutRefundNo::new("R1")?)).await?;
    /// assert_eq!(seen.refund_status, ResultStatus::Success);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_refund(&self, ask: &QueryRefund) -> Result<Answer<RefundInfo>, Error> {
        self.call(ask).await
    }

    /// 发起结算及分账: asks to settle an order, with or without shares. `Ok` means taken on, not done.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "settle".
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
    /// use douyin_pay::protocol::ecpay::{Settle, Share};
    /// use douyin_pay::protocol::{Fen, MerchantUid, OutOrderNo, OutSettleNo, SettleDesc, ShareAmount};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","settle_no":"N75"}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let share = Share {
    ///     merchant_uid: MerchantUid::new("69645835031835936200")?,
    ///     amount: ShareAmount::new(Fen::from_yuan("0.60")?)?,
    /// };
    /// let ask = Settle::new(OutSettleNo::new("S1")?, OutOrderNo::new("A1")?, SettleDesc::new("monthly")?);
    /// let ask = ask.shares(&[share])?.finish(true);
    /// assert_eq!(client.settle(&ask).await?.settle_no.as_str(), "N75");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle(&self, ask: &Settle) -> Result<Answer<SettleReply>, Error> {
        self.call(ask).await
    }

    /// 结算结果查询: what became of a settlement.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_settle".
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
    /// use douyin_pay::protocol::ecpay::{QuerySettle, ResultStatus};
    /// use douyin_pay::protocol::OutSettleNo;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","settle_info":{"settle_no":"N75","settle_amount":1272,"settle_status":"SUCCESS","rake":8}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let seen = client.query_settle(&QuerySettle::new(OutSettleNo::new("S1")?)).await?;
    /// assert_eq!((&seen.settle_status, seen.rake.map(|fen| fen.get())), (&ResultStatus::Success, Some(8)));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_settle(&self, ask: &QuerySettle) -> Result<Answer<SettleInfo>, Error> {
        self.call(ask).await
    }

    /// 可结算金额查询: how much of an order can still be settled, and how the platform counts.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "unsettle_amount".
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
    /// use douyin_pay::protocol::ecpay::UnsettleAmount;
    /// use douyin_pay::protocol::OutOrderNo;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"success","data":{"out_order_no":"A1","unsettle_amount":1172,"detail":{"pay_info":{"amount":1280},"refund_info":[{"out_refund_no":"R1","amount":100}],"payment_rake":8}}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let left = client.unsettle_amount(&UnsettleAmount::new(OutOrderNo::new("A1")?)).await?;
    /// assert_eq!((left.unsettle_amount.get(), left.detail.payment_rake.map(|fen| fen.get())), (1172, Some(8)));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unsettle_amount(&self, ask: &UnsettleAmount) -> Result<Answer<UnsettleAmountReply>, Error> {
        self.call(ask).await
    }

    /// 自动结算结果查询: the settlements that the platform made by itself.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "query_platform_order".
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
    /// use douyin_pay::protocol::ecpay::QueryPlatformOrder;
    /// use douyin_pay::protocol::OutOrderNo;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"","platform_order":{"out_order_no":"A1","query_type":1,"settle_info_list":[{"out_settle_no":"auto73","settle_no":"N76","settle_status":"SUCCESS","settle_param_list":[{"merchant_uid":"70775300146143419322","amount":1272}]}]}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let order = client.query_platform_order(&QueryPlatformOrder::new(OutOrderNo::new("A1")?)).await?;
    /// assert_eq!(order.settle_info_list[0].settle_param_list[0].amount.get(), 1272);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_platform_order(
        &self,
        ask: &QueryPlatformOrder,
    ) -> Result<Answer<PlatformOrder>, Error> {
        self.call(ask).await
    }

    /// 发起退分账: takes back what a receiver got out of a settlement. The answer says how far it is; the same number
    /// twice returns once.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "create_return and query_return".
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
    /// use douyin_pay::protocol::ecpay::{CreateReturn, ResultStatus};
    /// use douyin_pay::protocol::{Fen, MerchantUid, OutReturnNo, OutSettleNo, ReturnAmount, ReturnDesc};
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"success","return_info":{"return_no":"N77","out_return_no":"T1","return_amount":30,"return_status":"PROCESSING"}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let ask = CreateReturn::by_out_settle_no(
    ///     OutSettleNo::new("S1")?,
    ///     OutReturnNo::new("T1")?,
    ///     MerchantUid::new("69645835031835936200")?,
    ///     ReturnAmount::new(Fen::from_yuan("0.30")?)?,
    ///     ReturnDesc::new("order refunded")?,
    /// );
    /// assert_eq!(client.create_return(&ask).await?.return_status, ResultStatus::Processing);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_return(&self, ask: &CreateReturn) -> Result<Answer<ReturnInfo>, Error> {
        self.call(ask).await
    }

    /// 退分账结果查询: what became of a return. There is no documented callback, so ask.
    ///
    /// Written down in `docs/protocol/ecpay.md`, section "create_return and query_return".
    ///
    /// # Errors
    /// As [`Client::call`]. [`Error::is_not_found`] never means that the return failed.
    ///
    /// ```
    /// # #[cfg(not(feature = "test-util"))]
    /// # fn main() {}
    /// # #[cfg(feature = "test-util")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use douyin_pay::protocol::ecpay::{QueryReturn, ResultStatus};
    /// use douyin_pay::protocol::OutReturnNo;
    /// # use douyin_pay::protocol as p;
    /// # let net = douyin_pay::FixedNet::new().then(r#"{"err_no":0,"err_tips":"success","return_info":{"return_no":"N77","out_return_no":"T1","return_amount":30,"return_status":"SUCCESS"}}"#);
    /// # let client = douyin_pay::Client::builder(p::AppId::new("tt0000000000000001")?, p::Salt::new("salt")?)
    /// #     .net(std::sync::Arc::new(net)).build()?;
    /// let seen = client.query_return(&QueryReturn::by_out_return_no(OutReturnNo::new("T1")?)).await?;
    /// assert_eq!(seen.return_status, ResultStatus::Success);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn query_return(&self, ask: &QueryReturn) -> Result<Answer<ReturnInfo>, Error> {
        self.call(ask).await
    }

    /// Any call that a mini-program can make, for code that is generic over them. A request that only a provider can
    /// make, or that is fetched with GET, does not compile.
    ///
    /// # Errors
    /// When the platform refused, nothing was sent, or nobody knows: [`Error::outcome`] says which.
    pub async fn call<R: Request>(&self, ask: &R) -> Result<Answer<R::Reply>, Error> {
        const { assert!(R::IDENTITY.is_for_app(), "only a provider can make this call") };
        const { assert!(matches!(R::ENDPOINT.method(), Method::Post), "bills are fetched, not called") };
        let shared = &*self.shared;
        let ask = Ask {
            endpoint: R::ENDPOINT.into(),
            numbers: Numbers::of(ask),
            body: Bytes::from(self.caller().body(ask)),
            read: Read::Whole(read::<R>),
            tokens: self.tokens_for(R::ENDPOINT, R::IDENTITY)?,
            retry: shared.retry,
            pace_wait_max: self.pace_wait_max,
        };
        shared.engine.call(&ask).await
    }
}
