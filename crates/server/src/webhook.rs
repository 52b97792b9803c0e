//! Standard Webhooks: the three headers of an event's delivery, signed and verified.

use douyin_pay_protocol::{Secret, UnixMs};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use sha2::Sha256;

/// Names the event; the same at every delivery.
pub const ID: &str = "webhook-id";
/// When this delivery was signed, in Unix seconds.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// One signature per live secret, separated by a space.
pub const SIGNATURE: &str = "webhook-signature";
/// How far the timestamp may be from the receiver's clock.
pub const TOLERANCE_SECONDS: i64 = 5 * 60;

/// Why a delivery is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// A header is missing or not text.
    #[error("the header `{0}` is missing or not text")]
    Missing(&'static str),
    /// The timestamp is no number, or too far from now.
    #[error("`webhook-timestamp` is not within {TOLERANCE_SECONDS} s of this machine's clock")]
    Timestamp,
    /// No signature fits.
    #[error(
        "no signature in `webhook-signature` fits the secret; check the secret and that the body is taken raw"
    )]
    Signature,
}

/// Signs one delivery: the value of `webhook-signature`.
///
/// ```
/// use douyin_pay_protocol::{Secret, UnixMs};
/// use douyin_pay_server::webhook::{sign, verify_webhook};
///
/// let secret = Secret::new(vec![7; 32]).unwrap();
/// let now = UnixMs::new(1_767_225_600_000);
/// let mut headers = http::HeaderMap::new();
/// headers.insert("webhook-id", "ord_1.1".parse().unwrap());
/// headers.insert("webhook-timestamp", "1767225600".parse().unwrap());
/// headers.insert("webhook-signature", sign(&[secret.clone()], "ord_1.1", 1_767_225_600, b"{}").parse().unwrap());
/// assert_eq!(verify_webhook(&secret, &headers, b"{}", now), Ok(()));
/// ```
pub fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &[u8]) -> String {
    let timestamp = timestamp.to_string();
    let signatures = secrets.iter().map(|secret| {
        let digest = mac(secret, id, &timestamp, body).finalize().into_bytes();
        format!("v1,{}", data_encoding::BASE64.encode(&digest))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

/// Verifies a delivery, for a receiver written in Rust and for tests.
///
/// # Errors
/// When a header is missing, the timestamp is far from `now`, or no signature fits.
pub fn verify_webhook(
    secret: &Secret,
    headers: &HeaderMap,
    body: &[u8],
    now: UnixMs,
) -> Result<(), WebhookError> {
    let text = |name| {
        let value = headers.get(name).map(HeaderValue::to_str);
        value.and_then(Result::ok).ok_or(WebhookError::Missing(name))
    };
    let (id, timestamp, signatures) = (text(ID)?, text(TIMESTAMP)?, text(SIGNATURE)?);
    let seconds: i64 = timestamp.parse().map_err(|_| WebhookError::Timestamp)?;
    if now.seconds().saturating_sub(seconds).saturating_abs() > TOLERANCE_SECONDS {
        return Err(WebhookError::Timestamp);
    }
    let fits = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")).any(|base64| {
        let Ok(claimed) = data_encoding::BASE64.decode(base64.as_bytes()) else { return false };
        mac(secret, id, timestamp, body).verify_slice(&claimed).is_ok()
    });
    if fits { Ok(()) } else { Err(WebhookError::Signature) }
}

fn mac(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).expect("HMAC takes keys of any length");
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = UnixMs::new(1_614_265_330_000);

    fn secret(text: &str) -> Secret {
        Secret::new(data_encoding::BASE64.decode(text.as_bytes()).unwrap()).unwrap()
    }

    fn headers(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)] {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    /// The example of the Standard Webhooks libraries (2021), which use the same bytes.
    #[test]
    fn the_published_example_fits() {
        let secret = secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = br#"{"test": 2432232314}"#;
        let signature =
            sign(std::slice::from_ref(&secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let headers = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", &signature);
        assert_eq!(verify_webhook(&secret, &headers, body, NOW), Ok(()));
    }

    #[test]
    fn anything_changed_is_noticed() {
        let (old, new) = (Secret::new(vec![1; 32]).unwrap(), Secret::new(vec![2; 32]).unwrap());
        let both = sign(&[new.clone(), old.clone()], "e.1", NOW.seconds(), b"{}");
        let good = headers("e.1", "1614265330", &both);
        assert_eq!(verify_webhook(&old, &good, b"{}", NOW), Ok(()));
        assert_eq!(verify_webhook(&new, &good, b"{}", NOW), Ok(()));
        let stranger = Secret::new(vec![3; 32]).unwrap();
        assert_eq!(verify_webhook(&stranger, &good, b"{}", NOW), Err(WebhookError::Signature));
        assert_eq!(verify_webhook(&old, &good, b"{ }", NOW), Err(WebhookError::Signature));
        let late = NOW.plus_ms((TOLERANCE_SECONDS + 1) * 1000);
        assert_eq!(verify_webhook(&old, &good, b"{}", late), Err(WebhookError::Timestamp));
        let other = headers("e.2", "1614265330", &both);
        assert_eq!(verify_webhook(&old, &other, b"{}", NOW), Err(WebhookError::Signature));
        assert_eq!(verify_webhook(&old, &HeaderMap::new(), b"{}", NOW), Err(WebhookError::Missing(ID)));
        let garbage = headers("e.1", "soon", "v1,!!");
        assert_eq!(verify_webhook(&old, &garbage, b"{}", NOW), Err(WebhookError::Timestamp));
    }
}
