//! `refund_audit_callback`.

use serde::Serialize;

use crate::PlatformNo;
use crate::trade::{Data, DenyMessage, Endpoint, Request};

/// 同步退款审核结果: the merchant's decision on a refund that the user or the customer service asked for.
///
/// It is taken while the refund waits for it (`TOAUDIT`) and the deadline has not passed.
///
/// ```
/// use douyin_pay_protocol::PlatformNo;
/// use douyin_pay_protocol::trade::{DenyMessage, RefundAuditCallback, Request as _};
///
/// let refund_id = || PlatformNo::new("motb10").unwrap();
/// let yes = RefundAuditCallback::agree(refund_id());
/// assert_eq!(yes.body(), br#"{"refund_id":"motb10","refund_audit_status":1}"#);
/// let no = RefundAuditCallback::refuse(refund_id(), DenyMessage::new("shipped").unwrap());
/// assert_eq!(no.body(), br#"{"refund_id":"motb10","refund_audit_status":2,"deny_message":"shipped"}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundAuditCallback {
    refund_id: PlatformNo,
    refund_audit_status: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    deny_message: Option<DenyMessage>,
}

impl RefundAuditCallback {
    const AGREE: u8 = 1;
    const REFUSE: u8 = 2;

    /// The money goes back.
    pub fn agree(refund_id: PlatformNo) -> Self {
        Self { refund_id, refund_audit_status: Self::AGREE, deny_message: None }
    }

    /// The money stays; the user reads why.
    pub fn refuse(refund_id: PlatformNo, why: DenyMessage) -> Self {
        Self { refund_id, refund_audit_status: Self::REFUSE, deny_message: Some(why) }
    }
}

impl Request for RefundAuditCallback {
    const ENDPOINT: Endpoint = Endpoint::RefundAuditCallback;
    const DATA: Data = Data::Nothing;
    type Reply = ();
}
