//! Deletes what is older than its retention, in small bites.

use std::time::Duration;

use super::wait::{Woken, rest};
use crate::Server;
use crate::store::Retained;

const EVERY: Duration = Duration::from_secs(3600);
/// Between two bites, so that nobody waits behind them.
const BETWEEN_BITES: Duration = Duration::from_millis(200);
const DAY_MS: i64 = 86_400_000;

/// Deletes one bite; how many rows that were.
pub(crate) async fn step(server: &Server) -> usize {
    let (now, retention) = (server.env().now(), server.retention());
    let from = |days: u32| now.plus_ms(-i64::from(days) * DAY_MS);
    let forgotten = server.journal().forget(Retained {
        callbacks_from: from(retention.callbacks_days),
        api_log_from: from(retention.api_log_days),
        bills_from: from(retention.bills_days),
    });
    forgotten.await.unwrap_or_else(|cause| {
        tracing::warn!(error = %cause, "old records could not be deleted; tried again in an hour");
        0
    })
}

pub(super) async fn run(server: Server) {
    loop {
        let pause = if step(&server).await > 0 { BETWEEN_BITES } else { EVERY };
        if rest(&server, pause).await == Woken::Stop {
            return;
        }
    }
}
