//! How a request lists its fields once, for the signature and for the body.

use std::io::Write as _;

use super::sign::sign;
use super::{Endpoint, Signature};
use crate::{AppId, Salt};

/// One call: what it sends and what comes back.
pub trait Request {
    /// Where it goes.
    const ENDPOINT: Endpoint;
    /// The member of the answer that holds the reply; `None` when it lies at top level.
    const PAYLOAD: Option<&'static str> = None;
    /// What the platform answers when it accepts.
    type Reply: serde::de::DeserializeOwned;

    /// Lists every field that is sent, except `app_id`, `thirdparty_id` and `sign`.
    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>);
}

/// Takes the fields of a request one by one.
pub trait Fields<'a> {
    /// A text field.
    fn text(&mut self, name: &'static str, value: &'a str);
    /// An integer field.
    fn number(&mut self, name: &'static str, value: i64);
}

/// The body to POST: the request's fields, the identities and the signature, as compact JSON.
///
/// ```
/// use douyin_pay_protocol::ecpay::{QueryOrder, signed_body};
/// use douyin_pay_protocol::{AppId, OutOrderNo, Salt};
///
/// let body = signed_body(
///     &AppId::new("tt0000000000000001").unwrap(),
///     None,
///     &QueryOrder::new(OutOrderNo::new("O20240101000001").unwrap()),
///     &Salt::new("test_salt_Ab12Cd34").unwrap(),
/// );
/// assert_eq!(
///     std::str::from_utf8(&body).unwrap(),
///     r#"{"app_id":"tt0000000000000001","out_order_no":"O20240101000001","sign":"ceb575d924ace9fe6a980364ce609bd0"}"#,
/// );
/// ```
pub fn signed_body(
    app_id: &AppId,
    thirdparty_id: Option<&AppId>,
    request: &impl Request,
    salt: &Salt,
) -> Vec<u8> {
    let signature: Signature = sign(request, salt);
    let mut body = Body(Vec::with_capacity(512));
    body.0.push(b'{');
    body.text("app_id", app_id.as_str());
    if let Some(provider) = thirdparty_id {
        body.text("thirdparty_id", provider.as_str());
    }
    request.fields(&mut body);
    body.text("sign", signature.as_str());
    body.0.push(b'}');
    body.0
}

/// Writes fields as members of a JSON object.
struct Body(Vec<u8>);

impl Body {
    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }
}

impl<'a> Fields<'a> for Body {
    fn text(&mut self, name: &'static str, value: &'a str) {
        self.name(name);
        serde_json::to_writer(&mut self.0, value).expect("a text can always be written");
    }

    fn number(&mut self, name: &'static str, value: i64) {
        self.name(name);
        write!(self.0, "{value}").expect("a number can always be written");
    }
}
