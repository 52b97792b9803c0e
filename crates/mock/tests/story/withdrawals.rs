//! Balances and withdrawals through signed calls, and what the bank does.

use std::time::Duration;

use douyin_pay_mock::{
    BankAsk, BankOutcome, Faults, MockApp, MockConfig, MockProvider, NextOperation, OperationFault, PayAsk,
    System, WithdrawalStatus,
};
use douyin_pay_protocol::{AppId, MerchantUid, Salt, Token};
use serde_json::{Value, json};

use crate::world::{DAY, World, config, order, without_period};

const MINUTE: Duration = Duration::from_secs(60);
const SELLER: &str = "70775300146143419322";
const APP: &str = "tt0000000000000001";
const BALANCE: &str = "/api/apps/ecpay/saas/query_merchant_balance";
const WITHDRAW: &str = "/api/apps/ecpay/saas/merchant_withdraw";
const QUERY: &str = "/api/apps/ecpay/saas/query_withdraw_order";

/// 700 fen of the seller's and 294 of 601's are withdrawable from WeChat.
async fn settled() -> World {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 294).await;
    assert_eq!((world.holds(SELLER, 1).1, world.holds("601", 1).1), (700, 294));
    world
}

fn ask(number: &str, fen: i64) -> Value {
    json!({
        "merchant_uid": SELLER, "channel_type": "wx", "withdraw_amount": fen, "out_order_id": number,
        "cp_extra": "mine", "callback": "https://shop.example.com/withdrawn",
    })
}

async fn state(world: &World, number: &str) -> Value {
    let body = json!({ "merchant_uid": SELLER, "channel_type": "wx", "out_order_id": number });
    world.call_path(QUERY, body).await
}

fn told(world: &World) -> Vec<Value> {
    let heard = world.merchant.heard();
    let of_withdrawals = heard.iter().filter(|one| one.envelope()["type"] == "withdraw");
    of_withdrawals
        .inspect(|one| assert_eq!(one.url, "https://shop.example.com/withdrawn"))
        .map(|one| one.msg())
        .collect()
}

#[tokio::test]
async fn the_balance_is_shown_as_the_platform_spells_it() {
    let world = settled().await;
    world.paid("O2", 20).await;
    let ask = json!({ "merchant_uid": SELLER, "channel_type": "wx" });
    let answer = world.call_path(BALANCE, ask).await;
    let expected = json!({
        "err_no": 0, "err_tips": "",
        "account_info": { "online_balance": 20, "withdrawable_balacne": 700, "freeze_balance": 0 },
        "settle_info": { "settle_type": 1, "settle_account": "621700******0001", "bankcard_no": "621700******0001", "bank_name": "模拟银行" },
        "merchant_entity": 1,
    });
    assert_eq!(answer, expected);
    let ask = json!({ "merchant_uid": SELLER, "channel_type": "alipay", "merchant_entity": 2 });
    let answer = world.call_path(BALANCE, ask).await;
    assert_eq!((&answer["settle_info"]["settle_type"], &answer["merchant_entity"]), (&json!(2), &json!(2)));
    assert_eq!(answer["account_info"]["online_balance"], 0);
    for (uid, channel, err_no) in [("999", "wx", 4000), (SELLER, "bank", 2010), ("601", "yeepay", 0)] {
        let answer = world.call_path(BALANCE, json!({ "merchant_uid": uid, "channel_type": channel })).await;
        assert_eq!(answer["err_no"], err_no, "{uid} {channel}");
    }
}

#[tokio::test]
async fn money_is_frozen_then_arrives_and_is_told() {
    let world = settled().await;
    let accepted = world.call_path(WITHDRAW, ask("W1", 600)).await;
    assert_eq!((&accepted["err_no"], &accepted["merchant_entity"]), (&json!(0), &json!(1)));
    assert_eq!(accepted["order_id"].as_str().unwrap().len(), 19);
    assert_eq!(world.holds(SELLER, 1), (0, 100, 600));
    assert_eq!(world.call_path(WITHDRAW, ask("W1", 600)).await, accepted, "a repeat changes nothing");
    assert_eq!(
        state(&world, "W1").await,
        json!({ "err_no": 0, "err_tips": "", "status": "PROCESSING", "status_msg": "" })
    );
    world.advance(MINUTE).await;
    assert_eq!(state(&world, "W1").await["status"], "SUCCESS");
    assert_eq!(world.holds(SELLER, 1), (0, 100, 0));
    assert_eq!(world.mock.books().totals.withdrawn_fen, 600);
    let told = told(&world).remove(0);
    assert_eq!(
        (&told["status"], &told["extra"], &told["message"]),
        (&json!("SUCCESS"), &json!("mine"), &json!(""))
    );
    assert_eq!((&told["order_id"], &told["out_order_id"]), (&accepted["order_id"], &json!("W1")));
    assert!(told["withdraw_at"].is_i64() && told["ch_order_id"].is_string());
    let book = world.mock.books().withdrawals.remove(0);
    assert_eq!((book.system, book.status, book.ways), (System::Ecpay, WithdrawalStatus::Success, vec![1]));
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn sixteen_deliveries_tell_a_withdrawal() {
    let world = settled().await;
    world.merchant.always(500, "not now");
    world.call_path(WITHDRAW, ask("W1", 1)).await;
    world.advance(DAY * 2).await;
    let heard = world.merchant.heard();
    let at: Vec<i64> =
        heard.iter().filter(|one| one.envelope()["type"] == "withdraw").map(|one| one.at).collect();
    let offsets: Vec<i64> = at.iter().map(|one| (one - at[0]) / 1_000).collect();
    let documented =
        [0, 15, 30, 60, 240, 840, 2_040, 3_840, 5_640, 7_440, 11_040, 21_840, 32_640, 43_440, 65_040, 86_640];
    assert_eq!(offsets, documented);
}

#[tokio::test]
async fn the_bank_refuses_or_sends_the_money_back() {
    let world = settled().await;
    let next_operations = vec![
        NextOperation::new(OperationFault::WithdrawFails, 1),
        NextOperation::new(OperationFault::WithdrawReexchanged, 1),
    ];
    world.mock.set_faults(Faults { next_operations, ..Faults::default() });
    world.call_path(WITHDRAW, ask("W1", 700)).await;
    world.advance(MINUTE).await;
    let failed = state(&world, "W1").await;
    assert_eq!((&failed["status"], &failed["status_msg"]), (&json!("FAIL"), &json!("银行账户信息有误")));
    assert_eq!(world.holds(SELLER, 1), (0, 700, 0));
    assert_eq!(world.call_path(WITHDRAW, ask("W1", 700)).await["err_tips"], "该单号已失败,请更换单号重试");

    world.call_path(WITHDRAW, ask("W2", 700)).await;
    world.advance(MINUTE).await;
    assert_eq!(state(&world, "W2").await["status"], "SUCCESS");
    assert_eq!(world.mock.books().totals.withdrawn_fen, 700);
    world.advance(MINUTE * 121).await;
    assert_eq!(state(&world, "W2").await["status"], "REEXCHANGE");
    assert_eq!((world.holds(SELLER, 1), world.mock.books().totals.withdrawn_fen), ((0, 700, 0), 0));
    let statuses: Vec<Value> = told(&world).iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, ["FAIL", "SUCCESS", "REEXCHANGE"]);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn five_a_day_for_each_merchant_and_channel() {
    let world = settled().await;
    for n in 0..5 {
        assert_eq!(world.call_path(WITHDRAW, ask("big", 9_000)).await["err_tips"], "可提现余额不足");
        assert_eq!(world.call_path(WITHDRAW, ask(&format!("W{n}"), 1)).await["err_no"], 0);
    }
    let refused = world.call_path(WITHDRAW, ask("W5", 1)).await;
    assert_eq!((&refused["err_no"], &refused["err_tips"]), (&json!(1001), &json!("业务繁忙,请稍后重试")));
    assert_eq!(world.call_path(WITHDRAW, ask("W4", 1)).await["err_no"], 0, "a repeat is no new request");
    let mut other = ask("W6", 1);
    other["merchant_uid"] = json!("601");
    assert_eq!(world.call_path(WITHDRAW, other).await["err_no"], 0);
    let mut other = ask("W7", 1);
    other["channel_type"] = json!("yzt");
    assert_eq!(world.call_path(WITHDRAW, other).await["err_no"], 0);
    world.advance(DAY).await;
    assert_eq!(world.call_path(WITHDRAW, ask("W5", 1)).await["err_no"], 0, "a new day");
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn wrong_withdrawals_are_refused() {
    let world = settled().await;
    let with = |name: &str, value: Value| {
        let mut body = ask("W1", 1);
        body[name] = value;
        body
    };
    let table = [
        (with("withdraw_amount", json!(0)), 2010, "0 fen"),
        (with("withdraw_amount", json!(2_147_483_648_i64)), 2010, "2147483647 are allowed"),
        (with("withdraw_amount", json!(701)), 2010, "1 fen more than is withdrawable"),
        (with("out_order_id", json!("W".repeat(129))), 2010, "129 bytes"),
        (with("callback", json!("ftp://x")), 2010, "no https URL"),
        (with("channel_type", json!("bank")), 2010, "use alipay, wx, hz, yzt or yeepay"),
        (with("merchant_entity", json!(3)), 2010, "use 0, 1 or 2"),
        (with("merchant_uid", json!("999")), 4000, "does not belong"),
    ];
    for (body, err_no, problem) in table {
        assert_eq!(world.call_path(WITHDRAW, body).await["err_no"], err_no, "{problem}");
        assert!(world.last_problem().contains(problem), "{problem}: {}", world.last_problem());
    }
    assert_eq!(world.call_path(WITHDRAW, with("out_order_id", json!("W".repeat(128)))).await["err_no"], 0);
    assert_eq!(state(&world, "W1").await["err_tips"], "提现记录不存在");
}

#[tokio::test]
async fn a_person_may_play_the_bank() {
    let world = settled().await;
    world.call_path(WITHDRAW, ask("W1", 100)).await;
    let (status, answer) = world
        .control(
            "POST",
            "/mock/bank",
            &json!({ "app_id": APP, "out_order_id": "W1", "outcome": "success" }).to_string(),
        )
        .await;
    assert_eq!((status, answer), (200, json!({ "out_order_id": "W1", "status": "SUCCESS" })));
    world.advance(MINUTE).await;
    assert_eq!(told(&world).len(), 1, "what the bank did in its own time is no second end");
    let act = |outcome| world.mock.act_as_bank(&BankAsk::new(APP, "W1", outcome));
    assert!(act(BankOutcome::Fail).unwrap_err().to_string().contains("cannot follow"));
    assert_eq!(act(BankOutcome::Reexchange), Ok(WithdrawalStatus::Reexchange));
    assert!(act(BankOutcome::Reexchange).is_err());
    let unknown = BankAsk::new(APP, "W9", BankOutcome::Fail);
    assert!(world.mock.act_as_bank(&unknown).unwrap_err().to_string().contains("`W9`"));
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn one_app_cannot_touch_what_belongs_to_another() {
    let mut other = MockApp::new(
        AppId::new("tt0000000000000002").unwrap(),
        Salt::new("another_salt").unwrap(),
        Token::new("anothertoken").unwrap(),
    );
    other.seller_uid = MerchantUid::new("70000000000000000002").unwrap();
    other.notify_url = Some("https://other.example.com/callbacks".to_owned());
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    config.apps.push(other);
    let world = World::with(config);
    world.settled("O1", 1_000, "S1", "601", 294).await;
    let mut body = order("O2", 500);
    body["app_id"] = json!("tt0000000000000002");
    let opened = world.apps("ecpay/v1/create_order", body, "another_salt").await;
    world.mock.pay(&PayAsk::new(opened["data"]["order_id"].as_str().unwrap())).unwrap();

    for (app_id, salt, uid, err_no) in [
        (APP, "mock_salt", SELLER, 0),
        (APP, "mock_salt", "601", 0),
        (APP, "mock_salt", "70000000000000000002", 4000),
        ("tt0000000000000002", "another_salt", "70000000000000000002", 0),
        ("tt0000000000000002", "another_salt", SELLER, 4000),
        ("tt0000000000000002", "another_salt", "601", 4000),
    ] {
        let body = json!({ "app_id": app_id, "merchant_uid": uid, "channel_type": "wx" });
        let answer = world.apps("ecpay/saas/query_merchant_balance", body, salt).await;
        assert_eq!(answer["err_no"], err_no, "{app_id} {uid}");
    }
    let mut stolen = ask("W1", 100);
    stolen["app_id"] = json!("tt0000000000000002");
    let answer = world.apps("ecpay/saas/merchant_withdraw", stolen, "another_salt").await;
    assert_eq!(answer["err_no"], 4000);
    assert_eq!(world.holds(SELLER, 1), (0, 700, 0));
}

#[tokio::test]
async fn a_provider_that_withdraws_for_itself_is_told_and_can_check_the_signature() {
    let own = "https://provider.example.com/callbacks";
    let named = "https://provider.example.com/withdrawn";
    for (notify_url, callback, told_at) in [
        (Some(own), Some(named), Some(named)),
        (Some(own), None, Some(own)),
        (None, Some(named), Some(named)),
        (None, None, None),
    ] {
        let mut provider = MockProvider::new(AppId::new("ttprovider").unwrap(), Salt::new("psalt").unwrap());
        provider.token = Some(Token::new("providertoken").unwrap());
        provider.notify_url = notify_url.map(str::to_owned);
        provider.merchant_uid = Some(MerchantUid::new("601").unwrap());
        let mut config = MockConfig { providers: vec![provider], ..config() };
        config.apps[0].settle_period_days = 0;
        let world = World::with(config);
        world.settled("O1", 1_000, "S1", "601", 294).await;
        let mut body = json!({
            "thirdparty_id": "ttprovider", "merchant_uid": "601", "channel_type": "wx", "withdraw_amount": 94,
            "out_order_id": "W1",
        });
        if let Some(callback) = callback {
            body["callback"] = json!(callback);
        }
        let answer = world.apps("ecpay/saas/merchant_withdraw", body, "psalt").await;
        assert_eq!(answer["err_no"], 0, "{}", world.last_problem());
        world.advance(MINUTE).await;
        let heard = world.merchant.heard();
        let of_withdrawals: Vec<_> = heard.iter().filter(|one| one.url.contains("provider.")).collect();
        assert_eq!(of_withdrawals.first().map(|one| one.url.as_str()), told_at);
        for one in of_withdrawals {
            let envelope = one.envelope();
            let text = |name: &str| envelope[name].as_str().unwrap();
            let token = Token::new("providertoken").unwrap();
            let right = douyin_pay_protocol::ecpay::callback::sign(
                &token,
                text("timestamp"),
                text("nonce"),
                text("msg"),
            );
            assert_eq!((text("msg_signature"), text("type")), (right.as_str(), "withdraw"));
        }
    }
}
