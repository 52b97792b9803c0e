//! Live queries about what differs: under the shared limits, each remembered with its difference.

use futures_util::future::join_all;

use douyin_pay_ledger::{Order, OrderId, OrderState, Target};
use douyin_pay_protocol::OutNo;
use douyin_pay_protocol::ecpay::bill::BillKind;

use super::begin::{Begun, Halt};
use super::{RunError, compare};
use crate::ask::{Ask, Heard};
use crate::store::{BillKey, BillWrite, Difference, DifferenceType, Found, LoadKey, NewDifference};

/// Questions under way at once: few, so that whoever else asks the platform still has every other turn.
const AT_ONCE: usize = 8;
/// With so many questions in a row without an answer the platform is not there.
const SILENCES_MAX: u32 = 16;

/// Calls that a difference takes at most: a settlement that only the bill tells of may be the platform's own.
fn calls_at_most(one: &Difference) -> u64 {
    if is_settled_elsewhere(one) { 3 } else { 1 }
}

/// Asks about what was never asked about, then about what was asked before this run; with as many calls as the run may
/// make.
pub(super) async fn ask(begun: &mut Begun, calls_max: u64) -> Result<(), Halt> {
    let mut silences = 0;
    let last_call = begun.run.asked.saturating_add(calls_max);
    for never in [true, false] {
        let mut after = 0;
        while begun.run.asked < last_call {
            begun.still_wanted()?;
            let page = begun.server.reads().differences(begun.askable(never, after, AT_ONCE)).await?;
            let shared = shared_out(page, last_call - begun.run.asked);
            let Some((last, _)) = shared.last() else { break };
            after = last.id;
            let heard = join_all(shared.iter().map(|(one, calls)| about(begun, one, *calls))).await;
            let mut writes = Vec::new();
            for ((one, _), asked) in shared.iter().zip(heard) {
                let Asked { outcome, besides, calls } = asked?;
                begun.run.asked += calls;
                silences = if outcome == Outcome::Silence { silences + 1 } else { 0 };
                writes.extend(written(begun, one, outcome));
                begun.run.differences += u64::try_from(besides.len()).unwrap_or(0);
                writes.extend(besides.into_iter().map(|one| BillWrite::Found(one.into())));
            }
            begun.run.to_ask = begun.run.to_ask.max(begun.run.asked);
            writes.push(BillWrite::Run(begun.run.clone()));
            begun.server.journal().write_bills(writes).await?;
            begun.progress.show(&begun.run, None);
            if silences >= SILENCES_MAX {
                return Err(Halt::Problem(
                    "the platform answers no query; resume the run once it does".to_owned(),
                ));
            }
        }
    }
    // What could not be asked about took no call.
    begun.run.to_ask = begun.run.asked;
    Ok(())
}

/// The first of a page, each with the calls that it may take of the `left` ones.
fn shared_out(page: Vec<Difference>, mut left: u64) -> Vec<(Difference, u64)> {
    let mut shared = Vec::with_capacity(page.len());
    for one in page {
        let calls = calls_at_most(&one).min(left);
        if calls == 0 {
            break;
        }
        left -= calls;
        shared.push((one, calls));
    }
    shared
}

/// What a question about a difference brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// The books agree with the bill now.
    Agrees,
    /// The platform told something, and the sides still differ.
    Differs,
    /// The platform confirms what the books have; the bill does not.
    Confirmed,
    /// The platform does not know it either.
    NotFound,
    /// The number cannot be asked about.
    NotAskable,
    /// No answer: asked again by the next run.
    Silence,
    /// The calls ran out before the last question: asked again by the next run.
    CutShort,
}

fn written(begun: &Begun, one: &Difference, outcome: Outcome) -> Vec<BillWrite> {
    let (id, at) = (one.id, begun.server.env().now());
    let asked = |answer| BillWrite::Asked { id, answer, at };
    match outcome {
        Outcome::Agrees => vec![asked("agrees"), BillWrite::Agrees { id, by: "query", at }],
        Outcome::Differs => vec![asked("differs")],
        Outcome::Confirmed => vec![asked("confirmed")],
        Outcome::NotFound => vec![asked("not_found")],
        Outcome::NotAskable => vec![asked("not_askable")],
        Outcome::Silence | Outcome::CutShort => Vec::new(),
    }
}

/// What asking about a difference brought.
struct Asked {
    outcome: Outcome,
    /// Differences that show only now that the books know what the bill is about.
    besides: Vec<NewDifference>,
    /// Calls that were made.
    calls: u64,
}

impl Asked {
    const fn only(outcome: Outcome, calls: u64) -> Self {
        Self { outcome, besides: Vec::new(), calls }
    }
}

/// Asks with at most `calls_max` calls.
async fn about(begun: &Begun, one: &Difference, calls_max: u64) -> Result<Asked, RunError> {
    let nothing = Asked::only(Outcome::NotAskable, 0);
    let Some((id, target)) = one.found.order.zip(target(one)) else { return Ok(nothing) };
    let Some(order) = load(begun, id).await? else { return Ok(nothing) };
    let with =
        |order: Order| Ask { server: begun.server.clone(), app: begun.app.clone(), order: order.into() };
    let (mut ask, mut calls) = (with(order), 0);
    if is_settled_elsewhere(one) {
        // What is not paid by the books is not settled by them either.
        if ask.order.state != OrderState::Paid {
            calls += 1;
            if ask.hear_once(&Target::Order).await == Heard::Silence {
                return Ok(Asked::only(Outcome::Silence, calls));
            }
            ask = match load(begun, id).await? {
                Some(order) => with(order),
                None => ask,
            };
        }
        if calls == calls_max {
            return Ok(Asked::only(Outcome::CutShort, calls));
        }
        // One that the platform made by itself must be taken over as such, so it is not asked for by number first.
        let own = ask.hear_of_own_settlements().await;
        calls += u64::from(own.is_some());
        match own {
            Some(Heard::Told) => {
                let asked = compared(begun, one, calls).await?;
                if asked.outcome != Outcome::NotFound {
                    return Ok(asked);
                }
            }
            Some(Heard::Silence) => return Ok(Asked::only(Outcome::Silence, calls)),
            Some(Heard::NotFound) | None => {}
        }
        if calls == calls_max {
            return Ok(Asked::only(Outcome::CutShort, calls));
        }
    }
    match ask.hear_once(&target).await {
        Heard::Told => compared(begun, one, calls + 1).await,
        Heard::NotFound => Ok(Asked::only(Outcome::NotFound, calls + 1)),
        Heard::Silence => Ok(Asked::only(Outcome::Silence, calls + 1)),
    }
}

fn is_settled_elsewhere(one: &Difference) -> bool {
    one.found.kind == BillKind::Settle && one.found.differs == DifferenceType::TheirsOnly
}

/// What a query must be about.
fn target(one: &Difference) -> Option<Target> {
    let kind = match one.found.kind {
        BillKind::Payment => return Some(Target::Order),
        kind => compare::operation_kind(kind)?,
    };
    OutNo::new(&one.found.number).ok().map(|number| Target::Operation(kind, number))
}

async fn load(begun: &Begun, order: OrderId) -> Result<Option<Order>, RunError> {
    let mut found = begun.server.reads().orders_of(vec![LoadKey::Id(order)]).await?;
    Ok(found.pop().flatten())
}

/// The books as they are after the answer, against what the bill said.
async fn compared(begun: &Begun, one: &Difference, calls: u64) -> Result<Asked, RunError> {
    let only = |outcome| Ok(Asked::only(outcome, calls));
    let out_order_no = one.found.out_order_no.as_deref().map(Into::into);
    let key = match compare::operation_kind(one.found.kind) {
        None => BillKey::Payment { out_order_no, platform_no: None },
        Some(kind) => {
            let out_no = Some(one.found.number.as_str().into());
            let theirs = one.found.theirs.as_ref().and_then(|side| side.platform_no.as_deref());
            BillKey::Operation { kind, out_no, platform_no: theirs.map(Into::into), out_order_no }
        }
    };
    let mut found = begun.server.reads().bill_sides(begun.run.app_id.clone(), vec![key]).await?;
    let Some(Found::Ours(ours)) = found.pop() else { return only(Outcome::NotFound) };
    let Some(theirs) = &one.found.theirs else {
        // Only the books have it. The platform knows it, so the bill is late, of another day, or incomplete.
        let outcome = if ours.state.is_done() { Outcome::Confirmed } else { Outcome::Differs };
        return only(outcome);
    };
    let mut still = compare::differs(one.found.kind, &ours, theirs);
    if !compare::is_clear(theirs) {
        // The bill's word for the state is unknown here; the platform's answer stands for it.
        still.retain(|differs| *differs != DifferenceType::State);
    }
    if one.found.differs != DifferenceType::TheirsOnly {
        let differs = still.contains(&one.found.differs);
        return only(if differs { Outcome::Differs } else { Outcome::Agrees });
    }
    // Adopted: the books have it now, and may have it otherwise.
    let at = begun.server.env().now();
    let (run, side) = (begun.run.id, compare::our_side(&ours));
    let otherwise = still.into_iter().map(|differs| NewDifference {
        differs,
        run,
        at,
        ours: Some(side.clone()),
        ..one.found.clone()
    });
    Ok(Asked { outcome: Outcome::Agrees, besides: otherwise.collect(), calls })
}
