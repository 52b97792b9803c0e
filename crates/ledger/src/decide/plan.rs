//! An order that is settled by itself, so many days after the payment.
//!
//! ```text
//! paid ── days ──▶ early ──▶ ready ──▶ a settlement is asked for ──▶ over
//!                    ▲         │  ▲              │ failed
//!                    │         ▼  └── a wait ────┘ so often, then an exception
//!                  busy: a refund or a settlement is under way; look again when it has ended
//! ```

use douyin_pay_protocol::{Fen, OutNo, UnixMs};

use super::give_up::AUTOMATIC_PREFIX;
use super::{Draft, limits, settleable};
use crate::schedule::{OPERATION_GIVEN_UP_MS, after_failures};
use crate::sums::{minus, total};
use crate::{
    Alarm, AmountBasis, Change, Fact, Item, Operation, OperationKind, OperationState, OperationTrade, Order,
    OrderId, OrderState, Origin, Refusal, Schedule, System,
};

const DAY_MS: i64 = 86_400_000;
/// Something is under way: its end is noticed at once, and this is for the case that it never comes.
const LOOK_AGAIN_MS: i64 = 3_600_000;
/// The platform counts from its own clock and tells the payment's time in whole seconds: nothing is asked too early.
const MARGIN_MS: i64 = 60_000;
/// The number of tries while the first call of guaranteed payment is due.
pub(super) const FIRST_TRY: u16 = 1;
const DESCRIPTION: &str = "到期自动结算";

/// The number of what the ledger asks for by itself, the `n`th of its kind of an order, from 1 on.
///
/// ```
/// use douyin_pay_ledger::{OrderId, automatic_no};
/// use douyin_pay_protocol::UnixMs;
///
/// let order = OrderId::new(UnixMs::new(1_767_225_600_000), 1);
/// assert_eq!(automatic_no(order, 1).as_str(), format!("auto-{order}"));
/// assert_eq!(automatic_no(order, 2).as_str(), format!("auto-{order}-2"));
/// ```
pub fn automatic_no(order: OrderId, n: usize) -> OutNo {
    let text =
        if n <= 1 { format!("{AUTOMATIC_PREFIX}{order}") } else { format!("{AUTOMATIC_PREFIX}{order}-{n}") };
    OutNo::new(text).expect("an order's id is made of letters and digits")
}

/// The next number of that kind that nobody has.
pub(super) fn next_no(order: &Order, kind: OperationKind) -> OutNo {
    let free = (1..).map(|n| automatic_no(order.id, n)).find(|no| order.position(kind, no).is_none());
    free.expect("an order has few operations")
}

/// Whether the ledger asked for it by itself: there is no request of the merchant's, whatever its number looks like.
pub(super) fn is_automatic(operation: &Operation) -> bool {
    operation.origin == Origin::Merchant
        && operation.request_sha256 == [0; 32]
        && operation.out_no.as_str().starts_with(AUTOMATIC_PREFIX)
}

/// Whether it is a settlement that the ledger asked for by itself.
pub(super) fn is_automatic_settlement(operation: &Operation) -> bool {
    operation.kind == OperationKind::Settlement && is_automatic(operation)
}

/// Whether "not found" is the end of it: the ledger asked for the settlement by itself, every call of it was answered
/// and refused, and the platform does not know the number. The next gets a new one. After a call without an answer it
/// is not: the platform may have acted and refuse the repeat and the question for another reason, and rather none than
/// two.
pub(super) fn ends_if_not_found(operation: &Operation) -> bool {
    is_automatic_settlement(operation)
        && operation.state == OperationState::Requested
        && operation.failure.is_some()
        && !is_unanswered(operation)
}

/// Whether a call of a settlement that the ledger asked for by itself may have acted unseen.
fn is_unanswered(operation: &Operation) -> bool {
    operation.ecpay.as_ref().is_some_and(|ecpay| ecpay.unanswered)
}

/// Remembers that a call ended without an answer; says whether that is new. The general trade system tells "not found"
/// from other refusals, so there a query decides.
pub(super) fn note_unanswered(operation: &mut Operation) -> bool {
    if !is_automatic_settlement(operation) || operation.trade.is_some() || is_unanswered(operation) {
        return false;
    }
    operation.ecpay.get_or_insert_default().unanswered = true;
    true
}

/// Whether the ledger asked for the settlement by itself and has never heard of its first call.
pub(crate) fn is_unheard(operation: &Operation) -> bool {
    is_automatic_settlement(operation)
        && operation.trade.is_none()
        && operation.state == OperationState::Requested
        && operation.failure.is_none()
        && operation.schedule.tries <= FIRST_TRY
        && !is_unanswered(operation)
}

/// What can be done about the settlement of an order now.
#[derive(Debug, PartialEq, Eq)]
enum Outlook {
    /// Nothing, and nothing will be: it is settled, nothing is left, or a human has been told.
    Over,
    /// The days are not over.
    Early(UnixMs),
    /// A refund or a settlement is under way.
    Busy,
    /// It failed too often, or what to ask for is not known.
    Exhausted,
    /// It can be asked for: the whole order, or its items.
    Ready(Vec<Part>),
}

/// What one settlement would be about.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    /// The one item; nothing for the whole order.
    item_order_id: Option<Box<str>>,
    /// What is left of it, before fees.
    amount: Fen,
}

/// The days are over: asks for the settlement, if there is anything to settle.
pub(super) fn settlement_due(order: &Order, fact: &Fact) -> Result<Change, Refusal> {
    let mut draft = Draft::of(order, fact);
    // The margin is for planning only: a recorded decision holds, whatever the margin was.
    match outlook(order, fact.at.plus_ms(MARGIN_MS)) {
        Outlook::Over => plan(&mut draft, None),
        Outlook::Early(at) => plan(&mut draft, Some(at)),
        Outlook::Busy => plan(&mut draft, Some(fact.at.plus_ms(LOOK_AGAIN_MS))),
        Outlook::Exhausted => draft.alarm(Alarm::NotSettled, None, || {
            "it was to be settled by itself, and could not; see its settlements and why they failed, then ask for \
             what is left with a number of your own"
                .to_owned()
        }),
        Outlook::Ready(parts) => {
            draft.record = true;
            for part in parts {
                ask_for(&mut draft, part);
            }
            return draft.finish(None);
        }
    }
    draft.finish(Some(Refusal::NothingDue))
}

fn ask_for(draft: &mut Draft<'_>, Part { item_order_id, amount }: Part) {
    let order = &draft.order;
    let out_no = next_no(order, OperationKind::Settlement);
    let finish = item_order_id.is_none();
    let settlement = Operation {
        amount,
        text: DESCRIPTION.into(),
        finish,
        trade: (order.system == System::Trade)
            .then(|| Box::new(OperationTrade { item_order_id, ..OperationTrade::default() })),
        ..Operation::new(OperationKind::Settlement, out_no, Origin::Merchant, draft.fact.at)
    };
    draft.order.operations.push(settlement);
    let at = draft.order.operations.len() - 1;
    draft.call_now(at);
}

/// After every fact that changed something: when to look whether the order can be settled.
pub(super) fn look_again(draft: &mut Draft<'_>) {
    if draft.order.last_settlement().is_some() {
        draft.solve(Alarm::NotSettled, "the order is settled now");
    }
    settleable::solve_when_settled(draft);
    let Some(known) = draft.order.plan.as_ref().filter(|plan| plan.settle_after_days.is_some()) else {
        return;
    };
    let (now, known) = (draft.fact.at, known.settle.due_at);
    let was = draft.before.map_or(Outlook::Over, |before| outlook(before, now));
    let failed = failures(&draft.order);
    let due_at = match outlook(&draft.order, now) {
        Outlook::Over => None,
        Outlook::Early(at) => Some(at),
        Outlook::Busy => Some(known.filter(|at| *at > now).unwrap_or(now.plus_ms(LOOK_AGAIN_MS))),
        Outlook::Exhausted => Some(now),
        Outlook::Ready(_) if draft.before.is_some_and(|before| failures(before) < failed) => {
            Some(now.plus_ms(after_failures(failed)))
        }
        Outlook::Ready(_) if matches!(was, Outlook::Ready(_)) => known.or(Some(now)),
        Outlook::Ready(_) => Some(now),
    };
    plan(draft, due_at);
}

fn plan(draft: &mut Draft<'_>, due_at: Option<UnixMs>) {
    let Some(plan) = &mut draft.order.plan else { return };
    let planned = Schedule { due_at, tries: 0 };
    draft.moved |= plan.settle != planned;
    plan.settle = planned;
}

fn outlook(order: &Order, now: UnixMs) -> Outlook {
    let days = order.plan.as_ref().and_then(|plan| plan.settle_after_days);
    let Some(days) = days.filter(|_| order.state == OrderState::Paid && order.foreign_currency().is_none())
    else {
        return Outlook::Over;
    };
    if order.last_settlement().is_some() || order.alarms.contains(Alarm::NotSettled) {
        return Outlook::Over;
    }
    let busy = is_busy(order, now);
    let (parts, exhausted) = parts(order);
    if parts.is_empty() && !busy {
        return if exhausted { Outlook::Exhausted } else { Outlook::Over };
    }
    // Without the moment of the payment the last one at which it can have been.
    let from = order.paid_at.unwrap_or(order.expires_at).plus_ms(i64::from(days) * DAY_MS + MARGIN_MS);
    match now < from {
        true => Outlook::Early(from),
        false if busy => Outlook::Busy,
        false => Outlook::Ready(parts),
    }
}

/// A settlement of the whole order whose end is not known stands in the way for ever: there must not be two. A
/// refund does only while the platform is still asked about it.
fn is_busy(order: &Order, now: UnixMs) -> bool {
    order.operations.iter().filter(|op| op.is_pending()).any(|op| match op.kind {
        OperationKind::Settlement => op.item_order_id().is_none(),
        OperationKind::Refund => now.since(op.requested_at) <= OPERATION_GIVEN_UP_MS,
        OperationKind::Return | OperationKind::Fulfilment => false,
    })
}

/// What there is to ask for, and whether something was left out because it failed too often.
fn parts(order: &Order) -> (Vec<Part>, bool) {
    let most = match order.system {
        System::Ecpay => limits::SETTLEMENTS_MAX,
        System::Trade => limits::SETTLEMENTS_MAX_TRADE,
    };
    let room = most.saturating_sub(order.operations_of(OperationKind::Settlement).count());
    let (mut kept, hopeless): (Vec<_>, Vec<_>) = left(order).into_iter().partition(|part| {
        failures_of(order, part.item_order_id.as_deref()) < limits::AUTOMATIC_SETTLEMENTS_MAX
    });
    // Settled by item, and the platform has never told which there are: only the merchant knows.
    let unknown = by_item(order) && order.items().is_empty() && order.settleable().amount > Fen::ZERO;
    let exhausted = unknown || !hopeless.is_empty() || kept.len() > room;
    kept.truncate(room);
    (kept, exhausted)
}

/// What nobody has settled or is settling: the items, once one was settled alone, else the whole order.
fn left(order: &Order) -> Vec<Part> {
    let mut rest = order.settleable().amount;
    let mut left = Vec::new();
    if by_item(order) {
        let touched = |item: &&Item| alive(order).any(|op| op.item_order_id() == Some(&*item.item_order_id));
        for item in order.items().iter().filter(|item| !touched(item)) {
            // Together no more than is left: with a discount the items are more than what was paid.
            let amount = order.settleable_of(item).min(rest);
            rest = minus(rest, amount);
            left.push(Part { item_order_id: Some(item.item_order_id.clone()), amount });
        }
    } else {
        // The platform settled by itself, and may have taken its fees besides: there may be nothing left but those.
        let unsure =
            alive(order).filter(|op| op.origin != Origin::Merchant && op.basis == AmountBasis::Unknown);
        if rest > total(unsure.map(Operation::fees)) {
            left.push(Part { item_order_id: None, amount: rest });
        }
    }
    left.retain(|part| part.amount > Fen::ZERO);
    left
}

fn by_item(order: &Order) -> bool {
    alive(order).any(|op| op.item_order_id().is_some())
}

fn alive(order: &Order) -> impl Iterator<Item = &Operation> {
    order.operations_of(OperationKind::Settlement).filter(|op| op.state != OperationState::Failed)
}

/// How often the ledger asked for that settlement in vain.
fn failures_of(order: &Order, item: Option<&str>) -> usize {
    failed(order).filter(|op| op.item_order_id() == item).count()
}

fn failures(order: &Order) -> usize {
    failed(order).count()
}

fn failed(order: &Order) -> impl Iterator<Item = &Operation> {
    order.operations.iter().filter(|op| is_automatic_settlement(op) && op.state == OperationState::Failed)
}
