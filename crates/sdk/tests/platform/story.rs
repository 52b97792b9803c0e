//! From the signature to the money: placed, paid, told, refunded, settled.

use std::time::Duration;

use douyin_pay::Outcome;
use douyin_pay::protocol::trade::{
    AuditStatus, ItemAmount, OrderQuery, PayStatus, RefundAuditCallback, RefundCreate, RefundQuery,
    RefundReason, RefundReasonCode, RefundStatus, RefundText, Schema, SettleCreate, SettleQuery,
    SettleStatus,
};
use douyin_pay::protocol::{Fen, OutOrderNo, OutRefundNo, OutSettleNo, PlatformNo, SettleDesc};
use douyin_pay_mock::{CallFault, ConsoleChange, Faults, NextCall, PayAsk, keys};

use crate::world::{TOOL, World, app_id};

fn reasons() -> Vec<RefundReason> {
    let text = RefundText::new("changed my mind").expect("a good text");
    vec![RefundReason { code: RefundReasonCode::NotWanted, text }]
}

fn refund(order: &PlatformNo, item: &PlatformNo, number: &str, fen: i64) -> RefundCreate {
    let amount = Fen::new(fen).expect("an amount");
    let items = vec![ItemAmount { item_order_id: item.clone(), refund_amount: amount }];
    let page = Schema::new("pages/refund").expect("a page");
    RefundCreate::items(order.clone(), out_refund_no(number), page, reasons(), items).expect("a refund")
}

fn out_refund_no(number: &str) -> OutRefundNo {
    OutRefundNo::new(number).expect("a number")
}

fn by_number(number: &str) -> OrderQuery {
    OrderQuery::by_out_order_no(OutOrderNo::new(number).expect("a number"))
}

#[tokio::test]
async fn an_order_is_signed_placed_and_paid() {
    let world = World::new().await;
    let client = world.client();
    let missing = client.order_query(&by_number("O1")).await.unwrap_err();
    assert!(
        missing.is_not_found() && missing.outcome() == Outcome::NotSent,
        "signed is not placed: {missing}"
    );

    let (order_id, signed) = world.place(TOOL, "O1", 1_280);
    let again = world.signer.sign_again(world.mock.env(), &signed.data);
    assert_eq!(again.data, signed.data);
    assert_ne!(again.byte_authorization, signed.byte_authorization);
    let placed = world.mock.request_order(&again.data, &again.byte_authorization, "open-1");
    assert_eq!(placed["orderId"], order_id.as_str(), "the same data is the same order");
    assert_eq!(client.order_query(&by_number("O1")).await.unwrap().pay_status, PayStatus::Process);

    world.mock.pay(&PayAsk::new(order_id.as_str())).unwrap();
    world.later(1).await;
    let order = client.order_query(&by_number("O1")).await.unwrap();
    assert_eq!((&order.pay_status, order.total_amount.get()), (&PayStatus::Success, 1_280));
    assert!(order.log_id.is_some());
    assert_eq!(world.kinds(), ["payment by key 1"]);
}

#[tokio::test]
async fn a_signature_is_good_for_an_hour_and_can_be_made_again() {
    let world = World::new().await;
    let (_, signed) = world.place(TOOL, "O1", 100);
    world.later(3_700).await;
    let other = world.signer.sign_again(world.mock.env(), &signed.data.replace("O1", "O2"));
    let stale = signed.byte_authorization;
    assert_ne!(world.mock.request_order(&signed.data, &stale, "open-1")["errNo"], 0);
    assert_eq!(world.mock.request_order(&other.data, &other.byte_authorization, "open-1")["errNo"], 0);
}

#[tokio::test]
async fn a_refund_is_made_once_even_when_its_answer_is_lost() {
    let world = World::new().await;
    let client = world.client();
    let order_id = world.paid(TOOL, "O1", 1_000).await;
    let item = client.order_query(&by_number("O1")).await.unwrap().item_order_list[0].item_order_id.clone();
    let ask = refund(&order_id, &item, "R1", 300);

    let next = vec![NextCall::new("refund_create", CallFault::LoseResponse, 1)];
    world.mock.set_faults(Faults { next, ..Faults::default() });
    let lost = client.refund_create(&ask).await.unwrap_err();
    assert_eq!((lost.outcome(), lost.attempts()), (Outcome::Unknown, 1), "not repeated by itself");
    let used = client.refund_create(&ask).await.unwrap_err();
    assert_eq!((used.outcome(), used.is_number_used()), (Outcome::Unknown, true), "{used}");
    world.later(60).await;
    let query = RefundQuery::by_out_refund_no(out_refund_no("R1"));
    let found = client.refund_query(&query).await.unwrap().reply.refund_list;
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].refund_status, found[0].refund_total_amount.get()), (&RefundStatus::Success, 300));
    let none = client.refund_query(&RefundQuery::by_out_refund_no(out_refund_no("R2"))).await.unwrap();
    assert!(none.refund_list.is_empty(), "not found is no failure");
    assert_eq!(world.kinds(), ["payment by key 1", "refund by key 1"]);
}

#[tokio::test]
async fn a_user_asks_for_the_money_back_and_the_merchant_decides() {
    let world = World::new().await;
    let client = world.client();
    let order_id = world.paid(TOOL, "O1", 1_000).await;
    world.apply_refund(&order_id).await;
    world.later(5).await;
    let query = RefundQuery::by_order_id(order_id.clone());
    let refund = client.refund_query(&query).await.unwrap().reply.refund_list.remove(0);
    let number = format!("dy-{}", refund.refund_id.as_str());
    assert_eq!(refund.out_refund_no.as_deref(), Some(number.as_str()), "the entrance gave it");
    let audit = refund.merchant_audit_detail.as_ref().and_then(|audit| audit.audit_status.clone());
    if audit == Some(AuditStatus::ToAudit) {
        client.refund_audit_callback(&RefundAuditCallback::agree(refund.refund_id)).await.unwrap();
    }
    world.later(60).await;
    let refund = client.refund_query(&query).await.unwrap().reply.refund_list.remove(0);
    assert_eq!(refund.refund_status, RefundStatus::Success);
    let kinds = world.kinds();
    assert_eq!(kinds, ["payment by key 1", "pre_create_refund by key 1", "refund by key 1"]);
}

#[tokio::test]
async fn an_order_is_settled_and_callbacks_survive_a_new_platform_key() {
    let world = World::new().await;
    let client = world.client();
    world.paid(TOOL, "O1", 1_000).await;
    let change = ConsoleChange {
        app_id: app_id().as_str().to_owned(),
        rotate_platform_key: Some(keys::SECOND_PLATFORM_KEY_PEM.to_owned()),
        ..ConsoleChange::default()
    };
    world.mock.change_console(&change).unwrap();
    let number = || OutOrderNo::new("O1").expect("a number");
    let (settle_no, why) = (OutSettleNo::new("S1").unwrap(), SettleDesc::new("monthly").unwrap());
    let ask = SettleCreate::new(app_id(), number(), settle_no, why);
    let taken = client.settle_create(&ask).await.unwrap();
    let used = client.settle_create(&ask).await.unwrap_err();
    assert!(used.is_number_used() && used.outcome() == Outcome::Unknown, "{used}");
    world.later(120).await;
    let found = client.settle_query(&SettleQuery::by_out_order_no(app_id(), number())).await.unwrap();
    assert_eq!(found.0.len(), 1);
    assert_eq!(
        (&found.0[0].settle_id, &found.0[0].settle_status),
        (&taken.settle_id, &SettleStatus::Success)
    );
    assert_eq!(world.kinds(), ["payment by key 1", "settle by key 0"]);
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_unknown() {
    let world = World::new().await;
    let client = world.builder().total_timeout(Duration::from_secs(2)).build().unwrap();
    let order_id = world.paid(TOOL, "O1", 100).await;
    client.order_query(&by_number("O1")).await.unwrap();
    let next = vec![NextCall::new("refund_create", CallFault::LoseRequest, 1)];
    world.mock.set_faults(Faults { next, ..Faults::default() });
    let lost = client.refund_create(&refund(&order_id, &order_id, "R1", 100)).await.unwrap_err();
    assert_eq!((lost.outcome(), lost.attempts()), (Outcome::Unknown, 1), "{lost}");
    assert!(lost.to_string().contains("query the same number before anything else"), "{lost}");
}
