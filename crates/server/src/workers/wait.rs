//! The loop around every worker: it waits for work without polling.

use std::sync::Arc;
use std::time::Duration;

use douyin_pay_env::{BoxFuture, UnixMs};
use futures_util::{FutureExt, select_biased};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::Server;
use crate::store::{Reads, StoreError};

/// However far the next due time is, look again after this: the calendar may have been moved.
const LOOK_AGAIN: Duration = Duration::from_secs(600);
/// After a failure, or when nothing could be taken although something is due.
const PAUSE: Duration = Duration::from_secs(1);

/// Why the waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Look what is due.
    Look,
    /// End.
    Stop,
}

/// When something is due next, if anything is.
type NextDue = Result<Option<UnixMs>, StoreError>;

/// What one worker does.
pub(super) struct Worker {
    /// When something is due next.
    pub(super) next_due: fn(&dyn Reads) -> BoxFuture<NextDue>,
    /// Leases what is due and starts the work on it; how many that are.
    pub(super) step: fn(Server, Arc<Semaphore>) -> BoxFuture<usize>,
    /// How many at once.
    pub(super) at_once: usize,
    /// So long after a signal more usually follows: then look once for all of it.
    pub(super) gather: Duration,
}

/// Runs a worker until the service stops.
pub(super) async fn run(server: Server, worker: Worker) {
    let room = Arc::new(Semaphore::new(worker.at_once));
    let mut signal = server.journal().changed();
    loop {
        // Whatever is committed from here on wakes us again.
        signal.borrow_and_update();
        let woken = match (worker.next_due)(server.reads()).await {
            Ok(Some(due)) if due <= server.env().now() => {
                match (worker.step)(server.clone(), Arc::clone(&room)).await {
                    0 => rest(&server, PAUSE).await,
                    _ => Woken::Look,
                }
            }
            Ok(due) => match for_signal(&server, &mut signal, due).await {
                Woken::Look if !worker.gather.is_zero() => rest(&server, worker.gather).await,
                woken => woken,
            },
            Err(cause) => {
                tracing::error!(error = %cause, "the books cannot be read; trying again");
                rest(&server, PAUSE).await
            }
        };
        if woken == Woken::Stop || server.stopping().is_cancelled() {
            return;
        }
    }
}

/// All places that are free, at least one: waits while every place is taken.
pub(super) async fn free_places(room: &Arc<Semaphore>) -> Vec<OwnedSemaphorePermit> {
    let Ok(first) = Arc::clone(room).acquire_owned().await else { return Vec::new() };
    let more = std::iter::from_fn(|| Arc::clone(room).try_acquire_owned().ok());
    std::iter::once(first).chain(more).collect()
}

/// Until the journal has committed something, the time has come, or the service stops.
async fn for_signal(server: &Server, signal: &mut watch::Receiver<()>, due: Option<UnixMs>) -> Woken {
    let now = server.env().now();
    let wait =
        due.map_or(LOOK_AGAIN, |due| Duration::from_millis(u64::try_from(due.since(now)).unwrap_or(0)));
    let mut time = server.env().sleep(wait.min(LOOK_AGAIN)).fuse();
    let mut changed = Box::pin(signal.changed()).fuse();
    let stop = server.stopping().clone();
    let mut stopped = Box::pin(stop.cancelled()).fuse();
    select_biased! {
        () = stopped => Woken::Stop,
        // Without a journal nothing can be done any more.
        committed = changed => if committed.is_ok() { Woken::Look } else { Woken::Stop },
        () = time => Woken::Look,
    }
}

/// For so long, or until the service stops.
pub(super) async fn rest(server: &Server, time: Duration) -> Woken {
    let mut time = server.env().sleep(time).fuse();
    let stop = server.stopping().clone();
    let mut stopped = Box::pin(stop.cancelled()).fuse();
    select_biased! {
        () = stopped => Woken::Stop,
        () = time => Woken::Look,
    }
}
