//! The fourteen calls, one method each.

use bytes::Bytes;
use douyin_pay_protocol::ReplyError;
use douyin_pay_protocol::trade::{
    Bills, BillsReply, FulfillPushStatus, FundBills, FundBillsReply, MerchantWithdraw, MerchantWithdrawReply,
    OrderQuery, OrderQueryReply, QueryCps, QueryCpsReply, QueryMerchantBalance, QueryMerchantBalanceReply,
    QueryWithdrawOrder, QueryWithdrawOrderReply, RefundAuditCallback, RefundCreate, RefundCreateReply,
    RefundQuery, RefundQueryReply, Request, SettleCreate, SettleCreateReply, SettleQuery, SettleQueryReply,
    TagQuery, TagQueryReply, parse_reply,
};
use http::Response;

use super::{Shared, TradeClient};
use crate::engine::{Ask, Read};
use crate::observer::Numbers;
use crate::outcome::Cause;
use crate::{Answer, Error};

impl TradeClient {
    /// 标签组查询: the tag groups that goods may have, each with its refund rules.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::trade::TagQuery;
    /// use douyin_pay::{Error, TradeClient};
    ///
    /// async fn tag_groups(client: &TradeClient) -> Result<Vec<String>, Error> {
    ///     let found = client.tag_query(&TagQuery::all()).await?;
    ///     Ok(found.tag_detail_list.iter().map(|group| group.tag_group_id.to_string()).collect())
    /// }
    /// ```
    pub async fn tag_query(&self, ask: &TagQuery) -> Result<Answer<TagQueryReply>, Error> {
        self.call(ask).await
    }

    /// 查询订单: what became of an order.
    ///
    /// # Errors
    /// As [`TradeClient::call`]. [`Error::is_not_found`] never means that the payment failed: an order that was
    /// signed is not known to the platform until the front end has placed it.
    ///
    /// ```
    /// use douyin_pay::protocol::OutOrderNo;
    /// use douyin_pay::protocol::trade::{OrderQuery, PayStatus};
    /// use douyin_pay::{Error, TradeClient};
    ///
    /// async fn is_paid(client: &TradeClient, number: OutOrderNo) -> Result<bool, Error> {
    ///     match client.order_query(&OrderQuery::by_out_order_no(number)).await {
    ///         Ok(order) => Ok(order.pay_status == PayStatus::Success),
    ///         Err(error) if error.is_not_found() => Ok(false),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    pub async fn order_query(&self, ask: &OrderQuery) -> Result<Answer<OrderQueryReply>, Error> {
        self.call(ask).await
    }

    /// 查询 CPS 信息: the promoters' commission on an order.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::trade::QueryCps;
    /// use douyin_pay::protocol::{Fen, OutOrderNo};
    /// use douyin_pay::{Error, TradeClient};
    ///
    /// async fn commission(client: &TradeClient, number: OutOrderNo) -> Result<Fen, Error> {
    ///     Ok(client.query_cps(&QueryCps::by_out_order_no(number)).await?.total_commission_amount)
    /// }
    /// ```
    pub async fn query_cps(&self, ask: &QueryCps) -> Result<Answer<QueryCpsReply>, Error> {
        self.call(ask).await
    }

    /// 推送履约状态: says how far the fulfilment of items is. Only for product types that want to know.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::PlatformNo;
    /// use douyin_pay::protocol::trade::{FulfillPushStatus, ToStatus};
    /// use douyin_pay::TradeClient;
    ///
    /// type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
    ///
    /// async fn delivered(client: &TradeClient, order: PlatformNo, item: PlatformNo) -> Result<()> {
    ///     let push = FulfillPushStatus::new(order, vec![item], ToStatus::fulfill_done())?;
    ///     client.fulfill_push_status(&push).await?;
    ///     Ok(())
    /// }
    /// ```
    pub async fn fulfill_push_status(&self, ask: &FulfillPushStatus) -> Result<Answer<()>, Error> {
        self.call(ask).await
    }

    /// 发起退款: asks for a refund of a part or of all. `Ok` means taken on, not done.
    ///
    /// # Errors
    /// As [`TradeClient::call`]. After [`Outcome::Unknown`](crate::Outcome::Unknown), [`Error::is_number_used`]
    /// included, query by the same number.
    ///
    /// ```
    /// use douyin_pay::protocol::trade::{RefundCreate, RefundQuery};
    /// use douyin_pay::protocol::OutRefundNo;
    /// use douyin_pay::{Error, Outcome, TradeClient};
    ///
    /// async fn refund(client: &TradeClient, number: OutRefundNo, ask: &RefundCreate) -> Result<bool, Error> {
    ///     match client.refund_create(ask).await {
    ///         Ok(_taken) => Ok(true),
    ///         Err(error) if error.outcome() == Outcome::Unknown => {
    ///             let known = client.refund_query(&RefundQuery::by_out_refund_no(number)).await?;
    ///             Ok(!known.refund_list.is_empty())    // not known yet: the same number again in a minute
    ///         }
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    pub async fn refund_create(&self, ask: &RefundCreate) -> Result<Answer<RefundCreateReply>, Error> {
        self.call(ask).await
    }

    /// 查询退款: what became of a refund, or of all refunds of an order. None found is an empty list.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::PlatformNo;
    /// use douyin_pay::protocol::trade::RefundQuery;
    /// use douyin_pay::{Error, TradeClient};
    ///
    /// async fn refunds(client: &TradeClient, order: PlatformNo) -> Result<usize, Error> {
    ///     Ok(client.refund_query(&RefundQuery::by_order_id(order)).await?.refund_list.len())
    /// }
    /// ```
    pub async fn refund_query(&self, ask: &RefundQuery) -> Result<Answer<RefundQueryReply>, Error> {
        self.call(ask).await
    }

    /// 同步退款审核结果: agrees to a refund that the user asked for, or refuses it.
    ///
    /// # Errors
    /// As [`TradeClient::call`]. Past the deadline the platform agrees by itself and refuses this call.
    ///
    /// ```
    /// use douyin_pay::protocol::PlatformNo;
    /// use douyin_pay::protocol::trade::RefundAuditCallback;
    /// use douyin_pay::{Error, TradeClient};
    ///
    /// async fn agree(client: &TradeClient, refund: PlatformNo) -> Result<(), Error> {
    ///     client.refund_audit_callback(&RefundAuditCallback::agree(refund)).await.map(|_| ())
    /// }
    /// ```
    pub async fn refund_audit_callback(&self, ask: &RefundAuditCallback) -> Result<Answer<()>, Error> {
        self.call(ask).await
    }

    /// 发起结算: asks to settle an order or one of its items, with or without shares. `Ok` means taken on, not done.
    ///
    /// # Errors
    /// As [`TradeClient::call`]. After [`Outcome::Unknown`](crate::Outcome::Unknown), [`Error::is_number_used`]
    /// included, query by the same number.
    ///
    /// ```
    /// use douyin_pay::protocol::{OutOrderNo, OutSettleNo, SettleDesc};
    /// use douyin_pay::protocol::trade::SettleCreate;
    /// use douyin_pay::TradeClient;
    ///
    /// type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
    ///
    /// async fn settle(client: &TradeClient, order: OutOrderNo) -> Result<String> {
    ///     let (number, why) = (OutSettleNo::new("S1")?, SettleDesc::new("monthly")?);
    ///     let ask = SettleCreate::new(client.app_id().clone(), order, number, why);
    ///     Ok(client.settle_create(&ask).await?.settle_id.as_str().to_owned())
    /// }
    /// ```
    pub async fn settle_create(&self, ask: &SettleCreate) -> Result<Answer<SettleCreateReply>, Error> {
        self.call(ask).await
    }

    /// 查询结算: what became of settlements, those that the platform made by itself included. None found is an
    /// empty list.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::OutOrderNo;
    /// use douyin_pay::protocol::trade::{SettleQuery, SettleStatus};
    /// use douyin_pay::{Error, TradeClient};
    ///
    /// async fn is_settled(client: &TradeClient, order: OutOrderNo) -> Result<bool, Error> {
    ///     let ask = SettleQuery::by_out_order_no(client.app_id().clone(), order);
    ///     let found = client.settle_query(&ask).await?;
    ///     Ok(found.0.iter().any(|settled| settled.settle_status == SettleStatus::Success))
    /// }
    /// ```
    pub async fn settle_query(&self, ask: &SettleQuery) -> Result<Answer<SettleQueryReply>, Error> {
        self.call(ask).await
    }

    /// 商户余额查询: a merchant's balance.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::MerchantUid;
    /// use douyin_pay::protocol::trade::{ChannelType, QueryMerchantBalance, QueryMerchantBalanceReply};
    /// use douyin_pay::{Answer, Error, TradeClient};
    ///
    /// async fn balance(
    ///     client: &TradeClient,
    ///     merchant: MerchantUid,
    /// ) -> Result<Answer<QueryMerchantBalanceReply>, Error> {
    ///     client.query_merchant_balance(&QueryMerchantBalance::new(merchant, ChannelType::Yzt)).await
    /// }
    /// ```
    pub async fn query_merchant_balance(
        &self,
        ask: &QueryMerchantBalance,
    ) -> Result<Answer<QueryMerchantBalanceReply>, Error> {
        self.call(ask).await
    }

    /// 商户提现: withdraws a merchant's balance. `Ok` means taken on, not done.
    ///
    /// # Errors
    /// As [`TradeClient::call`]. After [`Outcome::Unknown`](crate::Outcome::Unknown) query by the same number.
    ///
    /// ```
    /// use douyin_pay::protocol::trade::{MerchantWithdraw, MerchantWithdrawReply};
    /// use douyin_pay::{Answer, Error, TradeClient};
    ///
    /// async fn withdraw(
    ///     client: &TradeClient,
    ///     ask: &MerchantWithdraw,
    /// ) -> Result<Answer<MerchantWithdrawReply>, Error> {
    ///     client.merchant_withdraw(ask).await
    /// }
    /// ```
    pub async fn merchant_withdraw(
        &self,
        ask: &MerchantWithdraw,
    ) -> Result<Answer<MerchantWithdrawReply>, Error> {
        self.call(ask).await
    }

    /// 提现结果查询: what became of a withdrawal.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::trade::{QueryWithdrawOrder, QueryWithdrawOrderReply};
    /// use douyin_pay::{Answer, Error, TradeClient};
    ///
    /// async fn withdrawn(
    ///     client: &TradeClient,
    ///     ask: &QueryWithdrawOrder,
    /// ) -> Result<Answer<QueryWithdrawOrderReply>, Error> {
    ///     client.query_withdraw_order(ask).await
    /// }
    /// ```
    pub async fn query_withdraw_order(
        &self,
        ask: &QueryWithdrawOrder,
    ) -> Result<Answer<QueryWithdrawOrderReply>, Error> {
        self.call(ask).await
    }

    /// 交易账单: the addresses of a day's trade statements.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::trade::{Bills, BillsReply};
    /// use douyin_pay::{Answer, Error, TradeClient};
    ///
    /// async fn statements(client: &TradeClient, ask: &Bills) -> Result<Answer<BillsReply>, Error> {
    ///     client.bills(ask).await
    /// }
    /// ```
    pub async fn bills(&self, ask: &Bills) -> Result<Answer<BillsReply>, Error> {
        self.call(ask).await
    }

    /// 资金账单: the addresses of a day's funds statements.
    ///
    /// # Errors
    /// As [`TradeClient::call`].
    ///
    /// ```
    /// use douyin_pay::protocol::trade::{FundBills, FundBillsReply};
    /// use douyin_pay::{Answer, Error, TradeClient};
    ///
    /// async fn statements(client: &TradeClient, ask: &FundBills) -> Result<Answer<FundBillsReply>, Error> {
    ///     client.fund_bills(ask).await
    /// }
    /// ```
    pub async fn fund_bills(&self, ask: &FundBills) -> Result<Answer<FundBillsReply>, Error> {
        self.call(ask).await
    }

    /// Any of the fourteen calls, for code that is generic over them.
    ///
    /// # Errors
    /// When the platform refused, nothing was sent, or nobody knows: [`Error::outcome`] says which.
    pub async fn call<R: Request>(&self, ask: &R) -> Result<Answer<R::Reply>, Error> {
        let Shared { engine, tokens, retry } = &*self.shared;
        let body = Bytes::from(ask.body());
        let ask = Ask {
            endpoint: R::ENDPOINT.into(),
            numbers: Numbers::of_body(&body),
            body: body.clone(),
            read: Read::Whole(read::<R>),
            tokens: Some(tokens),
            retry: *retry,
            pace_wait_max: self.pace_wait_max,
        };
        engine.call(&ask).await
    }
}

/// Reads the answer to a request of type `R`: the code in the body counts, whatever the HTTP status is.
fn read<R: Request>(response: &Response<Bytes>) -> Result<R::Reply, Cause> {
    let status = response.status();
    match parse_reply::<R>(status.as_u16(), response.body()) {
        Err(ReplyError::NotJson(_)) if !status.is_success() => Err(Cause::Status(status)),
        read => read.map_err(Cause::Reply),
    }
}
