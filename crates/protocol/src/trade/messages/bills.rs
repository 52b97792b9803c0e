//! `bills` and `fund_bills`: addresses of statements.
//!
//! Neither the values of these fields nor the files' format is published, so they are passed on as given.

use serde::{Deserialize, Serialize};

use crate::trade::read::list;
use crate::trade::{Data, Endpoint, Passed, Request};
use crate::{AppId, MerchantUid};

/// 交易账单: the trade statements of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bills {
    app_id: AppId,
    merchant_id: MerchantUid,
    bill_date: Passed,
    bill_type: Passed,
}

impl Bills {
    /// Asks for that day's statements of that kind.
    pub fn new(app_id: AppId, merchant_id: MerchantUid, bill_date: Passed, bill_type: Passed) -> Self {
        Self { app_id, merchant_id, bill_date, bill_type }
    }
}

impl Request for Bills {
    const ENDPOINT: Endpoint = Endpoint::Bills;
    const DATA: Data = Data::MaybeObject;
    type Reply = BillsReply;
}

/// Where the statements are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BillsReply {
    /// Addresses to download.
    #[serde(default, deserialize_with = "list")]
    pub bill_list: Vec<Box<str>>,
}

/// 资金账单: the funds statements of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundBills {
    app_id: AppId,
    merchant_id: MerchantUid,
    bill_date: Passed,
    account_type: Passed,
    payment_type: Passed,
    trade_type: Passed,
}

impl FundBills {
    /// Asks for that day's statements of that kind.
    pub fn new(
        app_id: AppId,
        merchant_id: MerchantUid,
        bill_date: Passed,
        account_type: Passed,
        payment_type: Passed,
        trade_type: Passed,
    ) -> Self {
        Self { app_id, merchant_id, bill_date, account_type, payment_type, trade_type }
    }
}

impl Request for FundBills {
    const ENDPOINT: Endpoint = Endpoint::FundBills;
    const DATA: Data = Data::MaybeObject;
    type Reply = FundBillsReply;
}

/// Where the statements are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FundBillsReply {
    /// Addresses to download.
    #[serde(default, deserialize_with = "list")]
    pub fund_bill_list: Vec<Box<str>>,
}
