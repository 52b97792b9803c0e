//! What the bytes of Douyin's payment systems mean.

#[cfg(feature = "ecpay")]
pub mod ecpay;
mod error;
mod fen;
mod id;
mod secret;
mod text;
mod time;

pub use error::FieldError;
pub use fen::{Fen, FenError, OrderAmount, RefundAmount, ShareAmount};
pub use id::{
    AppId, MerchantUid, OrderToken, OutNo, OutOrderNo, OutRefundNo, OutReturnNo, OutSettleNo, PlatformNo,
};
pub use secret::{Salt, Secret, Token};
pub use text::{CpExtra, NotifyUrl, OrderBody, PlainText, Reason, SettleDesc, Subject};
pub use time::UnixMs;
