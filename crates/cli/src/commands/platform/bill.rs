//! `platform bill`: the statement of some days, in the form of 2021.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::ecpay::bill::{OldBill, Unit};

use super::bills::{date, kind};
use super::ending::not_learnt;
use super::open::{At, converse};
use super::statement::{self, About};
use super::value;
use crate::exit::Ended;
use crate::out::Form;

/// Which statement of guaranteed payment.
#[derive(Debug, ClapArgs)]
pub struct Bill {
    /// 卖家商户号 · the seller's number at the platform
    #[arg(long, value_name = "UID")]
    seller: String,
    /// 第一天，如 2024-01-01 · the first day, such as 2024-01-01
    #[arg(long, value_name = "DATE")]
    from: String,
    /// 最后一天 · the last day
    #[arg(long, value_name = "DATE")]
    to: String,
    /// 账单类型：payment、settle、refund · what it lists
    #[arg(long = "type", value_name = "TYPE")]
    bill_type: String,
    /// 保存到文件 · save it to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 所有金额的单位：yuan（元）或 fen（分），默认由小数点判断 · what every amount is in: yuan or fen; if left out, the decimal point tells
    #[arg(long, value_name = "UNIT")]
    unit: Option<Unit>,
    #[command(flatten)]
    at: At,
}

pub(super) fn run(args: &Bill, form: Form) -> Ended {
    let client = args.at.open()?.ecpay()?;
    let seller = value("--seller", MerchantUid::new(&args.seller))?;
    let (kind, from, to) = (kind(&args.bill_type)?, date("--from", &args.from)?, date("--to", &args.to)?);
    let about = About { kind, date: format!("{from} – {to}"), out: args.out.clone(), unit: args.unit };
    let ask = value("--from, --to, --type", OldBill::new(seller, kind, from, to))?;
    converse(async {
        let answer = client.bill(&ask).await.map_err(|error| not_learnt(&error))?;
        statement::take(answer, &about, form).await
    })
}
