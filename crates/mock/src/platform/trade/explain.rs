//! Why signed order data does not verify: tries the well-known mistakes.

use douyin_pay_protocol::trade::{ApplicationPublicKey, ByteAuthorization, REQUEST_ORDER_URI, request_text};
use serde_json::Value;

use crate::config::MockTrade;

/// Says which mistake produced the signature, when a known one did.
pub(super) fn request(parsed: &ByteAuthorization, data: &str, terms: &MockTrade) -> String {
    let Some(key) = terms.application_public_keys.get(parsed.key_version()) else {
        return "key_version is unknown".to_owned();
    };
    let others = terms.application_public_keys.iter().filter(|(version, _)| *version != parsed.key_version());
    let right = |key: &ApplicationPublicKey| parsed.verify("POST", REQUEST_ORDER_URI, data.as_bytes(), key);
    if let Some((version, _)) = others.clone().find(|(_, other)| right(other)) {
        return format!(
            "signed with the key of version {version}, but key_version says {}: name the version of the key you sign with",
            parsed.key_version()
        );
    }
    let texts = mistaken_texts(parsed, data);
    if let Some((what, _)) = texts.iter().find(|(_, text)| key.verify(text, parsed.signature())) {
        return (*what).to_owned();
    }
    "signed with a key that was not uploaded, or `data` was changed after signing; \
     `douyin-pay verify --system trade` shows what has to be signed"
        .to_owned()
}

/// Each mistake and the text that was signed by making it.
fn mistaken_texts(parsed: &ByteAuthorization, data: &str) -> Vec<(&'static str, Vec<u8>)> {
    let text = |method: &str, uri: &str, body: &str| {
        request_text(method, uri, parsed.timestamp(), parsed.nonce_str(), body.as_bytes())
    };
    let right = text("POST", REQUEST_ORDER_URI, data);
    let mut without_last_lf = right.clone();
    without_last_lf.pop();
    let carriage_returns = String::from_utf8_lossy(&right).replace('\n', "\r\n").into_bytes();
    let callback_form = format!("{}\n{}\n{data}\n", parsed.timestamp(), parsed.nonce_str()).into_bytes();
    let mut texts = vec![
        ("the last line feed is missing: each of the five lines ends with one", without_last_lf),
        ("lines end with CR LF; only LF is right", carriage_returns),
        ("signed in the three lines of a callback; a request has five", callback_form),
        ("`data` is not part of what was signed", text("POST", REQUEST_ORDER_URI, "")),
        (
            "a line feed was added to `data` before signing",
            text("POST", REQUEST_ORDER_URI, &format!("{data}\n")),
        ),
        ("signed with GET; the method is POST", text("GET", REQUEST_ORDER_URI, data)),
        ("the method was signed in lower case", text("post", REQUEST_ORDER_URI, data)),
    ];
    let uris = [
        "/requestOrder/",
        "requestOrder",
        "/createSignOrder",
        "/api/trade_basic/v1/user/order_create",
        "/api/trade_basic/v1/user/order_create/",
        "",
    ];
    let wrong_uri = "the second line must be `/requestOrder`; another URI was signed";
    texts.extend(uris.map(|uri| (wrong_uri, text("POST", uri, data))));
    let other_spelling =
        "another spelling of the same JSON was signed: sign the text that is handed over, byte for byte";
    let spellings = other_spellings(data);
    texts.extend(spellings.iter().map(|body| (other_spelling, text("POST", REQUEST_ORDER_URI, body))));
    texts
}

/// What other JSON writers make of the same value.
fn other_spellings(data: &str) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(data) else { return Vec::new() };
    let compact = value.to_string();
    let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
    let slashes = data.replace('/', "\\/");
    let plain = data.replace("\\/", "/");
    let spaced = compact.replace("\":", "\": ").replace(",\"", ", \"");
    let quoted = Value::String(data.to_owned()).to_string();
    let mut spellings = vec![ascii(&compact), ascii(data), compact, pretty, slashes, plain, spaced, quoted];
    spellings.retain(|spelling| spelling != data);
    spellings
}

/// As writers that keep to ASCII spell it.
fn ascii(text: &str) -> String {
    let mut units = [0; 2];
    let mut spelt = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            spelt.push(character);
        } else {
            for unit in character.encode_utf16(&mut units) {
                spelt.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    spelt
}
