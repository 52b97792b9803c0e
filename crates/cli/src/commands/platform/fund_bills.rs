//! `platform fund-bills`: addresses of a day's funds statements.

use clap::Args as ClapArgs;
use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::trade::FundBills as Ask;
use serde_json::json;

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, converse};
use super::value;
use crate::exit::Ended;
use crate::out::Form;

/// Which statements. The values are not published; what is given is passed on.
#[derive(Debug, ClapArgs)]
pub struct FundBills {
    /// 商户号 · the merchant's number at the platform
    #[arg(long, value_name = "UID")]
    merchant: String,
    /// 账单日期，原样传给平台 · the day, passed on as it is
    #[arg(long, value_name = "DATE")]
    date: String,
    /// 账户类型，原样传给平台 · the account's type, passed on as it is
    #[arg(long, value_name = "TYPE")]
    account_type: String,
    /// 收支类型，原样传给平台 · in or out, passed on as it is
    #[arg(long, value_name = "TYPE")]
    payment_type: String,
    /// 交易类型，原样传给平台 · the kind of movement, passed on as it is
    #[arg(long, value_name = "TYPE")]
    trade_type: String,
    #[command(flatten)]
    at: At,
}

const COLUMNS: &[Column] = &[Column("下载地址", "to download", "fund_bill_list", As::Plain)];

pub(super) fn run(args: &FundBills, form: Form) -> Ended {
    let opened = args.at.open()?;
    let merchant = value("--merchant", MerchantUid::new(&args.merchant))?;
    let (account, payment, trade) = (&args.account_type, &args.payment_type, &args.trade_type);
    let ask = Ask::new(opened.app.app_id.clone(), merchant, &args.date, account, payment, trade);
    let ask = value("--date, --account-type, --payment-type, --trade-type", ask)?;
    let client = opened.trade()?;
    converse(async {
        let answer = client.fund_bills(&ask).await.map_err(|error| not_learnt(&error))?;
        show(form, &json!({ "fund_bill_list": answer.fund_bill_list }), answer.log_id.as_deref(), COLUMNS);
        Ok(())
    })
}
