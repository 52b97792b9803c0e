//! The order centre.

use douyin_pay_protocol::ecpay::{
    AccessToken, Caller, Meaning, OrderPush, PushDetail, PushItem, PushKind, PushStatus, ReplyError,
    parse_reply, with_access_token,
};
use douyin_pay_protocol::{OpenId, PlatformNo, UnixMs};
use serde_json::{Value, json};

use crate::{app_id, fen, order_no, problem, salt};

fn item() -> PushItem {
    let item = PushItem::new("sku1", "https://m.example.com/1.png", "Latte", 1, fen(1280)).expect("short");
    item.sub_title("large").expect("short")
}

fn detail(items: Vec<PushItem>) -> Result<PushDetail, douyin_pay_protocol::FieldError> {
    let created = UnixMs::new(1_704_067_100_000);
    PushDetail::new(order_no(), created, PushStatus::Redeemed, fen(1280), "pages/order/detail?id=1", items)
}

fn push() -> OrderPush {
    let open_id = OpenId::new("_000abc").expect("an id");
    OrderPush::new(open_id, UnixMs::new(1_704_153_600_000), &detail(vec![item()]).expect("short"))
}

fn sent(push: &OrderPush) -> Value {
    let body = Caller::app(&app_id(), &salt()).body(push);
    serde_json::from_slice(&body).expect("JSON")
}

#[test]
fn the_documented_push_is_sent() {
    let body = Caller::app(&app_id(), &salt()).body(&push());
    let token = AccessToken::new("0801...").expect("a token");
    let whole: Value = serde_json::from_slice(&with_access_token(&body, &token)).expect("JSON");
    let sample: Value = serde_json::from_str(r#"{"access_token":"0801...","app_name":"douyin","open_id":"_000abc","order_type":0,"order_status":4,"update_time":1704153600000,"order_detail":"{\"order_id\":\"O20240101000001\",\"create_time\":1704067100000,\"status\":\"已核销\",\"amount\":1,\"total_price\":1280,\"detail_url\":\"pages/order/detail?id=1\",\"item_list\":[{\"item_code\":\"sku1\",\"img\":\"https://m.example.com/1.png\",\"title\":\"Latte\",\"sub_title\":\"large\",\"amount\":1,\"price\":1280}]}"}"#).expect("JSON");
    assert_eq!(whole, sample, "no identity, no signature");
    assert_eq!(with_access_token(b"{}", &token), br#"{"access_token":"0801..."}"#);
}

#[test]
fn optional_fields_and_seconds() {
    let full = push()
        .in_seconds()
        .payment_order_no(PlatformNo::new("PCP1").expect("a number"))
        .extra("x")
        .and_then(|push| push.scene("1")?.launched("a", "b")?.client_key("k")?.ext_shop_id("s"))
        .expect("short");
    let full = sent(&full);
    assert_eq!(full["update_time"], 1_704_153_600);
    for (name, text) in [
        ("payment_order_no", "PCP1"),
        ("extra", "x"),
        ("scene", "1"),
        ("launch_from", "a"),
        ("location", "b"),
        ("client_key", "k"),
        ("ext_shop_id", "s"),
    ] {
        assert_eq!(full[name], text, "{name}");
    }
    let place = json!({ "ext_order_id": "O1", "status": 310 });
    let ticket = OrderPush::at_place(
        PushKind::Ticket,
        OpenId::new("_000abc").expect("an id"),
        UnixMs::new(1),
        place.as_object().expect("an object"),
    );
    let ticket = sent(&ticket.expect("short"));
    assert_eq!((&ticket["order_type"], &ticket["order_status"]), (&json!(9001), &Value::Null));
    assert_eq!(ticket["order_detail"], r#"{"ext_order_id":"O1","status":310}"#);
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    assert!(problem(detail(Vec::new()), "item_list").contains("empty"));
    assert!(problem(detail(vec![item(); 20]), "order_detail").contains("2048"));
    assert!(problem(push().extra(&"x".repeat(2_049)), "extra").contains("2048"));
    let new = |code: &str, img: &str, title: &str, amount| PushItem::new(code, img, title, amount, fen(1));
    assert!(new(&"c".repeat(64), &"i".repeat(512), &"t".repeat(256), 1).is_ok());
    assert!(problem(new(&"c".repeat(65), "i", "t", 1), "item_code").contains("64"));
    assert!(problem(new("c", &"i".repeat(513), "t", 1), "img").contains("512"));
    assert!(problem(new("c", "i", &"题".repeat(86), 1), "title").contains("258 bytes"));
    assert!(problem(new("c", "i", "", 1), "title").contains("empty"));
    assert!(problem(new("c", "i", "t", 0), "amount").contains("0"));
    let created = UnixMs::new(1);
    let long =
        PushDetail::new(order_no(), created, PushStatus::Paid, fen(1), &"p".repeat(1_025), vec![item()]);
    assert!(problem(long, "detail_url").contains("1024"));
}

#[test]
fn each_state_has_a_number_a_text_and_a_word() {
    for (status, number, zh, word) in [
        (PushStatus::AwaitingPayment, 0, "待支付", "awaiting_payment"),
        (PushStatus::Paid, 1, "已支付", "paid"),
        (PushStatus::Cancelled, 2, "已取消", "cancelled"),
        (PushStatus::TimedOut, 2, "已超时", "timed_out"),
        (PushStatus::Redeemed, 4, "已核销", "redeemed"),
        (PushStatus::Refunding, 5, "退款中", "refunding"),
        (PushStatus::Refunded, 6, "已退款", "refunded"),
        (PushStatus::RefundFailed, 8, "退款失败", "refund_failed"),
    ] {
        assert_eq!((status.number(), status.zh(), status.as_str()), (number, zh, word));
        assert_eq!(PushStatus::of_word(word), Some(status));
    }
    assert_eq!(PushStatus::of_word("shipped"), None);
}

#[test]
fn its_answer_has_an_envelope_of_its_own() {
    let taken = parse_reply::<OrderPush>(br#"{"err_code":0,"err_msg":"","body":""}"#).expect("taken");
    assert_eq!(taken.body, None);
    let refused = parse_reply::<OrderPush>(br#"{"err_code":40014,"err_msg":"bad access token","body":null}"#);
    let Err(ReplyError::Platform(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!((refusal.err_no.meaning(), refusal.err_tips.as_str()), (Meaning::Token, "bad access token"));
    let other = parse_reply::<OrderPush>(br#"{"err_no":0}"#);
    assert!(matches!(&other, Err(ReplyError::NotJson(what)) if what.contains("err_code")), "{other:?}");
}
