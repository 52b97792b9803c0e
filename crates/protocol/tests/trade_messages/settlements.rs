//! `settle_create` and `settle_query`.

use douyin_pay_protocol::trade::{NotifyUrl, SettleCreate, SettleQuery, SettleStatus, Share, parse_reply};
use douyin_pay_protocol::{
    CpExtra, ErrNo, Meaning, OutSettleNo, ReplyError, SettleDesc, ShareAmount, UnixMs,
};

use crate::{app_id, body, fen, merchant, no, out_order_no, problem, with_quoted_numbers};

fn number() -> OutSettleNo {
    OutSettleNo::new("ST0001").expect("a number")
}

fn share(uid: &str, amount: i64) -> Share {
    Share { merchant_uid: merchant(uid), amount: ShareAmount::new(fen(amount)).expect("an amount") }
}

fn settle() -> SettleCreate {
    SettleCreate::new(app_id(), out_order_no("O1"), number(), SettleDesc::new("结算").expect("short"))
}

#[test]
fn the_app_is_always_named_and_shares_are_a_text() {
    assert_eq!(
        body(&settle()),
        r#"{"app_id":"ttf0e1d2c3b4a59687","out_order_no":"O1","out_settle_no":"ST0001","settle_desc":"结算"}"#
    );
    let full = settle()
        .shares(&[share("7000", 100), share("7001", 1)])
        .expect("two")
        .item_order_id(no("motb2"))
        .ext(CpExtra::new("e").expect("short"))
        .notify_url(NotifyUrl::new("https://example.com/s").expect("a URL"));
    assert_eq!(
        body(&full),
        r#"{"app_id":"ttf0e1d2c3b4a59687","out_order_no":"O1","out_settle_no":"ST0001","settle_desc":"结算","settle_params":"[{\"merchant_uid\":\"7000\",\"amount\":100},{\"merchant_uid\":\"7001\",\"amount\":1}]","item_order_id":"motb2","ext":"e","notify_url":"https://example.com/s"}"#
    );
    assert_eq!(body(&settle().shares(&[]).expect("none")), body(&settle()));
}

#[test]
fn shares_are_named_once_and_fit_into_512_bytes() {
    // A share takes 30 bytes and its digits; brackets and commas join them: ten of 20 digits take 511.
    let mut shares: Vec<Share> = (0..10).map(|at| share(&format!("{at:020}"), 1)).collect();
    assert!(settle().shares(&shares).is_ok(), "511 bytes");
    shares[0] = share(&"7".repeat(21), 1);
    assert!(settle().shares(&shares).is_ok(), "512 bytes");
    shares[1] = share(&"8".repeat(21), 1);
    assert!(problem(settle().shares(&shares), "settle_params").contains("513 bytes"));
    let twice = [share("7", 1), share("7", 2)];
    assert!(problem(settle().shares(&twice), "settle_params").contains("7 is named twice"));
}

#[test]
fn an_accepted_settlement_has_its_numbers() {
    let taken = br#"{"err_no":0,"err_msg":"success","data":{"settle_id":"ots1","wallet_settle_id":"w1"}}"#;
    let taken = parse_reply::<SettleCreate>(200, taken).expect("taken");
    assert_eq!((taken.settle_id.as_str(), taken.wallet_settle_id), ("ots1", Some(no("w1"))));
    let used = br#"{"err_no":23111,"err_msg":"out_settle_no has existed"}"#;
    let Err(ReplyError::Platform(used)) = parse_reply::<SettleCreate>(400, used) else { panic!("refused") };
    assert_eq!((used.err_no, used.err_no.meaning()), (ErrNo::SETTLE_NUMBER_USED, Meaning::NumberUsed));
}

#[test]
fn settlement_queries_name_the_app_and_one_number() {
    let asked = [
        body(&SettleQuery::by_settle_id(app_id(), no("ots1"))),
        body(&SettleQuery::by_order_id(app_id(), no("motb1"))),
        body(&SettleQuery::by_out_settle_no(app_id(), number())),
        body(&SettleQuery::by_out_order_no(app_id(), out_order_no("O1"))),
    ];
    for (body, number) in asked.iter().zip([
        r#""settle_id":"ots1""#,
        r#""order_id":"motb1""#,
        r#""out_settle_no":"ST0001""#,
        r#""out_order_no":"O1""#,
    ]) {
        assert_eq!(body, &format!(r#"{{"app_id":"ttf0e1d2c3b4a59687",{number}}}"#));
    }
}

#[test]
fn settlements_are_a_list_and_none_is_no_error() {
    let sample = r#"{"err_no":0,"data":[{"order_id":"motb1","out_order_no":"O1","settle_id":"ots1","out_settle_no":"ST1","wallet_settle_id":"w","settle_status":"SUCCESS","settle_amount":19800,"settle_detail":"seller","settle_at":1767225639000,"rake":692,"commission":0,"platform_ticket":3,"item_order_id":"","cp_extra":"e"}]}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample)] {
        let found = parse_reply::<SettleQuery>(200, answer.as_bytes()).expect("one").0;
        let [settled] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (settled.settle_amount.get(), settled.settle_status.clone()),
            (19_800, SettleStatus::Success)
        );
        assert_eq!((settled.rake, settled.commission), (Some(fen(692)), Some(fen(0))));
        assert_eq!((settled.platform_ticket, settled.item_order_id.clone()), (Some(fen(3)), None));
        assert_eq!(settled.settle_at, Some(UnixMs::new(1_767_225_639_000)));
        assert_eq!((settled.out_settle_no.as_deref(), settled.cp_extra.as_deref()), (Some("ST1"), Some("e")));
    }
    for data in ["", r#","data":null"#, r#","data":[]"#, r#","data":{}"#, r#","data":"""#, r#","data": [ ] "#]
    {
        let found = parse_reply::<SettleQuery>(200, format!(r#"{{"err_no":0{data}}}"#).as_bytes());
        assert!(found.expect(data).0.is_empty());
    }
    let wrong = parse_reply::<SettleQuery>(200, br#"{"err_no":0,"data":{"settle_id":"x"}}"#);
    assert!(matches!(wrong, Err(ReplyError::Malformed(problem)) if problem.contains("not a list")));
}
