//! How a request lists its fields once, for the signature and for the body.

use std::io::Write as _;

use super::{Caller, Endpoint, Identity};
use crate::{AppId, Salt};

/// One call: who makes it, what it sends and what comes back.
pub trait Request {
    /// Where it goes.
    const ENDPOINT: Endpoint;
    /// Which identities it carries, and whose salt signs it.
    const IDENTITY: Identity = Identity::App;
    /// How its answer says whether the platform accepted.
    const ENVELOPE: Envelope = Envelope::ErrNo;
    /// The member of the answer that holds the reply; `None` when it lies at top level.
    const PAYLOAD: Option<&'static str> = None;
    /// What the platform answers when it accepts.
    type Reply: serde::de::DeserializeOwned;

    /// Lists every field that is sent, except the identities and `sign`.
    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>);
}

/// How an answer says whether the platform accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// `err_no` and `err_tips`.
    ErrNo,
    /// `err_code` and `err_msg`: the order push.
    ErrCode,
}

/// Takes the fields of a request one by one.
pub trait Fields<'a> {
    /// A text field.
    fn text(&mut self, name: &str, value: &'a str);
    /// An integer field.
    fn number(&mut self, name: &str, value: i64);
    /// A field that is JSON already: how it is sent, and the text that takes part in the signature.
    fn json(&mut self, name: &str, sent: &'a str, signed: &'a str);
}

/// The body to POST: the request's fields, the identities and the signature, as compact JSON.
///
/// This is how a mini-program calls for itself, perhaps through a provider that signs with the same salt;
/// [`Caller::body`] knows the other ways.
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
    let app = Caller::app(app_id, salt);
    let caller = match thirdparty_id {
        Some(provider) => app.through(provider, None),
        None => app,
    };
    caller.body(request)
}

/// Writes fields as members of a JSON object.
pub(super) struct Body(Vec<u8>);

impl Body {
    /// Most bodies are shorter.
    const BYTES: usize = 512;

    pub(super) fn new() -> Self {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        bytes.push(b'{');
        Self(bytes)
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }

    fn comma(&mut self) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
    }

    /// Our own names hold nothing that JSON escapes.
    fn name(&mut self, name: &str) {
        self.comma();
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    /// A text that need not live as long as the request.
    pub(super) fn word(&mut self, name: &str, value: &str) {
        self.name(name);
        serde_json::to_writer(&mut self.0, value).expect("a text can always be written");
    }
}

impl<'a> Fields<'a> for Body {
    fn text(&mut self, name: &str, value: &'a str) {
        self.word(name, value);
    }

    fn number(&mut self, name: &str, value: i64) {
        self.name(name);
        write!(self.0, "{value}").expect("a number can always be written");
    }

    fn json(&mut self, name: &str, sent: &'a str, _signed: &'a str) {
        self.comma();
        serde_json::to_writer(&mut self.0, name).expect("a name can always be written");
        self.0.push(b':');
        self.0.extend_from_slice(sent.as_bytes());
    }
}
