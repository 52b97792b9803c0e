//! A stored callback, read again: only its message counts, it was verified when it arrived.

use std::borrow::Cow;

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{self as ledger, Fact};
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::callback::Notice;
use douyin_pay_protocol::trade::callback as trade;
use serde::Deserialize;

/// The message of a stored callback, and which system wrote it.
pub(super) struct Stored<'a> {
    msg: Cow<'a, str>,
    is_trade: bool,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    msg: Cow<'a, str>,
    /// Guaranteed payment signs in the body, the general trade system in the headers.
    msg_signature: Option<serde::de::IgnoredAny>,
}

impl<'a> Stored<'a> {
    pub(super) fn read(body: &'a Bytes) -> Option<Self> {
        let Envelope { msg, msg_signature } = serde_json::from_slice(body).ok()?;
        Some(Self { msg, is_trade: msg_signature.is_none() })
    }

    pub(super) fn msg(&self) -> &str {
        &self.msg
    }

    /// What it says to the ledger, if it is about this app.
    pub(super) fn fact(&self, kind: &str, app_id: &AppId, at: UnixMs) -> Option<Fact> {
        if self.is_trade {
            let notice = trade::Notice::parse(kind, &self.msg).ok()?;
            return ledger::of_trade_notice(&notice, at).filter(|_| notice.app_id() == Some(app_id));
        }
        let notice = Notice::parse(kind, &self.msg).ok()?;
        ledger::of_notice(&notice, at).filter(|_| notice.app_id() == Some(app_id))
    }

    /// The order that a refund or settlement names: what kind of number, and the number.
    pub(super) fn orders(&self, kind: &str) -> Vec<(&'static str, String)> {
        let mut orders = Vec::new();
        let mut add =
            |what, number: Option<&str>| orders.extend(number.map(|number| (what, number.to_owned())));
        if self.is_trade {
            let Ok(notice) = trade::Notice::parse(kind, &self.msg) else { return orders };
            add("platform", notice.order_id().map(|number| number.as_str()));
            if let trade::Notice::PreCreateRefund(asked) = &notice {
                add("order", asked.out_order_no.as_deref());
            }
            return orders;
        }
        match Notice::parse(kind, &self.msg) {
            Ok(Notice::Refund(refund)) => {
                add("platform", refund.order_id.as_ref().map(|number| number.as_str()))
            }
            Ok(Notice::Settle(settle)) => {
                add("platform", settle.order_id.as_ref().map(|number| number.as_str()));
                add("order", settle.out_order_no.as_ref().map(|number| number.as_str()));
            }
            _ => {}
        }
        orders
    }
}
