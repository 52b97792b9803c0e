//! One entrance for both systems: an app that moved has orders in either for years.

use douyin_pay_protocol::Token;
use douyin_pay_protocol::trade::PlatformPublicKey;
use douyin_pay_protocol::trade::callback::{Headers, SIGNATURE_HEADER, looks_like_trade};
use douyin_pay_protocol::{ecpay, trade};

use super::{VerifiedCallback, VerifiedTradeCallback, verify_callback, verify_trade_callback};

/// A verified callback of either system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnyCallback {
    /// Of guaranteed payment: signed inside the body, with the token.
    Ecpay(VerifiedCallback),
    /// Of the general trade system: signed in the headers, with the platform's key.
    Trade(VerifiedTradeCallback),
}

/// Why a callback was not accepted, by the system it seems to belong to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnyCallbackError {
    /// Not a callback of guaranteed payment.
    #[error(transparent)]
    Ecpay(#[from] ecpay::callback::CallbackError),
    /// Not a callback of the general trade system.
    #[error(transparent)]
    Trade(#[from] trade::callback::CallbackError),
}

/// Verifies a callback of whichever system: with a header `Byte-Signature`, or a `version` in a body that is not
/// signed inside, it belongs to the general trade system. Orders made under guaranteed payment keep its callbacks.
///
/// # Errors
/// When no token or key of that system fits, or it is not a callback.
///
/// ```
/// use douyin_pay::protocol::{Token, ecpay::callback, trade::PlatformPublicKey};
/// use douyin_pay::{AnyCallback, verify_any};
///
/// let (tokens, keys): (_, [PlatformPublicKey; 0]) = ([Token::new("mocktoken")?], []);
/// let msg = r#"{"appid":"tt1","cp_orderno":"A1","total_amount":1280,"status":"SUCCESS"}"#;
/// let body = callback::body(&tokens[0], "payment", "1704067201", "2345", msg);
///
/// let headers = [("Content-Type", "application/json")];
/// let AnyCallback::Ecpay(old) = verify_any(&tokens, &keys, headers, &body)? else { panic!("an old order") };
/// assert_eq!(old.kind(), "payment");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_any<'h>(
    tokens: &[Token],
    keys: &[PlatformPublicKey],
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    body: &[u8],
) -> Result<AnyCallback, AnyCallbackError> {
    let mut is_signed = false;
    let pairs = headers.into_iter().inspect(|(name, _)| {
        is_signed |= name.eq_ignore_ascii_case(SIGNATURE_HEADER);
    });
    let found = Headers::of_pairs(pairs);
    if looks_like_trade(is_signed, body) {
        Ok(AnyCallback::Trade(verify_trade_callback(keys, found?, body)?))
    } else {
        Ok(AnyCallback::Ecpay(verify_callback(tokens, body)?))
    }
}
