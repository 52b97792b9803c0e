//! Bills: how they are asked for, what is repeated, what broke off.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BodyStream, BoxFuture, Net, NetError};
use douyin_pay_protocol::ecpay::bill::{BillError, BillKind, Bills, FundBills, Lines, OldBill, Unit};
use douyin_pay_protocol::{AppId, MerchantUid, Salt};
use futures_util::{StreamExt as _, stream};
use http::{Method, Request, Response};

use super::world::{Recorder, World, answer, lost};
use crate::{BillFile, BillFileError, FixedNet, Outcome, ProviderClient};

const BILL: &str = "订单号,订单金额,支付状态\nA1,1280,支付成功\nA2,5,支付中\n";
const HEAD: &str = "订单号,订单金额,支付状态\n";

fn merchant() -> MerchantUid {
    MerchantUid::new("70775300146143419322").expect("a merchant")
}

fn payments() -> Bills {
    Bills::new(merchant(), BillKind::Payment, "2024-01-01".parse().expect("a day")).expect("a day's bill")
}

fn numbers(world: &World, mut bill: BillFile) -> Vec<String> {
    world.now(async {
        let mut numbers = Vec::new();
        while let Some(row) = bill.next().await {
            numbers.push(row.expect("a row").out_order_no.expect("a number").to_string());
        }
        numbers
    })
}

#[test]
fn a_bill_is_fetched_with_a_signed_query() {
    let world = World::new();
    let net = FixedNet::new().then(BILL).then(HEAD).then("");
    let client = world.client(&net);
    let bill = world.now(client.bills(&payments())).expect("a bill");
    assert_eq!(bill.attempts, 1);
    assert_eq!(numbers(&world, bill.reply), ["A1", "A2"]);
    let fund = FundBills::new(merchant(), "2024-01-01".parse().unwrap()).unwrap();
    let fund = world.now(client.fund_bills(&fund)).expect("an empty day").reply;
    assert!(numbers(&world, fund).is_empty());
    let (from, to) = ("2024-01-01".parse().unwrap(), "2024-01-02".parse().unwrap());
    let old = OldBill::new(merchant(), BillKind::Payment, from, to).unwrap();
    assert!(numbers(&world, world.now(client.bill(&old)).expect("an empty bill").reply).is_empty());

    let asked = net.asked();
    assert!(asked.iter().all(|request| request.method() == Method::GET && request.body().is_empty()));
    let paths: Vec<&str> = asked.iter().map(|request| request.uri().path()).collect();
    assert_eq!(paths, ["/api/apps/bills", "/api/apps/fund/bills", "/api/apps/bill"]);
    let query = asked[0].uri().query().expect("a query");
    assert!(
        query.starts_with("app_id=tt0000000000000001&merchant_id=70775300146143419322&bill_date=20240101&")
    );
    assert!(!query.contains(super::world::SALT));
}

#[test]
fn a_provider_fetches_its_own_bills() {
    let world = World::new();
    let net = FixedNet::new().then(BILL).then(HEAD).then(HEAD);
    let (id, salt) = (AppId::new("tt00000000000000ff").unwrap(), Salt::new("provider's").unwrap());
    let builder = ProviderClient::builder(id, salt).env(world.env.clone());
    let client = builder.net(Arc::new(net.clone())).build().expect("everything is given");
    assert_eq!(numbers(&world, world.now(client.bills(&payments())).expect("a bill").reply), ["A1", "A2"]);
    let fund = FundBills::new(merchant(), "2024-01-01".parse().unwrap()).unwrap();
    world.now(client.fund_bills(&fund)).expect("a bill");
    let (from, to) = ("2024-01-01".parse().unwrap(), "2024-01-02".parse().unwrap());
    let old = OldBill::new(merchant(), BillKind::Payment, from, to).unwrap();
    world.now(client.bill(&old)).expect("a bill");
    for request in net.asked() {
        let query = request.uri().query().expect("a query");
        assert!(
            query.starts_with("thirdparty_id=tt00000000000000ff&") && query.contains("&sign="),
            "{query}"
        );
        assert!(!query.contains("app_id="), "{query}");
    }
}

#[test]
fn an_answer_that_never_becomes_a_bill_is_left() {
    for (filling, expected) in
        [(&b" "[..], "256 KiB"), (b"\n", "256 KiB"), (b"{", "not a bill"), (b"x", "too long")]
    {
        let world = World::new();
        let given = Arc::new(Mutex::new(0));
        let count = Arc::clone(&given);
        let piece = Bytes::from(filling.repeat(16 << 10));
        // It goes on for ever.
        let net = Endless(move || {
            let (count, piece) = (Arc::clone(&count), piece.clone());
            stream::repeat_with(move || {
                *count.lock().unwrap() += piece.len();
                Ok(piece.clone())
            })
            .boxed()
        });
        let client = world.builder().net(Arc::new(net)).build().expect("everything is given");
        let error = world.now(client.bills(&payments())).expect_err("no bill");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(*given.lock().unwrap() <= error.attempts() as usize * (512 << 10), "{error}");
    }
}

#[test]
fn a_bill_can_be_read_in_another_unit_from_its_beginning() {
    let world = World::new();
    let mixed = "订单号,订单金额,支付状态\nA1,12.80,支付成功\nA2,5,支付中\n";
    for (bill, expected) in [(BILL, [128_000, 500]), (mixed, [1280, 500])] {
        let client = world.client(&FixedNet::new().then(bill));
        let bill = world.now(client.bills(&payments())).expect("a bill").reply;
        let mut bill = bill.in_unit(Unit::Yuan);
        for fen in expected {
            let row = world.now(bill.next()).expect("a row").expect("it can be read");
            assert_eq!(row.amount.map(douyin_pay_protocol::Fen::get), Some(fen));
        }
        assert!(world.now(bill.next()).is_none());
    }
}

#[test]
fn what_is_repeated_and_what_is_final() {
    for (back, attempts, outcome, config) in [
        (r#"{"err_no":1000,"err_tips":""}"#, 3, Outcome::Unknown, false),
        (r#"{"err_no":1001,"err_tips":""}"#, 3, Outcome::NotSent, false),
        (r#"{"error_no":2008,"error_msg":""}"#, 1, Outcome::Refused, true),
        ("invalid sign", 1, Outcome::Refused, true),
        (r#"{"err_no":1,"err_tips":"end_date is before start_date"}"#, 1, Outcome::Refused, false),
        ("<html>busy</html>", 3, Outcome::Unknown, false),
        ("序号,退款状态,订单号\n", 1, Outcome::Unknown, false),
    ] {
        let world = World::new();
        let net = FixedNet::new().then(back).then(back).then(back);
        let error = world.now(world.client(&net).bills(&payments())).expect_err(back);
        assert_eq!(
            (error.attempts(), error.outcome(), error.is_config()),
            (attempts, outcome, config),
            "{back}: {error}"
        );
    }
    let world = World::new();
    let busy = || answer(503, "log", "");
    let net = FixedNet::new().then_answer(busy()).then_fail(lost()).then_answer(answer(200, "log2", BILL));
    let heard = Arc::new(Recorder::default());
    let client = world.builder().net(Arc::new(net)).observer(heard.clone()).build().unwrap();
    let bill = world.now(client.bills(&payments())).expect("the third time");
    assert_eq!((bill.attempts, bill.log_id.as_deref()), (3, Some("log2")));
    let heard: Vec<_> = heard.heard().into_iter().map(|call| (call.http_status, call.err_no)).collect();
    assert_eq!(heard, [(Some(503), None), (None, None), (Some(200), Some(0))]);
}

#[test]
fn a_platform_that_says_nothing_is_left_in_time() {
    let world = World::new();
    let net = FixedNet::new().then_silence();
    let (result, took) = world.run(world.client(&net).bills(&payments()));
    let error = result.expect_err("silence");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(took <= Duration::from_secs(11), "{took:?}");
}

/// Answers with pieces that never end.
struct Endless<F>(F);

impl<F: Fn() -> BodyStream + Send + Sync + 'static> Net for Endless<F> {
    fn send(&self, _: Request<Bytes>, _: Duration) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        Box::pin(async { Err(NetError::not_sent("only in pieces")) })
    }

    fn open(&self, _: Request<Bytes>, _: Duration) -> BoxFuture<Result<Response<BodyStream>, NetError>> {
        let pieces = (self.0)();
        Box::pin(async { Ok(Response::new(pieces)) })
    }
}

/// Answers with these pieces, whatever is asked.
struct Pieces(Mutex<Option<Vec<Result<Bytes, NetError>>>>);

impl Net for Pieces {
    fn send(&self, _: Request<Bytes>, _: Duration) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        Box::pin(async { Err(NetError::not_sent("only in pieces")) })
    }

    fn open(&self, _: Request<Bytes>, _: Duration) -> BoxFuture<Result<Response<BodyStream>, NetError>> {
        let pieces = self.0.lock().expect("one thread").take();
        Box::pin(async {
            let pieces = pieces.ok_or_else(|| NetError::not_sent("asked twice"))?;
            Ok(Response::new(stream::iter(pieces).boxed()))
        })
    }
}

#[test]
fn a_bill_that_breaks_off_is_never_silently_short() {
    let world = World::new();
    let (begin, rest) = BILL.split_at(BILL.len() - 10);
    let pieces = vec![Ok(Bytes::from(begin)), Err(lost()), Ok(Bytes::from(rest))];
    let client = world.builder().net(Arc::new(Pieces(Mutex::new(Some(pieces))))).build().unwrap();
    let mut bill = world.now(client.bills(&payments())).expect("it begins well").reply;
    let copied = Arc::new(Mutex::new(Vec::new()));
    let copy = Arc::clone(&copied);
    bill.copy_to(move |bytes| copy.lock().expect("one thread").extend_from_slice(bytes));
    world.now(async {
        assert!(bill.next().await.expect("a row").is_ok());
        let broken = bill.next().await.expect("an error").expect_err("it broke off");
        assert_eq!(broken, BillFileError::BrokeOff { rows: 1, problem: lost() });
        assert!(broken.to_string().contains("get it again") && !broken.is_of_one_row(), "{broken}");
        assert!(bill.next().await.is_none());
    });
    assert_eq!(bill.lines(), Lines { rows: 1, unreadable: 0, skipped: 0 });
    assert_eq!(*copied.lock().unwrap(), begin.as_bytes());
}

#[test]
fn a_row_that_cannot_be_read_does_not_end_the_bill() {
    let world = World::new();
    let net = FixedNet::new().then(format!("{HEAD}A1,x,支付成功\nA2,5,支付成功\n"));
    let mut bill = world.now(world.client(&net).bills(&payments())).expect("a bill").reply;
    world.now(async {
        let error = bill.next().await.unwrap().unwrap_err();
        assert!(
            error.is_of_one_row() && matches!(error, BillFileError::Bill(BillError::Amount { line: 2, .. }))
        );
        assert!(bill.next().await.unwrap().is_ok());
        assert!(bill.next().await.is_none());
    });
}
