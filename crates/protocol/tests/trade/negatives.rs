//! Callbacks gone wrong: each must fail, and be called by its name.

use douyin_pay_protocol::trade::callback::{self, CallbackError, Explanation, Headers, Unverified};
use douyin_pay_protocol::trade::{Mistake, PlatformPublicKey, callback_text, request_text};

use crate::vectors::{
    Vector, application_key, application_public_key, base64, platform_key, platform_public_key, vector,
};

const URI: &str = "/callbacks/coffee";

fn explain(headers: Headers<'_>, body: &[u8]) -> Explanation {
    let refused =
        Unverified::parse(headers, body).and_then(|callback| callback.verify(&[platform_public_key()]));
    assert!(refused.is_err(), "it must fail");
    let explained =
        callback::explain(headers, body, &[platform_public_key()], &[application_public_key()], Some(URI));
    assert!(!explained.is_valid());
    explained
}

/// The received callback, with something about it changed, must fail and be named.
#[track_caller]
fn received(vector: &Vector, body: &[u8], wanted: &[Mistake]) {
    assert_eq!(explain(vector.headers(), body).mistakes, wanted, "{}", String::from_utf8_lossy(body));
}

/// A signature over a wrong text must fail and be named.
#[track_caller]
fn signed(text: &[u8], wanted: &Mistake) {
    let right = vector("T8");
    let signature = platform_key().sign(text);
    assert!(
        !platform_public_key().verify(text, &right.signature),
        "the right signature does not fit this text"
    );
    let headers = Headers { signature: &signature, ..right.headers() };
    let explained = explain(headers, right.body.as_bytes());
    assert_eq!(explained.mistakes, std::slice::from_ref(wanted));
    for shown in [explained.to_string(), explained.zh()] {
        assert!(shown.contains(&wanted.en()) || shown.contains(&wanted.zh()), "{shown}");
    }
}

#[test]
fn n1_a_body_that_was_written_again() {
    let right = vector("T8");
    let envelope: serde_json::Value = serde_json::from_str(&right.body).expect("an object");
    let msg = serde_json::to_string(&envelope["msg"]).expect("a text");
    for body in [
        format!(r#"{{"msg": {msg}, "type": "payment", "version": "3.0"}}"#),
        format!(r#"{{"version":"3.0","type":"payment","msg":{msg}}}"#),
        format!(r#"{{"type":"payment","version":"3.0","msg":{}}}"#, msg.replace('/', "\\/")),
        serde_json::to_string_pretty(&envelope).expect("an object"),
    ] {
        received(&right, body.as_bytes(), &[Mistake::Reserialised]);
    }
    // Chinese text, written as escapes.
    let chinese = vector("T9");
    let escaped: String = chinese
        .body
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
        .collect();
    received(&chinese, escaped.as_bytes(), &[Mistake::Reserialised]);
    let pretty = vector("T12");
    received(&pretty, br#"{"version":"3.0","type":"payment","msg":"{}"}"#, &[Mistake::Reserialised]);
}

#[test]
fn n2_the_last_line_feed_missing() {
    let right = vector("T8");
    let text = callback_text(&right.timestamp, &right.nonce, right.body.as_bytes());
    signed(&text[..text.len() - 1], &Mistake::MissingLastLf);
}

#[test]
fn n3_only_the_message() {
    let right = vector("T8");
    let envelope: serde_json::Value = serde_json::from_str(&right.body).expect("an object");
    let msg = envelope["msg"].as_str().expect("a text");
    signed(&callback_text(&right.timestamp, &right.nonce, msg.as_bytes()), &Mistake::OnlyMsg);
    received(&right, msg.as_bytes(), &[Mistake::OnlyMsg]);
}

#[test]
fn n4_the_application_key_for_the_platforms() {
    let right = vector("T8");
    let mixed_up = [PlatformPublicKey::parse(base64("app_public_spki")).expect("a key")];
    let parsed = Unverified::parse(right.headers(), right.body.as_bytes()).expect("three headers");
    assert!(matches!(parsed.verify(&mixed_up), Err(CallbackError::BadSignature)));
    let explained = callback::explain(
        right.headers(),
        right.body.as_bytes(),
        &mixed_up,
        &[application_public_key()],
        None,
    );
    assert_eq!(explained.mistakes, [Mistake::ApplicationKeyConfigured]);
    // Signed by the application, as a home-made test would.
    let text = callback_text(&right.timestamp, &right.nonce, right.body.as_bytes());
    let signature = application_key().sign(&text);
    let headers = Headers { signature: &signature, ..right.headers() };
    assert_eq!(explain(headers, right.body.as_bytes()).mistakes, [Mistake::ApplicationKey]);
}

#[test]
fn n5_another_timestamp() {
    let right = vector("T8");
    let headers = Headers { timestamp: "1767225611", ..right.headers() };
    let explained = explain(headers, right.body.as_bytes());
    assert_eq!(explained.mistakes, [Mistake::Timestamp("1767225610".to_owned())]);
    let headers = Headers { timestamp: "1767225610000", ..right.headers() };
    let explained = explain(headers, right.body.as_bytes());
    assert_eq!(explained.mistakes, [Mistake::Timestamp("1767225610".to_owned())]);
}

#[test]
fn n6_crlf_and_other_line_ends() {
    let Vector { timestamp, nonce, body, .. } = vector("T8");
    signed(format!("{timestamp}\r\n{nonce}\r\n{body}\r\n").as_bytes(), &Mistake::CarriageReturns);
    signed(format!("{timestamp}\r\n{nonce}\r\n{body}").as_bytes(), &Mistake::CarriageReturns);
    signed(format!("{timestamp}\\n{nonce}\\n{body}\\n").as_bytes(), &Mistake::EscapedLineFeeds);
    signed(format!("{timestamp}{nonce}{body}").as_bytes(), &Mistake::NoLineFeeds);
    signed(format!("{nonce}\n{timestamp}\n{body}\n").as_bytes(), &Mistake::Swapped);
}

#[test]
fn n7_the_five_lines_of_a_request() {
    let Vector { timestamp, nonce, body, .. } = vector("T8");
    for uri in [URI, "/"] {
        signed(&request_text("POST", uri, &timestamp, &nonce, body.as_bytes()), &Mistake::FiveLines);
    }
}

#[test]
fn a_body_changed_on_the_way() {
    let right = vector("T8");
    let body = right.body.as_bytes();
    received(&right, &[body, b"\n"].concat(), &[Mistake::LineFeedAdded]);
    received(&right, &[body, b"\r\n"].concat(), &[Mistake::LineFeedAdded]);
    received(&right, &["\u{feff}".as_bytes(), body].concat(), &[Mistake::ByteOrderMark]);
    let pretty = vector("T12");
    received(&pretty, pretty.body.replace('\n', "\r\n").as_bytes(), &[Mistake::LineBreaksConverted]);
    // Read as Latin-1 and written as UTF-8; read as ASCII; written as GBK.
    let chinese = vector("T9");
    let latin: String = chinese.body.bytes().map(char::from).collect();
    received(&chinese, latin.as_bytes(), &[Mistake::Charset]);
    let lost: String = chinese.body.chars().map(|c| if c.is_ascii() { c } else { '\u{fffd}' }).collect();
    received(&chinese, lost.as_bytes(), &[Mistake::Charset]);
    received(
        &chinese,
        b"{\"msg\":\"\xd3\xe0\xb6\xee\",\"type\":\"refund\",\"version\":\"3.0\"}",
        &[Mistake::Charset],
    );
    received(
        &right,
        right.body.replace("\\\"total_amount\\\":1", "\\\"total_amount\\\":2").as_bytes(),
        &[Mistake::Unknown],
    );
    received(
        &right,
        br#"{"msg":"{}","type":"payment","msg_signature":"00","nonce":"1"}"#,
        &[Mistake::OtherSystem],
    );
}

#[test]
fn a_signature_changed_on_the_way() {
    let right = vector("T8");
    let changed = |signature: &str| {
        let explained = explain(Headers { signature, ..right.headers() }, right.body.as_bytes());
        explained.mistakes[0].en()
    };
    let original = &right.signature;
    for (signature, word) in [
        (original.replace('+', " "), "blank"),
        (original.replace('+', "-").replace('/', "_"), "alphabet for URLs"),
        (original.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"), "percent-encoded"),
        (format!("{original}\n"), "white space"),
        (original.trim_end_matches('=').to_owned(), "padding"),
        (original[..300].to_owned(), "256 bytes"),
        (original.replace('+', "*"), "256 bytes"),
    ] {
        assert!(changed(&signature).contains(word), "{word}: {}", changed(&signature));
    }
}

#[test]
fn without_a_key_and_with_a_right_one() {
    let right = vector("T8");
    let explain = |keys: &[PlatformPublicKey]| {
        callback::explain(right.headers(), right.body.as_bytes(), keys, &[], None)
    };
    assert_eq!(explain(&[]).mistakes, [Mistake::NoKey]);
    let explained = explain(&[platform_public_key()]);
    assert!(explained.is_valid() && explained.mistakes.is_empty() && explained.tried[0].fits);
    assert_eq!(explained.text_sha256, "48789aee725def7bd5af25001582a5dbc17bdc816685e58f040b012d59aa3bc6");
    assert!(serde_json::to_string(&explained).expect("plain data").contains("\"fits\":true"));
}
