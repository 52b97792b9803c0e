//! `platform fulfil`: tells the platform how far the delivery of items is.

use clap::Args as ClapArgs;
use douyin_pay_protocol::PlatformNo;
use douyin_pay_protocol::trade::{FulfillPushStatus, ToStatus};
use serde_json::json;

use super::confirm::{Yes, confirm};
use super::ending::{done, not_done};
use super::open::{At, converse};
use super::{platform_no, value};
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::{Form, printable};

/// A step of the delivery.
#[derive(Debug, ClapArgs)]
pub struct Fulfil {
    /// 平台订单号 · the platform's number of the order
    #[arg(long, value_name = "ID")]
    order_id: String,
    /// 商品单号，可重复 · the items that changed; may be repeated
    #[arg(long, value_name = "ITEM_ORDER_ID", required = true)]
    item: Vec<String>,
    /// 目标状态：fulfilling 或 fulfill_done · the state: `fulfilling` or `fulfill_done`
    #[arg(long, value_name = "STATUS")]
    to: String,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    at: At,
}

pub(super) fn run(args: &Fulfil, form: Form) -> Ended {
    let order_id = platform_no("--order-id", &args.order_id)?;
    let items: Vec<PlatformNo> =
        args.item.iter().map(|text| platform_no("--item", text)).collect::<Result<_, Failure>>()?;
    let to = value("--to", ToStatus::new(&args.to))?;
    let ask = value("--item", FulfillPushStatus::new(order_id.clone(), items, to))?;
    let client = args.at.open()?.trade()?;
    let (count, to) = (args.item.len(), printable(&args.to));
    let what = tell!(
        "把订单 {order_id} 的 {count} 个商品单推进到 {to}（不能退回）",
        "take {count} items of order {order_id} to {to}, which cannot be taken back"
    );
    confirm(&args.yes, &what)?;
    converse(async {
        let query =
            format!("douyin-pay platform order --order-id {order_id}{} --system trade", args.at.again());
        let answer = client.fulfill_push_status(&ask).await.map_err(|error| not_done(&error, &query))?;
        let told = json!({ "order_id": order_id, "item_order_id_list": args.item, "to_status": args.to });
        done(form, &told, answer.log_id.as_deref(), &what);
        Ok(())
    })
}
