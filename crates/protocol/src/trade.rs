//! The general trade system (通用交易系统, `trade_basic`): order data, signing, messages, callbacks.
//!
//! Order data is signed with the application's private key, callbacks are verified with the platform's public
//! key; the two are different types and cannot be mixed up.

mod endpoint;

pub use endpoint::Endpoint;

pub use crate::secret::AccessToken;
