//! Take payments inside Douyin / Toutiao mini-programs.
//!
#![cfg_attr(any(feature = "test-util", not(doctest)), doc = include_str!("../README.md"))]

mod answer;
mod callback;
mod client;
mod error;
#[cfg(any(feature = "test-util", test))]
mod fixed_net;
mod observer;
mod outcome;
mod pacer;
mod platform;
mod retry;

pub use answer::Answer;
pub use callback::{CallbackAnswer, VerifiedCallback, verify_callback};
#[cfg(feature = "axum")]
pub use callback::{CallbackRejection, CallbackTokens};
pub use client::{BuildError, Client, ClientBuilder};
pub use error::Error;
#[cfg(any(feature = "test-util", test))]
pub use fixed_net::FixedNet;
pub use observer::{Call, Observer};
pub use outcome::Outcome;
pub use pacer::{Limits, Paced, Pacer, Permit, SlidingPacer};
pub use platform::Platform;
pub use retry::Retry;

pub use douyin_pay_env as env;
pub use douyin_pay_protocol as protocol;

pub use douyin_pay_env::Env;
pub use douyin_pay_protocol::{AppId, Fen, Salt, Token};

#[cfg(test)]
mod tests;
