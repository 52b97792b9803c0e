//! Live queries about what differs: under the shared limits, each remembered with its difference.

use futures_util::future::join_all;

use douyin_pay_ledger::{Order, OrderId, Target};
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

/// Asks about what was never asked about, then about what was asked before this run; up to what the run may ask.
pub(super) async fn ask(begun: &mut Begun) -> Result<(), Halt> {
    let mut silences = 0;
    for never in [true, false] {
        let mut after = 0;
        while begun.run.asked < begun.run.to_ask {
            begun.still_wanted()?;
            let left = begun.run.to_ask - begun.run.asked;
            let limit = usize::try_from(left).unwrap_or(AT_ONCE).min(AT_ONCE);
            let filter = begun.askable(never, after, limit);
            let page = begun.server.reads().differences(filter).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let heard = join_all(page.iter().map(|one| about(begun, one))).await;
            let mut writes = Vec::new();
            for (one, heard) in page.iter().zip(heard) {
                begun.run.asked += 1;
                let (heard, besides) = heard?;
                silences = if heard == Outcome::Silence { silences + 1 } else { 0 };
                writes.extend(written(begun, one, heard));
                begun.run.differences += u64::try_from(besides.len()).unwrap_or(0);
                writes.extend(besides.into_iter().map(BillWrite::Found));
            }
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
    Ok(())
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
        Outcome::Silence => Vec::new(),
    }
}

/// The answer, and differences that show only now that the books know what the bill is about.
type Answer = (Outcome, Vec<NewDifference>);

async fn about(begun: &Begun, one: &Difference) -> Result<Answer, RunError> {
    let only = |outcome| Ok((outcome, Vec::new()));
    let Some((order, target)) = one.found.order.zip(target(one)) else { return only(Outcome::NotAskable) };
    let Some(order) = load(begun, order).await? else { return only(Outcome::NotAskable) };
    let ask = Ask { server: begun.server.clone(), app: begun.app.clone(), order: order.into() };
    let heard = match ask.hear(&target).await {
        // A settlement that the platform made by itself may be known with its order only.
        Heard::NotFound if is_settled_elsewhere(one) => ask.hear(&Target::Order).await,
        heard => heard,
    };
    match heard {
        Heard::Told => compared(begun, one).await,
        Heard::NotFound => only(Outcome::NotFound),
        Heard::Silence => only(Outcome::Silence),
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
async fn compared(begun: &Begun, one: &Difference) -> Result<Answer, RunError> {
    let out_order_no = one.found.out_order_no.as_deref().map(Into::into);
    let key = match compare::operation_kind(one.found.kind) {
        None => BillKey::Payment { out_order_no, platform_no: None },
        Some(kind) => {
            let out_no = Some(one.found.number.as_str().into());
            BillKey::Operation { kind, out_no, platform_no: None, out_order_no }
        }
    };
    let mut found = begun.server.reads().bill_sides(begun.run.app_id.clone(), vec![key]).await?;
    let Some(Found::Ours(ours)) = found.pop() else { return Ok((Outcome::NotFound, Vec::new())) };
    let Some(theirs) = &one.found.theirs else {
        // Only the books have it. The platform knows it, so the bill is late, of another day, or incomplete.
        let outcome = if ours.state.is_done() { Outcome::Confirmed } else { Outcome::Differs };
        return Ok((outcome, Vec::new()));
    };
    let mut still = compare::differs(one.found.kind, &ours, theirs);
    if !compare::is_clear(theirs) {
        // The bill's word for the state is unknown here; the platform's answer stands for it.
        still.retain(|differs| *differs != DifferenceType::State);
    }
    if one.found.differs != DifferenceType::TheirsOnly {
        let differs = still.contains(&one.found.differs);
        return Ok((if differs { Outcome::Differs } else { Outcome::Agrees }, Vec::new()));
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
    Ok((Outcome::Agrees, otherwise.collect()))
}
