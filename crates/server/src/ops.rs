//! What operators look at: health, metrics, logs.

pub(crate) mod health;
pub(crate) mod logs;
pub(crate) mod metrics;
