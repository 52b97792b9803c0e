//! Runs, differences and months as shown: alike over REST and on the command line.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::view::Beijing;
use serde::Serialize;

use super::{Day, MerchantMonth, Month};
use crate::store::{BillRun, Difference, DifferenceType, KindFigures, Side};

/// A run as it is shown.
#[derive(Serialize)]
pub struct RunView {
    id: i64,
    date: String,
    kinds: Vec<&'static str>,
    source: &'static str,
    state: &'static str,
    started_at: Beijing,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Beijing>,
    rows: u64,
    bills: Vec<KindFigures>,
    differences: u64,
    differences_left_out: u64,
    queries: u64,
    queries_done: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    eta_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

impl RunView {
    /// A run, and in how many seconds it will be over if that is known.
    pub fn of(run: BillRun, eta_seconds: Option<u64>) -> Self {
        Self {
            id: run.id,
            date: Day::of_midnight(run.day).to_string(),
            kinds: run.kinds.iter().map(|kind| kind.as_str()).collect(),
            source: run.source,
            state: run.state.as_str(),
            started_at: Beijing(run.started_at),
            finished_at: run.finished_at.map(Beijing),
            rows: run.figures.iter().map(|figures| figures.rows).sum(),
            bills: run.figures,
            differences: run.differences,
            differences_left_out: run.left_out,
            queries: run.to_ask,
            queries_done: run.asked,
            eta_seconds,
            problem: run.problem,
        }
    }
}

/// A difference as it is shown.
#[derive(Serialize)]
pub struct DifferenceView {
    id: i64,
    date: String,
    kind: &'static str,
    #[serde(rename = "type")]
    differs: DifferenceType,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_order_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ours: Option<SideView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs: Option<SideView>,
    found_at: Beijing,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by: Option<String>,
}

/// One side as it is shown.
#[derive(Serialize)]
struct SideView {
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_fen: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fee_fen: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commission_fen: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shares: Vec<ShareView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_no: Option<String>,
}

#[derive(Serialize)]
struct ShareView {
    merchant_uid: String,
    amount_fen: i64,
}

impl DifferenceView {
    /// As it is kept.
    pub fn of(one: Difference) -> Self {
        Self {
            id: one.id,
            date: Day::of_midnight(one.found.day).to_string(),
            kind: one.found.kind.as_str(),
            differs: one.found.differs,
            number: one.found.number,
            out_order_no: one.found.out_order_no,
            order_id: one.found.order.map(|order| order.to_string()),
            ours: one.found.ours.map(SideView::of),
            theirs: one.found.theirs.map(SideView::of),
            found_at: Beijing(one.found.at),
            asked_at: one.asked_at.map(Beijing),
            answer: one.answer,
            resolved_at: one.resolved_at.map(Beijing),
            resolved_by: one.resolved_by,
        }
    }
}

impl SideView {
    fn of(side: Side) -> Self {
        let share = |(merchant_uid, amount_fen)| ShareView { merchant_uid, amount_fen };
        Self {
            amount_fen: side.amount_fen,
            state: side.state,
            fee_fen: side.fee_fen,
            commission_fen: side.commission_fen,
            shares: side.shares.into_iter().map(share).collect(),
            at: side.at_ms.map(UnixMs::new).map(Beijing),
            platform_no: side.platform_no,
        }
    }
}

/// A month as it is shown.
#[derive(Serialize)]
pub struct MonthView {
    month: String,
    merchants: Vec<MerchantView>,
}

/// A merchant's month as it is shown.
#[derive(Serialize)]
struct MerchantView {
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_uid: Option<String>,
    payments: u64,
    gross_fen: i64,
    refund_fen: i64,
    fee_fen: i64,
    commission_fen: i64,
    shared_out_fen: i64,
    shared_in_fen: i64,
    net_fen: i64,
    fees_unknown: u64,
}

impl MerchantView {
    fn of(one: MerchantMonth) -> Self {
        Self {
            merchant_uid: one.merchant_uid,
            payments: one.payments,
            gross_fen: one.gross_fen,
            refund_fen: one.refund_fen,
            fee_fen: one.fee_fen,
            commission_fen: one.commission_fen,
            shared_out_fen: one.shared_out_fen,
            shared_in_fen: one.shared_in_fen,
            net_fen: one.net_fen,
            fees_unknown: one.fees_unknown,
        }
    }
}

impl MonthView {
    /// The sums of a month.
    pub fn of(month: Month, merchants: Vec<MerchantMonth>) -> Self {
        Self { month: month.to_string(), merchants: merchants.into_iter().map(MerchantView::of).collect() }
    }
}
