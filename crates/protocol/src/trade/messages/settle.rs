//! `settle_create` and `settle_query`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::read::{fen, opaque, platform_no, required_fen};
use crate::trade::read::{millis, required_no};
use crate::trade::{Data, Endpoint, NotifyUrl, Request, SettleStatus};
use crate::{
    AppId, CpExtra, Fen, FieldError, OutOrderNo, OutSettleNo, PlatformNo, SettleDesc, Share, UnixMs,
};

/// 发起结算: settle an order or one of its items, with or without shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettleCreate {
    app_id: AppId,
    out_order_no: OutOrderNo,
    out_settle_no: OutSettleNo,
    settle_desc: SettleDesc,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_params: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_order_id: Option<PlatformNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<CpExtra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<NotifyUrl>,
}

impl SettleCreate {
    /// The longest list of shares, as JSON text in bytes.
    pub const PARAMS_BYTES_MAX: usize = 512;

    /// Settles the whole order, without shares.
    pub fn new(
        app_id: AppId,
        out_order_no: OutOrderNo,
        out_settle_no: OutSettleNo,
        settle_desc: SettleDesc,
    ) -> Self {
        Self {
            app_id,
            out_order_no,
            out_settle_no,
            settle_desc,
            settle_params: None,
            item_order_id: None,
            ext: None,
            notify_url: None,
        }
    }

    /// Who shares besides the seller. The platform wants the list as JSON text inside the JSON.
    ///
    /// # Errors
    /// When a receiver is named twice, or the text is longer than 512 bytes.
    pub fn shares(mut self, shares: &[Share]) -> Result<Self, FieldError> {
        let problem = |text: String| Err(FieldError::new("settle_params", text));
        for (index, share) in shares.iter().enumerate() {
            if shares[..index].iter().any(|earlier| earlier.merchant_uid == share.merchant_uid) {
                return problem(format!("{} is named twice; add its amounts up", share.merchant_uid));
            }
        }
        let text = serde_json::to_string(shares).expect("shares are plain data");
        if text.len() > Self::PARAMS_BYTES_MAX {
            let (bytes, most) = (text.len(), Self::PARAMS_BYTES_MAX);
            return problem(format!(
                "{bytes} bytes as JSON, at most {most} are allowed; name fewer receivers"
            ));
        }
        self.settle_params = (!shares.is_empty()).then_some(text);
        Ok(self)
    }

    /// Settles one item only. The other items then have to be settled one by one too.
    #[must_use]
    pub fn item_order_id(mut self, item: PlatformNo) -> Self {
        self.item_order_id = Some(item);
        self
    }

    /// A text of our own that callbacks and queries echo as `cp_extra`.
    #[must_use]
    pub fn ext(mut self, text: CpExtra) -> Self {
        self.ext = Some(text);
        self
    }

    /// Where this settlement's callback goes; wins over the published default address.
    #[must_use]
    pub fn notify_url(mut self, url: NotifyUrl) -> Self {
        self.notify_url = Some(url);
        self
    }
}

impl Request for SettleCreate {
    const ENDPOINT: Endpoint = Endpoint::SettleCreate;
    type Reply = SettleCreateReply;
}

/// The settlement is accepted; its outcome comes later.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SettleCreateReply {
    /// The platform's number of the settlement.
    #[serde(deserialize_with = "required_no")]
    pub settle_id: PlatformNo,
    /// The number in the funds layer.
    #[serde(default, deserialize_with = "platform_no")]
    pub wallet_settle_id: Option<PlatformNo>,
}

/// 查询结算: what became of settlements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettleQuery {
    app_id: AppId,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_id: Option<PlatformNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<PlatformNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_settle_no: Option<OutSettleNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_order_no: Option<OutOrderNo>,
}

impl SettleQuery {
    const fn of(app_id: AppId) -> Self {
        Self { app_id, settle_id: None, order_id: None, out_settle_no: None, out_order_no: None }
    }

    /// Asks by the platform's number of the settlement.
    pub fn by_settle_id(app_id: AppId, number: PlatformNo) -> Self {
        Self { settle_id: Some(number), ..Self::of(app_id) }
    }

    /// Asks for all settlements of an order, by the platform's number of the order.
    pub fn by_order_id(app_id: AppId, number: PlatformNo) -> Self {
        Self { order_id: Some(number), ..Self::of(app_id) }
    }

    /// Asks by the merchant's number of the settlement.
    pub fn by_out_settle_no(app_id: AppId, number: OutSettleNo) -> Self {
        Self { out_settle_no: Some(number), ..Self::of(app_id) }
    }

    /// Asks for all settlements of an order, by the merchant's number of the order.
    pub fn by_out_order_no(app_id: AppId, number: OutOrderNo) -> Self {
        Self { out_order_no: Some(number), ..Self::of(app_id) }
    }
}

impl Request for SettleQuery {
    const ENDPOINT: Endpoint = Endpoint::SettleQuery;
    const DATA: Data = Data::List;
    type Reply = SettleQueryReply;
}

/// The settlements that were found; none is no error.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct SettleQueryReply(pub Vec<SettleInfo>);

/// What became of a settlement.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SettleInfo {
    /// The platform's number of the settlement.
    #[serde(deserialize_with = "required_no")]
    pub settle_id: PlatformNo,
    /// The merchant's number, whatever its characters; the platform's own when it settled by itself.
    #[serde(default, deserialize_with = "opaque")]
    pub out_settle_no: Option<Box<str>>,
    /// The number in the funds layer.
    #[serde(default, deserialize_with = "platform_no")]
    pub wallet_settle_id: Option<PlatformNo>,
    /// The platform's number of the order.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// The merchant's number of the order.
    #[serde(default, deserialize_with = "opaque")]
    pub out_order_no: Option<Box<str>>,
    /// What became of it.
    pub settle_status: SettleStatus,
    /// All that was settled: fee, commission and shares together.
    #[serde(deserialize_with = "required_fen")]
    pub settle_amount: Fen,
    /// Who received what, for people.
    #[serde(default, deserialize_with = "opaque")]
    pub settle_detail: Option<Box<str>>,
    /// When it was done.
    #[serde(default, deserialize_with = "millis")]
    pub settle_at: Option<UnixMs>,
    /// The platform's fee.
    #[serde(default, deserialize_with = "fen")]
    pub rake: Option<Fen>,
    /// The promoters' commission.
    #[serde(default, deserialize_with = "fen")]
    pub commission: Option<Fen>,
    /// What the platform added.
    #[serde(default, deserialize_with = "fen")]
    pub platform_ticket: Option<Fen>,
    /// The item, when one was settled by itself.
    #[serde(default, deserialize_with = "platform_no")]
    pub item_order_id: Option<PlatformNo>,
    /// Our own text: the `ext` that was sent.
    #[serde(default, deserialize_with = "opaque")]
    pub cp_extra: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
