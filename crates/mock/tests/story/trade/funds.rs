//! Balance, withdrawal, statements.

use douyin_pay_mock::{BankAsk, BankOutcome, System, WithdrawalStatus};
use serde_json::{Value, json};

use super::shop::{APP, Shop, refund, service, settle};
use crate::world::DAY;

const SELLER: &str = "70775300146143419322";

async fn balance(shop: &Shop, channel: &str) -> Value {
    let body = json!({ "merchant_uid": SELLER, "channel_type": channel, "app_id": APP });
    shop.call_path("/api/apps/ecpay/saas/query_merchant_balance/", body).await["data"]["account_info"].clone()
}

#[tokio::test]
async fn settled_money_can_be_withdrawn() {
    let shop = Shop::new();
    shop.paid(&service("O1", 1_000)).await;
    assert_eq!(balance(&shop, "yzt").await["online_balance"], 1_000);
    shop.call("settle_create", settle("O1", "S1", &json!([]))).await;
    shop.seconds(20).await;
    assert_eq!(balance(&shop, "wx").await["withdrawable_balacne"], 994);
    assert_eq!(balance(&shop, "alipay").await["withdrawable_balacne"], 0);
    let ask = |number: &str, fen: i64| json!({ "merchant_uid": SELLER, "channel_type": "yzt", "withdraw_amount": fen, "out_order_id": number });
    let path = "/api/apps/ecpay/saas/merchant_withdraw";
    assert_eq!(shop.call_path(path, ask("W1", 995)).await["err_no"], 10_000);
    let accepted = shop.call_path(path, ask("W1", 900)).await;
    assert!(accepted["data"]["order_id"].is_string(), "{accepted}");
    assert_eq!(shop.call_path(path, ask("W1", 1)).await["err_no"], 10_000, "the number is used");
    assert_eq!(balance(&shop, "yzt").await["freeze_balance"], 900);
    let query = async |number: &str| {
        let body =
            json!({ "app_id": APP, "merchant_uid": SELLER, "channel_type": "yzt", "out_order_id": number });
        shop.call_path("/api/apps/ecpay/saas/query_withdraw_order/", body).await
    };
    assert_eq!(query("W1").await["data"]["status"], "PROCESSING");
    shop.seconds(60).await;
    assert_eq!(query("W1").await["data"]["status"], "SUCCESS");
    assert_eq!(query("W2").await["err_no"], 10_000);
    let totals = shop.world.mock.books().totals;
    assert_eq!((totals.withdrawn_fen, totals.withdrawable_fen, totals.frozen_fen), (900, 94, 0));
    assert_eq!(shop.world.mock.verify(), Ok(()));
    let stranger = json!({ "merchant_uid": "999", "channel_type": "yzt" });
    let refused = shop.call_path("/api/apps/ecpay/saas/query_merchant_balance/", stranger).await;
    assert_eq!(refused["err_no"], 10_000);
}

#[tokio::test]
async fn statements_are_served_where_the_answer_says() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O,1", 1_000)).await;
    shop.call("refund_create", refund(&order_id, "R1", &[(&order_id, 300)])).await;
    shop.seconds(20).await;
    shop.call("settle_create", settle("O,1", "S1", &json!([]))).await;
    shop.seconds(20).await;
    shop.world.advance(DAY).await;
    let ask = json!({ "app_id": APP, "merchant_id": SELLER, "bill_date": "2024-01-01", "bill_type": "all" });
    let bills = shop.call_path("/api/apps/v3/bills/", ask).await;
    let address = bills["data"]["bill_list"][0].as_str().unwrap().to_owned();
    let path = address.strip_prefix("http://mock.test:1").unwrap();
    let (status, text) = shop.world.control("GET", path, "").await;
    let text = text.as_str().unwrap();
    assert_eq!((status, text.lines().count()), (200, 3), "{text}");
    assert!(text.contains("pay,O_1,") && text.contains("refund,R1,"), "{text}");
    let ask = json!({
        "app_id": APP, "merchant_id": SELLER, "bill_date": "20240101",
        "account_type": "all", "payment_type": "all", "trade_type": "all",
    });
    let funds = shop.call_path("/api/apps/v3/fund/bills", ask.clone()).await;
    let address = funds["data"]["fund_bill_list"][0].as_str().unwrap().to_owned();
    let (_, text) = shop.world.control("GET", address.strip_prefix("http://mock.test:1").unwrap(), "").await;
    assert!(text.as_str().unwrap().contains("settle,S1,"), "{text}");
    let other_day = address.replace("20240101", "20240102");
    let (_, text) =
        shop.world.control("GET", other_day.strip_prefix("http://mock.test:1").unwrap(), "").await;
    assert_eq!(text.as_str().unwrap().lines().count(), 1);
    let mut wrong = ask;
    wrong["bill_date"] = json!("yesterday");
    assert_eq!(shop.call_path("/api/apps/v3/fund/bills/", wrong).await["err_no"], 10_000);
    assert_eq!(shop.world.control("GET", "/mock/statements/ttx/trade/20240101.csv", "").await.0, 404);
}

#[tokio::test]
async fn these_calls_must_name_their_own_app() {
    let shop = Shop::new();
    shop.paid(&service("O1", 5)).await;
    let common = json!({
        "out_order_no": "O1", "merchant_uid": SELLER, "channel_type": "yzt", "out_order_id": "W1", "merchant_id": SELLER,
        "bill_date": "20240101", "bill_type": "all", "account_type": "all", "payment_type": "all", "trade_type": "all",
    });
    let paths = [
        "/api/trade_basic/v1/developer/settle_query/",
        "/api/apps/ecpay/saas/query_withdraw_order/",
        "/api/apps/v3/bills/",
        "/api/apps/v3/fund/bills/",
    ];
    for (app_id, expected) in
        [(json!(null), "`app_id` is missing"), (json!("tt2"), "`app_id` is not the app of the access token")]
    {
        for path in paths {
            let mut body = common.clone();
            body["app_id"] = app_id.clone();
            assert_eq!(shop.call_path(path, body).await["err_no"], 10_000, "{path}");
            assert!(shop.world.last_problem().contains(expected), "{path}: {}", shop.world.last_problem());
        }
    }
}

#[tokio::test]
async fn both_systems_share_one_account() {
    let shop = Shop::new();
    shop.paid(&service("O1", 1_000)).await;
    shop.call("settle_create", settle("O1", "S1", &json!([]))).await;
    shop.world.paid("E1", 500).await;
    shop.world.advance(DAY * 7).await;
    assert_eq!(shop.world.settle("E1", "ES1", json!([])).await["err_no"], 0);
    shop.seconds(60).await;
    let ecpay = async |call: &str, mut body: Value| {
        body["merchant_uid"] = json!(SELLER);
        body["channel_type"] = json!("wx");
        shop.world.call_path(&format!("/api/apps/ecpay/saas/{call}"), body).await
    };
    assert_eq!(balance(&shop, "wx").await["withdrawable_balacne"], 994 + 497);
    let signed = ecpay("query_merchant_balance", json!({})).await;
    assert_eq!(signed["account_info"], balance(&shop, "wx").await, "the header tells the systems apart");

    let ask = |number: &str| json!({ "withdraw_amount": 1_000, "out_order_id": number, "merchant_uid": SELLER, "channel_type": "wx" });
    assert_eq!(ecpay("merchant_withdraw", ask("W1")).await["err_no"], 0);
    let path = "/api/apps/ecpay/saas/merchant_withdraw";
    assert_eq!(shop.call_path(path, ask("W2")).await["err_no"], 10_000, "only 491 fen are left");
    for number in ["W1", "W4", "W5", "W6"] {
        let mut small = ask(number);
        small["withdraw_amount"] = json!(1);
        assert_eq!(shop.call_path(path, small).await["err_no"], 0);
    }
    let mut sixth = ask("W7");
    sixth["withdraw_amount"] = json!(1);
    assert_eq!(shop.call_path(path, sixth.clone()).await["err_no"], 12_001);
    assert_eq!(ecpay("merchant_withdraw", sixth).await["err_no"], 1_001);
    shop.seconds(60).await;
    for (number, status) in [("W1", json!("SUCCESS")), ("W4", Value::Null)] {
        let known = ecpay("query_withdraw_order", json!({ "out_order_id": number })).await;
        assert_eq!(known["status"], status, "each system has numbers of its own: {known}");
    }
    let amounts: Vec<_> = shop.world.mock.books().withdrawals.iter().map(|one| one.amount_fen).collect();
    assert_eq!(amounts.iter().filter(|fen| fen.get() == 1_000).count(), 1, "{amounts:?}");
    assert_eq!(amounts.len(), 5);
    let told: Vec<Value> = shop
        .world
        .merchant
        .heard()
        .iter()
        .map(|one| one.envelope())
        .filter(|one| one["type"] == "withdraw")
        .collect();
    assert_eq!(told.len(), 1, "the general trade system is asked, it does not tell");
    assert_eq!(shop.world.mock.books().totals.withdrawn_fen, 1_004);
    let sent_back = BankAsk::new("tt0000000000000001", "W1", BankOutcome::Reexchange);
    let unclear = shop.world.mock.act_as_bank(&sent_back).unwrap_err().to_string();
    assert!(unclear.contains("say `ecpay` or `trade`"), "{unclear}");
    let of_trade = sent_back.of_system(System::Trade);
    assert_eq!(shop.world.mock.act_as_bank(&of_trade), Ok(WithdrawalStatus::Reexchange));
    assert_eq!(shop.world.mock.books().totals.withdrawn_fen, 1_003);
    assert_eq!(shop.world.mock.verify(), Ok(()));
}
