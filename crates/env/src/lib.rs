//! The door to the outside: clock, entropy, network and tasks.
//!
//! Everything that does not follow from its arguments comes through an [`Env`]: what time it is, what is
//! random, what the network answers, what runs besides. Code that takes an `Env` runs unchanged in
//! production ([`Env::real`], feature `real`), in tests, and in a simulation where a seed decides everything.
//!
//! ```text
//!   Clock    now, mono, sleep_until     RealClock     OffsetClock (forward-only, on top of another)
//!   Entropy  fill                       OsEntropy
//!   Net      send, open                   ReqwestNet
//!   Tasks    spawn, drain               TokioTasks
//! ```

mod clock;
mod door;
mod net;
mod offset_clock;
#[cfg(feature = "real")]
mod real;

pub use clock::{BoxFuture, Clock, Mono};
pub use door::{Elapsed, Entropy, Env, Tasks};
pub use net::{BodyStream, Net, NetError, Sent};
pub use offset_clock::OffsetClock;
#[cfg(feature = "real")]
pub use real::{OsEntropy, RealClock, ReqwestNet, TokioTasks};

pub use douyin_pay_protocol::UnixMs;
