//! `platform bills`: a day's trade statement; of general trade, where to download it.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::ecpay::bill::{BillDate, BillKind, Bills as EcpayAsk, Unit};
use douyin_pay_protocol::trade::Bills as TradeAsk;
use serde_json::json;

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, Either, Which, converse};
use super::statement::{self, About};
use super::value;
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::Form;

/// Which statement.
#[derive(Debug, ClapArgs)]
pub struct Bills {
    /// 商户号 · the merchant's number at the platform
    #[arg(long, value_name = "UID")]
    merchant: String,
    /// 账单日期，如 2024-01-31，返佣类为 2024-01；通用交易系统原样传给平台 · the day, such as 2024-01-31, or the month of a rebate; general
    /// trade: passed on as it is
    #[arg(long, value_name = "DATE")]
    date: String,
    /// 账单类型：payment、settle、refund、return、withdraw、rebate、annual_rebate；通用交易系统原样传给平台 · what it lists; general trade:
    /// passed on as it is
    #[arg(long = "type", value_name = "TYPE")]
    bill_type: String,
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

const COLUMNS: &[Column] = &[Column("下载地址", "to download", "bill_list", As::Plain)];

pub(super) fn run(args: &Bills, form: Form) -> Ended {
    let opened = args.at.open()?;
    let merchant = value("--merchant", MerchantUid::new(&args.merchant))?;
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let (kind, date) = (kind(&args.bill_type)?, date("--date", &args.date)?);
            let about = About { kind, date: date.to_string(), out: args.out.clone(), unit: args.unit };
            let ask = value("--date, --type", EcpayAsk::new(merchant, kind, date))?;
            converse(async {
                let answer = client.bills(&ask).await.map_err(|error| not_learnt(&error))?;
                statement::take(answer, &about, form).await
            })
        }
        Either::Trade(client) => {
            statement::no_file(args.out.as_deref(), args.unit)?;
            let ask = TradeAsk::new(opened.app.app_id.clone(), merchant, &args.date, &args.bill_type);
            let ask = value("--date, --type", ask)?;
            converse(async {
                let answer = client.bills(&ask).await.map_err(|error| not_learnt(&error))?;
                show(form, &json!({ "bill_list": answer.bill_list }), answer.log_id.as_deref(), COLUMNS);
                Ok(())
            })
        }
    }
}

/// What a statement lists.
pub(super) fn kind(word: &str) -> Result<BillKind, Failure> {
    BillKind::of_word(word).ok_or_else(|| {
        let known: Vec<&str> = BillKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let known = known.join(", ");
        Failure::usage(tell!(
            "`--type`：没有这种账单；有 {known}",
            "`--type`: there is no such bill; there are {known}"
        ))
    })
}

/// A day or a month.
pub(super) fn date(option: &str, text: &str) -> Result<BillDate, Failure> {
    value(option, text.parse())
}
