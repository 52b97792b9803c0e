//! `refund_create`.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::read::required_fen;
use crate::trade::read::{millis, required_no};
use crate::trade::{Currency, Endpoint, NotifyUrl, RefundReasonCode, RefundText, Request, Schema};
use crate::{CpExtra, Fen, FieldError, OutRefundNo, PlatformNo, UnixMs};

/// A part of a refund: how much of which item. Also read in replies and callbacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAmount {
    /// The platform's number of the item.
    #[serde(deserialize_with = "required_no")]
    pub item_order_id: PlatformNo,
    /// How much of it.
    #[serde(deserialize_with = "required_fen")]
    pub refund_amount: Fen,
}

/// Why money goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundReason {
    /// The platform's reason.
    pub code: RefundReasonCode,
    /// The same in words.
    pub text: RefundText,
}

impl Serialize for RefundReason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut reason = to.serialize_struct("RefundReason", 2)?;
        reason.serialize_field("code", &self.code.number())?;
        reason.serialize_field("text", &self.text)?;
        reason.end()
    }
}

/// 发起退款: give back a part of an order, or all of it. The platform does not ask the merchant again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundCreate {
    order_id: PlatformNo,
    out_refund_no: OutRefundNo,
    cp_extra: Box<str>,
    order_entry_schema: Schema,
    refund_total_amount: Fen,
    refund_reason: Vec<RefundReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_all: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    item_order_detail: Vec<ItemAmount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<NotifyUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'static str>,
}

impl RefundCreate {
    /// The most reasons.
    pub const REASONS_MAX: usize = 10;
    /// The most items: fewer than a hundred.
    pub const ITEMS_MAX: usize = 99;

    /// The whole order, which must have had no refund yet; `amount` is what was paid.
    ///
    /// # Errors
    /// When the amount is 0, there is no reason or more than ten, or a reason's code is none of 101, 102, 103, 999.
    pub fn all(
        order_id: PlatformNo,
        out_refund_no: OutRefundNo,
        page: Schema,
        reasons: Vec<RefundReason>,
        amount: Fen,
    ) -> Result<Self, FieldError> {
        if amount == Fen::ZERO {
            return Err(FieldError::new("refund_total_amount", "is 0; refund at least 1"));
        }
        let mut refund = Self::new(order_id, out_refund_no, page, reasons, amount)?;
        refund.refund_all = Some(true);
        Ok(refund)
    }

    /// So much of each of these items; the total is their sum.
    ///
    /// # Errors
    /// When there is no item, a hundred or more, one twice, or one with amount 0; and as [`RefundCreate::all`].
    pub fn items(
        order_id: PlatformNo,
        out_refund_no: OutRefundNo,
        page: Schema,
        reasons: Vec<RefundReason>,
        items: Vec<ItemAmount>,
    ) -> Result<Self, FieldError> {
        let total = check_items(&items)?;
        let mut refund = Self::new(order_id, out_refund_no, page, reasons, total)?;
        refund.item_order_detail = items;
        Ok(refund)
    }

    fn new(
        order_id: PlatformNo,
        out_refund_no: OutRefundNo,
        order_entry_schema: Schema,
        refund_reason: Vec<RefundReason>,
        refund_total_amount: Fen,
    ) -> Result<Self, FieldError> {
        check_reasons(&refund_reason)?;
        Ok(Self {
            order_id,
            out_refund_no,
            cp_extra: "".into(),
            order_entry_schema,
            refund_total_amount,
            refund_reason,
            refund_all: None,
            item_order_detail: Vec::new(),
            notify_url: None,
            currency: None,
        })
    }

    /// A text of our own that callbacks and queries echo; sent empty without this.
    #[must_use]
    pub fn cp_extra(mut self, text: CpExtra) -> Self {
        self.cp_extra = text.as_str().into();
        self
    }

    /// Where this refund's callback goes; wins over the published default address.
    #[must_use]
    pub fn notify_url(mut self, url: NotifyUrl) -> Self {
        self.notify_url = Some(url);
        self
    }

    /// The order was paid in diamonds, and the amounts count them. Compulsory for such orders.
    #[must_use]
    pub fn diamonds(mut self) -> Self {
        self.currency = Some("DIAMOND");
        self
    }

    /// All of it together.
    pub fn refund_total_amount(&self) -> Fen {
        self.refund_total_amount
    }

    /// What the amounts count.
    pub fn currency(&self) -> Currency {
        self.currency.map_or(Currency::Cny, Currency::from)
    }
}

fn check_reasons(reasons: &[RefundReason]) -> Result<(), FieldError> {
    let problem = |text: String| Err(FieldError::new("refund_reason", text));
    if !(1..=RefundCreate::REASONS_MAX).contains(&reasons.len()) {
        return problem(format!("{} reasons; give 1 to {}", reasons.len(), RefundCreate::REASONS_MAX));
    }
    match reasons.iter().find(|reason| matches!(reason.code, RefundReasonCode::Other(_))) {
        Some(reason) => problem(format!("has the code {}; use 101, 102, 103 or 999", reason.code)),
        None => Ok(()),
    }
}

fn check_items(items: &[ItemAmount]) -> Result<Fen, FieldError> {
    let problem = |text: String| Err(FieldError::new("item_order_detail", text));
    if items.is_empty() {
        return problem("is empty; name the items, or refund the whole order".to_owned());
    }
    if items.len() > RefundCreate::ITEMS_MAX {
        let found = items.len();
        return problem(format!("{found} items, fewer than 100 are allowed; refund in several steps"));
    }
    for (index, item) in items.iter().enumerate() {
        if item.refund_amount == Fen::ZERO {
            return problem(format!("has the amount 0 for {}; refund at least 1", item.item_order_id));
        }
        if items[..index].iter().any(|earlier| earlier.item_order_id == item.item_order_id) {
            return problem(format!("names {} twice; add its amounts up", item.item_order_id));
        }
    }
    Fen::sum(items.iter().map(|item| item.refund_amount))
        .ok_or_else(|| FieldError::new("refund_total_amount", "is too large; refund in several steps"))
}

impl Request for RefundCreate {
    const ENDPOINT: Endpoint = Endpoint::RefundCreate;
    type Reply = RefundCreateReply;
}

/// The refund is accepted; its outcome comes later.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefundCreateReply {
    /// The platform's number of the refund.
    #[serde(deserialize_with = "required_no")]
    pub refund_id: PlatformNo,
    /// Until when a merchant would decide; means nothing for refunds that the merchant asked for.
    #[serde(default, deserialize_with = "millis")]
    pub refund_audit_deadline: Option<UnixMs>,
}
