//! Correctly signed callbacks for a merchant's tests, without any platform.

mod trade;

use douyin_pay_protocol::ecpay::callback;
use douyin_pay_protocol::{Fen, Token, UnixMs};
use serde_json::json;

pub use trade::{SignedCallback, TradeCallbackSigner};

use crate::platform::WithdrawalStatus;

/// Signs callback bodies as the platform does.
///
/// ```
/// use douyin_pay_mock::CallbackSigner;
/// use douyin_pay_protocol::{Fen, Token, UnixMs, ecpay::callback::Unverified};
///
/// let token = Token::new("mocktoken")?;
/// let signer = CallbackSigner::new(token.clone(), "tt0000000000000001");
/// let body = signer.payment("O1", Fen::from_yuan("12.80")?, UnixMs::from_seconds(1_704_067_200));
/// let verified = Unverified::parse(&body)?.verify(&[token])?;
/// assert_eq!(verified.kind(), "payment");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallbackSigner {
    token: Token,
    app_id: String,
}

impl CallbackSigner {
    /// A signer for one app.
    pub fn new(token: Token, app_id: impl Into<String>) -> Self {
        Self { token, app_id: app_id.into() }
    }

    /// Any message of any kind, signed at `at`.
    pub fn sign(&self, kind: &str, msg: &str, at: UnixMs) -> Vec<u8> {
        callback::body(&self.token, kind, &at.seconds().to_string(), "2345", msg)
    }

    /// A payment through WeChat that succeeded at `at`.
    pub fn payment(&self, out_order_no: &str, total: Fen, at: UnixMs) -> Vec<u8> {
        let msg = json!({
            "appid": self.app_id, "cp_orderno": out_order_no, "cp_extra": "", "way": "1",
            "channel_no": "4200000000202401010000000001", "channel_gateway_no": "",
            "payment_order_no": "PCP2024010100000000000000000001",
            "out_channel_order_no": "4200000000202401010000000001",
            "total_amount": total.get(), "status": "SUCCESS",
            "seller_uid": crate::config::DEFAULT_SELLER_UID, "extra": "", "item_id": "",
            "paid_at": at.seconds(), "message": "", "order_id": "N7300000000000000001",
        });
        self.sign("payment", &msg.to_string(), at)
    }

    /// A refund out of transit that succeeded at `at`.
    pub fn refund(&self, out_refund_no: &str, amount: Fen, at: UnixMs) -> Vec<u8> {
        let msg = json!({
            "appid": self.app_id, "cp_refundno": out_refund_no, "cp_extra": "", "status": "SUCCESS",
            "refund_amount": amount.get(), "is_all_settled": false, "refunded_at": at.seconds(),
            "message": "", "order_id": "N7300000000000000001", "refund_no": "N7300000000000000002",
        });
        self.sign("refund", &msg.to_string(), at)
    }

    /// A settlement without shares that succeeded at `at`.
    pub fn settlement(
        &self,
        out_settle_no: &str,
        out_order_no: &str,
        settle_amount: Fen,
        rake: Fen,
        at: UnixMs,
    ) -> Vec<u8> {
        let msg = json!({
            "appid": self.app_id, "cp_settle_no": out_settle_no, "cp_extra": "", "status": "SUCCESS",
            "rake": rake.get(), "commission": 0, "settle_detail": "", "settled_at": at.seconds(),
            "message": "SUCCESS", "order_id": "N7300000000000000001", "channel_settle_id": "",
            "settle_amount": settle_amount.get(), "settle_no": "N7300000000000000003",
            "out_order_no": out_order_no, "is_auto_settle": false,
        });
        self.sign("settle", &msg.to_string(), at)
    }

    /// A withdrawal that came to `status` at `at`.
    ///
    /// ```
    /// # use douyin_pay_mock::{CallbackSigner, WithdrawalStatus};
    /// # use douyin_pay_protocol::{Token, UnixMs, ecpay::callback::Unverified};
    /// let token = Token::new("mocktoken")?;
    /// let signer = CallbackSigner::new(token.clone(), "tt0000000000000001");
    /// let body = signer.withdrawal("W1", WithdrawalStatus::Reexchange, UnixMs::from_seconds(1_704_067_200));
    /// assert_eq!(Unverified::parse(&body)?.verify(&[token])?.kind(), "withdraw");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn withdrawal(&self, out_order_id: &str, status: WithdrawalStatus, at: UnixMs) -> Vec<u8> {
        let msg = json!({
            "status": status, "extra": "", "message": "", "withdraw_at": at.seconds(),
            "order_id": "7300000000000000004", "out_order_id": out_order_id,
            "ch_order_id": "20240101000000000001",
        });
        self.sign("withdraw", &msg.to_string(), at)
    }
}
