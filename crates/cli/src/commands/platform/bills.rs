//! `platform bills`: addresses of a day's trade statements.

use clap::Args as ClapArgs;
use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::trade::Bills as Ask;
use serde_json::json;

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, converse};
use super::value;
use crate::exit::Ended;
use crate::out::Form;

/// Which statements. The values are not published; what is given is passed on.
#[derive(Debug, ClapArgs)]
pub struct Bills {
    /// 商户号 · the merchant's number at the platform
    #[arg(long, value_name = "UID")]
    merchant: String,
    /// 账单日期，原样传给平台 · the day, passed on as it is
    #[arg(long, value_name = "DATE")]
    date: String,
    /// 账单类型，原样传给平台 · the kind of statement, passed on as it is
    #[arg(long = "type", value_name = "TYPE")]
    bill_type: String,
    #[command(flatten)]
    at: At,
}

const COLUMNS: &[Column] = &[Column("下载地址", "to download", "bill_list", As::Plain)];

pub(super) fn run(args: &Bills, form: Form) -> Ended {
    let opened = args.at.open()?;
    let merchant = value("--merchant", MerchantUid::new(&args.merchant))?;
    let ask = Ask::new(opened.app.app_id.clone(), merchant, &args.date, &args.bill_type);
    let ask = value("--date, --type", ask)?;
    let client = opened.trade()?;
    converse(async {
        let answer = client.bills(&ask).await.map_err(|error| not_learnt(&error))?;
        show(form, &json!({ "bill_list": answer.bill_list }), answer.log_id.as_deref(), COLUMNS);
        Ok(())
    })
}
