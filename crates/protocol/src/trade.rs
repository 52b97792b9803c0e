//! The general trade system (通用交易系统, `trade_basic`): order data, signing, messages, callbacks.
//!
//! Order data is signed with the application's private key, callbacks are verified with the platform's public
//! key; the two are different types and cannot be mixed up.

mod authorization;
pub mod callback;
mod endpoint;
mod explain;
mod key;
mod mistake;
mod nonce;
mod sign;
mod spelling;
mod suspects;

pub use authorization::{AuthorizationError, ByteAuthorization};
pub use endpoint::Endpoint;
pub use explain::{RequestExplanation, TriedKey, explain_request};
pub use key::{
    ApplicationKey, ApplicationPublicKey, KeyError, KeyFormat, KeyVersion, PlatformKey, PlatformPublicKey,
    SignatureError,
};
pub use mistake::Mistake;
pub use nonce::Nonce;
pub use sign::{CREATE_SIGN_ORDER_URI, REQUEST_ORDER_URI, authorize, callback_text, request_text};

pub use crate::secret::AccessToken;
