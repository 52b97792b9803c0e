//! Fulfilment: forward only, and only where it is wanted.

use serde_json::{Value, json};

use super::shop::{SIM, Shop, data, service};

#[tokio::test]
async fn states_only_move_forward() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SIM, 100, 2)).await;
    let items = shop.items(&order_id);
    let push = async |items: &[&String], to: &str| {
        let body = json!({ "order_id": order_id, "item_order_id_list": items, "to_status": to });
        shop.call("fulfill_push_status", body).await["err_no"].clone()
    };
    let states = || -> Vec<Value> {
        let order = shop.world.mock.books().orders.remove(0);
        order.items.iter().map(|item| serde_json::to_value(item.fulfilment).unwrap()).collect()
    };
    assert_eq!(states(), ["FULFILL_WAIT", "FULFILL_WAIT"]);
    assert_eq!(push(&[&items[0]], "fulfilling").await, 0);
    assert_eq!(push(&[&items[0]], "FULFILLING").await, 0, "the same again, in any case");
    assert_eq!(states(), ["FULFILLING", "FULFILL_WAIT"]);
    assert_eq!(push(&[&items[0], &items[1]], "fulfilled").await, 0);
    assert_eq!(states(), ["FULFILL_DONE", "FULFILL_DONE"]);
    assert_eq!(push(&[&items[0]], "fulfilling").await, 10_000, "not backwards");
    assert_eq!(push(&[&items[0]], "fulfill_wait").await, 10_000);
    assert_eq!(push(&[], "fulfilling").await, 10_000);
    assert_eq!(push(&[&"motb1".to_owned()], "fulfill_done").await, 10_000);
}

#[tokio::test]
async fn only_paid_orders_of_the_right_types_are_fulfilled() {
    let shop = Shop::new();
    let push = async |order_id: &str| {
        let body = json!({ "order_id": order_id, "item_order_id_list": ["x"], "to_status": "fulfilling" });
        shop.call("fulfill_push_status", body).await["err_no"].clone()
    };
    let unpaid = shop.placed(&data("O1", SIM, 100, 1)).await;
    let virtual_goods = shop.paid(&service("O2", 100)).await;
    assert_eq!(push(&unpaid).await, 10_000);
    assert_eq!(push(&virtual_goods).await, 10_000);
    assert!(shop.world.last_problem().contains("needs no fulfilment"), "{}", shop.world.last_problem());
    assert_eq!(push("motb1").await, 20_000);
}

#[tokio::test]
async fn the_user_confirms() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SIM, 100, 2)).await;
    let items = shop.items(&order_id);
    let one = json!({ "orderId": order_id, "itemOrderIds": [items[0]] }).to_string();
    let (status, answer) = shop.world.control("POST", "/mock/client/confirm_fulfillment", &one).await;
    assert_eq!((status, &answer["errNo"]), (200, &json!(0)));
    let done = |at: usize| {
        let order = shop.world.mock.books().orders.remove(0);
        order.items[at].fulfilment == douyin_pay_mock::Fulfilment::FulfillDone
    };
    assert!(done(0) && !done(1));
    let (status, answer) =
        shop.world.control("POST", "/mock/confirm_fulfillment", r#"{"order_id":"motb1"}"#).await;
    assert_eq!((status, &answer["err_no"]), (409, &json!(20_000)));
}
