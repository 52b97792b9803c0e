//! Why a signature is wrong: tries the well-known mistakes and names the one that fits.

use std::sync::Arc;

use douyin_pay_protocol::Salt;
use douyin_pay_protocol::ecpay::json;
use serde_json::{Map, Value};

use crate::config::MockApp;

/// What a body that is no JSON object looks like.
pub(crate) fn not_an_object(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let start = text.trim_start();
    if start.is_empty() {
        "the body is empty; send one JSON object".to_owned()
    } else if start.starts_with('[') || start.starts_with('"') {
        "the body is JSON, but no object".to_owned()
    } else if !start.starts_with('{') && text.contains('=') {
        "the body looks like a form; send one JSON object with `Content-Type: application/json`".to_owned()
    } else {
        let cause = serde_json::from_slice::<Value>(body).err();
        format!("the body is no JSON: {}", cause.map(|cause| cause.to_string()).unwrap_or_default())
    }
}

/// Says which mistake produced `sent`, when a known one did.
pub(crate) fn signature(
    map: &Map<String, Value>,
    sent: &str,
    app: &MockApp,
    others: &[Arc<MockApp>],
) -> String {
    if sent.is_empty() {
        return "`sign` is missing, empty or no text".to_owned();
    }
    if signed_with(map, &app.salt, &sent.to_ascii_lowercase()) {
        return "`sign` must be written in lower case".to_owned();
    }
    if let Ok(token) = Salt::new(app.token.expose())
        && signed_with(map, &token, sent)
    {
        return "signed with the callback token; requests are signed with the salt".to_owned();
    }
    if let Some(other) = others.iter().find(|other| signed_with(map, &other.salt, sent)) {
        return format!("signed with the salt of app `{}`", other.app_id);
    }
    let found = MISTAKES.iter().find(|(_, mistake)| {
        let mut changed = map.clone();
        mistake(&mut changed);
        signed_with(&changed, &app.salt, sent)
    });
    match found {
        Some((what, _)) => (*what).to_owned(),
        None => "wrong salt, or a field was changed after signing; \
                 `douyin-pay sign --system ecpay --explain` shows what has to be signed"
            .to_owned(),
    }
}

type Mistake = fn(&mut Map<String, Value>);

/// Each mistake is imitated by changing the request so that the right algorithm gives the wrong digest.
const MISTAKES: [(&str, Mistake); 9] = [
    ("`app_id` was signed; it takes no part", |map| rename(map, "app_id")),
    ("`thirdparty_id` was signed; it takes no part", |map| rename(map, "thirdparty_id")),
    ("`app_id` and `thirdparty_id` were signed; they take no part", |map| {
        rename(map, "app_id");
        rename(map, "thirdparty_id");
    }),
    ("numbers that are 0 were left out; they are signed as `0`", |map| {
        map.retain(|_, value| value.as_i64() != Some(0));
    }),
    ("large numbers were written with an exponent (a JSON round trip through floating point)", |map| {
        map.values_mut().for_each(exponent);
    }),
    ("`notify_url` was left out; it is signed", |map| {
        map.remove("notify_url");
    }),
    ("`cp_extra` was left out; it is signed", |map| {
        map.remove("cp_extra");
    }),
    ("`settle_params` was left out; it is signed as sent", |map| {
        map.remove("settle_params");
    }),
    ("`settle_params` was written differently when it was signed; sign the very text that is sent", |map| {
        let text = map.get("settle_params").and_then(Value::as_str).unwrap_or_default();
        if let Ok(list) = serde_json::from_str::<Value>(text) {
            map.insert("settle_params".to_owned(), Value::String(list.to_string()));
        }
    }),
];

fn signed_with(map: &Map<String, Value>, salt: &Salt, sent: &str) -> bool {
    let body = serde_json::to_vec(map).expect("parsed JSON can be written again");
    json::sign(&body, salt).is_ok_and(|right| right.to_string() == sent)
}

fn rename(map: &mut Map<String, Value>, name: &str) {
    if let Some(value) = map.remove(name) {
        map.insert(format!("{name} (signed)"), value);
    }
}

/// 1234567 becomes the text `1.234567e+06`, as Go prints a large float.
fn exponent(value: &mut Value) {
    let Some(number) = value.as_i64().filter(|number| *number >= 1_000_000) else { return };
    let digits = number.to_string();
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    let dot = if rest.is_empty() { "" } else { "." };
    *value = Value::String(format!("{first}{dot}{rest}e+{:02}", digits.len() - 1));
}
