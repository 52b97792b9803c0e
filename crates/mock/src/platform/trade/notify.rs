//! Callbacks of the general trade system: their addresses and their signed headers.

use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::trade::callback;
use serde_json::Value;

use super::call::spelt_out;
use crate::faults::CallbackFault;
use crate::platform::notices::Notice;
use crate::platform::{Platform, System};

/// Letters and digits of a nonce.
const NONCE_CHARACTERS: usize = 32;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// By which ability a callback goes out, as the console lists it. Only the first is published.
fn ability(kind: &str) -> &'static str {
    match kind {
        "payment" => "/msg/trade/payment/notify",
        "refund" => "/msg/trade/refund/notify",
        "settle" => "/msg/trade/settle/notify",
        _ => "/ext/trade/refund/pre_create",
    }
}

impl Platform {
    /// Schedules a callback: to the request's own address, else to the one published for the ability.
    pub(super) fn notify_trade(
        &mut self,
        app_id: &str,
        kind: &str,
        number: &str,
        own_url: Option<String>,
        msg: Value,
        at: UnixMs,
    ) {
        let terms = self.apps.get(app_id).and_then(|app| app.trade.as_ref());
        let published = terms.and_then(|terms| terms.published.of(kind));
        if own_url.is_some() && published.is_none() {
            self.warn_unpublished(app_id, kind);
            if self.switches.ignore_unpublished {
                return;
            }
        }
        let Some(url) = own_url.or(published) else { return };
        let msg = if self.switches.numbers_as_strings { spelt_out(msg) } else { msg };
        let msg = msg.to_string();
        self.schedule(System::Trade, app_id, (kind, number), url, msg, at);
    }

    /// Once per app and ability: a shop that never published would fill the books with it.
    fn warn_unpublished(&mut self, app_id: &str, kind: &str) {
        let warning = format!(
            "`{kind}` of `{app_id}`: at the platform the address in a request has no effect while none is published for the ability; publish one in the console"
        );
        if !self.warnings.contains(&warning) {
            self.warn(warning);
        }
    }

    /// Body and headers of one delivery, signed afresh unless the first signature is to be repeated.
    pub(in crate::platform) fn sign_trade(
        &mut self,
        notice: &Notice,
        now: UnixMs,
        fault: Option<CallbackFault>,
    ) -> (Vec<u8>, Vec<(String, String)>) {
        let body = callback::body(&notice.kind, &notice.msg);
        let wrong = fault == Some(CallbackFault::WrongSignature);
        if self.switches.replay_first_signature
            && !wrong
            && let Some(headers) = &notice.first_headers
        {
            return (body, headers.clone());
        }
        let nonce: String = (0..NONCE_CHARACTERS).map(|_| self.letter()).collect();
        let log_id = self.log_id(now).to_uppercase();
        let key =
            self.apps.get(&notice.app_id).and_then(|app| app.trade.as_ref()).map(|terms| &terms.platform_key);
        let Some(key) = key else { return (Vec::new(), Vec::new()) };
        // A signature over another text stands for one made with another key.
        let signed_bytes: &[u8] = if wrong { b"another body" } else { &body };
        let signed = callback::signed(key, now, &nonce, signed_bytes);
        let mut headers: Vec<(String, String)> =
            signed.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        headers.push(("Byte-Identifyname".to_owned(), ability(&notice.kind).to_owned()));
        headers.push(("Byte-Logid".to_owned(), log_id));
        if !wrong {
            self.notices.remember_headers(notice.id, &headers);
        }
        (body, headers)
    }

    fn letter(&mut self) -> char {
        let count = u64::try_from(ALPHABET.len()).expect("a short alphabet");
        let at = usize::try_from(self.dice.below(count)).expect("a place in the alphabet");
        char::from(ALPHABET[at])
    }
}
