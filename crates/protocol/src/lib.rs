//! What the bytes of Douyin's payment systems mean.
//!
//! This crate is pure: no network, no clock, no randomness, no async. It turns typed requests into signed bytes,
//! and received bytes into verified, typed messages.
//!
//! * [`Fen`] and its ranges: money that is always valid; numbers, ids and texts that keep the platform's limits.
//! * [`Salt`], [`Token`], [`AppSecret`], [`Secret`]: secrets that cannot be printed or mixed up.
//! * [`ecpay`]: guaranteed payment (担保支付): requests, replies, callbacks, error codes.
//! * [`Endpoint`], [`ErrNo`]: the calls and the codes of both.
//! * [`trade`]: the general trade system (通用交易系统): order data, signatures, requests, replies, callbacks.
//!
//! ```
//! use douyin_pay_protocol::ecpay::{CreateOrder, ReplyError, ValidTime, parse_reply, signed_body};
//! use douyin_pay_protocol::{AppId, Fen, OrderAmount, OrderBody, OutOrderNo, Salt, Subject};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let order = CreateOrder::new(
//!     OutOrderNo::new("O20240101000001")?,
//!     OrderAmount::new(Fen::from_yuan("12.80")?)?,
//!     Subject::new("拿铁")?,
//!     OrderBody::new("拿铁 大杯")?,
//!     ValidTime::new(900)?,
//! );
//! let body = signed_body(&AppId::new("tt0000000000000001")?, None, &order, &Salt::new("test_salt_Ab12Cd34")?);
//! // POST `body` to the platform's base URL + `Endpoint::CreateOrder.path()`, then read the answer:
//! # let _ = body;
//! let answer = br#"{"err_no":0,"err_tips":"","data":{"order_id":"N73","order_token":"Cgs"}}"#;
//! assert_eq!(parse_reply::<CreateOrder>(answer)?.order_token.as_str(), "Cgs");
//!
//! let refusal = br#"{"err_no":2008,"err_tips":"...","data":null}"#;
//! let Err(ReplyError::Platform(error)) = parse_reply::<CreateOrder>(refusal) else { panic!("a refusal") };
//! assert!(error.err_no.remedy_en().contains("SALT"));
//! # Ok(())
//! # }
//! ```
//!
//! Callbacks are in [`ecpay::callback`]. The protocol itself, for any language, is told in `docs/protocol`.

#[cfg(feature = "ecpay")]
pub mod ecpay;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod endpoint;
mod err_no;
mod error;
mod fen;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod funds;
#[cfg(feature = "ecpay")]
mod hex;
mod id;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod members;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod mistakes;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod read;
mod reply;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod scan;
mod secret;
mod share;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod spelling;
mod text;
mod time;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod token_reply;
#[cfg(feature = "trade")]
pub mod trade;
#[cfg(any(feature = "ecpay", feature = "trade"))]
mod word;

#[cfg(any(feature = "ecpay", feature = "trade"))]
pub use endpoint::{Endpoint, Method};
pub use err_no::{Cause, ErrNo, Meaning};
pub use error::FieldError;
pub use fen::{Fen, FenError, OrderAmount, RefundAmount, ReturnAmount, ShareAmount, WithdrawAmount};
#[cfg(any(feature = "ecpay", feature = "trade"))]
pub use funds::{
    AccountInfo, ChannelType, MerchantBalance, MerchantEntity, SettleAccount, WithdrawOrder, WithdrawReply,
    WithdrawStatus,
};
pub use id::{
    AppId, MerchantUid, OpenId, OrderToken, OutNo, OutOrderNo, OutRefundNo, OutReturnNo, OutSettleNo,
    OutWithdrawNo, PlatformNo, SubMerchantId,
};
pub use reply::{PlatformError, ReplyError};
#[cfg(any(feature = "ecpay", feature = "trade"))]
pub use secret::AccessToken;
#[cfg(feature = "ecpay")]
pub use secret::ComponentToken;
pub use secret::{AppSecret, Salt, Secret, Token};
pub use share::Share;
pub use text::{
    CpExtra, LimitPayWay, MsgPage, NotifyUrl, OrderBody, Reason, ReturnDesc, SettleDesc, Subject, WithdrawUrl,
};
pub use time::UnixMs;
#[cfg(any(feature = "ecpay", feature = "trade"))]
pub use token_reply::TokenReply;
