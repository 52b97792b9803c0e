//! What a visitor does: buy, refund, audit, fulfil, settle; time passes, things go wrong.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use douyin_pay_protocol::{Fen, OutOrderNo};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Demo;
use super::menu::Item;
use super::problem::Problem;
use super::wishes::Wishes;
use super::words;
use crate::story::SHARE_RECEIVER;

/// From payment to the first possible settlement.
const SETTLE_PERIOD_MS: i64 = 7 * 86_400_000;
/// One jump of the clock.
const JUMP_SECONDS_MAX: u64 = 31 * 86_400;

type Told = Result<Json<Value>, Problem>;

/// The time and the switches, before there is an order.
pub(super) async fn world(State(demo): State<Demo>) -> Json<Value> {
    let wishes = *demo.wishes.lock().expect("no panic while locked");
    Json(json!({ "now": demo.plain.now(), "faults": wishes }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Buy {
    item: Item,
    /// Made by the page for one purchase: however often it is sent, it is one order.
    cart: String,
}

/// Orders one. The number comes from the cart, so that a double click buys one; asked again, it gives a fresh `pay`.
pub(super) async fn buy(State(demo): State<Demo>, Json(ask): Json<Buy>) -> Told {
    let number = order_number(&format!("{}{}", ask.item.prefix(), ask.cart))?;
    demo.prepare();
    match demo.act(ask.item, "orders", &ask.item.order(&number)).await {
        Ok(order) => Ok(Json(json!({ "number": number, "pay": order["pay"] }))),
        // The order is remembered all the same; the page shows how it goes on.
        Err(problem) => match demo.look(ask.item, &format!("orders/{number}")).await {
            Ok(_) => Ok(Json(json!({ "number": number }))),
            Err(_) => Err(problem),
        },
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sum {
    yuan: String,
    /// Counts the clicks that were meant as different ones.
    turn: u32,
}

/// Refunds a part.
pub(super) async fn refund(
    State(demo): State<Demo>,
    Path(number): Path<String>,
    Json(ask): Json<Sum>,
) -> Told {
    let (number, amount) = (order_number(&number)?, amount(&ask.yuan, "退款金额", "The refund")?);
    demo.prepare();
    let body = json!({
        "out_refund_no": format!("{number}-R{}", ask.turn), "amount_fen": amount, "reason": "咖啡凉了",
    });
    demo.act(Item::of_number(&number), &format!("orders/{number}/refunds"), &body).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Audit {
    agree: bool,
}

/// Decides about a refund that the customer applied for.
pub(super) async fn audit(
    State(demo): State<Demo>,
    Path((number, refund)): Path<(String, String)>,
    Json(ask): Json<Audit>,
) -> Told {
    let (number, refund) = (order_number(&number)?, order_number(&refund)?);
    demo.prepare();
    let body = match ask.agree {
        true => json!({ "agree": true }),
        false => json!({ "agree": false, "deny_message": "服务已经开始" }),
    };
    demo.act(Item::of_number(&number), &format!("refunds/{refund}/audit"), &body).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fulfil {
    to_status: String,
}

/// Tells the platform how far the service is. Each state is told once, so that it makes the number.
pub(super) async fn fulfil(
    State(demo): State<Demo>,
    Path(number): Path<String>,
    Json(ask): Json<Fulfil>,
) -> Told {
    let number = order_number(&number)?;
    demo.prepare();
    let body = json!({
        "out_fulfil_no": format!("{number}-F-{}", ask.to_status), "to_status": ask.to_status,
    });
    demo.act(Item::of_number(&number), &format!("orders/{number}/fulfilments"), &body).await.map(Json)
}

/// Settles the rest, with a share for the roaster.
pub(super) async fn settle(
    State(demo): State<Demo>,
    Path(number): Path<String>,
    Json(ask): Json<Sum>,
) -> Told {
    let (number, amount) = (order_number(&number)?, amount(&ask.yuan, "分账金额", "The share")?);
    demo.prepare();
    let body = json!({
        "out_settle_no": format!("{number}-S{}", ask.turn), "description": "供应商分账",
        "shares": [{ "merchant_uid": SHARE_RECEIVER, "amount_fen": amount }],
    });
    let item = Item::of_number(&number);
    match demo.act(item, &format!("orders/{number}/settlements"), &body).await {
        Ok(settlement) => Ok(Json(settlement)),
        Err(_) if item == Item::Latte && demo.is_too_early(&number).await => Err(Problem::input(
            "平台还不让结算：付款满 7 天才可以。先把时钟快进 7 天。",
            "Too early for the platform: settlement is possible 7 days after payment. Jump the clock 7 days first.",
        )),
        Err(problem) => Err(problem),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Jump {
    seconds: u64,
}

/// Moves the clock that mock, service and shop share.
pub(super) async fn jump(State(demo): State<Demo>, Json(ask): Json<Jump>) -> Told {
    if ask.seconds > JUMP_SECONDS_MAX {
        return Err(Problem::input("一次最多快进 31 天。", "At most 31 days at once."));
    }
    let moved = demo.mock.advance(Duration::from_secs(ask.seconds)).await;
    match moved {
        Ok(now) => Ok(Json(json!({ "now": now }))),
        Err(cause) => Err(Problem::input(cause.to_string(), cause.to_string())),
    }
}

/// Takes the switches as they are now.
pub(super) async fn wish(State(demo): State<Demo>, Json(wishes): Json<Wishes>) -> Json<Value> {
    *demo.wishes.lock().expect("no panic while locked") = wishes;
    demo.prepare();
    Json(json!({ "faults": wishes }))
}

impl Demo {
    /// Whether the settlement period has not passed yet.
    async fn is_too_early(&self, number: &OutOrderNo) -> bool {
        let Ok(view) = self.look(Item::of_number(number), &format!("orders/{number}")).await else {
            return false;
        };
        let paid_at = view["paid_at"].as_str().map(words::millis_of);
        paid_at.is_some_and(|paid_at| self.plain.now().get() < paid_at + SETTLE_PERIOD_MS)
    }

    /// What goes wrong in one step is not used up by the steps before.
    pub(super) fn prepare(&self) {
        let wishes = *self.wishes.lock().expect("no panic while locked");
        self.mock.set_faults(wishes.faults());
    }
}

/// A number that can stand in a path.
pub(super) fn order_number(text: &str) -> Result<OutOrderNo, Problem> {
    OutOrderNo::new(text).map_err(|cause| {
        Problem::input(format!("订单号不对：{cause}"), format!("The order's number is not right: {cause}"))
    })
}

/// An amount as a person types it.
fn amount(yuan: &str, zh: &str, en: &str) -> Result<Fen, Problem> {
    match Fen::from_yuan(yuan.trim().trim_start_matches('¥')) {
        Ok(amount) if amount != Fen::ZERO => Ok(amount),
        Ok(_) => Err(Problem::input(
            format!("{zh}不能为零，至少 0.01 元。"),
            format!("{en} cannot be zero; at least ¥0.01."),
        )),
        Err(_) => Err(Problem::input(
            format!("{zh}请写成元，最多两位小数，例如 2.80。"),
            format!("{en} must be yuan with at most two decimals, for example 2.80."),
        )),
    }
}
