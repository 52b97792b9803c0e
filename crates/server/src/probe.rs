//! A probe of the way in: what arrived of a body, byte for byte.
//!
//! ```text
//! doctor ──POST /callbacks/{app}, header, any body──▶ proxies ──▶ SHA-256 and length of what arrived
//! ```
//!
//! The header is keyed with a token of the app, so that a stranger is treated like anybody else who posts a
//! callback that is none. A probe is answered before the body is looked into: nothing of it is kept. Whoever
//! repeats one that was overheard learns the hash of bytes that are his own.

use bytes::Bytes;
use douyin_pay_protocol::Token;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Server;
use crate::callback::Reply;

/// The header that makes a request to `/callbacks/{app}` a probe.
pub const HEADER: &str = "douyin-pay-probe";
/// No nonce of ours is longer.
const NONCE_BYTES_MAX: usize = 64;

/// What arrived of a probe's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// SHA-256 of the body, lower-case hex.
    pub sha256: String,
    /// Bytes of the body.
    pub length: u64,
    /// `Content-Type`, as it arrived.
    pub content_type: Option<String>,
    /// `Content-Encoding`, as it arrived.
    pub content_encoding: Option<String>,
    signature: String,
}

/// The header's value for one probe. `nonce` is random and of letters and digits.
///
/// ```
/// use douyin_pay_protocol::Token;
/// use douyin_pay_server::probe;
///
/// let token = Token::new("mocktoken").unwrap();
/// assert!(probe::ask(&token, "coffee", "5eed").starts_with("5eed."));
/// ```
pub fn ask(token: &Token, app: &str, nonce: &str) -> String {
    format!("{nonce}.{}", hex(question(token, app, nonce)))
}

/// What the service says has arrived; `None` when the answer is not from a service that knows `token`.
pub fn read(token: &Token, nonce: &str, answer: &[u8]) -> Option<Arrived> {
    let arrived: Arrived = serde_json::from_slice(answer).ok()?;
    let claimed = data_encoding::HEXLOWER.decode(arrived.signature.as_bytes()).ok()?;
    reply(token, nonce, &arrived.sha256, arrived.length).verify_slice(&claimed).ok()?;
    Some(arrived)
}

/// The answer to a probe; `None` when the request is no probe, or comes from somebody without a token.
pub(crate) fn answer(
    server: &Server,
    name: Option<&str>,
    headers: &HeaderMap,
    body: &Bytes,
) -> Option<Reply> {
    let (asked, name) = (headers.get(HEADER)?.to_str().ok()?, name?);
    let live = server.live();
    let config = &live.app(name)?.config;
    let keys: Vec<Token> = config.callback_tokens().iter().cloned().chain(config.probe_key()).collect();
    let arrived = arrived(&keys, name, asked, headers, body)?;
    tracing::info!(app = name, length = arrived.length, "a probe arrived");
    let body = serde_json::to_string(&arrived).expect("texts and a number are plain data");
    Some(Reply { status: StatusCode::OK, body })
}

fn arrived(tokens: &[Token], app: &str, asked: &str, headers: &HeaderMap, body: &[u8]) -> Option<Arrived> {
    let (nonce, claimed) = asked.split_once('.')?;
    let plain = nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !plain || !(1..=NONCE_BYTES_MAX).contains(&nonce.len()) {
        return None;
    }
    let claimed = data_encoding::HEXLOWER.decode(claimed.as_bytes()).ok()?;
    let token = tokens.iter().find(|token| question(token, app, nonce).verify_slice(&claimed).is_ok())?;
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let sha256 = sha256_hex(body);
    let length = u64::try_from(body.len()).ok()?;
    Some(Arrived {
        signature: hex(reply(token, nonce, &sha256, length)),
        sha256,
        length,
        content_type: text(header::CONTENT_TYPE),
        content_encoding: text(header::CONTENT_ENCODING),
    })
}

/// SHA-256 of a body as [`Arrived`] gives it.
pub fn sha256_hex(body: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(body))
}

fn question(token: &Token, app: &str, nonce: &str) -> Hmac<Sha256> {
    keyed(token, &["douyin-pay probe", app, nonce])
}

fn reply(token: &Token, nonce: &str, sha256: &str, length: u64) -> Hmac<Sha256> {
    keyed(token, &["douyin-pay probe arrived", nonce, sha256, &length.to_string()])
}

/// Each text ends with a line end, which none of them contains.
fn keyed(token: &Token, texts: &[&str]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(token.expose().as_bytes()).expect("HMAC takes keys of any length");
    for text in texts {
        mac.update(text.as_bytes());
        mac.update(b"\n");
    }
    mac
}

fn hex(mac: Hmac<Sha256>) -> String {
    data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Token {
        Token::new(text).unwrap()
    }

    #[test]
    fn who_knows_a_token_learns_what_arrived_and_nobody_else() {
        let (old, new) = (token("oldtoken"), token("newtoken"));
        let live = [new.clone(), old.clone()];
        let headers = HeaderMap::new();
        let asked = ask(&old, "coffee", "5eed");
        let found = arrived(&live, "coffee", &asked, &headers, b"{}").unwrap();
        assert_eq!((found.sha256.as_str(), found.length), (sha256_hex(b"{}").as_str(), 2));
        let answer = serde_json::to_vec(&found).unwrap();
        assert_eq!(read(&old, "5eed", &answer), Some(found));
        assert_eq!(read(&new, "5eed", &answer), None, "signed with the token that asked");
        assert_eq!(read(&old, "other", &answer), None, "an answer to another probe");
        let stranger = ask(&token("stranger"), "coffee", "5eed");
        for (app, asked) in [
            ("tea", asked.as_str()),
            ("coffee", stranger.as_str()),
            ("coffee", "5eed."),
            ("coffee", "5eed"),
            ("coffee", ""),
            ("coffee", ".00"),
        ] {
            assert_eq!(arrived(&live, app, asked, &headers, b"{}"), None, "{app} {asked}");
        }
        assert_eq!(arrived(&live, "coffee", &ask(&old, "coffee", "a b"), &headers, b"{}"), None);
    }

    #[test]
    fn an_answer_that_was_changed_is_not_believed() {
        let token = token("mocktoken");
        let found = arrived(
            std::slice::from_ref(&token),
            "coffee",
            &ask(&token, "coffee", "7"),
            &HeaderMap::new(),
            b"ab",
        );
        let good = serde_json::to_string(&found.unwrap()).unwrap();
        assert!(read(&token, "7", good.as_bytes()).is_some());
        let longer = good.replace("\"length\":2", "\"length\":3");
        assert_ne!(longer, good);
        assert_eq!(read(&token, "7", longer.as_bytes()), None);
        assert_eq!(read(&token, "7", b"<html>"), None);
    }
}
