//! The three calls that fetch bills.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::BodyStream;
use douyin_pay_protocol::ecpay::Caller;
use douyin_pay_protocol::ecpay::bill::{BillRequest, Bills, FundBills, OldBill, signed_query};
use http::Response;

use super::Client;
use crate::engine::{Ask, Read};
use crate::observer::Numbers;
use crate::{Answer, BillFile, Error, Retry};

impl Client {
    /// 交易账单: what happened to orders on a day, row by row. The day must be over; when its bill is ready is not
    /// published.
    ///
    /// The call is over when the beginning of the bill is there; the rows come while you ask for them.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use douyin_pay::protocol::ecpay::bill::{BillKind, Bills};
    /// use douyin_pay::protocol::{AppId, MerchantUid, Salt};
    /// use douyin_pay::{Client, FixedNet};
    /// use futures_util::FutureExt;
    ///
    /// let net = FixedNet::new().then("订单号,订单金额,支付状态\nA1,1280,支付成功\n");
    /// let client = Client::builder(AppId::new("tt1")?, Salt::new("salt")?).net(Arc::new(net)).build()?;
    ///
    /// let ask = Bills::new(MerchantUid::new("70775300146143419322")?, BillKind::Payment, "2024-01-01".parse()?)?;
    /// let mut bill = client.bills(&ask).now_or_never().expect("answers at once")?.reply;
    /// while let Some(row) = bill.next().now_or_never().expect("all is there") {
    ///     let row = row?;
    ///     assert_eq!((row.out_order_no.unwrap().as_str(), row.amount.unwrap().to_string().as_str()), ("A1", "12.80"));
    /// }
    /// assert_eq!(bill.lines().rows, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Client::call`]; also when what came is no bill. A day without rows is a bill without rows.
    pub async fn bills(&self, ask: &Bills) -> Result<Answer<BillFile>, Error> {
        self.fetch(ask).await
    }

    /// 资金账单: what went in and out of a merchant's account on a day. Its columns are not published, so most values
    /// are in [`Row::extra`](douyin_pay_protocol::ecpay::bill::Row::extra).
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use douyin_pay::protocol::ecpay::bill::FundBills;
    /// use douyin_pay::protocol::{AppId, MerchantUid, Salt};
    /// use douyin_pay::{Client, FixedNet};
    /// use futures_util::FutureExt;
    ///
    /// let net = FixedNet::new().then("记账时间,金额,余额\n2024-01-01 08:00:00,1.00,9.00\n");
    /// let client = Client::builder(AppId::new("tt1")?, Salt::new("salt")?).net(Arc::new(net)).build()?;
    ///
    /// let ask = FundBills::new(MerchantUid::new("70775300146143419322")?, "2024-01-01".parse()?)?;
    /// let mut bill = client.fund_bills(&ask).now_or_never().expect("answers at once")?.reply;
    /// let row = bill.next().now_or_never().expect("all is there").expect("one row")?;
    /// assert_eq!(row.extra, [("余额".into(), "9.00".into())]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Client::bills`].
    pub async fn fund_bills(&self, ask: &FundBills) -> Result<Answer<BillFile>, Error> {
        self.fetch(ask).await
    }

    /// 对账单 (旧): the bill of some days in the form of 2021.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use douyin_pay::protocol::ecpay::bill::{BillKind, OldBill};
    /// use douyin_pay::protocol::{AppId, MerchantUid, Salt};
    /// use douyin_pay::{Client, FixedNet};
    /// use futures_util::FutureExt;
    ///
    /// let net = FixedNet::new().then(r#"{"err_no":1,"err_tips":"no such seller"}"#);
    /// let client = Client::builder(AppId::new("tt1")?, Salt::new("salt")?).net(Arc::new(net)).build()?;
    ///
    /// let (seller, day) = (MerchantUid::new("70775300146143419322")?, "2024-01-01".parse()?);
    /// let ask = OldBill::new(seller, BillKind::Refund, day, "2024-01-02".parse()?)?;
    /// let error = client.bill(&ask).now_or_never().expect("answers at once").unwrap_err();
    /// assert_eq!(error.platform_error().unwrap().err_tips, "no such seller");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Client::bills`].
    pub async fn bill(&self, ask: &OldBill) -> Result<Answer<BillFile>, Error> {
        self.fetch(ask).await
    }

    async fn fetch<R: BillRequest>(&self, ask: &R) -> Result<Answer<BillFile>, Error> {
        let shared = &*self.shared;
        let ask = fetching(&self.caller(), ask, shared.retry, self.pace_wait_max);
        shared.engine.call(&ask).await
    }
}

/// The call that fetches a bill for whoever asks.
pub(crate) fn fetching<R: BillRequest>(
    caller: &Caller<'_>,
    ask: &R,
    retry: Retry,
    pace_wait_max: Option<Duration>,
) -> Ask<'static, BillFile> {
    let kind = ask.kind();
    let open = move |response: Response<BodyStream>| -> douyin_pay_env::BoxFuture<_> {
        Box::pin(BillFile::of_answer(kind, response))
    };
    Ask {
        endpoint: R::ENDPOINT.into(),
        numbers: Numbers::default(),
        body: Bytes::from(signed_query(caller, ask)),
        read: Read::Pieces(Box::new(open)),
        tokens: None,
        retry,
        pace_wait_max,
    }
}
