//! `douyin-pay order fulfil`: tells the platform how far the delivery is.

use clap::Args as ClapArgs;
use douyin_pay_protocol::OutNo;
use serde_json::{Value, json};

use super::order_number;
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::{Form, printable};
use crate::remote::{self, Remote, Target, input, report};

/// A step of the delivery.
#[derive(Debug, ClapArgs)]
pub struct Fulfil {
    /// 商户订单号 · the order's number
    #[arg(value_name = "ORDER")]
    order: String,
    /// 这次推送的号码；同一个号码只推送一次 · a number of your own for this step; the same number is one step
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// 目标状态：fulfilling、fulfill_done；担保支付：redeemed（已核销）等 · the state: `fulfilling` or `fulfill_done`; guaranteed
    /// payment: `redeemed` and the like
    #[arg(long, value_name = "STATUS")]
    to: String,
    /// 通用交易系统：商品单号，可重复；不写表示全部 · general trade system: the items, all if left out; may be repeated
    #[arg(long, value_name = "ITEM_ORDER_ID")]
    item: Vec<String>,
    #[command(flatten)]
    target: Target,
}

/// Sends the step and shows the order.
///
/// # Errors
/// [`Failure::Usage`] for input that cannot be sent; what the service says, with its code; or that it cannot be reached.
pub(super) fn run(args: Fulfil, form: Form) -> Ended {
    let order = order_number(&args.order)?;
    let number = input::number("--number", &args.number, |text| OutNo::new(text))?;
    let mut ask = json!({ "out_fulfil_no": number, "to_status": args.to });
    if !args.item.is_empty() {
        ask["items"] = args.item.iter().map(|text| item(text)).collect::<Result<Vec<Value>, _>>()?.into();
    }
    remote::converse(args.target, form, async move |remote: Remote| {
        let answer = remote.post(&format!("orders/{order}/fulfilments"), Some(&ask)).await?;
        remote::show(form, &answer, report::fulfilment);
        remote::decided(form, &answer);
        Ok(())
    })
}

fn item(text: &str) -> Result<Value, Failure> {
    input::item_order_id(text).map(Value::from).ok_or_else(|| {
        let text = printable(text);
        Failure::usage(tell!(
            "`--item {text}`：商品单号是 1–64 个可见 ASCII 字符；见 `douyin-pay order get` 的商品单",
            "`--item {text}`: an item's number is 1–64 visible ASCII characters; `douyin-pay order get` shows it"
        ))
    })
}
