//! One row against our side of it.

use douyin_pay_ledger::OperationKind;
use douyin_pay_protocol::ecpay::bill::{BillKind, Row, RowStatus};
use douyin_pay_protocol::{Fen, UnixMs};

use super::Day;
use crate::store::{BillKey, DifferenceType, OurState, Ours, Side};

/// The bill's words, as they are kept.
const SUCCESS: &str = "success";
const PROCESSING: &str = "processing";
const FAILED: &str = "failed";

/// The operation that a bill is about; nothing for payments and for what the books do not know.
pub(super) const fn operation_kind(kind: BillKind) -> Option<OperationKind> {
    match kind {
        BillKind::Refund => Some(OperationKind::Refund),
        BillKind::Settle => Some(OperationKind::Settlement),
        BillKind::Return => Some(OperationKind::Return),
        BillKind::Payment
        | BillKind::Withdraw
        | BillKind::Rebate
        | BillKind::AnnualRebate
        | BillKind::Fund => None,
    }
}

/// Whether the books have anything beside such a bill.
pub(super) const fn is_compared(kind: BillKind) -> bool {
    matches!(kind, BillKind::Payment) || operation_kind(kind).is_some()
}

/// How the books are asked about a row.
pub(super) fn key(row: &Row) -> BillKey {
    let platform = |number: &Option<douyin_pay_protocol::PlatformNo>| {
        number.as_ref().map(|number| number.as_str().into())
    };
    let out_order_no = row.out_order_no.as_ref().map(|number| number.as_str().into());
    match operation_kind(row.kind) {
        None => BillKey::Payment { out_order_no, platform_no: platform(&row.order_id) },
        Some(kind) => BillKey::Operation {
            kind,
            out_no: row.out_no.clone(),
            platform_no: platform(&row.platform_no),
            out_order_no,
        },
    }
}

/// By what number a row that the books do not have is called. A made-up one is that of no other day or merchant.
pub(super) fn number(row: &Row, day: Day) -> String {
    let platform = |number: &Option<douyin_pay_protocol::PlatformNo>| {
        number.as_ref().map(|number| number.as_str().to_owned())
    };
    let order = || row.out_order_no.as_ref().map(|number| number.as_str().to_owned());
    let own = || row.out_no.as_ref().map(|number| number.to_string());
    let found = match row.kind {
        BillKind::Payment => order().or_else(|| platform(&row.order_id)),
        _ => own().or_else(|| platform(&row.platform_no)).or_else(order),
    };
    found.unwrap_or_else(|| match &row.merchant_uid {
        Some(uid) => format!("{day} {uid} line {}", row.line),
        None => format!("{day} line {}", row.line),
    })
}

/// The amount that a row is about.
pub(super) fn amount(row: &Row) -> Option<Fen> {
    if row.kind == BillKind::Payment { row.amount } else { row.op_amount }
}

/// What a row says.
pub(super) fn their_side(row: &Row) -> Side {
    let fen = |amount: Option<Fen>| amount.map(Fen::get);
    let platform_no = if row.kind == BillKind::Payment { &row.order_id } else { &row.platform_no };
    Side {
        amount_fen: fen(amount(row)),
        state: match &row.status {
            RowStatus::Success => Some(SUCCESS.to_owned()),
            RowStatus::Processing => Some(PROCESSING.to_owned()),
            RowStatus::Failed => Some(FAILED.to_owned()),
            RowStatus::Other(text) => (!text.is_empty()).then(|| text.to_string()),
        },
        fee_fen: fen(row.fee),
        commission_fen: fen(row.commission),
        shares: row.shares.iter().map(|(uid, amount)| (uid.as_str().to_owned(), amount.get())).collect(),
        at_ms: row.finished_at.or(row.at).map(UnixMs::get),
        platform_no: platform_no.as_ref().map(|number| number.as_str().to_owned()),
    }
}

/// What the books say.
pub(super) fn our_side(ours: &Ours) -> Side {
    Side {
        amount_fen: Some(ours.amount.get()),
        state: Some(ours.state.as_str().to_owned()),
        fee_fen: ours.fee.map(Fen::get),
        commission_fen: ours.commission.map(Fen::get),
        shares: ours.shares.iter().map(|(uid, amount)| (uid.as_str().to_owned(), amount.get())).collect(),
        at_ms: ours.at.map(UnixMs::get),
        platform_no: ours.platform_no.as_ref().map(|number| number.to_string()),
    }
}

/// In what the two sides differ. What only one of them tells is no difference.
pub(super) fn differs(kind: BillKind, ours: &Ours, theirs: &Side) -> Vec<DifferenceType> {
    let mut found = Vec::new();
    if states_differ(ours.state, theirs.state.as_deref()) {
        found.push(DifferenceType::State);
    }
    if amounts_differ(kind, ours, theirs) {
        found.push(DifferenceType::Amount);
    }
    let other = |ours: Option<Fen>, theirs: Option<i64>| {
        ours.zip(theirs).is_some_and(|(ours, theirs)| ours.get() != theirs)
    };
    if other(ours.fee, theirs.fee_fen) || other(ours.commission, theirs.commission_fen) {
        found.push(DifferenceType::Fee);
    }
    found
}

/// Whether the bill's word for the state is known here.
pub(super) fn is_clear(theirs: &Side) -> bool {
    matches!(theirs.state.as_deref(), None | Some(SUCCESS | PROCESSING | FAILED))
}

/// A bill that says *processing* is older than any final word. A word that nobody knows is no agreement.
fn states_differ(ours: OurState, theirs: Option<&str>) -> bool {
    match theirs {
        None | Some(PROCESSING) => false,
        Some(SUCCESS) => !ours.is_done(),
        Some(FAILED) => !matches!(ours.as_str(), "failed" | "closed" | "refused"),
        Some(_) => true,
    }
}

/// Nobody documents which amount of a settlement a bill states: the settled one before or after fee and commission, or
/// the shares. Any of them agrees; the shares themselves are compared always.
fn amounts_differ(kind: BillKind, ours: &Ours, theirs: &Side) -> bool {
    let Some(stated) = theirs.amount_fen else {
        return match kind {
            BillKind::Settle => shares_differ(ours, theirs),
            BillKind::Return => receiver_differs(ours, theirs),
            _ => false,
        };
    };
    if kind != BillKind::Settle {
        return stated != ours.amount.get() || (kind == BillKind::Return && receiver_differs(ours, theirs));
    }
    let fees = [ours.fee, ours.commission].into_iter().flatten();
    let fees = Fen::sum(fees).unwrap_or(Fen::MAX);
    let shares = Fen::sum(ours.shares.iter().map(|(_, amount)| *amount)).unwrap_or(Fen::MAX);
    let meant =
        [Some(ours.amount), ours.amount.checked_add(fees), ours.amount.checked_sub(fees), Some(shares)];
    let none_fits = !meant.into_iter().flatten().any(|amount| amount.get() == stated);
    (ours.state.is_done() && none_fits) || shares_differ(ours, theirs)
}

/// A return is one receiver's: whoever the bill names must give back here too, if it is known here.
fn receiver_differs(ours: &Ours, theirs: &Side) -> bool {
    let gives = |uid: &str| ours.shares.iter().any(|(receiver, _)| receiver.as_str() == uid);
    !ours.shares.is_empty() && theirs.shares.iter().any(|(uid, _)| !gives(uid))
}

/// Every receiver of ours got as much there; besides them only the seller may be named.
fn shares_differ(ours: &Ours, theirs: &Side) -> bool {
    // Who shares in the platform's own settlement is not known here.
    if theirs.shares.is_empty() || !ours.state.is_done() || !ours.asked_here {
        return false;
    }
    let got = |uid: &str| -> i64 {
        theirs
            .shares
            .iter()
            .filter(|(other, _)| other == uid)
            .fold(0, |sum, (_, fen)| sum.saturating_add(*fen))
    };
    let given = |uid: &str| {
        let mine = ours.shares.iter().filter(|(other, _)| other.as_str() == uid);
        Fen::sum(mine.map(|(_, amount)| *amount)).unwrap_or(Fen::MAX).get()
    };
    ours.shares.iter().any(|(uid, _)| got(uid.as_str()) != given(uid.as_str()))
        || theirs.shares.iter().any(|(uid, fen)| {
            *fen != 0 && given(uid) == 0 && ours.seller_uid.as_deref() != Some(uid.as_str())
        })
}

#[cfg(test)]
mod tests {
    use douyin_pay_ledger::{OperationState, OrderId, OrderState};
    use douyin_pay_protocol::{MerchantUid, OutOrderNo};

    use super::*;

    fn fen(fen: i64) -> Fen {
        Fen::new(fen).expect("an amount")
    }

    fn row(kind: BillKind, amount: i64, status: RowStatus) -> Row {
        Row {
            line: 7,
            kind,
            at: None,
            merchant_uid: None,
            out_order_no: OutOrderNo::new("O1").ok(),
            order_id: None,
            channel_no: "".into(),
            amount: Some(fen(if kind == BillKind::Payment { amount } else { 9999 })),
            way: None,
            status,
            out_no: (kind != BillKind::Payment).then(|| "R1".into()),
            platform_no: None,
            op_amount: (kind != BillKind::Payment).then(|| fen(amount)),
            fee: None,
            commission: None,
            shares: Vec::new(),
            finished_at: None,
            extra: Vec::new(),
        }
    }

    fn ours(state: OurState) -> Ours {
        Ours {
            order: OrderId::from_i64(1).expect("an id"),
            place: None,
            out_order_no: "O1".into(),
            number: "R1".into(),
            state,
            asked_here: true,
            amount: fen(1280),
            fee: Some(fen(8)),
            commission: None,
            shares: Vec::new(),
            at: None,
            seller_uid: Some("seller".into()),
            platform_no: None,
        }
    }

    #[test]
    fn states_and_amounts() {
        use DifferenceType::{Amount, State};
        let (paid, waiting) = (OurState::Order(OrderState::Paid), OurState::Order(OrderState::Waiting));
        let closed = OurState::Order(OrderState::Closed);
        let [requested, failed, done] =
            [OperationState::Requested, OperationState::Failed, OperationState::Succeeded]
                .map(OurState::Operation);
        let other = |text: &str| RowStatus::Other(text.into());
        for (kind, mine, amount, status, expected) in [
            (BillKind::Payment, paid, 1280, RowStatus::Success, vec![]),
            (BillKind::Payment, paid, 1281, RowStatus::Success, vec![Amount]),
            (BillKind::Payment, waiting, 1280, RowStatus::Success, vec![State]),
            (BillKind::Payment, closed, 1280, RowStatus::Success, vec![State]),
            (BillKind::Payment, waiting, 1, RowStatus::Success, vec![State, Amount]),
            (BillKind::Payment, closed, 1280, RowStatus::Failed, vec![]),
            (BillKind::Payment, paid, 1280, other(""), vec![]),
            (BillKind::Payment, paid, 1280, other("冻结"), vec![State]),
            (BillKind::Refund, done, 1280, RowStatus::Success, vec![]),
            (BillKind::Refund, done, 1280, RowStatus::Processing, vec![]),
            (BillKind::Refund, requested, 1280, RowStatus::Success, vec![State]),
            (BillKind::Refund, requested, 1280, RowStatus::Processing, vec![]),
            (BillKind::Refund, requested, 1280, RowStatus::Failed, vec![State]),
            (BillKind::Refund, failed, 1280, RowStatus::Failed, vec![]),
            (BillKind::Refund, failed, 1280, RowStatus::Success, vec![State]),
            (BillKind::Refund, done, 1280, RowStatus::Failed, vec![State]),
            (BillKind::Return, done, 30, RowStatus::Success, vec![Amount]),
        ] {
            let shown = format!("{kind} {mine:?} {amount} {status:?}");
            let theirs = their_side(&row(kind, amount, status));
            assert_eq!(differs(kind, &ours(mine), &theirs), expected, "{shown}");
        }
    }

    #[test]
    fn settlements_differ_by_shares_and_fees() {
        use DifferenceType::{Amount, Fee};
        let uid = |text: &str| MerchantUid::new(text).expect("a uid");
        let mine = Ours {
            shares: vec![(uid("partner"), fen(60))],
            ..ours(OurState::Operation(OperationState::Succeeded))
        };
        for (amount, fee, shares, expected) in [
            (1280, 8, vec![("partner", 60)], vec![]),
            (1272, 8, vec![("partner", 60)], vec![]),
            (1288, 8, vec![("partner", 60), ("seller", 1212)], vec![]),
            (60, 8, vec![], vec![]),
            (1270, 8, vec![], vec![Amount]),
            (1280, 9, vec![("partner", 60)], vec![Fee]),
            (1280, 8, vec![("partner", 59)], vec![Amount]),
            (1280, 8, vec![("partner", 60), ("stranger", 1)], vec![Amount]),
            (1280, 7, vec![("stranger", 60)], vec![Amount, Fee]),
        ] {
            let mut row = row(BillKind::Settle, amount, RowStatus::Success);
            row.fee = Some(fen(fee));
            row.commission = Some(fen(5));
            row.shares = shares.iter().map(|(who, part)| (uid(who), fen(*part))).collect();
            let found = differs(BillKind::Settle, &mine, &their_side(&row));
            assert_eq!(found, expected, "{amount} {fee} {shares:?}");
        }
        let adopted = Ours { asked_here: false, shares: Vec::new(), ..mine };
        let mut row = row(BillKind::Settle, 1280, RowStatus::Success);
        row.shares = vec![(uid("partner"), fen(60))];
        assert_eq!(
            differs(BillKind::Settle, &adopted, &their_side(&row)),
            vec![],
            "nobody here knows who shares"
        );
    }

    #[test]
    fn returns_differ_by_who_gives_back() {
        let uid = |text: &str| MerchantUid::new(text).expect("a uid");
        let done = OurState::Operation(OperationState::Succeeded);
        for (mine, named, expected) in [
            (Some("partner"), Some("partner"), vec![]),
            (Some("partner"), Some("stranger"), vec![DifferenceType::Amount]),
            (Some("partner"), None, vec![]),
            (None, Some("partner"), vec![]),
        ] {
            let shares = mine.map(|who| (uid(who), fen(1280)));
            let mine = Ours { shares: shares.into_iter().collect(), ..ours(done) };
            let mut row = row(BillKind::Return, 1280, RowStatus::Success);
            row.shares = named.map(|who| (uid(who), fen(1280))).into_iter().collect();
            let found = differs(BillKind::Return, &mine, &their_side(&row));
            assert_eq!(found, expected, "{:?} {named:?}", mine.shares);
        }
    }

    #[test]
    fn a_row_without_a_number_is_called_by_its_day_and_line() {
        let day = "2026-01-05".parse().expect("a day");
        let mut row = row(BillKind::Payment, 1, RowStatus::Success);
        assert_eq!(number(&row, day), "O1");
        row.out_order_no = None;
        assert_eq!(number(&row, day), "2026-01-05 line 7");
        row.merchant_uid = MerchantUid::new("uidA").ok();
        assert_eq!(number(&row, day), "2026-01-05 uidA line 7");
        row.order_id = douyin_pay_protocol::PlatformNo::new("N7").ok();
        assert_eq!(number(&row, day), "N7");
    }
}
