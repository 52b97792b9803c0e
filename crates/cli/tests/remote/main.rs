//! Commands that talk to a running service, as processes beside it.

#![expect(clippy::disallowed_methods, reason = "a test of processes and sockets")]
#![cfg(target_os = "linux")]

mod bills;
mod kills;
mod merchants;
mod platform;
mod returns;
mod speech;
mod unacknowledged;
mod world;
