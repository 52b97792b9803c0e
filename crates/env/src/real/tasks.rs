//! Tasks on tokio: counted, drained, and never silent about a panic.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use tokio_util::task::TaskTracker;

use super::{RealClock, runtime};
use crate::{BoxFuture, Clock, Tasks};

/// Tasks on the current tokio runtime. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct TokioTasks {
    tracker: TaskTracker,
    panicked: Arc<AtomicU64>,
}

impl TokioTasks {
    /// No tasks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many tasks live.
    pub fn live(&self) -> usize {
        self.tracker.len()
    }

    /// How many tasks have ended in a panic so far.
    pub fn panicked(&self) -> u64 {
        self.panicked.load(Ordering::Relaxed)
    }
}

impl Tasks for TokioTasks {
    #[expect(clippy::disallowed_methods, reason = "this is the door through which tasks are started")]
    fn spawn(&self, name: &'static str, task: BoxFuture<()>) {
        let panicked = Arc::clone(&self.panicked);
        let watched = async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                panicked.fetch_add(1, Ordering::Relaxed);
                // What it said went to the panic hook; here is where it happened.
                tracing::error!(task = name, "the task `{name}` panicked and is gone");
            }
        };
        runtime::handle().spawn(self.tracker.track_future(watched));
    }

    fn drain(&self, within: Duration) -> BoxFuture<usize> {
        let tracker = self.tracker.clone();
        let over = RealClock.sleep_until(RealClock.mono().plus(within));
        Box::pin(async move {
            // A closed tracker still takes and counts tasks; closing only lets `wait` end.
            tracker.close();
            let idle = Box::pin(tracker.wait());
            match select(idle, over).await {
                Either::Left(_) => 0,
                Either::Right(_) => tracker.len(),
            }
        })
    }
}
