//! The real outside: the system's clock and entropy, tokio's tasks, reqwest's sockets.

mod clock;
mod entropy;
mod net;
mod runtime;
mod tasks;

use std::sync::Arc;

pub use clock::RealClock;
pub use entropy::OsEntropy;
pub use net::ReqwestNet;
pub use tasks::TokioTasks;

use crate::Env;

impl Env {
    /// The real outside.
    ///
    /// May be made anywhere and costs nothing until it is used. Inside a tokio runtime it uses that
    /// one; elsewhere (another executor, a plain thread) a small background runtime, started when first needed.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use douyin_pay_env::Env;
    ///
    /// let env = Env::real();
    /// let before = env.mono();
    /// let in_time = futures_util::future::FutureExt::now_or_never(env.within(Duration::ZERO, async { 7 }));
    /// assert_eq!(in_time, Some(Ok(7)));
    /// assert!(env.mono() >= before);
    /// ```
    pub fn real() -> Self {
        Self {
            clock: Arc::new(RealClock),
            entropy: Arc::new(OsEntropy),
            net: Arc::new(ReqwestNet::new()),
            tasks: Arc::new(TokioTasks::new()),
        }
    }
}
