//! Take payments inside Douyin / Toutiao mini-programs.
//!
#![cfg_attr(any(feature = "test-util", not(doctest)), doc = include_str!("../README.md"))]

mod answer;
mod bill;
mod callback;
mod client;
mod engine;
mod error;
#[cfg(any(feature = "test-util", test))]
mod fixed_net;
mod observer;
mod order_signer;
mod outcome;
mod pacer;
mod platform;
mod provider_client;
mod retry;
mod setup;
mod tokens;
mod trade_client;

pub use answer::Answer;
pub use bill::{BillFile, BillFileError};
pub use callback::{
    AnyCallback, AnyCallbackError, CallbackAnswer, VerifiedCallback, VerifiedTradeCallback, verify_any,
    verify_callback, verify_trade_callback,
};
#[cfg(feature = "axum")]
pub use callback::{CallbackRejection, CallbackTokens, PlatformKeys};
pub use client::{Client, ClientBuilder, EcpayAccess};
pub use error::Error;
#[cfg(any(feature = "test-util", test))]
pub use fixed_net::FixedNet;
pub use observer::{Call, Observer};
pub use order_signer::{OrderSigner, SignedOrder};
pub use outcome::Outcome;
pub use pacer::{Limits, Paced, Pacer, Permit, SlidingPacer};
pub use platform::Platform;
pub use provider_client::{ProviderAccess, ProviderClient, ProviderClientBuilder};
pub use retry::Retry;
pub use setup::{BuildError, Builder};
pub use tokens::{CachedToken, MemoryTokenCache, TokenCache, TokenKey, TokenKind};
pub use trade_client::{TradeAccess, TradeClient, TradeClientBuilder};

pub use douyin_pay_env as env;
pub use douyin_pay_protocol as protocol;

pub use douyin_pay_env::Env;
pub use douyin_pay_protocol::{AppId, Fen, Salt, Token};

#[cfg(test)]
mod tests;

/// The examples of the project's front page compile.
#[cfg(all(doctest, feature = "test-util"))]
#[doc = include_str!("../../../README.md")]
#[doc = include_str!("../../../README.zh-CN.md")]
struct FrontPage;
