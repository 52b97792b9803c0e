//! Why signed order data does not verify, in plain words.

use douyin_pay_protocol::trade::{
    ApplicationPublicKey, ByteAuthorization, KeyVersion, Mistake, REQUEST_ORDER_URI, explain_request,
};

use crate::config::MockTrade;

/// URIs that somebody guessed for `tt.requestOrder` and signed.
const GUESSED_URIS: [&str; 2] =
    ["/api/trade_basic/v1/user/order_create", "/api/trade_basic/v1/user/order_create/"];

/// Names the mistake that produced the signature, when a known one did.
pub(super) fn request(parsed: &ByteAuthorization, data: &str, terms: &MockTrade) -> String {
    let keys: Vec<(KeyVersion, ApplicationPublicKey)> = terms
        .application_public_keys
        .iter()
        .filter_map(|(version, key)| Some((KeyVersion::new(version).ok()?, key.clone())))
        .collect();
    let platform = terms.platform_key.public();
    let body = data.as_bytes();
    let named = terms.application_public_keys.get(parsed.key_version());
    let guessed =
        GUESSED_URIS.iter().find(|uri| named.is_some_and(|key| parsed.verify("POST", uri, body, key)));
    if let Some(uri) = guessed {
        return Mistake::Uri((*uri).to_owned()).en();
    }
    let explained = explain_request(parsed, "POST", REQUEST_ORDER_URI, body, &keys, Some(&platform));
    explained.mistakes.iter().map(Mistake::en).collect::<Vec<_>>().join("; ")
}
