//! The three calls that fetch a provider's own bills.

use douyin_pay_protocol::ecpay::bill::{BillRequest, Bills, FundBills, OldBill};

use super::ProviderClient;
use crate::client::fetching;
use crate::{Answer, BillFile, Error};

impl ProviderClient {
    /// 交易账单: what happened on a day, asked for with the `thirdparty_id` alone. That of an app is asked for with a
    /// [`Client`](crate::Client) that has a `thirdparty_id`.
    ///
    /// The call is over when the beginning of the bill is there; the rows come while you ask for them.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use douyin_pay::protocol::ecpay::bill::{BillKind, Bills};
    /// use douyin_pay::protocol::{AppId, MerchantUid, Salt};
    /// use douyin_pay::{FixedNet, ProviderClient};
    /// use futures_util::FutureExt;
    ///
    /// let net = FixedNet::new().then("订单号,订单金额,支付状态\nA1,1280,支付成功\n");
    /// let client = ProviderClient::builder(AppId::new("tt00000000000000ff")?, Salt::new("salt")?)
    ///     .net(Arc::new(net))
    ///     .build()?;
    ///
    /// let ask = Bills::new(MerchantUid::new("70775300146143419322")?, BillKind::Payment, "2024-01-01".parse()?)?;
    /// let mut bill = client.bills(&ask).now_or_never().expect("answers at once")?.reply;
    /// while let Some(row) = bill.next().now_or_never().expect("all is there") {
    ///     assert_eq!(row?.out_order_no.unwrap().as_str(), "A1");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`ProviderClient::call`]; also when what came is no bill. A day without rows is a bill without rows.
    pub async fn bills(&self, ask: &Bills) -> Result<Answer<BillFile>, Error> {
        self.fetch(ask).await
    }

    /// 资金账单: what went in and out of an account on a day. Its columns are not published, so most values are in
    /// [`Row::extra`](douyin_pay_protocol::ecpay::bill::Row::extra).
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use douyin_pay::protocol::ecpay::bill::FundBills;
    /// use douyin_pay::protocol::{AppId, MerchantUid, Salt};
    /// use douyin_pay::{FixedNet, ProviderClient};
    /// use futures_util::FutureExt;
    ///
    /// let net = FixedNet::new().then("记账时间,金额,余额\n2024-01-01 08:00:00,1.00,9.00\n");
    /// let client = ProviderClient::builder(AppId::new("tt00000000000000ff")?, Salt::new("salt")?)
    ///     .net(Arc::new(net))
    ///     .build()?;
    ///
    /// let ask = FundBills::new(MerchantUid::new("70775300146143419322")?, "2024-01-01".parse()?)?;
    /// let mut bill = client.fund_bills(&ask).now_or_never().expect("answers at once")?.reply;
    /// assert!(bill.next().now_or_never().expect("all is there").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`ProviderClient::bills`].
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
    /// use douyin_pay::{FixedNet, ProviderClient};
    /// use futures_util::FutureExt;
    ///
    /// let net = FixedNet::new().then(r#"{"err_no":1,"err_tips":"no such seller"}"#);
    /// let client = ProviderClient::builder(AppId::new("tt00000000000000ff")?, Salt::new("salt")?)
    ///     .net(Arc::new(net))
    ///     .build()?;
    ///
    /// let (seller, day) = (MerchantUid::new("70775300146143419322")?, "2024-01-01".parse()?);
    /// let ask = OldBill::new(seller, BillKind::Refund, day, "2024-01-02".parse()?)?;
    /// let error = client.bill(&ask).now_or_never().expect("answers at once").unwrap_err();
    /// assert_eq!(error.platform_error().unwrap().err_tips, "no such seller");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`ProviderClient::bills`].
    pub async fn bill(&self, ask: &OldBill) -> Result<Answer<BillFile>, Error> {
        self.fetch(ask).await
    }

    async fn fetch<R: BillRequest>(&self, ask: &R) -> Result<Answer<BillFile>, Error> {
        let shared = &*self.shared;
        let ask = fetching(&shared.caller(), ask, shared.retry, self.pace_wait_max);
        shared.engine.call(&ask).await
    }
}
