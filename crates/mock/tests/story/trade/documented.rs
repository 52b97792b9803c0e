//! Every field that the documents name, in what the mock sends.

use serde_json::{Value, json};

use super::shop::{APP, SERVICE, Shop, data, refund, service, settle};

/// The members of an object, in order.
fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[track_caller]
fn has(value: &Value, documented: &str) {
    let there = names(value);
    for name in documented.split_whitespace() {
        assert!(there.contains(&name), "{name} is missing: {value}");
    }
}

#[tokio::test]
async fn callbacks_have_the_documented_fields() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SERVICE, 100, 2)).await;
    let items = shop.items(&order_id);
    shop.call("refund_create", refund(&order_id, "R1", &[(&items[0], 40)])).await;
    let ask =
        json!({ "orderId": order_id, "items": [{ "itemOrderId": items[1] }], "reason": "cold", "source": 1 });
    assert_eq!(shop.apply(ask).await.0, 200);
    shop.seconds(30).await;
    let cancelled = shop.placed(&service("O2", 5)).await;
    shop.world
        .control("POST", "/mock/pay", &json!({ "order_id": cancelled, "outcome": "cancel" }).to_string())
        .await;
    shop.paid(&service("O3", 500)).await;
    let mut ask = settle("O3", "S1", &json!([]));
    ask["notify_url"] = json!("https://shop.example.com/settled");
    assert_eq!(shop.call("settle_create", ask).await["err_no"], 0);
    shop.seconds(60).await;
    let heard = shop.world.merchant.heard();
    assert!(
        heard.iter().any(|heard| heard.url == "https://shop.example.com/settled"),
        "its own address wins"
    );

    let payments = shop.told("payment");
    let of = |number: &str| payments.iter().find(|told| told["out_order_no"] == number).expect("it was told");
    has(
        of("O1"),
        "app_id out_order_no order_id status total_amount discount_amount pay_channel channel_pay_id merchant_uid message \
         event_time user_bill_pay_id",
    );
    has(of("O2"), "app_id out_order_no order_id status total_amount message event_time");
    assert_eq!((&of("O2")["status"], &of("O2")["message"]), (&json!("CANCEL"), &json!("USER_CANCEL")));
    let told = shop.told("refund").remove(0);
    has(
        &told,
        "app_id order_id refund_id out_refund_no status refund_total_amount cp_extra message event_time is_all_settled refund_type \
         refund_item_detail",
    );
    has(&told["refund_item_detail"], "item_order_quantity item_order_detail");
    has(&told["refund_item_detail"]["item_order_detail"][0], "item_order_id refund_amount");
    let told = shop.told("pre_create_refund").remove(0);
    has(
        &told,
        "app_id open_id refund_id order_id out_order_no refund_total_amount need_refund_audit refund_audit_deadline \
         create_refund_time refund_source refund_reason refund_description cp_extra refund_item_detail",
    );
    has(&told["refund_item_detail"], "item_order_quantity item_order_detail");
    has(&told["refund_item_detail"]["item_order_detail"][0], "item_order_id refund_amount");
    let told = shop.told("settle").remove(0);
    has(
        &told,
        "app_id order_id settle_id out_settle_no status settle_amount rake commission settle_detail message cp_extra event_time \
         is_auto_settle",
    );
}

#[tokio::test]
async fn answers_have_the_documented_fields() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 1000)).await;
    let item = shop.items(&order_id).remove(0);
    let order = shop.order(&order_id).await;
    has(
        &order,
        "app_id order_id out_order_no pay_status total_amount discount_amount trade_time pay_time pay_channel channel_pay_id \
         merchant_uid item_order_list",
    );
    has(&order["item_order_list"][0], "item_order_id sku_id item_order_amount");
    shop.call("refund_create", refund(&order_id, "R1", &[(&item, 40)])).await;
    shop.seconds(20).await;
    let info = shop.refund_of("R1").await;
    has(
        &info,
        "refund_id order_id out_refund_no refund_status refund_total_amount create_at refund_at refund_source \
         merchant_audit_detail item_order_detail",
    );
    has(&info["merchant_audit_detail"], "need_refund_audit");
    shop.call("settle_create", settle("O1", "S1", &json!([]))).await;
    shop.seconds(60).await;
    let found = shop.call("settle_query", json!({ "app_id": APP, "out_settle_no": "S1" })).await;
    has(
        &found["data"][0],
        "order_id out_order_no settle_id out_settle_no wallet_settle_id settle_status settle_amount settle_detail settle_at rake \
         commission item_order_id cp_extra",
    );
    let cps = shop.call("query_cps", json!({ "order_id": order_id })).await;
    has(&cps["data"], "order_id out_order_no total_commission_amount cps_item_list");
    has(&cps, "err_no err_msg log_id data");
}

#[tokio::test]
async fn goods_commission_and_funds_have_the_documented_fields() {
    let shop = Shop::new();
    let tags = shop.call("tag_query", json!({ "goods_type": 101 })).await;
    let group = &tags["data"]["tag_detail_list"][0];
    has(group, "tag_group_id tag_list rule_list");
    has(&group["tag_list"][0], "tag_id tag_name tag_descs tag_type biz_line goods_type");
    has(&group["rule_list"][0], "rule_id rule_type refund_rule");
    has(&group["rule_list"][0]["refund_rule"], "biz_status merchant_audit_type refund_type");
    shop.console(|change| change.commission_per_10000 = Some(1_000));
    shop.paid(&service("O1", 1_000)).await;
    let cps = shop.call("query_cps", json!({ "out_order_no": "O1" })).await;
    has(
        &cps["data"]["cps_item_list"][0],
        "item_order_id sell_amount commission_amount commission_rate source_type status commission_user_douyinid \
         commission_user_nickname task_id item_id",
    );
    shop.call("settle_create", settle("O1", "S1", &json!([]))).await;
    shop.seconds(60).await;
    let merchant = json!({ "merchant_uid": douyin_pay_mock::DEFAULT_SELLER_UID, "channel_type": "yzt" });
    let balance = shop.call_path("/api/apps/ecpay/saas/query_merchant_balance/", merchant.clone()).await;
    has(&balance["data"], "account_info settle_info merchant_entity");
    has(&balance["data"]["account_info"], "online_balance withdrawable_balacne freeze_balance");
    has(&balance["data"]["settle_info"], "settle_type settle_account bankcard_no bank_name");
    let mut ask = merchant;
    (ask["app_id"], ask["out_order_id"], ask["withdraw_amount"]) = (json!(APP), json!("W1"), json!(1));
    (ask["thirdparty_id"], ask["cp_extra"], ask["merchant_entity"]) = (json!("tt1"), json!("mine"), json!(1));
    ask["callback"] = json!("https://shop.example.com/withdrawn");
    let taken = shop.call_path("/api/apps/ecpay/saas/merchant_withdraw/", ask.clone()).await;
    has(&taken["data"], "order_id merchant_entity");
    for name in ["withdraw_amount", "cp_extra", "merchant_entity", "callback"] {
        ask.as_object_mut().expect("an object").remove(name);
    }
    let found = shop.call_path("/api/apps/ecpay/saas/query_withdraw_order/", ask).await;
    has(&found["data"], "status status_msg");
}

#[tokio::test]
async fn every_product_type_can_be_placed() {
    let shop = Shop::new();
    for product in [101, 102, 103, 104, 105, 106, 107, 201, 202, 301, 302, 401, 402, 403, 404, 405, 406, 703]
    {
        let tags = shop.call("tag_query", json!({ "goods_type": product })).await;
        let group = tags["data"]["tag_detail_list"][0]["tag_group_id"]
            .as_str()
            .unwrap_or_else(|| panic!("{product}: {tags}"));
        let mut order = data(&format!("O{product}"), (product, group), 100, 1);
        if matches!(product, 101..=107 | 402..=406) {
            let attr = json!({
                "package_cost": { "amount": 100, "time_len": 1, "unit": "month" }, "call_duration": 1, "traffic_bundle": 1,
                "telecom_operator_type": "official",
            });
            order["skuList"][0]["skuAttr"] = json!(attr.to_string());
        }
        let placed = shop.place(&order).await;
        assert_eq!(placed["errNo"], 0, "{product}: {placed}");
        has(&placed, "errNo orderId itemOrderList logId");
        has(&placed["itemOrderList"][0], "itemOrderId skuId itemOrderAmount");
    }
}

#[tokio::test]
async fn tokens_and_refusals_have_the_documented_fields() {
    let shop = Shop::new();
    let right =
        json!({ "client_key": APP, "client_secret": "mock_app_secret", "grant_type": "client_credential" });
    let (_, given) = shop.token_call("client_token", right.clone()).await;
    has(&given, "data message");
    has(&given["data"], "access_token description error_code expires_in");
    let mut wrong = right;
    wrong["client_secret"] = json!("another");
    let (_, refused) = shop.token_call("client_token", wrong).await;
    has(&refused["data"], "captcha desc_url description error_code");
    assert_eq!(refused["data"]["error_code"], 10_013);
    let refused = shop.call("order_query", json!({ "order_id": "motb1" })).await;
    has(&refused, "err_no err_msg log_id");
    shop.console(|change| change.capability = Some(false));
    assert_eq!(shop.call("order_query", json!({ "order_id": "motb1" })).await["err_no"], 28_001_018);
}
