//! `douyin-pay return`: take back what a receiver got in a settlement, and look at it.

use clap::{Args as ClapArgs, Subcommand};
use douyin_pay_protocol::{MerchantUid, OutNo, OutSettleNo};
use serde_json::json;

use super::refund::is_final;
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::{Form, printable};
use crate::remote::{self, Remote, Target, Waiting, input, report};

/// What to do with returns of shares.
#[derive(Debug, Subcommand)]
pub enum What {
    /// 退分账；同一个号码再次执行只会退一次 · take a share back; the same number again is the same return
    Create(Create),
    /// 查看退分账 · show a return
    Get(One),
}

/// A new return.
#[derive(Debug, ClapArgs)]
pub struct Create {
    /// 商户退分账号 · the merchant's number of the return: 1–64 of 0-9 A-Z a-z _ - *
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 商户结算号：哪次结算 · the number of the settlement that the share came from
    #[arg(long, value_name = "NUMBER")]
    settlement: String,
    /// 退回的分账方商户号 · who gives back
    #[arg(long, value_name = "UID")]
    merchant: String,
    /// 金额（元） · amount in yuan, such as 0.60
    #[arg(long, value_name = "YUAN")]
    amount: String,
    /// 退分账说明 · why
    #[arg(long, value_name = "TEXT", default_value = "退分账")]
    description: String,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    target: Target,
}

/// One return.
#[derive(Debug, ClapArgs)]
pub struct One {
    /// 商户退分账号 · the merchant's number of the return
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 先立即向平台查询（运维权限） · ask the platform first; for operators
    #[arg(long)]
    query: bool,
    #[command(flatten)]
    target: Target,
}

/// Runs one of the return commands.
///
/// # Errors
/// [`Failure::Usage`] for input that cannot be sent; what the service says, with its code; or that it cannot be reached.
pub fn run(what: What, form: Form) -> Ended {
    match what {
        What::Create(args) => create(args, form),
        What::Get(one) => {
            let number = return_number(&one.number)?;
            let path = format!("returns/{number}{}", if one.query { "?query=now" } else { "" });
            remote::converse(one.target, form, async move |remote: Remote| {
                remote::show(form, &remote.get(&path).await?, report::share_return);
                Ok(())
            })
        }
    }
}

fn create(args: Create, form: Form) -> Ended {
    let number = return_number(&args.number)?;
    let settlement = input::number("--settlement", &args.settlement, |text| OutSettleNo::new(text))?;
    let amount = input::yuan("--amount", &args.amount)?;
    if let Err(refused) = MerchantUid::new(&args.merchant) {
        let uid = printable(&args.merchant);
        return Err(Failure::usage(tell!(
            "`--merchant {uid}`：商户号不对：{refused}；见 `douyin-pay settlement get` 的分账",
            "`--merchant {uid}`: {refused}; `douyin-pay settlement get` shows who shared"
        )));
    }
    let ask = json!({
        "out_return_no": number, "merchant_uid": args.merchant, "amount_fen": amount, "description": args.description,
    });
    remote::converse(args.target, form, async move |remote: Remote| {
        let (path, look) = (format!("settlements/{settlement}/returns"), format!("returns/{number}"));
        let followed = remote.create(&path, &ask, &args.waiting, &look, is_final).await?;
        remote::created(form, &followed, report::share_return)
    })
}

fn return_number(text: &str) -> Result<String, Failure> {
    input::number("NUMBER", text, |text| OutNo::new(text))
}
