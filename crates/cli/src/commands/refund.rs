//! `douyin-pay refund`: ask a running service for a refund, and look at it.

mod audit;

use clap::{Args as ClapArgs, Subcommand};
use douyin_pay_protocol::{OutOrderNo, OutRefundNo, RefundAmount};
use serde_json::{Value, json};

use crate::exit::{Ended, Failure};
use crate::out::Form;
use crate::remote::{self, Remote, Target, Waiting, input, report};

/// What to do with refunds.
#[derive(Debug, Subcommand)]
pub enum What {
    /// 退款；同一个号码再次执行只会退一次 · refund; the same number again is the same refund
    Create(Box<Create>),
    /// 查看退款 · show a refund
    Get(One),
    /// 审核用户发起的退款 · decide on a refund that the payer applied for
    Audit(audit::Audit),
}

/// A new refund.
#[derive(Debug, ClapArgs)]
pub struct Create {
    /// 商户退款号 · the merchant's number of the refund: 1–64 of 0-9 A-Z a-z _ - *
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 商户订单号 · the order's number
    #[arg(long, value_name = "NUMBER")]
    order: String,
    /// 金额（元） · amount in yuan, such as 1.00
    #[arg(long, value_name = "YUAN")]
    amount: String,
    /// 退款理由，用户可见 · why; the payer sees it
    #[arg(long)]
    reason: String,
    /// 通用交易系统：退款原因代码 101、102、103、999 · general trade system: the reason's code
    #[arg(long, value_name = "CODE")]
    code: Option<u16>,
    /// 通用交易系统：商品单与金额（元），可重复 · general trade system: items and amounts in yuan; may be repeated
    #[arg(long, value_name = "ITEM_ORDER_ID=YUAN")]
    item: Vec<String>,
    /// 担保支付：明确要求从已结算余额退（2021 年的字段） · guaranteed payment: demand the settled balance as source, a field of 2021
    #[arg(long)]
    all_settle: bool,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    target: Target,
}

/// One refund.
#[derive(Debug, ClapArgs)]
pub struct One {
    /// 商户退款号 · the merchant's number of the refund
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 先立即向平台查询（运维权限） · ask the platform first; for operators
    #[arg(long)]
    query: bool,
    #[command(flatten)]
    target: Target,
}

/// Runs one of the refund commands.
///
/// # Errors
/// [`Failure::Usage`] for input that cannot be sent; what the service says, with its code; or that it cannot be reached.
pub fn run(what: What, form: Form) -> Ended {
    match what {
        What::Create(args) => create(*args, form),
        What::Audit(args) => audit::run(args, form),
        What::Get(one) => {
            let number = refund_number(&one.number)?;
            let path = format!("refunds/{number}{}", if one.query { "?query=now" } else { "" });
            remote::converse(one.target, form, async move |remote: Remote| {
                remote::show(form, &remote.get(&path).await?, report::refund);
                Ok(())
            })
        }
    }
}

fn create(args: Create, form: Form) -> Ended {
    let number = refund_number(&args.number)?;
    let order = input::number("--order", &args.order, |text| OutOrderNo::new(text))?;
    let amount = input::yuan("--amount", &args.amount)?;
    RefundAmount::new(amount)
        .map_err(|refused| Failure::usage(format!("`--amount {}`: {refused}", args.amount)))?;
    let items = args.item.iter().map(|text| input::item(text)).collect::<Result<Vec<Value>, _>>()?;
    let mut ask = json!({ "out_refund_no": number, "amount_fen": amount, "reason": args.reason });
    if let Some(code) = args.code {
        ask["trade"]["code"] = code.into();
    }
    if args.all_settle {
        ask["ecpay"]["all_settle"] = true.into();
    }
    if !items.is_empty() {
        ask["trade"]["items"] = items.into();
    }
    remote::converse(args.target, form, async move |remote: Remote| {
        let (path, look) = (format!("orders/{order}/refunds"), format!("refunds/{number}"));
        let followed = remote.create(&path, &ask, &args.waiting, &look, is_final).await?;
        remote::created(form, &followed, report::refund)
    })
}

/// Whether a refund or settlement has ended.
pub(super) fn is_final(operation: &Value) -> bool {
    matches!(operation["state"].as_str(), Some("succeeded" | "failed"))
}

fn refund_number(text: &str) -> Result<String, Failure> {
    input::number("NUMBER", text, |text| OutRefundNo::new(text))
}
