//! Callbacks that only the complete guaranteed payment has, and those that come otherwise than documented.

use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback;
use serde_json::{Value, json};

use super::world::{RECEIVER, RETURNS, SETTLEMENTS, mock, paid, settled, with};
use crate::mocked::CALLBACKS;
use crate::world::{TOKEN, World};

fn success() -> Value {
    json!({ "err_no": 0, "err_tips": "success" })
}

fn signed(kind: &str, msg: &Value) -> Vec<u8> {
    callback::body(&Token::new(TOKEN).expect("a token"), kind, "1767574800", "1234", &msg.to_string())
}

#[tokio::test]
async fn a_withdrawal_and_unknown_types_are_kept_and_answered_with_success() {
    let world = World::new();
    let withdraw = json!({
        "status": "SUCCESS", "extra": "", "message": "", "withdraw_at": 1_767_574_800, "order_id": "7300000000000000004",
        "out_order_id": "W1", "ch_order_id": "1",
    });
    for (kind, msg) in [("withdraw", &withdraw), ("something_new", &json!({ "a": 1 }))] {
        let came = world.callback_to("/callbacks/coffee", signed(kind, msg)).await;
        assert_eq!(came.expect(200), success(), "{kind}");
        let mut forged = signed(kind, msg);
        let last = forged.len() - 10;
        forged[last] = if forged[last] == b'0' { b'1' } else { b'0' };
        assert_ne!(world.callback_to("/callbacks/coffee", forged).await.status, 200, "{kind}");
    }
    assert!(
        world.get("/v1/exceptions").await.expect(200)["exceptions"].as_array().expect("a list").is_empty()
    );
}

#[tokio::test]
async fn numbers_for_texts_and_the_other_name_of_the_app_are_tolerated() {
    let world = World::new();
    world.open("O1").await;
    let msg = crate::world::msg("O1", 1280);
    let text = String::from_utf8(crate::world::payment("O1", 1280, TOKEN)).expect("UTF-8");
    let numeric = text.replace(r#""timestamp":"1767574800""#, r#""timestamp":1767574800"#);
    let numeric = numeric.replace(r#""nonce":"1234""#, r#""nonce":1234"#);
    assert_ne!(numeric, text);
    assert_eq!(world.callback_to("/callbacks/coffee", numeric).await.expect(200), success());
    assert_eq!(world.order("O1").await["state"], "paid");
    world.open("O2").await;
    let renamed = msg.replace("\"appid\"", "\"app_id\"").replace("O1", "O2");
    let renamed: Value = serde_json::from_str(&renamed).expect("JSON");
    assert_eq!(
        world.callback_to("/callbacks/coffee", signed("payment", &renamed)).await.expect(200),
        success()
    );
    assert_eq!(world.order("O2").await["state"], "paid");
}

#[tokio::test]
async fn a_return_may_be_told_by_callback() {
    let it = with(
        "",
        "",
        mock(|config| {
            config.switches.return_callback = true;
            config.apps[0].notify_url = Some(CALLBACKS.to_owned());
        }),
    );
    paid(&it, "O1").await;
    settled(&it, "O1", "S1").await;
    // Nothing is asked: only the callback can tell.
    let ask =
        json!({ "out_return_no": "T1", "merchant_uid": RECEIVER, "amount_fen": 40, "description": "x" });
    it.world.post(&format!("{SETTLEMENTS}/S1/returns"), &ask).await.expect(201);
    it.world.pass(12).await;
    let told = it.world.get(&format!("{RETURNS}/T1")).await.expect(200);
    assert_eq!(told["state"], "succeeded", "{told}");
    let deliveries = it.mock.callbacks().deliveries;
    assert!(deliveries.iter().any(|one| one.kind == "return" && one.acknowledged), "{deliveries:?}");
}
