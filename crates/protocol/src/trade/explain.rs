//! Why a `byteAuthorization` is right or wrong, and which known mistake explains it.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::value::RawValue;

use super::key::{Hashed, PublicHalf, SIGNATURE_BYTES, hash, signature_bytes};
use super::sign::{callback_text, request_hash, request_text};
use super::suspects::{SEARCHED_BYTES_MAX, bodies, framings, nearby, other_algorithm};
use super::{
    ApplicationPublicKey, ByteAuthorization, CREATE_SIGN_ORDER_URI, KeyVersion, Mistake, PlatformPublicKey,
    REQUEST_ORDER_URI,
};
use crate::members::members;

/// What one key makes of a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TriedKey {
    /// Its `key_version`, or its place among the configured ones, counted from 1.
    pub key: String,
    /// The key's fingerprint, to compare it with the console's.
    pub fingerprint: String,
    /// Whether the signature is this key's.
    pub fits: bool,
}

/// How a request's signature came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestExplanation {
    /// The mini-program that is named; not covered by the signature.
    pub appid: String,
    /// The key version that is named; not covered by the signature.
    pub key_version: String,
    /// First line of the signed text.
    pub method: String,
    /// Second line of the signed text.
    pub uri: String,
    /// Third line of the signed text.
    pub timestamp: String,
    /// Fourth line of the signed text.
    pub nonce: String,
    /// The length of the body, the fifth line.
    pub body_bytes: usize,
    /// The SHA-256 of the text that should have been signed.
    pub text_sha256: String,
    /// Every key that was tried.
    pub tried: Vec<TriedKey>,
    /// What may have gone wrong.
    pub mistakes: Vec<Mistake>,
    valid: bool,
}

impl RequestExplanation {
    /// Whether the key of the named version made the signature.
    pub fn is_valid(&self) -> bool {
        self.valid
    }

    /// As [`fmt::Display`] writes it, with the mistakes in Chinese.
    pub fn zh(&self) -> String {
        self.written(Mistake::zh)
    }

    fn written(&self, sentence: fn(&Mistake) -> String) -> String {
        let Self { appid, key_version, timestamp, nonce, body_bytes, text_sha256, .. } = self;
        let (method, uri) = (self.method.escape_debug(), self.uri.escape_debug());
        let head = format!(
            "  appid        {appid}\n  key_version  {key_version}\n  method       {method}\n  uri          {uri}\n  \
             timestamp    {timestamp}\n  nonce        {nonce}\n  body         {body_bytes} bytes\n  sha256       {text_sha256}\n"
        );
        head + &rows(&self.tried, &self.mistakes, sentence)
    }
}

impl fmt::Display for RequestExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(Mistake::en))
    }
}

/// The keys and the mistakes, a line each.
pub(super) fn rows(tried: &[TriedKey], mistakes: &[Mistake], sentence: fn(&Mistake) -> String) -> String {
    let keys = tried.iter().map(|tried| {
        let verdict = if tried.fits { "fits" } else { "does not fit" };
        format!("  key {:<8} {} {verdict}\n", tried.key, tried.fingerprint)
    });
    keys.chain(mistakes.iter().map(|mistake| format!("  ! {}\n", sentence(mistake)))).collect()
}

pub(super) fn hex(hashed: &Hashed) -> String {
    HEXLOWER.encode(hashed.as_ref())
}

/// Explains the signature of a request: which key fits, or which mistake does. `keys` are the uploaded public keys
/// with their versions; `platform` is the platform's own key, if it is known, which some sign with by mistake.
///
/// It tries hundreds of wrong texts: for tools and test platforms, not for a busy server.
pub fn explain_request(
    authorization: &ByteAuthorization,
    method: &str,
    uri: &str,
    body: &[u8],
    keys: &[(KeyVersion, ApplicationPublicKey)],
    platform: Option<&PlatformPublicKey>,
) -> RequestExplanation {
    let (timestamp, nonce) = (authorization.timestamp(), authorization.nonce_str());
    let hashed = request_hash(method, uri, timestamp, nonce, body);
    let signature = signature_bytes(authorization.signature()).ok();
    let fits = |key: &PublicHalf, hashed: &Hashed| {
        signature.as_ref().is_some_and(|signature| key.fits(hashed, signature))
    };
    let tried: Vec<TriedKey> = keys
        .iter()
        .map(|(version, key)| TriedKey {
            key: version.to_string(),
            fingerprint: key.fingerprint(),
            fits: fits(key.half(), &hashed),
        })
        .collect();
    let named = authorization.key_version();
    let valid = tried.iter().any(|tried| tried.fits && tried.key == named);
    let mut mistakes = Vec::new();
    if !valid {
        mistakes.extend(
            tried.iter().filter(|tried| tried.fits).map(|tried| Mistake::KeyVersion(tried.key.clone())),
        );
        if !keys.is_empty() && mistakes.is_empty() && tried.iter().all(|tried| tried.key != named) {
            mistakes.push(Mistake::UnknownKeyVersion(named.to_owned()));
        }
        if platform.is_some_and(|key| fits(key.half(), &hashed)) {
            mistakes.push(Mistake::PlatformKey);
        }
        if let Some(signature) = signature.filter(|_| tried.iter().all(|tried| !tried.fits)) {
            let halves: Vec<&PublicHalf> = keys.iter().map(|(_, key)| key.half()).collect();
            let request = Request { method, uri, timestamp, nonce, body };
            mistakes.extend(request.mistake(&halves, &signature));
        }
    }
    mistakes.extend(objects_for_texts(body));
    if keys.is_empty() {
        mistakes.push(Mistake::NoKey);
    } else if !valid && mistakes.is_empty() {
        mistakes.push(Mistake::Unknown);
    }
    RequestExplanation {
        appid: authorization.appid().to_owned(),
        key_version: named.to_owned(),
        method: method.to_owned(),
        uri: uri.to_owned(),
        timestamp: timestamp.to_owned(),
        nonce: nonce.to_owned(),
        body_bytes: body.len(),
        text_sha256: hex(&hashed),
        tried,
        mistakes,
        valid,
    }
}

struct Request<'a> {
    method: &'a str,
    uri: &'a str,
    timestamp: &'a str,
    nonce: &'a str,
    body: &'a [u8],
}

impl Request<'_> {
    /// The first wrong text that one of the keys signed.
    fn mistake(&self, keys: &[&PublicHalf], signature: &[u8; SIGNATURE_BYTES]) -> Option<Mistake> {
        let Self { method, uri, timestamp, nonce, body } = *self;
        if body.len() > SEARCHED_BYTES_MAX {
            return None;
        }
        let signed = |hashed: &Hashed| keys.iter().any(|key| key.fits(hashed, signature));
        let is = |text: &[u8]| signed(&hash(&[text]));
        let lines = [method.as_bytes(), uri.as_bytes(), timestamp.as_bytes(), nonce.as_bytes(), body];
        if let Some((mistake, _)) = framings(&lines).into_iter().find(|(_, text)| is(text)) {
            return Some(mistake);
        }
        if is(&callback_text(timestamp, nonce, body)) {
            return Some(Mistake::ThreeLines);
        }
        if is(&request_text(method, uri, nonce, timestamp, body)) {
            return Some(Mistake::Swapped);
        }
        if is(&request_text(method, uri, timestamp, &format!("\"{nonce}\""), body)) {
            return Some(Mistake::QuotedNonce);
        }
        let with_body = |body: &[u8]| signed(&request_hash(method, uri, timestamp, nonce, body));
        if let Some((mistake, _)) = bodies(body).into_iter().find(|(_, body)| with_body(body)) {
            return Some(mistake);
        }
        let lower = method.to_ascii_lowercase();
        let other_method = [lower.as_str(), "GET", "POST"].into_iter().filter(|other| *other != method);
        for other in other_method {
            if signed(&request_hash(other, uri, timestamp, nonce, body)) {
                return Some(Mistake::Method(other.to_owned()));
            }
        }
        for other in other_uris(uri) {
            if signed(&request_hash(method, &other, timestamp, nonce, body)) {
                return Some(Mistake::Uri(other));
            }
        }
        for other in nearby(timestamp) {
            if signed(&request_hash(method, uri, &other, nonce, body)) {
                return Some(Mistake::Timestamp(other));
            }
        }
        let text = request_text(method, uri, timestamp, nonce, body);
        keys.iter().find_map(|key| other_algorithm(key, &text, signature))
    }
}

/// What people take for the URI.
fn other_uris(uri: &str) -> Vec<String> {
    const HOSTS: [&str; 3] =
        ["https://open.douyin.com", "https://open-sandbox.douyin.com", "https://developer.toutiao.com"];
    let path = uri.split('?').next().unwrap_or_default();
    let mut others: Vec<String> =
        [REQUEST_ORDER_URI, CREATE_SIGN_ORDER_URI, "requestOrder", "createSignOrder", "/", "", path]
            .map(str::to_owned)
            .to_vec();
    others.extend(["tt.requestOrder", "/tt.requestOrder", "tt.createSignOrder"].map(str::to_owned));
    others.push(format!("{path}/"));
    others.push(path.trim_end_matches('/').to_owned());
    others.push(path.trim_start_matches('/').to_owned());
    others.extend(HOSTS.iter().map(|host| format!("{host}{path}")));
    others.retain(|other| other != uri);
    others
}

/// What must be a text that holds JSON, and is the JSON itself. Wrong even when the signature is right.
fn objects_for_texts(body: &[u8]) -> Vec<Mistake> {
    let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= SEARCHED_BYTES_MAX);
    let Some(data) = text.and_then(|text| members(text).ok()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut check = |path: &str, value: Option<&RawValue>| {
        if value.is_some_and(|value| value.get().starts_with(['{', '['])) {
            found.push(Mistake::ObjectForText(format!("`{path}`")));
        }
    };
    check("orderEntrySchema.params", member(&data, "orderEntrySchema").and_then(|schema| params(schema)));
    let goods =
        member(&data, "skuList").and_then(|list| serde_json::from_str::<Vec<&RawValue>>(list.get()).ok());
    for sku in goods.into_iter().flatten().filter_map(|sku| members(sku.get()).ok()) {
        check("skuList[].entrySchema.params", member(&sku, "entrySchema").and_then(|schema| params(schema)));
        check("skuList[].skuAttr", member(&sku, "skuAttr"));
    }
    found
}

fn member<'a>(members: &[(String, &'a RawValue)], name: &str) -> Option<&'a RawValue> {
    members.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
}

fn params(schema: &RawValue) -> Option<&RawValue> {
    member(&members(schema.get()).ok()?, "params")
}
