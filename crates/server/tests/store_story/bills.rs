//! Bills beside the books: our side of rows, runs, differences with their exceptions.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{OperationKind, OrderState};
use douyin_pay_protocol::ecpay::bill::BillKind;
use douyin_pay_server::store::{
    BillKey, BillRun, BillWrite, DifferenceFilter, DifferenceType, DonePage, Found, KindFigures,
    NewDifference, OurState, Ours, PaidAmong, PaidPage, Retained, RunState, Side, Span,
};

use crate::desk::{Books, Desk, wait};
use crate::facts::{app, at, fen, open, opened, paid, refund, refund_done, settle};

const DAY: UnixMs = UnixMs::new(1_767_196_800_000);

fn payment(no: &str) -> BillKey {
    BillKey::Payment { out_order_no: Some(no.into()), platform_no: None }
}

fn operation(kind: OperationKind, no: &str, order: Option<&str>, platform: Option<&str>) -> BillKey {
    let text = |text: Option<&str>| text.map(Into::into);
    BillKey::Operation {
        kind,
        out_no: Some(no.into()),
        platform_no: text(platform),
        out_order_no: text(order),
    }
}

fn ours(found: Found) -> Ours {
    match found {
        Found::Ours(ours) => *ours,
        other => panic!("{other:?}"),
    }
}

fn span(from: UnixMs, ms: i64) -> Span {
    Span { from, to: from.plus_ms(ms) }
}

pub(crate) fn rows_find_our_side<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280), opened("O1"), paid("O1", 1280, 1), open("O2", 2, 500)]);
    desk.all(vec![refund("O1", "R1", 300), refund_done("R1", "O1", 300, 2), settle("O1", "S1", 100)]);
    let kind = OperationKind::Refund;
    let keys = vec![
        payment("O1"),
        payment("O2"),
        payment("O3"),
        BillKey::Payment { out_order_no: None, platform_no: Some("NO1".into()) },
        operation(kind, "R1", None, None),
        operation(kind, "R9", Some("O1"), Some("NRR1")),
        operation(kind, "R9", Some("O1"), None),
        operation(kind, "R9", Some("O9"), None),
        operation(OperationKind::Settlement, "S1", None, None),
    ];
    let mut found = wait(desk.reads.bill_sides(app(), keys.clone())).expect("readable").into_iter();
    let mut next = || found.next().expect("one for each key");
    let first = ours(next());
    assert_eq!((first.state, first.amount), (OurState::Order(OrderState::Paid), fen(1280)));
    assert_eq!(first.at, Some(UnixMs::from_seconds(1_767_225_601)));
    assert!(!ours(next()).state.is_done(), "O2 is not paid");
    assert_eq!(next(), Found::Nothing);
    assert_eq!(ours(next()).number, first.number);
    let refunded = ours(next());
    assert_eq!((refunded.place, refunded.amount, refunded.state.as_str()), (Some(0), fen(300), "succeeded"));
    assert_eq!(ours(next()), refunded, "by the platform's number within the order");
    assert_eq!(next(), Found::OrderOnly(first.order));
    assert_eq!(next(), Found::Nothing);
    let settled = ours(next());
    assert_eq!((settled.shares.len(), settled.shares[0].1, settled.state.is_done()), (1, fen(100), false));
    let stranger = "tt2".parse().expect("an app id");
    assert!(
        wait(desk.reads.bill_sides(stranger, keys))
            .expect("readable")
            .iter()
            .all(|one| *one == Found::Nothing)
    );
}

pub(crate) fn a_day_is_paged<B: Books>(mut desk: Desk<B>) {
    for n in 1..=5 {
        let no = format!("O{n}");
        desk.all(vec![open(&no, n, 1280), opened(&no), paid(&no, 1280, i64::try_from(n).expect("small"))]);
    }
    desk.all(vec![open("O6", 6, 100)]);
    desk.all(vec![refund("O1", "R1", 300), refund_done("R1", "O1", 300, 12), refund("O2", "R2", 300)]);
    desk.all(vec![refund("O3", "R3", 300), refund_done("R3", "O3", 300, 13)]);
    let whole = PaidPage {
        app_id: app(),
        among: PaidAmong::Created(span(at(0), 1)),
        paid: span(DAY, 86_400_000),
        ecpay_only: true,
        after: None,
        limit: 3,
    };
    let page = |page: PaidPage| {
        let rows = wait(desk.reads.paid_page(page)).expect("readable");
        (rows.iter().map(|row| row.number.to_string()).collect::<Vec<_>>(), rows.last().map(|row| row.order))
    };
    let (first, last) = page(whole.clone());
    assert_eq!(first, ["O1", "O2", "O3"]);
    assert_eq!(page(PaidPage { after: last, ..whole.clone() }).0, ["O4", "O5"]);
    assert!(page(PaidPage { paid: span(DAY, 1), ..whole.clone() }).0.is_empty());
    assert!(page(PaidPage { among: PaidAmong::Created(span(at(1), 9)), ..whole.clone() }).0.is_empty());
    assert!(page(PaidPage { among: PaidAmong::Odd, ..whole.clone() }).0.is_empty(), "none was imported");
    assert!(page(PaidPage { among: PaidAmong::Untold, ..whole }).0.is_empty());
    let done = DonePage {
        app_id: app(),
        kind: OperationKind::Refund,
        done: span(DAY, 86_400_000),
        untold: false,
        ecpay_only: true,
        after: None,
        limit: 1,
    };
    let mut numbers = Vec::new();
    let mut after = None;
    while let Some(row) = {
        let page = DonePage { after, ..done.clone() };
        wait(desk.reads.done_page(page)).expect("readable").pop()
    } {
        after = Some((row.at.expect("it ended"), row.order, row.place.expect("an operation")));
        numbers.push(row.number.to_string());
    }
    assert_eq!(numbers, ["R1", "R3"]);
}

fn difference(no: &str, run: i64, fen: i64, differs: DifferenceType) -> BillWrite {
    let side = |fen| Some(Side { amount_fen: Some(fen), ..Side::default() });
    BillWrite::Found(Box::new(NewDifference {
        app_id: app(),
        kind: BillKind::Payment,
        number: no.to_owned(),
        differs,
        day: DAY,
        run,
        order: None,
        out_order_no: Some(no.to_owned()),
        merchant_uid: Some("uidA".to_owned()),
        ours: side(1280),
        theirs: side(fen),
        at: at(run),
    }))
}

fn all() -> DifferenceFilter {
    DifferenceFilter::of(app(), 100)
}

pub(crate) fn a_difference_is_kept_once_and_opens_one_exception<B: Books>(mut desk: Desk<B>) {
    let (amount, fee) = (DifferenceType::Amount, DifferenceType::Fee);
    let write = |desk: &mut Desk<B>, writes: Vec<BillWrite>| desk.ask(|journal| journal.write_bills(writes));
    write(&mut desk, vec![difference("O1", 1, 1000, amount), difference("O1", 1, 1000, fee)]);
    write(&mut desk, vec![difference("O1", 2, 1000, amount), difference("O2", 2, 5, amount)]);
    let rows = wait(desk.reads.differences(all())).expect("readable");
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0].found.run, rows[0].found.at), (2, at(1)), "the same figures are no news");
    let open = desk.open_exceptions();
    assert_eq!(open.len(), 3);
    assert!(open.iter().all(|row| row.kind == "bill_differs" && row.repeats == 0));
    assert!(
        open[2].detail.contains("`O1` of the bill of 2026-01-01")
            && open[2].detail.contains("amount 1000 fen"),
        "{}",
        open[2].detail
    );
    // A person closes it: the same figures leave it closed, others open it again.
    assert!(desk.ask(|journal| journal.resolve_exception(open[2].id, "ada", "known", at(3))));
    write(&mut desk, vec![difference("O1", 3, 1000, amount)]);
    assert_eq!(desk.open_exceptions().len(), 2);
    write(&mut desk, vec![difference("O1", 4, 900, amount)]);
    assert_eq!(desk.open_exceptions().len(), 3);
    // What run 4 did not find again is resolved; the exceptions with it.
    let swept = |merchants| {
        let kind = BillKind::Payment;
        vec![BillWrite::Swept { app_id: app(), day: DAY, kind, merchants, run: 4, at: at(5) }]
    };
    write(&mut desk, swept(Some(vec!["uidB".to_owned()])));
    assert_eq!(desk.open_exceptions().len(), 3, "that is another merchant's bill");
    write(&mut desk, swept(Some(vec!["uidA".to_owned()])));
    let open = wait(desk.reads.differences(DifferenceFilter { open_only: true, ..all() })).expect("readable");
    assert_eq!((open.len(), open[0].found.run), (1, 4));
    assert_eq!(desk.open_exceptions().len(), 1);
    let id = open[0].id;
    write(&mut desk, vec![BillWrite::Asked { id, answer: "same", at: at(6) }]);
    let unasked = DifferenceFilter { open_only: true, unasked_only: true, ..all() };
    assert_eq!(wait(desk.reads.count_differences(unasked)), Ok(0));
    write(&mut desk, vec![BillWrite::Agrees { id, by: "query", at: at(7) }]);
    write(&mut desk, vec![BillWrite::Agrees { id, by: "query", at: at(8) }]);
    assert_eq!(desk.open_exceptions(), []);
    // A relapse opens it anew and is asked about anew.
    write(&mut desk, vec![difference("O1", 5, 900, amount)]);
    let again =
        wait(desk.reads.differences(DifferenceFilter { open_only: true, ..all() })).expect("readable");
    assert_eq!((again[0].id, again[0].asked_at, again[0].found.at), (id, None, at(5)));
    let desk = desk.crash();
    assert_eq!(wait(desk.reads.count_differences(all())), Ok(3));
}

pub(crate) fn a_run_comes_back_as_it_was_written<B: Books>(mut desk: Desk<B>) {
    let mut run = BillRun {
        id: 7,
        app_id: app(),
        day: DAY,
        kinds: vec![BillKind::Payment, BillKind::Refund],
        source: "file",
        state: RunState::Matching,
        started_at: at(1),
        matched_at: None,
        finished_at: None,
        figures: Vec::new(),
        differences: 0,
        left_out: 0,
        to_ask: 0,
        asked: 0,
        problem: None,
    };
    let first = run.clone();
    desk.ask(|journal| journal.write_bills(vec![BillWrite::Run(first)]));
    let matched =
        |desk: &Desk<B>, kind| wait(desk.reads.was_matched(app(), DAY, kind, None)).expect("readable");
    assert!(!matched(&desk, BillKind::Payment));
    run.state = RunState::Failed;
    (run.matched_at, run.finished_at) = (Some(at(2)), Some(at(3)));
    let figures = |kind, merchants| KindFigures {
        kind,
        rows: 3,
        matched: 2,
        repeated: 1,
        amount_fen: 10,
        fee_fen: 1,
        commission_fen: 0,
        merchants,
    };
    let of_a = Some(vec!["uidA".to_owned()]);
    run.figures = vec![figures(BillKind::Payment, None), figures(BillKind::Refund, of_a.clone())];
    (run.differences, run.left_out, run.to_ask, run.asked) = (4, 1, 3, 2);
    run.problem = Some("the platform is silent".to_owned());
    let last = run.clone();
    desk.ask(|journal| journal.write_bills(vec![BillWrite::Run(last)]));
    let desk = desk.crash();
    assert_eq!(wait(desk.reads.bill_run(7)), Ok(Some(run.clone())));
    assert_eq!(wait(desk.reads.bill_run(8)), Ok(None));
    assert_eq!(wait(desk.reads.bill_runs(app(), None, 9)), Ok(vec![run]));
    assert_eq!(wait(desk.reads.bill_runs(app(), Some(7), 9)), Ok(vec![]));
    assert_eq!(wait(desk.reads.last_bill_run()), Ok(7));
    assert!(matched(&desk, BillKind::Payment) && !matched(&desk, BillKind::Refund));
    let of = |kind, of| wait(desk.reads.was_matched(app(), DAY, kind, of)).expect("readable");
    assert!(of(BillKind::Refund, of_a.clone()) && !of(BillKind::Refund, Some(vec!["uidB".to_owned()])));
    assert!(of(BillKind::Payment, of_a.clone()) && !of(BillKind::Settle, of_a));
}

pub(crate) fn what_a_neighbouring_bill_had_is_remembered<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280)]);
    let order = desk.order("O1").id;
    let edge = |place| BillWrite::Edge { order, place, day: DAY };
    desk.ask(|journal| journal.write_bills(vec![edge(None), edge(Some(2)), edge(Some(2))]));
    let asked = vec![(order, None), (order, Some(1)), (order, Some(2))];
    assert_eq!(wait(desk.reads.on_an_edge(asked)), Ok(vec![true, false, true]));
}

pub(crate) fn old_bills_are_forgotten_and_what_is_open_is_kept<B: Books>(mut desk: Desk<B>) {
    let amount = DifferenceType::Amount;
    let run = |id: i64| {
        BillWrite::Run(BillRun {
            id,
            app_id: app(),
            day: DAY,
            kinds: vec![BillKind::Payment],
            source: "file",
            state: RunState::Done,
            started_at: at(id),
            matched_at: Some(at(id)),
            finished_at: Some(at(id)),
            figures: Vec::new(),
            differences: 0,
            left_out: 0,
            to_ask: 0,
            asked: 0,
            problem: None,
        })
    };
    let writes =
        vec![run(1), run(2), run(3), difference("O1", 1, 1000, amount), difference("O2", 2, 5, amount)];
    desk.ask(|journal| journal.write_bills(writes));
    let rows = wait(desk.reads.differences(all())).expect("readable");
    let done = BillWrite::Agrees { id: rows[0].id, by: "query", at: at(10) };
    desk.ask(|journal| journal.write_bills(vec![done]));
    let mut forget = |from| {
        let retained = Retained { callbacks_from: at(0), api_log_from: at(0), bills_from: from };
        desk.ask(|journal| journal.forget(retained))
    };
    assert_eq!(forget(at(1)), 0, "nothing is that old");
    assert_eq!(forget(at(11)), 3, "the difference that is done with, its run, and a run that found nothing");
    assert_eq!(forget(at(11)), 0);
    let left = wait(desk.reads.differences(all())).expect("readable");
    assert_eq!((left.len(), left[0].found.run), (1, 2), "what is open is kept");
    assert!(wait(desk.reads.bill_run(2)).expect("readable").is_some(), "with the run that found it");
    assert_eq!(wait(desk.reads.bill_run(1)), Ok(None));
}
