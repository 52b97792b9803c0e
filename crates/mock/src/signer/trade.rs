//! Correctly signed callbacks of the general trade system, without any platform.

use douyin_pay_protocol::trade::{PlatformKey, callback};
use douyin_pay_protocol::{Fen, UnixMs};
use serde_json::{Value, json};

/// The nonce of every signature made here.
const NONCE: &str = "Lvd6e6w4sbxDxTIYlOwk3QAZDIXLG5du";

/// A callback to be posted: its body and the headers that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCallback {
    /// The raw body, which the signature covers.
    pub body: Vec<u8>,
    /// `Byte-Timestamp`, `Byte-Nonce-Str` and `Byte-Signature` with their values.
    pub headers: Vec<(String, String)>,
}

/// Signs callbacks as the platform does, with the private half of a platform key.
///
/// ```
/// use douyin_pay_mock::{TradeCallbackSigner, keys};
/// use douyin_pay_protocol::trade::callback::{Headers, Unverified};
/// use douyin_pay_protocol::trade::{PlatformKey, PlatformPublicKey};
/// use douyin_pay_protocol::{Fen, UnixMs};
///
/// let signer = TradeCallbackSigner::new(PlatformKey::parse(keys::PLATFORM_KEY_PEM)?, "tt0000000000000001");
/// let callback = signer.payment("O1", "motb1", Fen::from_yuan("12.80")?, UnixMs::from_seconds(1_704_067_200));
/// let headers = Headers::of_pairs(callback.headers.iter().map(|(name, value)| (&**name, &**value)))?;
/// let key = PlatformPublicKey::parse(keys::PLATFORM_PUBLIC_KEY_PEM)?;
/// assert_eq!(Unverified::parse(headers, &callback.body)?.verify(&[key])?.kind(), "payment");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TradeCallbackSigner {
    key: PlatformKey,
    app_id: String,
}

impl TradeCallbackSigner {
    /// A signer for one app.
    pub fn new(key: PlatformKey, app_id: impl Into<String>) -> Self {
        Self { key, app_id: app_id.into() }
    }

    /// Any message of any kind, signed at `at`.
    pub fn sign(&self, kind: &str, msg: &str, at: UnixMs) -> SignedCallback {
        let body = callback::body(kind, msg);
        let signed = callback::signed(&self.key, at, NONCE, &body);
        let headers = signed.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        SignedCallback { body, headers }
    }

    /// A payment through WeChat that succeeded at `at`, without discount.
    pub fn payment(&self, out_order_no: &str, order_id: &str, total: Fen, at: UnixMs) -> SignedCallback {
        let msg = json!({
            "app_id": self.app_id, "out_order_no": out_order_no, "order_id": order_id, "status": "SUCCESS",
            "total_amount": total.get(), "discount_amount": 0, "pay_channel": 1,
            "channel_pay_id": "4200000000202401010000000001",
            "merchant_uid": crate::config::DEFAULT_SELLER_UID, "message": "", "event_time": at.get(),
            "user_bill_pay_id": "PCP2024010100000000000000000001",
        });
        self.sign("payment", &msg.to_string(), at)
    }

    /// A refund of one item, started by the merchant, that succeeded at `at`.
    pub fn refund(&self, out_refund_no: &str, order_id: &str, amount: Fen, at: UnixMs) -> SignedCallback {
        let msg = json!({
            "app_id": self.app_id, "order_id": order_id, "refund_id": "motb7300000000000000002",
            "out_refund_no": out_refund_no, "status": "SUCCESS", "refund_total_amount": amount.get(),
            "cp_extra": "", "message": "", "event_time": at.get(), "is_all_settled": false, "refund_type": 2,
            "refund_item_detail": one_item(amount),
        });
        self.sign("refund", &msg.to_string(), at)
    }

    /// The user applied for a refund at `at`, and the merchant has to agree.
    pub fn pre_create_refund(
        &self,
        refund_id: &str,
        (out_order_no, order_id): (&str, &str),
        amount: Fen,
        at: UnixMs,
    ) -> SignedCallback {
        let msg = json!({
            "app_id": self.app_id, "open_id": "mock-open-id", "refund_id": refund_id, "order_id": order_id,
            "out_order_no": out_order_no, "refund_total_amount": amount.get(), "need_refund_audit": 1,
            "refund_audit_deadline": at.plus_ms(3 * 86_400_000).get(), "create_refund_time": at.get(),
            "refund_source": 1, "refund_reason": ["不想要了"], "refund_description": "", "cp_extra": "",
            "refund_item_detail": one_item(amount),
        });
        self.sign("pre_create_refund", &msg.to_string(), at)
    }

    /// A settlement of a whole order without shares that succeeded at `at`; `amount` includes the fee.
    pub fn settlement(
        &self,
        out_settle_no: &str,
        order_id: &str,
        amount: Fen,
        rake: Fen,
        at: UnixMs,
    ) -> SignedCallback {
        let msg = json!({
            "app_id": self.app_id, "order_id": order_id, "settle_id": "ots7300000000000000003",
            "out_settle_no": out_settle_no, "status": "SUCCESS", "settle_amount": amount.get(),
            "rake": rake.get(), "commission": 0, "settle_detail": "", "message": "SUCCESS", "cp_extra": "",
            "event_time": at.get(), "is_auto_settle": false,
        });
        self.sign("settle", &msg.to_string(), at)
    }
}

fn one_item(amount: Fen) -> Value {
    let item = json!({ "item_order_id": "motb7300000000000000004", "refund_amount": amount.get() });
    json!({ "item_order_quantity": 1, "item_order_detail": [item] })
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::trade::PlatformKey;
    use douyin_pay_protocol::trade::callback::Notice;
    use douyin_pay_protocol::{Fen, UnixMs};
    use serde_json::Value;

    use super::TradeCallbackSigner;

    #[test]
    fn every_kind_is_read_by_the_protocol() {
        let key = PlatformKey::parse(crate::keys::PLATFORM_KEY_PEM).unwrap();
        let signer = TradeCallbackSigner::new(key, "tt1");
        let (fen, at) = (Fen::new(5).unwrap(), UnixMs::from_seconds(1));
        let callbacks = [
            signer.payment("O1", "motb1", fen, at),
            signer.refund("R1", "motb1", fen, at),
            signer.pre_create_refund("motb2", ("O1", "motb1"), fen, at),
            signer.settlement("S1", "motb1", fen, Fen::ZERO, at),
        ];
        for callback in callbacks {
            let envelope: Value = serde_json::from_slice(&callback.body).unwrap();
            let (kind, msg) = (envelope["type"].as_str().unwrap(), envelope["msg"].as_str().unwrap());
            let notice = Notice::parse(kind, msg).unwrap();
            assert_eq!(notice.order_id().map(ToString::to_string).as_deref(), Some("motb1"), "{kind}");
        }
    }
}
