//! The twelve golden vectors, through every path that can carry them.

use std::collections::BTreeMap;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use douyin_pay_protocol::trade::callback::{self, Headers, Unverified};
use douyin_pay_protocol::trade::{
    ApplicationKey, ApplicationPublicKey, ByteAuthorization, KeyVersion, Nonce, PlatformKey,
    PlatformPublicKey, authorize, callback_text, request_text,
};
use douyin_pay_protocol::{AppId, UnixMs};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    app_id: String,
    keys_der_hex: BTreeMap<String, String>,
    vectors: Vec<Vector>,
}

/// One line of the file; a callback has no method, URI and key version.
#[derive(Deserialize, Clone)]
pub(crate) struct Vector {
    pub(crate) id: String,
    kind: String,
    #[serde(default)]
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) uri: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    #[serde(default)]
    pub(crate) key_version: String,
    pub(crate) body: String,
    pub(crate) signature: String,
    authorization: Option<String>,
}

impl Vector {
    pub(crate) fn headers(&self) -> Headers<'_> {
        Headers { timestamp: &self.timestamp, nonce: &self.nonce, signature: &self.signature }
    }

    fn seconds(&self) -> UnixMs {
        UnixMs::from_seconds(self.timestamp.parse().expect("seconds"))
    }
}

fn file() -> File {
    serde_json::from_str(include_str!("../../vectors/trade_rsa.json")).expect("the vectors")
}

/// The DER of one of the file's keys.
pub(crate) fn der(name: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(file().keys_der_hex[name].as_bytes()).expect("hex")
}

pub(crate) fn base64(name: &str) -> String {
    BASE64.encode(&der(name))
}

pub(crate) fn application_key() -> ApplicationKey {
    ApplicationKey::parse(base64("app_private_pkcs8")).expect("a key")
}

pub(crate) fn application_public_key() -> ApplicationPublicKey {
    ApplicationPublicKey::parse(base64("app_public_spki")).expect("a key")
}

pub(crate) fn platform_key() -> PlatformKey {
    PlatformKey::parse(base64("platform_private_pkcs8")).expect("a key")
}

pub(crate) fn platform_public_key() -> PlatformPublicKey {
    PlatformPublicKey::parse(base64("platform_public_spki")).expect("a key")
}

pub(crate) fn app_id() -> AppId {
    AppId::new(file().app_id).expect("an app id")
}

pub(crate) fn vectors(kind: &str) -> Vec<Vector> {
    file().vectors.into_iter().filter(|vector| vector.kind == kind).collect()
}

pub(crate) fn vector(id: &str) -> Vector {
    file().vectors.into_iter().find(|vector| vector.id == id).expect("a vector")
}

#[test]
fn all_7_requests_are_signed_to_the_letter_with_either_form_of_the_key() {
    let requests = vectors("request");
    assert_eq!(requests.len(), 7);
    let forms = ["app_private_pkcs8", "app_private_pkcs1"]
        .map(|name| ApplicationKey::parse(base64(name)).expect(name));
    assert_eq!(forms[0].public(), forms[1].public());
    assert_eq!(forms[0].public(), application_public_key());
    for vector in requests {
        let Vector { id, method, uri, timestamp, nonce, body, signature, .. } = &vector;
        let text = request_text(method, uri, timestamp, nonce, body.as_bytes());
        for key in &forms {
            assert_eq!(key.sign(&text), *signature, "{id}");
        }
        assert!(application_public_key().verify(&text, signature), "{id}");
        let version = KeyVersion::new(&vector.key_version).expect("a version");
        // Three vectors have a nonce that we read and never draw.
        let Ok(drawn) = Nonce::new(nonce) else { continue };
        let signed =
            authorize(&app_id(), &forms[0], &version, method, uri, body.as_bytes(), vector.seconds(), &drawn);
        assert_eq!(signed.signature(), signature, "{id}");
    }
}

#[test]
fn every_written_byte_authorization_is_read_back_and_verified() {
    let mut written = 0;
    for vector in vectors("request") {
        let Vector { id, method, uri, timestamp, nonce, key_version, body, signature, .. } = &vector;
        let unquoted = format!(
            "SHA256-RSA2048 appid={},nonce_str={nonce},timestamp={timestamp},key_version={key_version},signature={signature}",
            app_id()
        );
        let read = ByteAuthorization::parse(&unquoted).expect("a byteAuthorization");
        assert_eq!(read.to_string(), unquoted, "{id}");
        assert_eq!((read.appid(), read.key_version()), (app_id().as_str(), key_version.as_str()), "{id}");
        assert!(read.verify(method, uri, body.as_bytes(), &application_public_key()), "{id}");
        assert!(!read.verify(method, uri, format!("{body} ").as_bytes(), &application_public_key()), "{id}");
        assert_eq!(ByteAuthorization::parse(&read.quoted()).as_ref(), Ok(&read), "{id}");
        if let Some(golden) = &vector.authorization {
            written += 1;
            assert_eq!(ByteAuthorization::parse(golden).as_ref(), Ok(&read), "{id}");
            assert!([unquoted, read.quoted()].contains(golden), "{id}");
        }
    }
    assert!(written >= 3, "{written} full values");
}

#[test]
fn all_5_callbacks_are_signed_to_the_letter_and_verified() {
    let callbacks = vectors("callback");
    assert_eq!(callbacks.len(), 5);
    let application = PlatformPublicKey::parse(base64("app_public_spki")).expect("a key");
    for vector in callbacks {
        let Vector { id, timestamp, nonce, body, signature, .. } = &vector;
        let sent = callback::signed(&platform_key(), vector.seconds(), nonce, body.as_bytes());
        assert_eq!(sent.headers(), vector.headers(), "{id}");
        assert_eq!(
            platform_key().sign(&callback_text(timestamp, nonce, body.as_bytes())),
            *signature,
            "{id}"
        );
        let parse = || Unverified::parse(vector.headers(), body.as_bytes()).expect("three headers");
        let verified = parse().verify(&[application.clone(), platform_public_key()]).expect("genuine");
        assert_eq!((verified.key_index(), verified.version()), (1, Some("3.0")), "{id}");
        assert_eq!((verified.timestamp(), verified.nonce()), (timestamp.as_str(), nonce.as_str()), "{id}");
        let envelope: serde_json::Value = serde_json::from_str(body).expect("an object");
        assert_eq!(envelope["msg"], verified.msg(), "{id}");
        assert_eq!(envelope["type"], verified.kind(), "{id}");
        assert!(parse().verify(std::slice::from_ref(&application)).is_err(), "{id}");
    }
}
