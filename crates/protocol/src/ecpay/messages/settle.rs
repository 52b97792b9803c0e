//! `settle` and `query_settle`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::read::seconds;
use crate::ecpay::{Endpoint, Fields, Request, ResultStatus};
use crate::read::{fen, opaque, platform_no};
use crate::{
    CpExtra, Fen, FieldError, NotifyUrl, OutOrderNo, OutSettleNo, PlatformNo, SettleDesc, Share, UnixMs,
};

/// 发起结算及分账: settle an order, with or without shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settle {
    out_settle_no: OutSettleNo,
    out_order_no: OutOrderNo,
    settle_desc: SettleDesc,
    settle_params: Option<String>,
    finish: Option<bool>,
    cp_extra: Option<CpExtra>,
    notify_url: Option<NotifyUrl>,
}

impl Settle {
    /// The most receivers in one request.
    pub const SHARES_MAX: usize = 4;

    /// A settlement without shares.
    pub fn new(out_settle_no: OutSettleNo, out_order_no: OutOrderNo, settle_desc: SettleDesc) -> Self {
        Self {
            out_settle_no,
            out_order_no,
            settle_desc,
            settle_params: None,
            finish: None,
            cp_extra: None,
            notify_url: None,
        }
    }

    /// Who shares. The list is written as JSON text once; that very text is signed and sent.
    ///
    /// # Errors
    /// When there are more than four receivers, or one is named twice.
    pub fn shares(mut self, shares: &[Share]) -> Result<Self, FieldError> {
        if shares.len() > Self::SHARES_MAX {
            let problem = format!(
                "{} receivers, at most {} are allowed; settle in several steps",
                shares.len(),
                Self::SHARES_MAX
            );
            return Err(FieldError::new("settle_params", problem));
        }
        for (index, share) in shares.iter().enumerate() {
            if shares[..index].iter().any(|earlier| earlier.merchant_uid == share.merchant_uid) {
                let problem = format!("{} is named twice; add its amounts up", share.merchant_uid);
                return Err(FieldError::new("settle_params", problem));
            }
        }
        self.settle_params = match shares {
            [] => None,
            shares => Some(serde_json::to_string(shares).expect("shares are plain data")),
        };
        Ok(self)
    }

    /// Whether this is the order's last settlement; without it the platform takes it for the last.
    #[must_use]
    pub fn finish(mut self, last: bool) -> Self {
        self.finish = Some(last);
        self
    }

    /// A text of our own that callbacks and queries echo.
    #[must_use]
    pub fn cp_extra(mut self, text: CpExtra) -> Self {
        self.cp_extra = Some(text);
        self
    }

    /// Where this settlement's callback goes; wins over the console's URL.
    #[must_use]
    pub fn notify_url(mut self, url: NotifyUrl) -> Self {
        self.notify_url = Some(url);
        self
    }
}

impl Request for Settle {
    const ENDPOINT: Endpoint = Endpoint::Settle;
    type Reply = SettleReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_settle_no", self.out_settle_no.as_str());
        to.text("out_order_no", self.out_order_no.as_str());
        to.text("settle_desc", self.settle_desc.as_str());
        if let Some(list) = &self.settle_params {
            to.text("settle_params", list);
        }
        if let Some(last) = self.finish {
            to.text("finish", if last { "true" } else { "false" });
        }
        if let Some(text) = &self.cp_extra {
            to.text("cp_extra", text.as_str());
        }
        if let Some(url) = &self.notify_url {
            to.text("notify_url", url.as_str());
        }
    }
}

/// The settlement is accepted; its outcome comes later.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SettleReply {
    /// The platform's number of the settlement.
    pub settle_no: PlatformNo,
}

/// 结算结果查询: what became of a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuerySettle {
    out_settle_no: OutSettleNo,
}

impl QuerySettle {
    /// Asks about that settlement.
    pub fn new(out_settle_no: OutSettleNo) -> Self {
        Self { out_settle_no }
    }
}

impl Request for QuerySettle {
    const ENDPOINT: Endpoint = Endpoint::QuerySettle;
    const PAYLOAD: Option<&'static str> = Some("settle_info");
    type Reply = SettleInfo;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_settle_no", self.out_settle_no.as_str());
    }
}

/// What became of a settlement.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SettleInfo {
    /// The platform's number.
    #[serde(default, deserialize_with = "platform_no")]
    pub settle_no: Option<PlatformNo>,
    /// What took part in the settlement; whether before or after the fee is not documented.
    #[serde(default, deserialize_with = "fen")]
    pub settle_amount: Option<Fen>,
    /// What became of it.
    pub settle_status: ResultStatus,
    /// Who received what, for people.
    #[serde(default, deserialize_with = "opaque")]
    pub settle_detail: Option<Box<str>>,
    /// When it was done.
    #[serde(default, deserialize_with = "seconds")]
    pub settled_at: Option<UnixMs>,
    /// The platform's fee.
    #[serde(default, deserialize_with = "fen")]
    pub rake: Option<Fen>,
    /// The promoters' commission.
    #[serde(default, deserialize_with = "fen")]
    pub commission: Option<Fen>,
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
