//! Bills: when they exist, what stands in them, in every form.

use std::time::Duration;

use douyin_pay_mock::{BillForm, MockConfig, PayAsk, Switches, Way};
use douyin_pay_protocol::ecpay::bill::{BillKind, BillReader, Row, RowStatus};
use serde_json::{Value, json};

use crate::world::{DAY, World, config, share};

const SELLER: &str = "70775300146143419322";
const RECEIVER: &str = "69645835031835936200";

fn query(kind: &str, date: &str) -> String {
    format!("app_id=tt0000000000000001&merchant_id={SELLER}&bill_date={date}&bill_type={kind}")
}

/// Two payments and a refund on the first day; a settlement with a share on the eighth, then a return.
async fn eventful(form: BillForm) -> World {
    let world = World::with(MockConfig { bills: form, ..config() });
    world.paid("O1", 1280).await;
    let second = world.open("O2", 500).await;
    world.mock.pay(&PayAsk { way: Way::Alipay, ..PayAsk::new(second) }).unwrap();
    world.refund("O1", "R1", 100).await;
    world.advance(DAY * 7).await;
    world.settle("O1", "S1", json!([share(RECEIVER, 60)])).await;
    world.advance(Duration::from_secs(60)).await;
    let back = json!({ "out_settle_no": "S1", "out_return_no": "T1", "merchant_uid": RECEIVER, "return_amount": 30, "return_desc": "back" });
    assert_eq!(world.call("create_return", back).await["err_no"], 0);
    world.advance(DAY + Duration::from_secs(10 * 3_600)).await;
    world
}

fn read(kind: BillKind, bytes: &[u8]) -> Vec<Row> {
    let mut reader = BillReader::new(kind);
    reader.feed(bytes);
    reader.finish();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row() {
        rows.push(row.unwrap());
    }
    rows
}

#[tokio::test]
async fn each_bill_has_the_days_rows() {
    let world = eventful(BillForm::default()).await;
    let payments = world.fetch("bills", &query("payment", "20240101")).await;
    let mut lines = payments.lines();
    let header = "序号,支付时间,商户号,openId,订单号,平台订单号,渠道订单号,订单金额,支付方式,支付状态";
    assert_eq!(lines.next(), Some(header));
    let first = lines.next().unwrap();
    assert!(first.starts_with(&format!("1,2024-01-01 00:00:00,{SELLER},")), "{first}");
    assert!(first.contains(",O1,N") && first.ends_with(",1280,微信,支付成功"), "{first}");
    assert!(lines.next().unwrap().ends_with(",500,支付宝,支付成功"));
    assert_eq!(lines.next(), None);

    let refunds = world.fetch("bills", &query("refund", "20240101")).await;
    assert!(refunds.contains(",R1,N") && refunds.trim_end().ends_with(",100"), "{refunds}");
    let settles = world.fetch("bills", &query("settle", "20240108")).await;
    assert!(settles.contains(&format!("S1,分账成功,商户号{RECEIVER}-分成金额(分)60,7,0")), "{settles}");
    let returns = world.fetch("bills", &query("return", "20240108")).await;
    assert!(returns.contains("T1,N") && returns.trim_end().ends_with(",30"), "{returns}");
    for (kind, date) in [("payment", "20240102"), ("withdraw", "20240101"), ("rebate", "202312")] {
        assert_eq!(world.fetch("bills", &query(kind, date)).await.lines().count(), 1, "{kind}: an empty day");
    }
    let old = format!(
        "app_id=tt0000000000000001&seller={SELLER}&start_date=20240101&end_date=20240103&bill_type=payment"
    );
    assert_eq!(world.fetch("bill", &old).await, payments);
    let fund = "app_id=tt0000000000000001&bill_date=20240108&account_type=ALL&payment_type=wx&trade_type=ALL";
    let fund = world.fetch("fund/bills", fund).await;
    assert_eq!(
        fund.lines().count(),
        6,
        "out of transit, the seller's and the receiver's part, and back: {fund}"
    );
}

#[tokio::test]
async fn the_reader_takes_every_form_of_a_bill() {
    let forms = [
        BillForm::default(),
        BillForm { bom: true, crlf: true, backticks: true, ..BillForm::default() },
        BillForm { gb18030: true, yuan: true, summary: true, ..BillForm::default() },
        BillForm { gb18030: true, backticks: true, crlf: true, ..BillForm::default() },
    ];
    for form in forms {
        let world = eventful(form).await;
        let bytes = |kind: &str, date: &str| {
            let (router, query) = (world.mock.router(), query(kind, date));
            async move {
                let salt = douyin_pay_protocol::Salt::new("mock_salt").unwrap();
                let right = douyin_pay_protocol::ecpay::json::sign_query(&query, &salt).unwrap();
                let request = http::Request::get(format!("/api/apps/bills?{query}&sign={right}"));
                let request = request.body(axum::body::Body::empty()).unwrap();
                let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
                axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap()
            }
        };
        let payments = read(BillKind::Payment, &bytes("payment", "20240101").await);
        let seen: Vec<_> = payments
            .iter()
            .map(|row| (row.out_order_no.as_ref().unwrap().as_str(), row.amount.unwrap().get(), row.way))
            .collect();
        assert_eq!(seen, [("O1", 1280, Some(1)), ("O2", 500, Some(2))], "{form:?}");
        assert!(payments.iter().all(|row| row.status == RowStatus::Success && row.at.is_some()));
        let settle = read(BillKind::Settle, &bytes("settle", "20240108").await).remove(0);
        assert_eq!(settle.out_no.as_deref(), Some("S1"));
        assert_eq!((settle.fee.unwrap().get(), settle.shares[0].1.get()), (7, 60), "{form:?}");
        let refund = read(BillKind::Refund, &bytes("refund", "20240101").await).remove(0);
        assert_eq!((refund.out_no.as_deref(), refund.op_amount.unwrap().get()), (Some("R1"), 100));
        let back = read(BillKind::Return, &bytes("return", "20240108").await).remove(0);
        assert_eq!((back.out_no.as_deref(), back.op_amount.unwrap().get()), (Some("T1"), 30));
        assert_eq!(back.status, RowStatus::Success);
    }
}

#[tokio::test]
async fn refusals_of_bills_have_forms_of_their_own() {
    let world = World::new();
    world.paid("O1", 1280).await;
    let json = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    let early = json(world.fetch("bills", &query("payment", "20240101")).await);
    assert_eq!(early, json!({ "err_no": 2010, "err_tips": "账单尚未生成" }));
    assert!(world.last_problem().contains("2024-01-02 10:00:00"), "{}", world.last_problem());
    world.advance(DAY + Duration::from_secs(10 * 3_600)).await;
    assert!(world.fetch("bills", &query("payment", "20240101")).await.starts_with("序号"));
    for (path, more, err_no, text) in [
        ("bills", query("payments", "20240101"), 2010, "参数错误"),
        ("bills", query("payment", "2024-01-01"), 2010, "参数错误"),
        ("bills", query("payment", "20240101").replace(SELLER, "1"), 4000, "商户号与小程序不匹配"),
        (
            "bill",
            format!(
                "app_id=tt0000000000000001&seller={SELLER}&start_date=20240102&end_date=20240101&bill_type=payment"
            ),
            1,
            "end_date is before start_date",
        ),
        (
            "bill",
            format!(
                "app_id=tt0000000000000001&seller={SELLER}&start_date=2024&end_date=20240101&bill_type=payment"
            ),
            1,
            "`start_date` is `2024`; send yyyyMMdd, a day",
        ),
    ] {
        let answer = json(world.fetch(path, &more).await);
        assert_eq!((&answer["err_no"], &answer["err_tips"]), (&json!(err_no), &json!(text)), "{more}");
    }
    // A query that was signed with one field less.
    let unsigned =
        format!("/api/apps/bills?{}&sign=0123456789abcdef0123456789abcdef", query("payment", "20240101"));
    let (status, answer) = world.control("GET", &unsigned, "").await;
    assert_eq!((status, answer), (200, json!({ "err_no": 2008, "err_tips": "invalid sign" })));
    let (status, _) = world.control("POST", "/api/apps/bills", "{}").await;
    assert_eq!((status, world.last_problem().contains("use GET")), (405, true));

    let switches = Switches { bill_error_no: true, ..Switches::default() };
    let world = World::with(MockConfig { switches, ..config() });
    let early = json(world.fetch("bills", &query("payment", "20240101")).await);
    assert_eq!(early, json!({ "error_no": 2010, "error_msg": "账单尚未生成" }));
}

#[tokio::test]
async fn a_busy_days_bill_has_a_row_for_each_order() {
    let world = World::new();
    for number in 0..400 {
        world.paid(&format!("O{number:063}"), 1280 + number).await;
        world.clock.advance(Duration::from_millis(10));
    }
    world.advance(DAY * 2).await;
    let bill = world.fetch("bills", &query("payment", "20240101")).await;
    assert_eq!(bill.lines().count(), 401);
}
