//! `bills` and `fund_bills`: addresses of statements.
//!
//! Neither the values of these fields nor the files' format is published, so they are passed on as given.

use serde::{Deserialize, Serialize};

use crate::trade::read::list;
use crate::trade::text::Limit;
use crate::trade::{Data, Endpoint, Request};
use crate::{AppId, FieldError, MerchantUid};

fn passed_on(field: &'static str, word: &str) -> Result<Box<str>, FieldError> {
    Limit { field, bytes_max: 64, chars_max: 64, required: true }.check(word)?;
    Ok(word.into())
}

/// 交易账单: the trade statements of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bills {
    app_id: AppId,
    merchant_id: MerchantUid,
    bill_date: Box<str>,
    bill_type: Box<str>,
}

impl Bills {
    /// Asks for that day's statements of that kind.
    ///
    /// # Errors
    /// When a word is empty or longer than 64 bytes.
    pub fn new(
        app_id: AppId,
        merchant_id: MerchantUid,
        bill_date: &str,
        bill_type: &str,
    ) -> Result<Self, FieldError> {
        let bill_date = passed_on("bill_date", bill_date)?;
        Ok(Self { app_id, merchant_id, bill_date, bill_type: passed_on("bill_type", bill_type)? })
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
    bill_date: Box<str>,
    account_type: Box<str>,
    payment_type: Box<str>,
    trade_type: Box<str>,
}

impl FundBills {
    /// Asks for that day's statements of that kind.
    ///
    /// # Errors
    /// When a word is empty or longer than 64 bytes.
    pub fn new(
        app_id: AppId,
        merchant_id: MerchantUid,
        bill_date: &str,
        account_type: &str,
        payment_type: &str,
        trade_type: &str,
    ) -> Result<Self, FieldError> {
        Ok(Self {
            app_id,
            merchant_id,
            bill_date: passed_on("bill_date", bill_date)?,
            account_type: passed_on("account_type", account_type)?,
            payment_type: passed_on("payment_type", payment_type)?,
            trade_type: passed_on("trade_type", trade_type)?,
        })
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
