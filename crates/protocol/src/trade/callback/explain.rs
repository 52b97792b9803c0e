//! Why a callback's signature is right or wrong, and which known mistake explains it.

use std::fmt;

use serde::Serialize;

use super::envelope::Envelope;
use super::{CallbackError, Headers, Unverified};
use crate::trade::explain::{hex, rows};
use crate::trade::key::{Hashed, PublicHalf, SIGNATURE_BYTES, hash, signature_bytes};
use crate::trade::sign::{callback_hash, callback_text, request_text};
use crate::trade::suspects::{SEARCHED_BYTES_MAX, bodies, framings, mended, nearby, other_algorithm};
use crate::trade::{ApplicationPublicKey, Mistake, PlatformPublicKey, TriedKey};

/// How a callback's signature came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// `Byte-Timestamp`, literally.
    pub timestamp: String,
    /// `Byte-Nonce-Str`, literally.
    pub nonce: String,
    /// The length of the body.
    pub body_bytes: usize,
    /// `Byte-Signature`, literally.
    pub signature: String,
    /// The SHA-256 of the text that should have been signed.
    pub text_sha256: String,
    /// Every platform key that was tried.
    pub tried: Vec<TriedKey>,
    /// Why the callback is not accepted, if it is not.
    pub problem: Option<String>,
    /// What may have gone wrong.
    pub mistakes: Vec<Mistake>,
}

impl Explanation {
    /// Whether a key fits and the callback can be read.
    pub fn is_valid(&self) -> bool {
        self.problem.is_none()
    }

    /// As [`fmt::Display`] writes it, with the mistakes in Chinese.
    pub fn zh(&self) -> String {
        self.written(Mistake::zh)
    }

    fn written(&self, sentence: fn(&Mistake) -> String) -> String {
        let Self { body_bytes, text_sha256, .. } = self;
        let (timestamp, nonce) = (self.timestamp.escape_debug(), self.nonce.escape_debug());
        let head = format!(
            "  timestamp    {timestamp}\n  nonce        {nonce}\n  body         {body_bytes} bytes\n  sha256       {text_sha256}\n"
        );
        head + &rows(&self.tried, &self.mistakes, sentence)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(Mistake::en))
    }
}

/// Explains a callback's signature: which key fits, or which mistake does. `application` are the application's own
/// public keys, which some configure as the platform's; `uri` is the path of the callback address, which some sign.
///
/// It tries hundreds of wrong texts: for tools and test platforms, not for a busy server.
pub fn explain(
    headers: Headers<'_>,
    body: &[u8],
    keys: &[PlatformPublicKey],
    application: &[ApplicationPublicKey],
    uri: Option<&str>,
) -> Explanation {
    let Headers { timestamp, nonce, signature } = headers;
    let hashed = callback_hash(timestamp, nonce, body);
    let bytes = signature_bytes(signature).ok();
    let fits = |key: &PublicHalf| bytes.as_ref().is_some_and(|signature| key.fits(&hashed, signature));
    let tried: Vec<TriedKey> = keys
        .iter()
        .enumerate()
        .map(|(index, key)| TriedKey {
            key: (index + 1).to_string(),
            fingerprint: key.fingerprint(),
            fits: fits(key.half()),
        })
        .collect();
    let outcome = Unverified::parse(headers, body).and_then(|callback| callback.verify(keys));
    let mistakes = match &outcome {
        Ok(_) => Vec::new(),
        Err(problem) if problem.is_genuine() => Vec::new(),
        Err(problem) => {
            let suspicion = Suspicion { headers, body, keys, application, uri };
            let mut mistakes =
                suspicion.mistakes(bytes.as_ref(), application.iter().any(|key| fits(key.half())));
            if mistakes.is_empty() && *problem == CallbackError::BadSignature {
                mistakes.push(Mistake::Unknown);
            }
            mistakes
        }
    };
    Explanation {
        timestamp: timestamp.to_owned(),
        nonce: nonce.to_owned(),
        body_bytes: body.len(),
        signature: signature.to_owned(),
        text_sha256: hex(&hashed),
        tried,
        problem: outcome.err().map(|problem| problem.to_string()),
        mistakes,
    }
}

struct Suspicion<'a> {
    headers: Headers<'a>,
    body: &'a [u8],
    keys: &'a [PlatformPublicKey],
    application: &'a [ApplicationPublicKey],
    uri: Option<&'a str>,
}

impl Suspicion<'_> {
    fn mistakes(&self, signature: Option<&[u8; SIGNATURE_BYTES]>, by_application: bool) -> Vec<Mistake> {
        let mut found = Vec::new();
        let is_application = |key: &PlatformPublicKey| {
            self.application.iter().any(|other| other.half().spki() == key.half().spki())
        };
        if self.keys.is_empty() {
            found.push(Mistake::NoKey);
        }
        if self.keys.iter().any(is_application) {
            found.push(Mistake::ApplicationKeyConfigured);
        }
        if by_application {
            found.push(Mistake::ApplicationKey);
        }
        match signature {
            Some(signature) => found.extend(self.wrong_text(signature)),
            None => found.push(self.changed_signature()),
        }
        found.extend(self.seen_in_body());
        found.dedup();
        found
    }

    fn changed_signature(&self) -> Mistake {
        let Headers { timestamp, nonce, signature } = self.headers;
        let hashed = callback_hash(timestamp, nonce, self.body);
        match mended(signature) {
            Some((mended, what)) if self.signed(&hashed, &mended) => {
                Mistake::SignatureChanged(what.to_owned())
            }
            _ => Mistake::SignatureMalformed,
        }
    }

    fn signed(&self, hashed: &Hashed, signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.keys.iter().any(|key| key.half().fits(hashed, signature))
    }

    /// The first wrong text that one of the keys signed.
    fn wrong_text(&self, signature: &[u8; SIGNATURE_BYTES]) -> Option<Mistake> {
        let (Headers { timestamp, nonce, .. }, body) = (self.headers, self.body);
        if body.len() > SEARCHED_BYTES_MAX {
            return None;
        }
        let is = |text: &[u8]| self.signed(&hash(&[text]), signature);
        let lines = [timestamp.as_bytes(), nonce.as_bytes(), body];
        if let Some((mistake, _)) = framings(&lines).into_iter().find(|(_, text)| is(text)) {
            return Some(mistake);
        }
        for uri in self.uri.into_iter().chain(["/", ""]) {
            if is(&request_text("POST", uri, timestamp, nonce, body)) {
                return Some(Mistake::FiveLines);
            }
        }
        if is(&callback_text(nonce, timestamp, body)) {
            return Some(Mistake::Swapped);
        }
        if Envelope::read(body)
            .ok()
            .and_then(|envelope| envelope.msg)
            .is_some_and(|msg| is(&callback_text(timestamp, nonce, msg.as_bytes())))
        {
            return Some(Mistake::OnlyMsg);
        }
        if let Some((mistake, _)) =
            bodies(body).into_iter().find(|(_, body)| is(&callback_text(timestamp, nonce, body)))
        {
            return Some(mistake);
        }
        for other in nearby(timestamp) {
            if self.signed(&callback_hash(&other, nonce, body), signature) {
                return Some(Mistake::Timestamp(other));
            }
        }
        let text = callback_text(timestamp, nonce, body);
        self.keys.iter().find_map(|key| other_algorithm(key.half(), &text, signature))
    }

    /// What the body gives away, whatever the signature.
    fn seen_in_body(&self) -> Option<Mistake> {
        let Ok(text) = std::str::from_utf8(self.body) else { return Some(Mistake::Charset) };
        if text.contains('\u{fffd}') {
            return Some(Mistake::Charset);
        }
        let members = crate::members::members(text).ok()?;
        let has = |name: &str| members.iter().any(|(member, _)| member == name);
        if has("msg_signature") && !has("version") {
            return Some(Mistake::OtherSystem);
        }
        (!has("msg") && has("app_id")).then_some(Mistake::OnlyMsg)
    }
}
