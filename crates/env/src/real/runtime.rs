//! The tokio runtime to use: the current one, else one in the background.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

static BACKGROUND: OnceLock<Runtime> = OnceLock::new();

/// The current runtime, else the background one, which is started by the first who needs it.
pub(super) fn handle() -> Handle {
    Handle::try_current().unwrap_or_else(|_| background().clone())
}

/// Whether the caller is outside of every runtime.
pub(super) fn is_outside() -> bool {
    Handle::try_current().is_err()
}

fn background() -> &'static Handle {
    let start = || {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("douyin-pay")
            .enable_all()
            .build()
            .expect("a process that runs can start one more thread")
    };
    BACKGROUND.get_or_init(start).handle()
}
