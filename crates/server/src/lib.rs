//! What is remembered: the self-hosted payment service for Douyin mini-programs.
//!
//! ```text
//! api, callback ─┐                 ┌─▶ workers/reconcile ─▶ ask ─▶ platform
//!                ├─▶ journal ─▶ store
//! workers ───────┘                 └─▶ workers/deliver ─▶ merchant
//! ```
//!
//! [`Server`] is everything but sockets; [`serve`] adds sockets, signals and threads.

pub mod api_key;
pub mod config;
pub mod journal;
pub mod probe;
pub mod reconcile;
pub mod serve;
pub mod store;
pub mod webhook;

mod api;
mod ask;
mod callback;
mod follow;
mod live;
mod ops;
mod server;
mod workers;

pub use follow::{caught_up, follow_clock};
pub use live::UnusableApp;
pub use server::{AssembleError, Labels, Server};
