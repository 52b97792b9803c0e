//! The general trade system's client against the pretended platform, over real sockets.
#![cfg(all(feature = "axum", feature = "rustls"))]

mod calls;
mod story;
mod tokens;
mod world;
