//! Every word of a state and every decision, as the platform spells it.

use douyin_pay_protocol::trade::{
    AuditStatus, DenyMessage, Endpoint, OrderQuery, PayStatus, RefundAuditCallback, RefundQuery,
    RefundStatus, SettleQuery, SettleStatus, parse_reply,
};

use crate::{body, no};

fn answer(data: &str) -> Vec<u8> {
    format!(r#"{{"err_no":0,"err_msg":"success","log_id":"1","data":{data}}}"#).into_bytes()
}

#[test]
fn every_word_of_an_order_is_read_and_told_again() {
    for (word, means) in [
        ("PROCESS", PayStatus::Process),
        ("SUCCESS", PayStatus::Success),
        ("FAIL", PayStatus::Fail),
        ("TIMEOUT", PayStatus::Timeout),
    ] {
        let data =
            format!(r#"{{"order_id":"motb1","pay_status":"{word}","total_amount":1,"cp_extra":"mine"}}"#);
        let order = parse_reply::<OrderQuery>(200, &answer(&data)).expect(word);
        assert_eq!((order.pay_status.as_str(), &order.pay_status), (word, &means));
        assert_eq!(order.cp_extra.as_deref(), Some("mine"));
    }
}

#[test]
fn every_word_of_a_refund_is_read_and_told_again() {
    for (word, means) in [
        ("PROCESSING", RefundStatus::Processing),
        ("SUCCESS", RefundStatus::Success),
        ("FAIL", RefundStatus::Fail),
    ] {
        for (audit, decided) in [
            ("INIT", AuditStatus::Init),
            ("TOAUDIT", AuditStatus::ToAudit),
            ("AGREE", AuditStatus::Agree),
            ("DENY", AuditStatus::Deny),
            ("OVERTIME", AuditStatus::Overtime),
        ] {
            let data = format!(
                r#"{{"refund_list":[{{"refund_id":"motb9","order_id":"motb1","refund_status":"{word}",
                "refund_total_amount":1,"merchant_audit_detail":{{"need_refund_audit":1,"audit_status":"{audit}"}}}}]}}"#
            );
            let found = parse_reply::<RefundQuery>(200, &answer(&data)).expect(word);
            let [refund] = found.refund_list.as_slice() else { panic!("{found:?}") };
            assert_eq!((refund.refund_status.as_str(), &refund.refund_status), (word, &means));
            let detail = refund.merchant_audit_detail.as_ref().expect("a detail");
            assert_eq!(
                (detail.need_refund_audit, detail.audit_status.as_ref()),
                (Some(true), Some(&decided))
            );
        }
    }
}

#[test]
fn every_word_of_a_settlement_is_read_and_told_again() {
    for (word, means) in [
        ("INIT", SettleStatus::Init),
        ("PROCESSING", SettleStatus::Processing),
        ("SUCCESS", SettleStatus::Success),
        ("FAIL", SettleStatus::Fail),
    ] {
        let data = format!(r#"[{{"settle_id":"ots1","settle_status":"{word}","settle_amount":1}}]"#);
        let found = parse_reply::<SettleQuery>(200, &answer(&data)).expect(word);
        let [settlement] = found.0.as_slice() else { panic!("{found:?}") };
        assert_eq!((settlement.settle_status.as_str(), &settlement.settle_status), (word, &means));
    }
}

#[test]
fn a_decision_is_a_number_and_perhaps_a_reason() {
    let agreed = body(&RefundAuditCallback::agree(no("motb10")));
    assert_eq!(agreed, r#"{"refund_id":"motb10","refund_audit_status":1}"#);
    let why = DenyMessage::new("shipped").expect("a reason");
    let refused = body(&RefundAuditCallback::refuse(no("motb10"), why));
    assert_eq!(refused, r#"{"refund_id":"motb10","refund_audit_status":2,"deny_message":"shipped"}"#);
}

#[test]
fn every_call_has_its_name_and_path() {
    let names: Vec<&str> = Endpoint::ALL.iter().map(|endpoint| endpoint.name()).collect();
    let all = "tag_query order_query query_cps fulfill_push_status refund_create refund_query refund_audit_callback settle_create \
               settle_query query_merchant_balance merchant_withdraw query_withdraw_order bills fund_bills client_token \
               stable_client_token";
    assert_eq!(names, all.split_whitespace().collect::<Vec<_>>());
    for endpoint in Endpoint::ALL {
        let path = endpoint.path();
        assert!(path.starts_with('/') && path.ends_with('/'), "{path}");
        assert_eq!(Endpoint::of_path(path), Some(endpoint));
    }
}
