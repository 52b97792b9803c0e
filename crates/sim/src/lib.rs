//! The whole system in one process: no sockets, no real clock, one seed.
//!
//! The very code that serves users runs here: `sdk`, `server` and `mock` get a clock that is a heap of
//! wakers, a network that calls routers directly, and an executor that picks the next task by seed.
//! Nobody enters a tokio runtime, so a stray timer or socket panics, and a panic fails the run.

mod apps;
mod cast;
pub mod clock;
pub mod executor;
pub mod net;
mod promises;
pub mod rng;
mod run;
pub mod trace;
mod world;

pub use cast::Cast;
pub use run::{Broken, Options, Outcome, run, run_with};
pub use world::World;
