//! The mock's answers and callbacks, read by the protocol's own types.

use douyin_pay_mock::PayAsk;
use douyin_pay_protocol::trade::callback::Notice;
use douyin_pay_protocol::trade::{self, Request, parse_reply, parse_token_reply};
use serde_json::{Value, json};

use super::shop::{APP, PARKING, SIM, Shop, data, refund, secret, service, settle};
use crate::world::{config, share};

/// Calls with any body and reads the answer as the answer to `R`.
async fn typed<R: Request>(shop: &Shop, body: Value) -> R::Reply {
    let answer = shop.call_path(R::ENDPOINT.path(), body).await;
    let read = parse_reply::<R>(200, answer.to_string().as_bytes());
    read.unwrap_or_else(|cause| panic!("{}: {cause}: {answer}", R::ENDPOINT))
}

async fn everything(shop: &Shop) {
    let (_, token) = shop.token_call("stable_client_token", secret("mock_app_secret")).await;
    assert_eq!(parse_token_reply(token.to_string().as_bytes()).unwrap().expires_in_s, 7_200);

    shop.console(|change| (change.discount_fen, change.commission_per_10000) = (Some(10), Some(500)));
    let order_id = shop.paid(&data("O1", SIM, 500, 2)).await;
    let items = shop.items(&order_id);
    let order = typed::<trade::OrderQuery>(shop, json!({ "order_id": order_id })).await;
    assert_eq!((order.item_order_list.len(), order.extra.len()), (2, 0), "{:?}", order.extra);
    assert_eq!(order.paid_amount().unwrap().get(), 990);
    let tags = typed::<trade::TagQuery>(shop, json!({ "goods_type": 101 })).await;
    assert_eq!(tags.tag_detail_list[0].rule_list.len(), 3);
    let cps = typed::<trade::QueryCps>(shop, json!({ "out_order_no": "O1" })).await;
    assert_eq!(cps.cps_item_list.len(), 2);
    let push = json!({ "order_id": order_id, "item_order_id_list": items, "to_status": "fulfill_done" });
    typed::<trade::FulfillPushStatus>(shop, push).await;

    typed::<trade::RefundCreate>(shop, refund(&order_id, "R1", &[(&items[0], 100)])).await;
    shop.apply(json!({ "order_id": order_id, "amount": 50, "source": 4 })).await;
    shop.seconds(30).await;
    let refunds = typed::<trade::RefundQuery>(shop, json!({ "order_id": order_id })).await.refund_list;
    assert_eq!(refunds.len(), 2);
    assert!(refunds.iter().all(|one| one.extra.is_empty()), "{refunds:?}");
    typed::<trade::SettleCreate>(shop, settle("O1", "S1", &json!([share("601", 5)]))).await;
    shop.seconds(30).await;
    let settled = typed::<trade::SettleQuery>(shop, json!({ "app_id": APP, "out_settle_no": "S1" })).await.0;
    assert!(settled.len() == 1 && settled[0].extra.is_empty(), "{settled:?}");

    let merchant = "70775300146143419322";
    let ask = json!({ "merchant_uid": merchant, "channel_type": "yzt", "app_id": APP });
    typed::<trade::QueryMerchantBalance>(shop, ask.clone()).await;
    let mut withdraw = ask;
    (withdraw["withdraw_amount"], withdraw["out_order_id"]) = (json!(5), json!("W1"));
    typed::<trade::MerchantWithdraw>(shop, withdraw.clone()).await;
    typed::<trade::QueryWithdrawOrder>(shop, withdraw).await;
    let mut bills =
        json!({ "app_id": APP, "merchant_id": merchant, "bill_date": "20240101", "bill_type": "1" });
    for name in ["account_type", "payment_type", "trade_type"] {
        bills[name] = json!("1");
    }
    assert_eq!(typed::<trade::Bills>(shop, bills.clone()).await.bill_list.len(), 1);
    assert_eq!(typed::<trade::FundBills>(shop, bills).await.fund_bill_list.len(), 1);

    let parked = shop.paid(&data("O2", PARKING, 30, 1)).await;
    shop.apply(json!({ "order_id": parked })).await;
    let cancelled = shop.placed(&service("O3", 5)).await;
    let cancel = PayAsk { outcome: douyin_pay_mock::PayOutcome::Cancel, ..PayAsk::new(&cancelled) };
    shop.world.mock.pay(&cancel).unwrap();
    shop.seconds(60).await;
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    for heard in shop.world.merchant.heard() {
        let envelope = heard.envelope();
        let (kind, msg) = (envelope["type"].as_str().unwrap(), envelope["msg"].as_str().unwrap());
        let notice = Notice::parse(kind, msg).unwrap_or_else(|cause| panic!("{kind}: {cause}: {msg}"));
        assert!(!matches!(notice, Notice::Other { .. }), "{kind}");
        assert_eq!(notice.app_id().map(ToString::to_string).as_deref(), Some(APP));
        assert!(notice.number().is_some() && notice.order_id().is_some(), "{kind}: {msg}");
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    let kinds: Vec<(&str, usize)> = kinds.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    assert_eq!(kinds, [("payment", 3), ("pre_create_refund", 2), ("refund", 3), ("settle", 1)]);
}

#[tokio::test]
async fn every_answer_and_callback_is_what_the_protocol_reads() {
    everything(&Shop::new()).await;
}

#[tokio::test]
async fn the_same_holds_when_integers_are_texts() {
    let mut config = config();
    config.switches.numbers_as_strings = true;
    everything(&Shop::with(config)).await;
}
