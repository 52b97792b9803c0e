//! Measurements, each beside a naive counterpart in the same run.

#![expect(clippy::disallowed_methods, reason = "measurements use real sockets, real time and real tasks")]

pub mod callbacks;
mod load;
mod naive;
pub mod reconciling;
pub mod signing;
mod world;
