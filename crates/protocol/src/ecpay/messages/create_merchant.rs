//! `create_merchant`: opening an account without a page, for selected partners.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::read::merchant;
use crate::ecpay::{Endpoint, Fields, Identity, Request, json};
use crate::text::check_signable;
use crate::{FieldError, MerchantUid};

/// API 进件: open an account with fields of your own. The platform lets selected partners do so, and tells
/// them the fields; pictures are uploaded with another call that needs the same permission.
///
/// Nested values take part in the signature as the platform renders them, `map[a:1 b:2]` and `[x y]`.
#[derive(Clone, PartialEq, Eq)]
pub struct CreateMerchant(Vec<Prepared>);

/// A field as it is sent, and as it is signed.
#[derive(Clone, PartialEq, Eq)]
struct Prepared {
    name: Box<str>,
    sent: Box<str>,
    signed: Box<str>,
}

/// The client adds these itself.
const OUR_OWN: [&str; 3] = ["app_id", "thirdparty_id", "sign"];

impl CreateMerchant {
    /// An account with these fields. The identities and `sign` are added by the client.
    ///
    /// # Errors
    /// When it names one of those, is `null` somewhere, has a number that is no integer, or a text that libraries sign
    /// differently (padded, wrapped in quotes, the word `null`, control characters).
    ///
    /// ```
    /// use douyin_pay_protocol::ecpay::CreateMerchant;
    /// use serde_json::json;
    ///
    /// let fields = json!({ "sub_merchant_id": "coffee-1", "type": 1, "industry_code": ["A1", "B2"] });
    /// assert!(CreateMerchant::new(fields.as_object().unwrap()).is_ok());
    /// let fields = json!({ "app_id": "tt1" });
    /// assert!(CreateMerchant::new(fields.as_object().unwrap()).is_err());
    /// ```
    pub fn new(fields: &Map<String, Value>) -> Result<Self, FieldError> {
        fields.iter().map(|(name, value)| Prepared::new(name, value)).collect::<Result<_, _>>().map(Self)
    }
}

impl Prepared {
    fn new(name: &str, value: &Value) -> Result<Self, FieldError> {
        let problem = |what: String| FieldError::new("create_merchant", format!("`{name}` {what}"));
        if OUR_OWN.contains(&name) {
            return Err(problem("is added by the client; leave it out".to_owned()));
        }
        if let Value::String(text) = value {
            check_signable("create_merchant", text).map_err(|cause| problem(cause.problem.into_owned()))?;
        }
        check_plain(value).map_err(|what| problem(what.to_owned()))?;
        let sent = serde_json::value::to_raw_value(value).expect("JSON can be written");
        let signed = json::signed_text(&sent).map_err(|cause| problem(cause.to_string()))?;
        Ok(Self { name: name.into(), sent: sent.get().into(), signed: signed.into() })
    }
}

/// Nothing that is signed in more than one way.
fn check_plain(value: &Value) -> Result<(), &'static str> {
    match value {
        Value::Null => Err("is or holds `null`; leave it out"),
        Value::Number(number) if number.is_f64() => Err("is or holds a number that is no integer"),
        Value::Array(values) => values.iter().try_for_each(check_plain),
        Value::Object(members) => members.values().try_for_each(check_plain),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

impl std::fmt::Debug for CreateMerchant {
    /// The names alone: the values are about people and may hold tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CreateMerchant")?;
        f.debug_list().entries(self.0.iter().map(|field| &field.name)).finish()
    }
}

impl Request for CreateMerchant {
    const ENDPOINT: Endpoint = Endpoint::CreateMerchant;
    const IDENTITY: Identity = Identity::AppOrProvider;
    type Reply = CreateMerchantReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        for Prepared { name, sent, signed } in &self.0 {
            to.json(name, sent, signed);
        }
    }
}

/// The account is being opened; its state is asked for with `query_merchant_status`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CreateMerchantReply {
    /// The merchant's number.
    #[serde(default, deserialize_with = "merchant")]
    pub merchant_id: Option<MerchantUid>,
    /// Everything else, of which nothing is published.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
