//! `refund_create`, `refund_query` and `refund_audit_callback`.

use douyin_pay_protocol::trade::{
    AuditStatus, DenyMessage, ItemAmount, NotifyUrl, RefundAuditCallback, RefundCreate, RefundOrigin,
    RefundQuery, RefundReason, RefundReasonCode, RefundStatus, RefundText, Schema, parse_reply,
};
use douyin_pay_protocol::{CpExtra, ErrNo, FieldError, Meaning, OutRefundNo, ReplyError, UnixMs};

use crate::{body, fen, no, page, problem, with_quoted_numbers};

fn number() -> OutRefundNo {
    OutRefundNo::new("RF0001").expect("a number")
}

fn reason(code: RefundReasonCode) -> RefundReason {
    RefundReason { code, text: RefundText::new("changed my mind").expect("short") }
}

fn item(id: &str, amount: i64) -> ItemAmount {
    ItemAmount { item_order_id: no(id), refund_amount: fen(amount) }
}

fn items(items: Vec<ItemAmount>) -> Result<RefundCreate, FieldError> {
    let reasons = vec![reason(RefundReasonCode::NotWanted)];
    RefundCreate::items(no("motb00000000000000000001"), number(), page("pages/refund/detail"), reasons, items)
}

fn all(reasons: Vec<RefundReason>, amount: i64) -> Result<RefundCreate, FieldError> {
    RefundCreate::all(no("motb1"), number(), page("pages/refund"), reasons, fen(amount))
}

#[test]
fn a_refund_of_items_is_the_platforms_sample() {
    let refund = RefundCreate::items(
        no("motb00000000000000000001"),
        number(),
        Schema::new("pages/refund/detail")
            .and_then(|page| page.params(r#"{"no":"RF0001"}"#))
            .expect("a page"),
        vec![reason(RefundReasonCode::NotWanted)],
        vec![item("motb00000000000000000002", 100)],
    )
    .expect("a refund")
    .notify_url(NotifyUrl::new("https://example.com/refund").expect("a URL"));
    assert_eq!(
        body(&refund),
        r#"{"order_id":"motb00000000000000000001","out_refund_no":"RF0001","cp_extra":"","order_entry_schema":{"path":"pages/refund/detail","params":"{\"no\":\"RF0001\"}"},"refund_total_amount":100,"refund_reason":[{"code":101,"text":"changed my mind"}],"item_order_detail":[{"item_order_id":"motb00000000000000000002","refund_amount":100}],"notify_url":"https://example.com/refund"}"#
    );
}

#[test]
fn a_refund_of_everything_has_no_items() {
    let refund = all(vec![reason(RefundReasonCode::Another)], 100)
        .expect("a refund")
        .cp_extra(CpExtra::new("我的").expect("short"))
        .diamonds();
    assert_eq!(
        body(&refund),
        r#"{"order_id":"motb1","out_refund_no":"RF0001","cp_extra":"我的","order_entry_schema":{"path":"pages/refund"},"refund_total_amount":100,"refund_reason":[{"code":999,"text":"changed my mind"}],"refund_all":true,"currency":"DIAMOND"}"#
    );
}

#[test]
fn the_total_is_the_sum_of_the_items() {
    let refund = items(vec![item("a", 30), item("b", 70), item("c", 1)]).expect("three items");
    assert_eq!(refund.refund_total_amount(), fen(101));
    assert!(body(&refund).contains(r#""refund_total_amount":101"#));
    let most = 9_999_999_999_999;
    assert_eq!(items(vec![item("a", most)]).expect("the most").refund_total_amount(), fen(most));
    problem(items(vec![item("a", most), item("b", 1)]), "refund_total_amount");
}

#[test]
fn items_are_fewer_than_a_hundred_each_once_and_never_zero() {
    let many = |count: usize| (0..count).map(|at| item(&format!("i{at}"), 1)).collect::<Vec<_>>();
    assert!(items(many(1)).is_ok() && items(many(99)).is_ok());
    for (wrong, word) in [
        (vec![], "empty"),
        (many(100), "100 items"),
        (vec![item("a", 0)], "amount 0 for a"),
        (vec![item("a", 1), item("a", 1)], "names a twice"),
    ] {
        assert!(problem(items(wrong), "item_order_detail").contains(word));
    }
    assert!(problem(all(vec![reason(RefundReasonCode::Service)], 0), "refund_total_amount").contains("0"));
}

#[test]
fn reasons_are_one_to_ten_with_known_codes_and_short_texts() {
    let many = |count| vec![reason(RefundReasonCode::Quality); count];
    assert!(all(many(1), 1).is_ok() && all(many(10), 1).is_ok());
    for (wrong, word) in [
        (many(0), "0 reasons"),
        (many(11), "11 reasons"),
        (vec![reason(RefundReasonCode::Other(7))], "code 7"),
    ] {
        assert!(problem(all(wrong, 1), "refund_reason").contains(word));
    }
    assert!(RefundText::new("").is_ok() && RefundText::new("退".repeat(49)).is_ok());
    assert!(problem(RefundText::new("退".repeat(50)), "refund_reason").contains("50 characters"));
    assert!(problem(RefundText::new("a\0"), "refund_reason").contains("control"));
}

#[test]
fn addresses_and_own_texts_keep_their_limits() {
    let url = |bytes: usize| format!("https://example.com/{}", "a".repeat(bytes - 20));
    assert!(NotifyUrl::new(url(512)).is_ok());
    assert!(problem(NotifyUrl::new(url(513)), "notify_url").contains("513"));
    for (wrong, word) in [
        ("http://example.com/a", "https"),
        ("example.com", "scheme"),
        ("https://u@example.com", "user name"),
        ("https:///a", "host"),
        ("https://example.com/回", "percent-encoded"),
        ("", "empty"),
    ] {
        assert!(problem(NotifyUrl::new(wrong), "notify_url").contains(word), "{wrong}");
    }
    assert!(NotifyUrl::new("http://localhost:8080/a").is_ok());
    let shorter = douyin_pay_protocol::NotifyUrl::new("https://example.com/a").expect("a URL");
    assert_eq!(NotifyUrl::from(shorter).as_str(), "https://example.com/a");
    assert!(CpExtra::new("x".repeat(2048)).is_ok());
    assert!(problem(CpExtra::new("x".repeat(2049)), "cp_extra").contains("2049"));
}

#[test]
fn an_accepted_refund_has_a_number_and_perhaps_a_deadline() {
    let sample = r#"{"err_no":0,"err_msg":"success","log_id":"20260101000002AA","data":{"refund_id":"motb00000000000000000009","refund_audit_deadline":1767484800000}}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample)] {
        let taken = parse_reply::<RefundCreate>(200, answer.as_bytes()).expect("taken");
        assert_eq!(taken.refund_id.as_str(), "motb00000000000000000009");
        assert_eq!(taken.refund_audit_deadline, Some(UnixMs::new(1_767_484_800_000)));
    }
    for data in [
        "",
        r#","data":null"#,
        r#","data":{}"#,
        r#","data":[]"#,
        r#","data":{"refund_id":""}"#,
        r#","data":7"#,
    ] {
        let read = parse_reply::<RefundCreate>(200, format!(r#"{{"err_no":0{data}}}"#).as_bytes());
        assert!(
            matches!(&read, Err(ReplyError::Malformed(problem)) if problem.contains("data")),
            "{data}: {read:?}"
        );
    }
}

#[test]
fn a_used_number_is_a_question_and_not_a_failure() {
    let answer = br#"{"err_no":22004,"err_tips":"out_refund_no used"}"#;
    let Err(ReplyError::Platform(refusal)) = parse_reply::<RefundCreate>(400, answer) else {
        panic!("refused")
    };
    assert_eq!(refusal.err_no, ErrNo::REFUND_NUMBER_USED);
    assert_eq!(
        (refusal.err_no.meaning(), refusal.err_tips.as_str()),
        (Meaning::NumberUsed, "out_refund_no used")
    );
}

#[test]
fn refund_queries_ask_by_one_number() {
    assert_eq!(body(&RefundQuery::by_refund_id(no("motb9"))), r#"{"refund_id":"motb9"}"#);
    assert_eq!(body(&RefundQuery::by_out_refund_no(number())), r#"{"out_refund_no":"RF0001"}"#);
    assert_eq!(body(&RefundQuery::by_order_id(no("motb1"))), r#"{"order_id":"motb1"}"#);
}

#[test]
fn refunds_are_typed_with_numbers_and_with_texts() {
    let sample = r#"{"err_no":0,"data":{"refund_list":[{"refund_id":"motb9","order_id":"motb1","out_refund_no":"","refund_status":"PROCESSING","refund_total_amount":100,"create_at":1767225630000,"refund_at":0,"refund_source":1,"merchant_audit_detail":{"need_refund_audit":1,"refund_audit_deadline":1767484830000,"audit_status":"TOAUDIT","deny_message":""},"item_order_detail":[{"item_order_id":"motb2","refund_amount":100}]},{"refund_id":"motb10","order_id":"motb1","out_refund_no":"RF1","refund_status":"SUCCESS","refund_total_amount":1,"create_at":1,"refund_at":1767225640000,"message":"","refund_source":2,"merchant_audit_detail":"","item_order_detail":null}]}}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample)] {
        let found = parse_reply::<RefundQuery>(200, answer.as_bytes()).expect("two refunds");
        let [waiting, done] = found.refund_list.as_slice() else { panic!("{found:?}") };
        assert_eq!((waiting.out_refund_no.clone(), waiting.refund_at), (None, None));
        assert_eq!(waiting.refund_source, Some(RefundOrigin::User));
        assert!(waiting.refund_source.is_some_and(RefundOrigin::is_asked_about));
        let audit = waiting.merchant_audit_detail.as_ref().expect("an audit");
        assert_eq!(
            (audit.need_refund_audit, audit.audit_status.clone()),
            (Some(true), Some(AuditStatus::ToAudit))
        );
        assert_eq!(audit.refund_audit_deadline, Some(UnixMs::new(1_767_484_830_000)));
        assert_eq!(waiting.item_order_detail, [item("motb2", 100)]);
        assert_eq!(
            (done.refund_status.clone(), done.refund_source),
            (RefundStatus::Success, Some(RefundOrigin::Developer))
        );
        assert!(done.merchant_audit_detail.is_none() && done.item_order_detail.is_empty());
    }
    for data in [
        "",
        r#","data":null"#,
        r#","data":{"refund_list":[]}"#,
        r#","data":{"refund_list":null}"#,
        r#","data":[]"#,
    ] {
        let found = parse_reply::<RefundQuery>(200, format!(r#"{{"err_no":0{data}}}"#).as_bytes());
        assert!(found.expect(data).refund_list.is_empty());
    }
}

#[test]
fn decisions_are_made_with_a_reason_of_limited_length() {
    assert!(DenyMessage::new("x".repeat(512)).is_ok());
    assert!(problem(DenyMessage::new("x".repeat(513)), "deny_message").contains("513"));
    assert!(problem(DenyMessage::new("退".repeat(171)), "deny_message").contains("513 bytes"));
    assert!(problem(DenyMessage::new(""), "deny_message").contains("empty"));
    let done = parse_reply::<RefundAuditCallback>(200, br#"{"err_no":0,"err_msg":"success"}"#);
    assert_eq!(done, Ok(()));
    let late = parse_reply::<RefundAuditCallback>(200, br#"{"err_no":22006,"err_msg":"late"}"#);
    assert!(matches!(late, Err(ReplyError::Platform(refusal)) if refusal.err_no.get() == 22_006));
}
