//! Waiting for work without asking for it all the time.

use std::time::Duration;

use douyin_pay_env::UnixMs;
use futures_util::{FutureExt, select_biased};
use tokio::sync::watch;

use crate::Server;

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

/// Until the journal has committed something, the time has come, or the service stops.
pub(super) async fn for_signal(
    server: &Server,
    signal: &mut watch::Receiver<()>,
    due: Option<UnixMs>,
) -> Woken {
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

/// For a moment, or until the service stops.
pub(super) async fn pause(server: &Server) -> Woken {
    rest(server, PAUSE).await
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
