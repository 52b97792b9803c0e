//! Orders signed wrongly: each must fail, and be called by its name.

use data_encoding::BASE64;
use douyin_pay_protocol::trade::{
    ApplicationPublicKey, ByteAuthorization, KeyVersion, Mistake, RequestExplanation, callback_text,
    explain_request, request_text,
};

use crate::openssl::{folder, shell};
use crate::vectors::{
    Vector, application_key, application_public_key, base64, platform_key, platform_public_key, vector,
};

fn keys() -> Vec<(KeyVersion, ApplicationPublicKey)> {
    let other = ApplicationPublicKey::parse(base64("platform_public_spki")).expect("a key");
    [("1", application_public_key()), ("2", other)]
        .map(|(version, key)| (KeyVersion::new(version).expect("a version"), key))
        .to_vec()
}

fn explain(vector: &Vector, version: &str, signature: &str, body: &[u8]) -> RequestExplanation {
    let Vector { method, uri, timestamp, nonce, .. } = vector;
    let text = format!(
        "SHA256-RSA2048 appid=tt1,nonce_str={nonce},timestamp={timestamp},key_version={version},signature={signature}"
    );
    let authorization = ByteAuthorization::parse(&text).expect("a byteAuthorization");
    explain_request(&authorization, method, uri, body, &keys(), None)
}

#[track_caller]
fn signed(vector: &Vector, text: &[u8], wanted: &Mistake) {
    let explained = explain(vector, "1", &application_key().sign(text), vector.body.as_bytes());
    assert!(!explained.is_valid());
    assert_eq!(explained.mistakes, std::slice::from_ref(wanted));
    assert!(explained.to_string().contains(&wanted.en()) && explained.zh().contains(&wanted.zh()));
}

#[test]
fn a_right_one_has_no_mistakes() {
    let right = vector("T3");
    let explained = explain(&right, "1", &right.signature, right.body.as_bytes());
    assert!(explained.is_valid() && explained.mistakes.is_empty());
    assert_eq!(explained.text_sha256, "9594d23de891bb52d1402ce10b1b10adbdb32f2981d2bceb85a95c7088612ba1");
}

#[test]
fn the_wrong_lines() {
    let right = vector("T1");
    let Vector { timestamp, nonce, body, .. } = &right;
    let text = request_text("POST", "/requestOrder", timestamp, nonce, body.as_bytes());
    signed(&right, &text[..text.len() - 1], &Mistake::MissingLastLf);
    let crlf = format!("POST\r\n/requestOrder\r\n{timestamp}\r\n{nonce}\r\n{body}\r\n");
    signed(&right, crlf.as_bytes(), &Mistake::CarriageReturns);
    signed(&right, &callback_text(timestamp, nonce, body.as_bytes()), &Mistake::ThreeLines);
    let with = |method: &str, uri: &str, timestamp: &str, nonce: &str| {
        request_text(method, uri, timestamp, nonce, body.as_bytes())
    };
    signed(&right, &with("post", "/requestOrder", timestamp, nonce), &Mistake::Method("post".to_owned()));
    signed(&right, &with("POST", "/requestOrder", nonce, timestamp), &Mistake::Swapped);
    signed(&right, &with("POST", "/requestOrder", timestamp, &format!("\"{nonce}\"")), &Mistake::QuotedNonce);
    for uri in ["requestOrder", "/requestOrder/", "https://open.douyin.com/requestOrder", "/createSignOrder"]
    {
        signed(&right, &with("POST", uri, timestamp, nonce), &Mistake::Uri(uri.to_owned()));
    }
    for other in ["1767225601", "1767225600000"] {
        signed(&right, &with("POST", "/requestOrder", other, nonce), &Mistake::Timestamp(other.to_owned()));
    }
    signed(&right, &request_text("POST", "/requestOrder", timestamp, nonce, b""), &Mistake::BodyLeftOut);
    let quoted = serde_json::to_string(body).expect("a text");
    signed(
        &right,
        &request_text("POST", "/requestOrder", timestamp, nonce, quoted.as_bytes()),
        &Mistake::EscapedBody,
    );
    signed(&right, &request_text("POST", "/requestOrder", timestamp, nonce, b"other"), &Mistake::Unknown);
}

#[test]
fn the_same_value_in_another_spelling() {
    let (raw, escaped) = (vector("T3"), vector("T4"));
    for (sent, signed) in [(&raw, &escaped), (&escaped, &raw)] {
        let explained = explain(signed, "1", &signed.signature, sent.body.as_bytes());
        assert_eq!(explained.mistakes, [Mistake::Reserialised]);
    }
    let with_line_feed = format!("{}\n", raw.body);
    assert_eq!(
        explain(&raw, "1", &raw.signature, with_line_feed.as_bytes()).mistakes,
        [Mistake::LineFeedAdded]
    );
}

#[test]
fn the_wrong_key_or_version() {
    let right = vector("T1");
    let body = right.body.as_bytes();
    assert_eq!(explain(&right, "2", &right.signature, body).mistakes, [Mistake::KeyVersion("1".to_owned())]);
    let explained = explain(&right, "7", &application_key().sign(b"x"), body);
    assert_eq!(explained.mistakes, [Mistake::UnknownKeyVersion("7".to_owned())]);
    let text = request_text(&right.method, &right.uri, &right.timestamp, &right.nonce, body);
    let authorization = format!(
        "SHA256-RSA2048 appid=tt1,nonce_str={},timestamp={},key_version=1,signature={}",
        right.nonce,
        right.timestamp,
        platform_key().sign(&text)
    );
    let authorization = ByteAuthorization::parse(&authorization).expect("a byteAuthorization");
    let explain = |keys: &[(KeyVersion, ApplicationPublicKey)]| {
        explain_request(&authorization, "POST", &right.uri, body, keys, Some(&platform_public_key())).mistakes
    };
    assert_eq!(explain(&keys()[..1]), [Mistake::PlatformKey]);
    assert_eq!(explain(&[]), [Mistake::PlatformKey, Mistake::NoKey]);
}

#[test]
fn an_object_for_a_text_is_named_even_when_the_signature_is_right() {
    let right = vector("T1");
    let body = right
        .body
        .replace(r#""params":"{\"id\":\"ORD202601010001\"}""#, r#""params":{"id":"ORD202601010001"}"#);
    let text = request_text("POST", "/requestOrder", &right.timestamp, &right.nonce, body.as_bytes());
    let explained = explain(&right, "1", &application_key().sign(&text), body.as_bytes());
    assert!(explained.is_valid());
    assert_eq!(explained.mistakes, [Mistake::ObjectForText("`orderEntrySchema.params`".to_owned())]);
    let body = r#"{"skuList":[{"skuAttr":{"a":1},"entrySchema":{"path":"p","params":{}}}],"orderEntrySchema":{"path":"p"}}"#;
    let found = explain(&right, "1", &right.signature, body.as_bytes()).mistakes;
    let paths = ["`skuList[].entrySchema.params`", "`skuList[].skuAttr`"];
    assert_eq!(found, paths.map(|path| Mistake::ObjectForText(path.to_owned())));
}

#[test]
fn another_algorithm() {
    let folder = folder("openssl-algorithms");
    let right = vector("T1");
    let text = request_text("POST", "/requestOrder", &right.timestamp, &right.nonce, right.body.as_bytes());
    std::fs::write(folder.join("text"), text).expect("a file");
    let key =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", base64("app_private_pkcs8"));
    std::fs::write(folder.join("key.pem"), key).expect("a file");
    for (options, name) in [
        ("-sha1", "SHA1-RSA2048"),
        ("-sha512", "SHA512-RSA2048"),
        ("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32", "RSA-PSS (SHA-256)"),
    ] {
        let signature = shell(&folder, &format!("openssl dgst {options} -sign key.pem text"));
        let explained = explain(&right, "1", &BASE64.encode(&signature), right.body.as_bytes());
        assert_eq!(explained.mistakes, [Mistake::Algorithm(name.to_owned())]);
    }
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}
