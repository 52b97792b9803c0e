//! `platform push`: tells the platform's order centre how far an order is.

use std::sync::Arc;

use clap::Args as ClapArgs;
use douyin_pay::MemoryTokenCache;
use douyin_pay_env::Env;
use douyin_pay_protocol::ecpay::{OrderPush, PushDetail, PushItem, PushStatus};
use douyin_pay_protocol::{Fen, OpenId, OutOrderNo, UnixMs};
use serde::Deserialize;
use serde_json::json;

use super::confirm::{Yes, confirm};
use super::ending::{done, not_done};
use super::open::{At, converse};
use super::value;
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::Form;
use crate::remote::input;

/// A push.
#[derive(Debug, ClapArgs)]
pub struct Push {
    /// 商户订单号 · the merchant's number of the order
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// 买家 · the buyer's open_id
    #[arg(long, value_name = "ID")]
    open_id: String,
    /// 状态：awaiting_payment、paid、cancelled、redeemed、refunding、refunded、refund_failed · how far the order is
    #[arg(long, value_name = "STATUS")]
    status: String,
    /// 订单总额（元） · the order's total in yuan
    #[arg(long, value_name = "YUAN")]
    total: String,
    /// 下单时间（毫秒） · when the order was made, in milliseconds
    #[arg(long, value_name = "MS")]
    created_at: i64,
    /// 小程序的订单页 · the order's page in the mini-program
    #[arg(long, value_name = "PATH")]
    page: String,
    /// 商品（JSON 对象），可重复 · what was bought, as a JSON object; may be repeated
    #[arg(long, value_name = "JSON", required = true)]
    item: Vec<String>,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    at: At,
}

/// One item as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    item_code: String,
    img: String,
    title: String,
    #[serde(default)]
    sub_title: String,
    amount: u32,
    price_fen: i64,
}

pub(super) fn run(args: &Push, form: Form) -> Ended {
    let number = value("--number", OutOrderNo::new(&args.number))?;
    let status = status(&args.status)?;
    let total = input::yuan("--total", &args.total)?;
    let items = args.item.iter().map(|text| item(text)).collect::<Result<Vec<_>, _>>()?;
    let created_at = UnixMs::new(args.created_at);
    let detail = PushDetail::new(number.clone(), created_at, status, total, &args.page, items);
    let detail = value("--page, --item", detail)?;
    let open_id = value("--open-id", OpenId::new(&args.open_id))?;
    let push = OrderPush::new(open_id, Env::real().now(), &detail);
    let client = args.at.open()?.pushing(Arc::new(MemoryTokenCache::new()))?;
    let shown = status.zh();
    let what = tell!(
        "向平台推送订单 {number} 的状态：{shown}；核销可能开始计算结算时间",
        "tell the platform that order {number} is {shown}; a redemption may start its settlement period"
    );
    confirm(&args.yes, &what)?;
    converse(async {
        let again = say("再推送一次（更新时间更大即可）", "push once more; a later time is all it takes");
        let answer = client.order_push(&push).await.map_err(|error| not_done(&error, again))?;
        let told =
            json!({ "out_order_no": number, "order_status": status.number(), "status": status.as_str() });
        done(form, &told, answer.log_id.as_deref(), &what);
        Ok(())
    })
}

fn status(word: &str) -> Result<PushStatus, Failure> {
    PushStatus::of_word(word).ok_or_else(|| {
        let known: Vec<&str> = PushStatus::ALL.iter().map(|status| status.as_str()).collect();
        let known = known.join(", ");
        Failure::usage(tell!(
            "`--status`：没有这个状态；有 {known}",
            "`--status`: there is no such state; there are {known}"
        ))
    })
}

fn item(text: &str) -> Result<PushItem, Failure> {
    let item: Item = serde_json::from_str(text).map_err(|cause| {
        let example = r#"{"item_code":"sku1","img":"https://m.example.com/1.png","title":"Latte","amount":1,"price_fen":1280}"#;
        Failure::usage(tell!("`--item`：{cause}；请写成 '{example}'", "`--item`: {cause}; write it like '{example}'"))
    })?;
    let price = Fen::new(item.price_fen)
        .map_err(|cause| Failure::usage(format!("`--item`: `price_fen` {}: {cause}", item.price_fen)))?;
    let made = PushItem::new(&item.item_code, &item.img, &item.title, item.amount, price);
    value("--item", made.and_then(|made| made.sub_title(&item.sub_title)))
}
