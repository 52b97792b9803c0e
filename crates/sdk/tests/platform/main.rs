//! Both clients against the pretended platform, over real sockets.
#![cfg(all(feature = "axum", feature = "rustls"))]

mod calls;
mod ecpay;
mod story;
mod tokens;
mod world;
