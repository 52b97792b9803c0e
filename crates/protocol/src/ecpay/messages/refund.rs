//! `create_refund` and `query_refund`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::read::seconds;
use crate::ecpay::{Endpoint, Fields, Request, ResultStatus};
use crate::read::{fen, flag, opaque, platform_no};
use crate::{
    CpExtra, Fen, MsgPage, NotifyUrl, OutOrderNo, OutRefundNo, PlatformNo, Reason, RefundAmount, UnixMs,
};

/// 发起退款: give back a part of an order, or all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRefund {
    out_order_no: OutOrderNo,
    out_refund_no: OutRefundNo,
    refund_amount: RefundAmount,
    reason: Reason,
    cp_extra: Option<CpExtra>,
    notify_url: Option<NotifyUrl>,
    disable_msg: Option<bool>,
    msg_page: Option<MsgPage>,
    all_settle: Option<bool>,
}

impl CreateRefund {
    /// A refund with everything that is required.
    pub fn new(
        out_order_no: OutOrderNo,
        out_refund_no: OutRefundNo,
        refund_amount: RefundAmount,
        reason: Reason,
    ) -> Self {
        Self {
            out_order_no,
            out_refund_no,
            refund_amount,
            reason,
            cp_extra: None,
            notify_url: None,
            disable_msg: None,
            msg_page: None,
            all_settle: None,
        }
    }

    /// A text of our own that callbacks and queries echo.
    #[must_use]
    pub fn cp_extra(mut self, text: CpExtra) -> Self {
        self.cp_extra = Some(text);
        self
    }

    /// Where this refund's callback goes; wins over the console's URL.
    #[must_use]
    pub fn notify_url(mut self, url: NotifyUrl) -> Self {
        self.notify_url = Some(url);
        self
    }

    /// Whether the platform's message to the user is suppressed.
    #[must_use]
    pub fn disable_msg(mut self, disable: bool) -> Self {
        self.disable_msg = Some(disable);
        self
    }

    /// The page that the platform's message opens.
    #[must_use]
    pub fn msg_page(mut self, page: MsgPage) -> Self {
        self.msg_page = Some(page);
        self
    }

    /// Refund out of the settled balance: demanded in 2021, since then the platform decides by itself.
    #[must_use]
    pub fn all_settle(mut self, after_settlement: bool) -> Self {
        self.all_settle = Some(after_settlement);
        self
    }
}

impl Request for CreateRefund {
    const ENDPOINT: Endpoint = Endpoint::CreateRefund;
    type Reply = CreateRefundReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_order_no", self.out_order_no.as_str());
        to.text("out_refund_no", self.out_refund_no.as_str());
        to.text("reason", self.reason.as_str());
        to.number("refund_amount", self.refund_amount.fen().get());
        if let Some(text) = &self.cp_extra {
            to.text("cp_extra", text.as_str());
        }
        if let Some(url) = &self.notify_url {
            to.text("notify_url", url.as_str());
        }
        if let Some(disable) = self.disable_msg {
            to.number("disable_msg", i64::from(disable));
        }
        if let Some(page) = &self.msg_page {
            to.text("msg_page", page.as_str());
        }
        if let Some(after_settlement) = self.all_settle {
            to.number("all_settle", i64::from(after_settlement));
        }
    }
}

/// The refund is accepted; its outcome comes later.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CreateRefundReply {
    /// The platform's number of the refund.
    pub refund_no: PlatformNo,
}

/// 退款结果查询: what became of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryRefund {
    out_refund_no: OutRefundNo,
}

impl QueryRefund {
    /// Asks about that refund.
    pub fn new(out_refund_no: OutRefundNo) -> Self {
        Self { out_refund_no }
    }
}

impl Request for QueryRefund {
    const ENDPOINT: Endpoint = Endpoint::QueryRefund;
    const PAYLOAD: Option<&'static str> = Some("refundInfo");
    type Reply = RefundInfo;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_refund_no", self.out_refund_no.as_str());
    }
}

/// What became of a refund.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RefundInfo {
    /// The platform's number.
    #[serde(default, deserialize_with = "platform_no")]
    pub refund_no: Option<PlatformNo>,
    /// How much.
    #[serde(default, deserialize_with = "fen")]
    pub refund_amount: Option<Fen>,
    /// What became of it.
    pub refund_status: ResultStatus,
    /// When the money went back.
    #[serde(default, deserialize_with = "seconds")]
    pub refunded_at: Option<UnixMs>,
    /// True: out of the settled balance; false: out of money in transit.
    #[serde(default, deserialize_with = "flag")]
    pub is_all_settled: Option<bool>,
    /// Our own text.
    #[serde(default, deserialize_with = "opaque")]
    pub cp_extra: Option<Box<str>>,
    /// Why it failed.
    #[serde(default, deserialize_with = "opaque")]
    pub msg: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
