//! A body that is easily rewritten, and what the changed one looks like.

use bytes::Bytes;
use douyin_pay_server::probe::{Arrived, sha256_hex};
use serde_json::Value;

use crate::lang::say;

/// A callback in shape, with everything that a rewriter touches: white space, line ends, escapes, Chinese.
///
/// Its signature is none: should it ever be taken for a callback, it is refused.
pub(super) fn fragile() -> Bytes {
    let msg = r#""{\"cp_extra\": \"拿铁 ¥12.80 – é \\/ \\u4e2d\"}""#;
    let signature = "0".repeat(40);
    let body = format!(
        " {{\"msg\" : {msg},\r\n\t\"msg_signature\":\"{signature}\" , \"nonce\":\"0\",\n \"timestamp\": \"0\", \"type\":\"prob\\u0065\" }}\n"
    );
    Bytes::from(body)
}

/// The same with padding: as large as no callback is, and far below what the service takes.
pub(super) fn large(bytes: usize) -> Bytes {
    let padding = "x".repeat(bytes);
    Bytes::from(format!("{{\"msg\":\"{padding}\",\"type\":\"probe\"}}"))
}

/// What was done to `sent` on the way, as far as can be guessed.
pub(super) fn guess(sent: &[u8], arrived: &Arrived) -> &'static str {
    let looks_like = |bytes: &[u8]| sha256_hex(bytes) == arrived.sha256;
    let text = String::from_utf8_lossy(sent);
    let value: Value = serde_json::from_slice(sent).unwrap_or_default();
    let compact = value.to_string();
    let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
    let spaced = python_style(&value);
    if arrived.content_encoding.is_some() {
        say("请求体被压缩", "it was compressed")
    } else if arrived.length == 0 {
        say("请求体被清空", "it was emptied")
    } else if looks_like(text.trim().as_bytes()) {
        say("首尾空白被去掉", "white space at its ends was cut off")
    } else if looks_like(text.replace("\r\n", "\n").as_bytes()) {
        say("换行符被改写", "its line ends were changed")
    } else if [&compact, &pretty, &spaced, &ascii(&compact), &ascii(&pretty), &ascii(&spaced)]
        .iter()
        .any(|text| looks_like(text.as_bytes()))
    {
        say("JSON 被解析后重新编码", "its JSON was read and written anew")
    } else if usize::try_from(arrived.length)
        .is_ok_and(|length| length < sent.len() && looks_like(&sent[..length]))
    {
        say("请求体被截断", "its end was cut off")
    } else {
        say("可能换了字符编码或改了内容", "its character set or its content was changed")
    }
}

/// `{"a": "b", "c": "d"}`, for an object of texts.
fn python_style(value: &Value) -> String {
    let members = value.as_object().into_iter().flatten();
    let members: Vec<String> =
        members.map(|(name, value)| format!("{}: {value}", Value::from(name.as_str()))).collect();
    format!("{{{}}}", members.join(", "))
}

/// The same JSON with everything but ASCII escaped.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{ascii, fragile, python_style};

    #[test]
    fn the_fragile_body_is_json_that_every_rewriter_changes() {
        let sent = fragile();
        let value: serde_json::Value = serde_json::from_slice(&sent).unwrap();
        assert_eq!(value["type"], "probe");
        let texts = [value.to_string(), serde_json::to_string_pretty(&value).unwrap(), python_style(&value)];
        for text in texts {
            assert_ne!(text.as_bytes(), sent);
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
            assert_eq!(serde_json::from_str::<serde_json::Value>(&ascii(&text)).unwrap(), value);
        }
        assert_eq!(ascii("拿😀"), "\\u62ff\\ud83d\\ude00");
        assert!(sent.first() == Some(&b' ') && sent.last() == Some(&b'\n'));
    }
}
