//! The cashier: channels, discounts, diamonds, cancellation, expiry.

use douyin_pay_mock::{OrderStatus, PayAsk, PayError, PayOutcome, Way};
use serde_json::{Value, json};

use super::shop::{SERVICE, Shop, data, service};
use crate::world::START;

async fn get_payment(shop: &Shop, body: Value) -> Value {
    shop.world.control("POST", "/mock/client/get_order_payment", &body.to_string()).await.1
}

#[tokio::test]
async fn the_user_pays_and_the_order_says_so() {
    let shop = Shop::new();
    let order_id = shop.placed(&service("O1", 1280)).await;
    let paid = get_payment(&shop, json!({ "orderId": order_id, "outcome": "pay", "channel": 10 })).await;
    assert_eq!(paid, json!({ "errNo": 0, "errMsg": "getOrderPayment:ok" }));
    let order = shop.order(&order_id).await;
    assert_eq!((&order["pay_status"], &order["pay_channel"]), (&json!("SUCCESS"), &json!(10)));
    assert_eq!((&order["trade_time"], &order["pay_time"]), (&json!(START), &json!(START)));
    assert_eq!((&order["currency"], &order["merchant_uid"]), (&json!("CNY"), &json!("70775300146143419322")));
    assert!(!order["channel_pay_id"].as_str().unwrap().is_empty());
    let by_number = shop.call("order_query", json!({ "out_order_no": "O1" })).await;
    assert_eq!(by_number["data"], order);
    let both = shop.call("order_query", json!({ "order_id": order_id, "out_order_no": "other" })).await;
    assert_eq!(both["data"], order, "the platform's number wins");
    let again = get_payment(&shop, json!({ "orderId": order_id, "channel": 10 })).await;
    assert_eq!(again["errNo"], 0, "the answer may have been lost");
    let other_channel = get_payment(&shop, json!({ "orderId": order_id, "channel": 1 })).await;
    assert_eq!(other_channel["errNo"], 10_000);
    assert_eq!(shop.world.mock.books().totals.paid_fen, 1280);
}

#[tokio::test]
async fn cancelling_ends_an_order_and_leaving_does_not() {
    let shop = Shop::new();
    let order_id = shop.placed(&service("O1", 5)).await;
    let left = get_payment(&shop, json!({ "orderId": order_id, "outcome": "ignore" })).await;
    assert!(left["errMsg"].as_str().unwrap().contains("cancel"));
    assert_eq!(shop.order(&order_id).await["pay_status"], "PROCESS");
    get_payment(&shop, json!({ "orderId": order_id, "outcome": "cancel" })).await;
    assert_eq!(shop.order(&order_id).await["pay_status"], "TIMEOUT");
    let fail = shop.placed(&service("O2", 5)).await;
    let attempt = PayAsk { outcome: PayOutcome::Fail, ..PayAsk::new(&fail) };
    assert_eq!(shop.world.mock.pay(&attempt).unwrap().order_status, OrderStatus::Processing);
    shop.seconds(3).await;
    let told = shop.told("payment");
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["status"], &told[0]["message"]), (&json!("CANCEL"), &json!("USER_CANCEL")));
    assert!(told[0].get("pay_channel").is_none());
}

#[tokio::test]
async fn an_order_expires_to_the_millisecond_and_the_merchant_is_told() {
    let shop = Shop::new();
    let mut short = service("O1", 5);
    short["payExpireSeconds"] = json!(60);
    let order_id = shop.placed(&short).await;
    shop.world.advance(std::time::Duration::from_millis(59_999)).await;
    assert_eq!(shop.order(&order_id).await["pay_status"], "PROCESS");
    shop.world.advance(std::time::Duration::from_millis(1)).await;
    assert_eq!(shop.order(&order_id).await["pay_status"], "TIMEOUT");
    assert_eq!(shop.world.mock.pay(&PayAsk::new(&order_id)), Err(PayError::Over(OrderStatus::Timeout)));
    shop.seconds(3).await;
    let told = shop.told("payment").remove(0);
    assert_eq!((&told["status"], &told["message"]), (&json!("CANCEL"), &json!("TIME_OUT")));
    assert_eq!(told["event_time"], START + 60_000);
}

#[tokio::test]
async fn hidden_channels_stay_hidden() {
    let shop = Shop::new();
    let mut limited = service("O1", 5);
    limited["limitPayWayList"] = json!([1, 2]);
    let order_id = shop.placed(&limited).await;
    assert_eq!(shop.world.mock.pay(&PayAsk::new(&order_id)), Err(PayError::Hidden));
    let by = |way| PayAsk { way, ..PayAsk::new(&order_id) };
    assert_eq!(shop.world.mock.pay(&by(Way::Alipay)), Err(PayError::Hidden));
    assert_eq!(shop.world.mock.pay(&by(Way::Diamonds)), Err(PayError::WrongChannel));
    assert!(shop.world.mock.pay(&by(Way::DouyinPay)).is_ok());
}

#[tokio::test]
async fn the_platform_may_pay_a_part() {
    let shop = Shop::new();
    shop.console(|change| change.discount_fen = Some(100));
    let usual = shop.paid(&data("O1", SERVICE, 111, 3)).await;
    let order = shop.order(&usual).await;
    assert_eq!((&order["total_amount"], &order["discount_amount"]), (&json!(333), &json!(100)));
    let wild = shop.placed(&service("O2", 50)).await;
    let ask = PayAsk { discount_fen: Some(5_000), ..PayAsk::new(&wild) };
    shop.world.mock.pay(&ask).unwrap();
    let books = shop.world.mock.books();
    assert_eq!(
        books.orders[0].items.iter().map(|item| item.paid_fen.get()).collect::<Vec<_>>(),
        [77, 78, 78]
    );
    assert_eq!(books.orders[1].discount_fen.get(), 49, "one fen remains to be paid");
    assert_eq!(books.totals.paid_fen, 233 + 1);
    shop.seconds(3).await;
    assert_eq!(shop.told("payment")[0]["discount_amount"], 100);
    assert_eq!(shop.world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn diamonds_are_no_money() {
    let shop = Shop::new();
    let mut two = data("O1", SERVICE, 60, 2);
    two["currency"] = json!("DIAMOND");
    assert_eq!(shop.place(&two).await["errNo"], 10_000);
    let mut one = service("O1", 60);
    one["currency"] = json!("DIAMOND");
    let order_id = shop.paid(&one).await;
    let order = shop.order(&order_id).await;
    assert_eq!((&order["currency"], &order["pay_channel"]), (&json!("DIAMOND"), &json!(20)));
    assert_eq!(order["total_currency_amount"], 60);
    shop.seconds(3).await;
    assert_eq!(shop.told("payment")[0]["currency"], "DIAMOND");
    let books = shop.world.mock.books();
    assert_eq!((books.totals.paid_fen, books.orders[0].currency), (0, "DIAMOND"));
    let mut refund = super::shop::refund_all(&order_id, "R1", 60);
    assert_eq!(shop.call("refund_create", refund.clone()).await["err_no"], 10_000);
    refund["currency"] = json!("DIAMOND");
    assert_eq!(shop.call("refund_create", refund).await["err_no"], 0);
    shop.seconds(20).await;
    assert_eq!(shop.refund_of("R1").await["currency"], "DIAMOND");
    assert_eq!(shop.refund_of("R1").await["refund_status"], "SUCCESS");
    let settle = super::shop::settle("O1", "S1", &json!([]));
    assert_eq!(shop.call("settle_create", settle).await["err_no"], 23_113);
}

#[tokio::test]
async fn a_person_pays_at_the_cashier_page() {
    let shop = Shop::new();
    let mut diamonds = service("O2", 60);
    diamonds["currency"] = json!("DIAMOND");
    let order_id = shop.placed(&service("O1", 1280)).await;
    let in_diamonds = shop.placed(&diamonds).await;
    let (status, page) = shop.world.control("GET", &format!("/mock/cashier?order_id={order_id}"), "").await;
    let page = page.as_str().unwrap();
    assert!(
        status == 200 && page.contains("12.80") && page.contains("Latte") && page.contains("微信支付"),
        "{page}"
    );
    let (_, page) = shop.world.control("GET", &format!("/mock/cashier?order_id={in_diamonds}"), "").await;
    let page = page.as_str().unwrap();
    assert!(page.contains("钻石支付") && !page.contains("微信支付"), "{page}");
    let request = http::Request::post("/mock/cashier/pay")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(format!("order_id={order_id}&order_token=&way=2&outcome=success")))
        .unwrap();
    assert_eq!(shop.world.exchange(request).await.0, 303);
    assert_eq!(shop.order(&order_id).await["pay_channel"], 2);
}

#[tokio::test]
async fn orders_that_do_not_exist_have_a_code() {
    let shop = Shop::new();
    assert_eq!(shop.call("order_query", json!({ "order_id": "motb1" })).await["err_no"], 20_000);
    assert_eq!(shop.call("order_query", json!({ "out_order_no": "x" })).await["err_no"], 20_000);
    let nothing = shop.call("order_query", json!({})).await;
    assert_eq!((&nothing["err_no"], nothing.get("data")), (&json!(10_000), None));
    assert!(nothing["err_msg"].as_str().unwrap().contains("order_id"));
}
