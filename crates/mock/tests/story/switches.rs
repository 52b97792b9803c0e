//! Every switch that decides a disagreement, and the faults of callbacks that vary.

use std::time::Duration;

use axum::body::Body;
use douyin_pay_mock::{CallbackFault, Faults, MockConfig, NextCallback, PayAsk, Switches};
use http::Request;
use serde_json::{Value, json};

use crate::world::{DAY, Heard, World, config, order, settle, share, signed};

const SELLER: &str = "70775300146143419322";
const RECEIVER: &str = "69645835031835936200";

fn with(change: impl FnOnce(&mut Switches)) -> World {
    let mut switches = Switches::default();
    change(&mut switches);
    World::with(MockConfig { switches, ..config() })
}

/// An order of 1,280 fen that is settled with a share of 60.
async fn settled(world: &World) {
    world.paid("O1", 1280).await;
    world.advance(DAY * 7).await;
    assert_eq!(world.settle("O1", "S1", json!([share(RECEIVER, 60)])).await["err_no"], 0);
    world.advance(Duration::from_secs(60)).await;
}

async fn saas(world: &World, call: &str, mut body: Value) -> Value {
    body["app_id"] = json!("tt0000000000000001");
    world.apps(&format!("ecpay/saas/{call}"), body, "mock_salt").await
}

fn last(world: &World, kind: &str) -> Heard {
    world.merchant.heard().into_iter().rev().find(|heard| heard.envelope()["type"] == kind).unwrap()
}

#[tokio::test]
async fn answers_can_be_worded_as_other_sources_have_them() {
    let world = with(|on| {
        on.balances_as_strings = true;
        on.status_msg_camel = true;
        on.settle_amount_gross = true;
        on.withdraw_callback_url = true;
    });
    settled(&world).await;
    let queried = world.call("query_settle", json!({ "out_settle_no": "S1" })).await;
    assert_eq!(
        (&queried["settle_info"]["settle_amount"], &queried["settle_info"]["rake"]),
        (&json!(1280), &json!(8))
    );
    assert_eq!(last(&world, "settle").msg()["settle_amount"], 1280);
    let about = json!({ "merchant_uid": SELLER, "channel_type": "wx" });
    let balance = saas(&world, "query_merchant_balance", about.clone()).await;
    assert_eq!(balance["account_info"]["withdrawable_balacne"], "1212");
    let mut ask = about.clone();
    ask["withdraw_amount"] = json!(100);
    ask["out_order_id"] = json!("W1");
    ask["callback"] = json!("https://shop.example.com/ignored");
    ask["callback_url"] = json!("https://shop.example.com/withdrawn");
    assert_eq!(saas(&world, "merchant_withdraw", ask).await["err_no"], 0);
    world.advance(Duration::from_secs(120)).await;
    assert_eq!(last(&world, "withdraw").url, "https://shop.example.com/withdrawn");
    let mut query = about;
    query["out_order_id"] = json!("W1");
    let answer = saas(&world, "query_withdraw_order", query).await;
    assert!(answer.get("status_msg").is_none() && answer["statusMsg"].is_string(), "{answer}");
}

#[tokio::test]
async fn settlements_follow_the_switches_about_finish_and_the_fee() {
    let world = with(|on| on.finish_defaults_to_false = true);
    settled(&world).await;
    assert_eq!(world.mock.books().orders[0].settled_fen.get(), 60, "only the share moved");

    let world = with(|on| on.finish_as_boolean = true);
    world.paid("O1", 1280).await;
    world.advance(DAY * 7).await;
    let mut body = settle("O1", "S1", json!([share(RECEIVER, 60)]));
    body["finish"] = json!(false);
    assert_eq!(world.call("settle", body.clone()).await["err_no"], 0);
    let strict = World::new();
    strict.paid("O1", 1280).await;
    strict.advance(DAY * 7).await;
    assert_eq!(strict.call("settle", body).await["err_no"], 2010);

    for (rounds_down, rake) in [(false, 8), (true, 7)] {
        let world = with(|on| on.fee_rounds_down = rounds_down);
        settled(&world).await;
        assert_eq!(world.mock.books().orders[0].rake_fen.get(), rake, "0.6 % of 1,280 are 7.68");
        world.mock.verify().unwrap();
    }
}

#[tokio::test]
async fn queries_follow_their_switches() {
    let world = with(|on| {
        on.unopened_unknown = true;
        on.cps_info_inside = true;
        on.return_needs_both_numbers = true;
    });
    let id = world.open("O1", 1280).await;
    assert_eq!(world.call("query_order", json!({ "out_order_no": "O1" })).await["err_no"], 2000);
    world.mock.pay(&PayAsk::new(&id)).unwrap();
    let commission = json!({ "order_id": id, "commission_fen": 10 }).to_string();
    assert_eq!(world.control("POST", "/mock/commission", &commission).await.0, 200);
    let queried = world.call("query_order", json!({ "out_order_no": "O1" })).await;
    let inside: Value = serde_json::from_str(queried["payment_info"]["cps_info"].as_str().unwrap()).unwrap();
    assert_eq!((&inside["share_amount"], queried.get("cps_info")), (&json!("10"), None));
    let one = world.call("query_return", json!({ "out_return_no": "T1" })).await;
    assert_eq!(one["err_no"], 2010);
    assert!(world.last_problem().contains("`return_no`"), "{}", world.last_problem());
}

#[tokio::test]
async fn callbacks_follow_their_switches() {
    let world = with(|on| {
        on.numeric_timestamp = true;
        on.app_id_in_settle = true;
    });
    settled(&world).await;
    assert!(last(&world, "payment").envelope()["timestamp"].is_i64());
    let msg = last(&world, "settle").msg();
    assert_eq!((&msg["app_id"], msg.get("appid")), (&json!("tt0000000000000001"), None));

    for (seventeen, deliveries) in [(false, 16), (true, 17)] {
        let world = with(|on| on.seventeen_deliveries = seventeen);
        world.merchant.always(500, "");
        world.paid("O1", 1280).await;
        world.advance(DAY * 3).await;
        assert_eq!(world.merchant.heard().len(), deliveries);
    }

    for (same, differs) in [(true, false), (false, true)] {
        let world = with(|on| on.repeat_same_signature = same);
        world.merchant.always(500, "");
        world.paid("O1", 1280).await;
        world.advance(Duration::from_secs(60)).await;
        let heard = world.merchant.heard();
        assert_eq!(heard[0].body != heard[1].body, differs);
    }
}

async fn under(fault: CallbackFault, kind: &str) -> (World, Vec<Heard>) {
    let world = World::new();
    let next_callbacks = vec![NextCallback::new(kind, fault, 1)];
    world.mock.set_faults(Faults { next_callbacks, ..Faults::default() });
    settled(&world).await;
    let heard = world.merchant.heard();
    (world, heard)
}

#[tokio::test]
async fn callbacks_vary_by_fault_and_stay_rightly_signed() {
    let (_, heard) = under(CallbackFault::NumericTimestamp, "payment").await;
    assert!(heard[0].envelope()["timestamp"].is_i64() && heard[1].envelope()["timestamp"].is_string());
    let (_, heard) = under(CallbackFault::MissingItemId, "payment").await;
    assert!(heard[0].msg().get("item_id").is_none() && heard[0].msg()["cp_orderno"] == "O1");
    let (_, heard) = under(CallbackFault::AppIdForAppid, "settle").await;
    assert_eq!(heard[1].msg()["app_id"], "tt0000000000000001");
    for heard in &heard {
        let envelope = heard.envelope();
        let text = |name: &str| envelope[name].as_str().unwrap().to_owned();
        let token = douyin_pay_protocol::Token::new("mocktoken").unwrap();
        let right = douyin_pay_protocol::ecpay::callback::sign(
            &token,
            &text("timestamp"),
            &text("nonce"),
            &text("msg"),
        );
        assert_eq!(text("msg_signature"), right);
    }
    let (world, heard) = under(CallbackFault::DoubledWithin50Ms, "payment").await;
    let apart = heard[1].at - heard[0].at;
    assert!((1..=50).contains(&apart), "{apart}");
    assert_eq!((heard.len(), heard[0].msg() == heard[1].msg()), (3, true), "both, then the settlement");
    assert!(world.mock.callbacks().waiting.is_empty());
}

#[tokio::test]
async fn the_second_of_two_near_deliveries_has_no_schedule_of_its_own() {
    let world = World::new();
    world.merchant.always(500, "not now");
    let next_callbacks = vec![NextCallback::new("payment", CallbackFault::DoubledWithin50Ms, 1)];
    world.mock.set_faults(Faults { next_callbacks, ..Faults::default() });
    world.paid("O1", 1280).await;
    world.advance(DAY * 2).await;
    assert_eq!(world.merchant.heard().len(), 16 + 1);
}

#[tokio::test]
async fn fields_that_a_call_does_not_have_are_signed_unless_the_platform_leaves_them_out() {
    for (unknown_fields_unsigned, with_it, without_it) in [(false, 0, 2008), (true, 2008, 0)] {
        let world = with(|on| on.unknown_fields_unsigned = unknown_fields_unsigned);
        let mut body = order("O1", 1280);
        body["zz_note"] = json!({ "mine": 1.50 });
        assert_eq!(world.call("create_order", body).await["err_no"], with_it, "{unknown_fields_unsigned}");
        let mut body = signed(order("O2", 1280), "mock_salt");
        body["zz_note"] = json!({ "mine": 1.50 });
        let (_, answer) = world.raw("create_order", body.to_string()).await;
        assert!(answer.contains(&format!("\"err_no\":{without_it},")), "{answer}");

        world.advance(DAY + Duration::from_secs(10 * 3_600)).await;
        let query = format!(
            "app_id=tt0000000000000001&merchant_id={SELLER}&bill_date=20240101&bill_type=payment&zz_note=1"
        );
        let signed_too = world.fetch("bills", &query).await.starts_with("序号");
        assert_eq!(signed_too, !unknown_fields_unsigned);
        let known = query.replace("&zz_note=1", "");
        assert!(world.fetch("bills", &known).await.starts_with("序号"), "{}", world.last_problem());
    }
}

#[tokio::test]
async fn one_client_queries_orders_with_get() {
    for (query_order_by_get, status) in [(false, 405), (true, 200)] {
        let world = with(|on| on.query_order_by_get = query_order_by_get);
        world.paid("O1", 1280).await;
        let body = signed(json!({ "out_order_no": "O1" }), "mock_salt").to_string();
        let request = Request::get("/api/apps/ecpay/v1/query_order").body(Body::from(body)).unwrap();
        let (code, answer) = world.exchange(request).await;
        assert_eq!((code, answer["err_no"] == 0), (status, query_order_by_get), "{answer}");
        let posted = world.call("query_order", json!({ "out_order_no": "O1" })).await;
        assert_eq!(posted["payment_info"]["order_status"], "SUCCESS");
    }
}

#[tokio::test]
async fn the_sandbox_forgets_old_orders_on_saturday_at_four() {
    let world = with(|on| on.sandbox = true);
    let id = world.paid("O1", 1280).await;
    world.refund("O1", "R1", 100).await;
    world.settle("O1", "S1", json!([share(RECEIVER, 60)])).await;
    world.advance(DAY * 14).await;
    world.paid("O2", 500).await;
    let known = async |number: &str| {
        world.call("query_order", json!({ "out_order_no": number })).await["err_no"] == 0
    };
    assert!(known("O1").await, "fourteen days are not over before the next Saturday");
    world.advance(DAY * 5 + Duration::from_secs(4 * 3_600)).await;
    assert!(!known("O1").await && known("O2").await);
    assert_eq!(world.call("query_refund", json!({ "out_refund_no": "R1" })).await["err_no"], 3101);
    world.mock.verify().unwrap();
    assert_eq!(world.mock.books().totals.paid_fen, 1780, "every fen stays accounted for");
    assert!(world.mock.pay(&PayAsk::new(&id)).is_err());
    world.paid("O1", 700).await;
    world.advance(DAY * 200).await;
    world.mock.verify().unwrap();
}

#[tokio::test]
async fn a_console_url_is_saved_only_when_it_echoes() {
    let world = with(|on| on.url_verification = true);
    let app =
        json!({ "app_id": "tt2", "salt": "s", "token": "abc", "notify_url": "https://shop.example.com/cb" });
    world.merchant.always(200, r#"{"err_no":0}"#);
    let (status, refused) = world.control("POST", "/mock/apps", &app.to_string()).await;
    assert!(status == 409 && refused["error"].as_str().unwrap().contains("echostr"), "{refused}");
    let asked = world.merchant.heard().pop().unwrap().url;
    for name in ["signature=", "timestamp=", "nonce=", "echostr="] {
        assert!(asked.contains(name), "{asked}");
    }
    *world.merchant.always.lock().unwrap() = None;
    assert_eq!(world.control("POST", "/mock/apps", &app.to_string()).await.0, 200, "this one echoes");
}
