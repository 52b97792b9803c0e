//! A service and the mock, with orders of guaranteed payment.

use douyin_pay_mock::{MockConfig, PayAsk};
use serde_json::{Value, json};

use crate::mocked::{Mocked, Setting, console};

pub(super) const ORDERS: &str = "/v1/apps/coffee/orders";
pub(super) const SETTLEMENTS: &str = "/v1/apps/coffee/settlements";
pub(super) const RETURNS: &str = "/v1/apps/coffee/returns";
pub(super) const RECEIVER: &str = "69645835031835936200";
pub(super) const DAY: u64 = 86_400;

/// A world that differs by settings of the app and of its section `[apps.ecpay]`.
pub(super) fn with(app: &'static str, ecpay: &'static str, mock: MockConfig) -> Mocked {
    Mocked::new(Setting { sections: &["ecpay"], app, ecpay, ..Setting::ECPAY }, mock)
}

pub(super) fn plain() -> Mocked {
    with("", "", console())
}

/// What the mock is told, with a change to its only app.
pub(super) fn mock(change: impl FnOnce(&mut MockConfig)) -> MockConfig {
    let mut config = console();
    change(&mut config);
    config
}

/// An order of 1280 fen that is paid, with its callback delivered.
pub(super) async fn paid(it: &Mocked, out_order_no: &str) {
    let opened = it.world.open(out_order_no).await;
    pay(it, &opened).await;
    assert_eq!(it.world.order(out_order_no).await["state"], "paid");
}

pub(super) async fn pay(it: &Mocked, opened: &Value) {
    it.mock.pay(&PayAsk::new(opened["pay"]["order_id"].as_str().expect("a number"))).expect("it can be paid");
    it.world.pass(3).await;
}

/// A settlement of a paid order of which the receiver got 60 fen; it takes a week.
pub(super) async fn settled(it: &Mocked, out_order_no: &str, out_settle_no: &str) {
    it.world.jump(8 * DAY).await;
    let ask = json!({
        "out_settle_no": out_settle_no, "description": "week 2", "shares": [{ "merchant_uid": RECEIVER, "amount_fen": 60 }],
    });
    it.world.post(&format!("{ORDERS}/{out_order_no}/settlements"), &ask).await.expect(201);
    it.world.pass(60).await;
    let told = it.world.get(&format!("{SETTLEMENTS}/{out_settle_no}")).await.expect(200);
    assert_eq!(told["state"], "succeeded", "{told}");
}
