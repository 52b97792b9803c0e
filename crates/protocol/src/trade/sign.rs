//! What is signed: five lines towards the platform, three from it.

use crate::{AppId, UnixMs};

use super::key::{Hashed, hash};
use super::{ApplicationKey, ByteAuthorization, KeyVersion, Nonce};

/// The symbolic path that `tt.requestOrder` signs.
pub const REQUEST_ORDER_URI: &str = "/requestOrder";
/// The symbolic path that `tt.createSignOrder` signs.
pub const CREATE_SIGN_ORDER_URI: &str = "/createSignOrder";

/// The text that the application signs: method, URI, timestamp, nonce and body, **each** ended by one LF.
///
/// The body is taken byte for byte: what is signed must be what is sent.
///
/// ```
/// use douyin_pay_protocol::trade::request_text;
///
/// let text = request_text("GET", "/api/example", "1767225603", "0000000000000001", b"");
/// assert_eq!(text, b"GET\n/api/example\n1767225603\n0000000000000001\n\n");
/// ```
pub fn request_text(method: &str, uri: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    request_lines(method, uri, timestamp, nonce, body).concat()
}

/// The text that the platform signs: timestamp, nonce and the raw body, **each** ended by one LF.
///
/// ```
/// use douyin_pay_protocol::trade::callback_text;
///
/// assert_eq!(callback_text("1767225650", "n12", b"{}"), b"1767225650\nn12\n{}\n");
/// ```
pub fn callback_text(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    callback_lines(timestamp, nonce, body).concat()
}

fn request_lines<'a>(
    method: &'a str,
    uri: &'a str,
    timestamp: &'a str,
    nonce: &'a str,
    body: &'a [u8],
) -> [&'a [u8]; 10] {
    let [method, uri, timestamp, nonce] = [method, uri, timestamp, nonce].map(str::as_bytes);
    [method, b"\n", uri, b"\n", timestamp, b"\n", nonce, b"\n", body, b"\n"]
}

fn callback_lines<'a>(timestamp: &'a str, nonce: &'a str, body: &'a [u8]) -> [&'a [u8]; 6] {
    [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"]
}

/// The digest of [`request_text`], without putting that text together.
pub(super) fn request_hash(method: &str, uri: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Hashed {
    hash(&request_lines(method, uri, timestamp, nonce, body))
}

/// The digest of [`callback_text`], without putting that text together.
pub(super) fn callback_hash(timestamp: &str, nonce: &str, body: &[u8]) -> Hashed {
    hash(&callback_lines(timestamp, nonce, body))
}

/// Signs a body: for `tt.requestOrder` the `data` text, at [`REQUEST_ORDER_URI`].
///
/// The nonce must be drawn anew for each signature.
///
/// ```
/// # use douyin_pay_protocol::{AppId, UnixMs};
/// # use douyin_pay_protocol::trade::{ApplicationKey, KeyVersion, Nonce, REQUEST_ORDER_URI, authorize};
/// # fn sign(key: &ApplicationKey, random: [u8; 16], now: UnixMs) -> Result<String, Box<dyn std::error::Error>> {
/// let data = r#"{"skuList":[]}"#;
/// let (app_id, version) = (AppId::new("tt0000000000000001")?, KeyVersion::new("1")?);
/// let nonce = Nonce::of_random(random);
/// let signed = authorize(&app_id, key, &version, "POST", REQUEST_ORDER_URI, data.as_bytes(), now, &nonce);
/// Ok(signed.to_string()) // the front end gets `data` and this, and changes neither
/// # }
/// ```
#[expect(clippy::too_many_arguments, reason = "each is a line of the signed text or a word of the result")]
pub fn authorize(
    app_id: &AppId,
    key: &ApplicationKey,
    version: &KeyVersion,
    method: &str,
    uri: &str,
    body: &[u8],
    at: UnixMs,
    nonce: &Nonce,
) -> ByteAuthorization {
    let timestamp = at.seconds().to_string();
    let signature = key.half().sign(&request_hash(method, uri, &timestamp, nonce.as_str(), body));
    ByteAuthorization::signed(app_id, nonce.as_str(), timestamp, version, signature)
}
