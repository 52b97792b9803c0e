//! From the signature to the payment, and what the goods do afterwards.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use douyin_pay_ledger::System;
use douyin_pay_mock::keys;
use serde_json::{Value, json};

use super::{Plot, Stage};
use crate::lang::say;
use crate::story::Settings;
use crate::story::telling::{expect_state, hear, hear_or_ask, state, yuan};

/// As long as a front end may hold on to a signature.
const A_WHILE: Duration = Duration::from_secs(90);

/// What the front end learnt when it placed the order.
pub(in crate::story) struct Placed {
    pub(super) order_id: String,
    /// The platform's numbers of the items.
    pub(super) items: Vec<String>,
}

pub(super) async fn order(stage: &Stage, plot: &Plot) -> anyhow::Result<Placed> {
    if plot.never_placed {
        let ask = request(&plot.unplaced_no(), plot);
        stage.ask("POST", "orders", Some(&ask)).await?;
    }
    let ask = request(&plot.order_no(), plot);
    let order = stage.ask("POST", "orders", Some(&ask)).await?;
    let mut pay = signed(&order)?.clone();
    stage.say(format!(
        "{} {} {} → {} tt.requestOrder",
        say("签名", "sign   "),
        plot.order_no(),
        yuan(plot.amount_fen),
        state(&order)
    ));
    if plot.sign_again {
        stage.time.pass(A_WHILE).await?;
        let again = stage.ask("POST", "orders", Some(&ask)).await?;
        let fresh = signed(&again)?;
        ensure!(fresh["data"] == pay["data"], "the same order was given other data: {again}");
        ensure!(
            fresh["byteAuthorization"] != pay["byteAuthorization"],
            "the signature is not fresh: {again}"
        );
        stage.say(say("再次签名：data 不变，签名是新的", "signed again: the same data, a fresh signature"));
        pay = fresh.clone();
    }
    place(stage, &pay).await
}

fn request(out_order_no: &str, plot: &Plot) -> Value {
    json!({
        "out_order_no": out_order_no, "amount_fen": plot.amount_fen, "subject": "茉莉花茶", "body": "少糖",
        "metadata": { "table": "7" },
        "trade": { "sku": { "quantity": plot.quantity, "price_fen": plot.amount_fen / plot.quantity } },
    })
}

fn signed(order: &Value) -> anyhow::Result<&Value> {
    let pay = &order["pay"];
    ensure!(
        pay["kind"] == "tt.requestOrder" && pay["data"].is_string() && pay["byteAuthorization"].is_string(),
        "the order is signed but `pay` is not what tt.requestOrder needs: {order}"
    );
    Ok(pay)
}

/// `tt.requestOrder`, as the phone would call it.
pub(in crate::story) async fn place(stage: &Stage, pay: &Value) -> anyhow::Result<Placed> {
    let ask =
        json!({ "data": pay["data"], "byteAuthorization": pay["byteAuthorization"], "open_id": "open-id-1" });
    let placed = stage.control("POST", "/mock/client/request_order", Some(&ask)).await?;
    ensure!(placed["errNo"] == 0, "tt.requestOrder refuses: {placed}");
    let order_id = placed["orderId"].as_str().context("`orderId` is missing")?.to_owned();
    let items = placed["itemOrderList"].as_array().context("`itemOrderList` is missing")?;
    let numbers = items.iter().filter_map(|item| item["itemOrderId"].as_str().map(str::to_owned));
    let items: Vec<String> = numbers.collect();
    stage.say(format!("tt.requestOrder → {} × {}", order_id, items.len()));
    Ok(Placed { order_id, items })
}

/// `tt.getOrderPayment`, as the phone would call it.
pub(super) async fn pay(stage: &Stage, plot: &Plot, placed: &Placed) -> anyhow::Result<()> {
    pay_for(stage, placed, plot.way, plot.discount_fen).await
}

pub(in crate::story) async fn pay_for(
    stage: &Stage,
    placed: &Placed,
    way: i64,
    discount_fen: i64,
) -> anyhow::Result<()> {
    let ask = json!({
        "orderId": placed.order_id, "outcome": "pay", "channel": way, "discount": discount_fen,
    });
    let paid = stage.control("POST", "/mock/client/get_order_payment", Some(&ask)).await?;
    ensure!(paid["errNo"] == 0, "tt.getOrderPayment refuses: {paid}");
    stage.say(format!(
        "tt.getOrderPayment way {way} → {} {}",
        say("平台已收款，平台补贴", "the platform has the money, its discount is"),
        yuan(discount_fen)
    ));
    Ok(())
}

pub(super) async fn hear_of_payment(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let event = hear(stage, "order.paid", &plot.order_no()).await?;
    let order = &event["data"]["order"];
    ensure!(order["total_fen"] == plot.amount_fen, "order.paid has another total: {event}");
    // A callback that came before the discount was known is completed by a query.
    let known = stage.ask("GET", &format!("orders/{}?query=now", plot.order_no()), None).await?;
    ensure!(
        known["state"] == "paid" && known["paid_fen"] == plot.paid_fen(),
        "{} is not what was paid: {known}",
        known["paid_fen"]
    );
    stage.say(format!("{} order.paid {}", say("事件送达", "event heard"), yuan(plot.paid_fen())));
    Ok(())
}

/// The goods have come so far.
pub(super) async fn fulfil(stage: &Stage, plot: &Plot, to_status: &str) -> anyhow::Result<()> {
    let ask = json!({ "out_fulfil_no": format!("{}-{to_status}", plot.order_no()), "to_status": to_status });
    let path = format!("orders/{}/fulfilments", plot.order_no());
    let step = stage.ask("POST", &path, Some(&ask)).await?;
    expect_state(&step, "succeeded")?;
    stage.say(format!("{} {to_status}", say("履约推送", "fulfilment")));
    Ok(())
}

/// The platform signs with another key from now on, and so do we.
pub(super) async fn rotate_keys(stage: &Stage) -> anyhow::Result<()> {
    let app_id = app_id(stage).await?;
    let change = json!({
        "app_id": app_id, "rotate_platform_key": keys::SECOND_PLATFORM_KEY_PEM,
        "upload_application_public_key": keys::SECOND_APPLICATION_PUBLIC_KEY_PEM,
    });
    stage.control("POST", "/mock/apps/trade", Some(&change)).await?;
    let settings = Settings { new_orders: System::Trade, second_key: true };
    stage.operator.reload(&stage.app, settings).await?;
    stage.say(say("平台密钥与应用密钥都已轮换", "the platform's and the application's keys are changed"));
    Ok(())
}

/// The platform's id of the app, from one of its orders.
async fn app_id(stage: &Stage) -> anyhow::Result<String> {
    let orders = stage.ask("GET", "orders?limit=1", None).await?;
    match orders["orders"][0]["app_id"].as_str() {
        Some(app_id) => Ok(app_id.to_owned()),
        None => bail!("the app has no order yet: {orders}"),
    }
}

/// An order that was signed and never placed ends by itself.
pub(super) async fn hear_of_unplaced(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let event = hear_or_ask(stage, "order.closed", &plot.unplaced_no()).await?;
    let failure = &event["data"]["order"]["failure"];
    ensure!(failure["message"] == "never_placed", "it closed for another reason: {event}");
    stage.say(format!("{} → order.closed never_placed", plot.unplaced_no()));
    Ok(())
}
