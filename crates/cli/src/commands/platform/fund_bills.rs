//! `platform fund-bills`: a day's funds statement; of general trade, where to download it.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use douyin_pay_protocol::ecpay::bill::{BillKind, FundBills as EcpayAsk, Unit};
use douyin_pay_protocol::trade::FundBills as TradeAsk;
use douyin_pay_protocol::{FieldError, MerchantUid};
use serde_json::json;

use super::bills::date;
use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, Either, Which, converse};
use super::statement::{self, About};
use super::value;
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::Form;

/// Which statement. The words for its kinds are not published; what is given is passed on.
#[derive(Debug, ClapArgs)]
pub struct FundBills {
    /// 商户号 · the merchant's number at the platform
    #[arg(long, value_name = "UID")]
    merchant: String,
    /// 账单日期，如 2024-01-31；通用交易系统原样传给平台 · the day, such as 2024-01-31; general trade: passed on as it is
    #[arg(long, value_name = "DATE")]
    date: String,
    /// 账户类型；担保支付默认 ALL · the account's type; ALL in guaranteed payment if left out
    #[arg(long, value_name = "TYPE")]
    account_type: Option<String>,
    /// 收支类型；担保支付默认 ALL · in or out; ALL in guaranteed payment if left out
    #[arg(long, value_name = "TYPE")]
    payment_type: Option<String>,
    /// 交易类型；担保支付默认 ALL · the kind of movement; ALL in guaranteed payment if left out
    #[arg(long, value_name = "TYPE")]
    trade_type: Option<String>,
    /// 保存到文件（担保支付） · save it to this file; guaranteed payment
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 所有金额的单位：yuan（元）或 fen（分），默认由小数点判断（担保支付） · what every amount is in: yuan or fen; if left out, the decimal
    /// point tells; guaranteed payment
    #[arg(long, value_name = "UNIT")]
    unit: Option<Unit>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

const COLUMNS: &[Column] = &[Column("下载地址", "to download", "fund_bill_list", As::Plain)];

pub(super) fn run(args: &FundBills, form: Form) -> Ended {
    let opened = args.at.open()?;
    let merchant = value("--merchant", MerchantUid::new(&args.merchant))?;
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let date = date("--date", &args.date)?;
            let about = About {
                kind: BillKind::Fund,
                date: date.to_string(),
                out: args.out.clone(),
                unit: args.unit,
            };
            let ask = EcpayAsk::new(merchant, date).and_then(|ask| narrowed(args, ask));
            let ask = value("--date, --account-type, --payment-type, --trade-type", ask)?;
            converse(async {
                let answer = client.fund_bills(&ask).await.map_err(|error| not_learnt(&error))?;
                statement::take(answer, &about, form).await
            })
        }
        Either::Trade(client) => {
            statement::no_file(args.out.as_deref(), args.unit)?;
            let account = given("--account-type", args.account_type.as_deref())?;
            let payment = given("--payment-type", args.payment_type.as_deref())?;
            let trade = given("--trade-type", args.trade_type.as_deref())?;
            let app_id = opened.app.app_id.clone();
            let ask = TradeAsk::new(app_id, merchant, &args.date, account, payment, trade);
            let ask = value("--date, --account-type, --payment-type, --trade-type", ask)?;
            converse(async {
                let answer = client.fund_bills(&ask).await.map_err(|error| not_learnt(&error))?;
                let addresses = json!({ "fund_bill_list": answer.fund_bill_list });
                show(form, &addresses, answer.log_id.as_deref(), COLUMNS);
                Ok(())
            })
        }
    }
}

/// Only what was asked for.
fn narrowed(args: &FundBills, ask: EcpayAsk) -> Result<EcpayAsk, FieldError> {
    let word = |word: &Option<String>| word.clone().unwrap_or_else(|| EcpayAsk::ALL.to_owned());
    ask.account_type(&word(&args.account_type))?
        .payment_type(&word(&args.payment_type))?
        .trade_type(&word(&args.trade_type))
}

/// General trade has no word for everything.
fn given<'a>(option: &str, word: Option<&'a str>) -> Result<&'a str, Failure> {
    word.ok_or_else(|| {
        Failure::usage(tell!(
            "缺少 `{option}`：通用交易系统没有公布默认值",
            "`{option}` is missing: no default of the general trade system is published"
        ))
    })
}
