//! Measurements, each beside a naive counterpart in the same run.

pub mod callbacks;
mod load;
mod naive;
pub mod signing;
mod world;
