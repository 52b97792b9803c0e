//! What must hold once faults have stopped and the world has come to rest.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use douyin_pay_ledger::{Exception, OrderId, check_projection, fold};
use douyin_pay_mock::DeliveryRecord;
use douyin_pay_server::store::{LoadKey, StoreError};
use futures_util::FutureExt;

use crate::world::World;

/// More orders than a story ever makes.
const ORDERS_MAX: usize = 1000;

/// Checks every promise.
///
/// # Errors
/// The first promise that is broken.
pub(crate) fn check(world: &World) -> anyhow::Result<()> {
    world.mock.verify().map_err(anyhow::Error::msg).context("the platform's own books")?;
    let over: u64 = world.mock.calls().limits.iter().map(|watch| watch.over_promise).sum();
    ensure!(over == 0, "{over} calls above the promised rate");
    let complaints = world.shop.complaints();
    ensure!(complaints.is_empty(), "the shop complains: {}", complaints.join("; "));
    let reads = world.server().reads();
    let mut kept = BTreeSet::new();
    for order in now(reads.order_ids(None, ORDERS_MAX))? {
        check_order(world, order).with_context(|| format!("order {order}"))?;
        let timeline = now(reads.timeline(order))?;
        kept.extend(timeline.callbacks.into_iter().map(|row| (row.kind, row.number)));
    }
    // Withdrawals belong to no order: who asked for one watches it, and the books only keep what came.
    let of_orders = |delivery: &DeliveryRecord| delivery.acknowledged && delivery.kind != "withdraw";
    for delivery in world.mock.callbacks().deliveries.into_iter().filter(of_orders) {
        let callback = (delivery.kind, delivery.number);
        // A refund that the platform's side started is named after its number here.
        let named_by_us = (callback.0.clone(), format!("dy-{}", callback.1));
        ensure!(
            kept.contains(&callback) || kept.contains(&named_by_us),
            "{callback:?} was acknowledged and is not in the books"
        );
    }
    let allowed = [Exception::OUTCOME_UNKNOWN, Exception::CONFIG];
    for exception in now(reads.exceptions(true, None, ORDERS_MAX))? {
        ensure!(
            allowed.contains(&exception.kind.as_str()),
            "exception `{}`: {}",
            exception.kind,
            exception.detail
        );
    }
    let events = now(reads.events(0, ORDERS_MAX, Vec::new()))?;
    let undelivered = events.iter().filter(|event| event.state != "delivered").count();
    ensure!(undelivered == 0, "{undelivered} of {} events were never delivered", events.len());
    ensure!(
        events.len() == world.shop.events(),
        "{} events sent, {} heard",
        events.len(),
        world.shop.events()
    );
    Ok(())
}

/// Projection = fold, and nothing is still awaited.
fn check_order(world: &World, id: OrderId) -> anyhow::Result<()> {
    let reads = world.server().reads();
    let facts = now(reads.facts(id))?;
    let folded = fold(facts.iter().map(|row| (row.seq, &row.fact)))?;
    let stored = now(reads.orders_of(vec![LoadKey::Id(id)]))?.remove(0).context("the order is gone")?;
    check_projection(&stored, &folded)?;
    ensure!(stored.due_at().is_none(), "something is still awaited at {:?}", stored.due_at());
    Ok(())
}

/// Reads of the simulated service answer at once.
fn now<T>(read: impl Future<Output = Result<T, StoreError>>) -> anyhow::Result<T> {
    Ok(read.now_or_never().context("a read that waits")??)
}
