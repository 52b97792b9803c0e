//! `douyin-pay settlement`: settle an order with shares, and look at it.

use clap::{Args as ClapArgs, Subcommand};
use douyin_pay_protocol::{OutOrderNo, OutSettleNo};
use serde_json::{Value, json};

use super::refund::is_final;
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::{Form, printable};
use crate::remote::{self, Remote, Target, Waiting, input, report};

/// What to do with settlements.
#[derive(Debug, Subcommand)]
pub enum What {
    /// 结算分账；同一个号码再次执行只会结算一次 · settle; the same number again is the same settlement
    Create(Create),
    /// 查看结算 · show a settlement
    Get(One),
}

/// A new settlement.
#[derive(Debug, ClapArgs)]
pub struct Create {
    /// 商户结算号 · the merchant's number of the settlement: 1–64 of 0-9 A-Z a-z _ - *
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 商户订单号 · the order's number
    #[arg(long, value_name = "NUMBER")]
    order: String,
    /// 结算说明 · what it is for
    #[arg(long, value_name = "TEXT", default_value = "结算")]
    description: String,
    /// 分账方与金额（元），可重复 · who shares, and how much in yuan; may be repeated
    #[arg(long, value_name = "MERCHANT_UID=YUAN")]
    share: Vec<String>,
    /// 不是最后一次结算 · this is not the order's last settlement
    #[arg(long)]
    no_finish: bool,
    /// 通用交易系统：只结算这个商品单 · general trade system: settle this item alone
    #[arg(long, value_name = "ID")]
    item_order_id: Option<String>,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    target: Target,
}

/// One settlement.
#[derive(Debug, ClapArgs)]
pub struct One {
    /// 商户结算号 · the merchant's number of the settlement
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 先立即向平台查询（运维权限） · ask the platform first; for operators
    #[arg(long)]
    query: bool,
    #[command(flatten)]
    target: Target,
}

/// Runs one of the settlement commands.
///
/// # Errors
/// [`Failure::Usage`] for input that cannot be sent; what the service says, with its code; or that it cannot be reached.
pub fn run(what: What, form: Form) -> Ended {
    match what {
        What::Create(args) => create(args, form),
        What::Get(one) => {
            let number = settle_number(&one.number)?;
            let path = format!("settlements/{number}{}", if one.query { "?query=now" } else { "" });
            remote::converse(one.target, form, async move |remote: Remote| {
                remote::show(form, &remote.get(&path).await?, report::settlement);
                Ok(())
            })
        }
    }
}

fn create(args: Create, form: Form) -> Ended {
    let number = settle_number(&args.number)?;
    let order = input::number("--order", &args.order, |text| OutOrderNo::new(text))?;
    let shares = args.share.iter().map(|text| input::share(text)).collect::<Result<Vec<Value>, _>>()?;
    let mut ask = json!({
        "out_settle_no": number, "description": args.description, "shares": shares, "finish": !args.no_finish,
    });
    if let Some(text) = &args.item_order_id {
        let id = input::item_order_id(text).ok_or_else(|| {
            let text = printable(text);
            Failure::usage(tell!(
                "`--item-order-id {text}`：商品单号是 1–64 个可见 ASCII 字符；见 `douyin-pay order get` 的商品单",
                "`--item-order-id {text}`: an item's number is 1–64 visible ASCII characters; `douyin-pay order get` shows it"
            ))
        })?;
        ask["item_order_id"] = id.into();
    }
    remote::converse(args.target, form, async move |remote: Remote| {
        let (path, look) = (format!("orders/{order}/settlements"), format!("settlements/{number}"));
        let followed = remote.create(&path, &ask, &args.waiting, &look, is_final).await?;
        remote::created(form, &followed, report::settlement)
    })
}

fn settle_number(text: &str) -> Result<String, Failure> {
    input::number("NUMBER", text, |text| OutSettleNo::new(text))
}
