//! What is wrong with a body or its signature, in plain words.

use douyin_pay_protocol::Salt;
use douyin_pay_protocol::ecpay::json::{Suspects, explain_query_with, explain_with};
use serde_json::Value;

use super::call::Arrival;

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

/// Says which well-known mistakes produced the signature, in English and in Chinese.
pub(super) fn signature(
    arrival: &Arrival,
    salt: &Salt,
    sent: &str,
    suspects: &Suspects<'_>,
) -> (String, String) {
    if sent.is_empty() {
        return (
            "`sign` is missing, empty or no text".to_owned(),
            "缺少 `sign`，或它不是非空文本".to_owned(),
        );
    }
    let explained = match &arrival.query {
        Some(query) => explain_query_with(query, salt, suspects),
        None => explain_with(&arrival.body, salt, suspects),
    };
    match explained {
        Ok(explained) => (explained.en, explained.zh),
        Err(cause) => (cause.to_string(), cause.to_string()),
    }
}
