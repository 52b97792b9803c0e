//! How orders and operations look to the merchant: in replies and in events.
//!
//! ```json
//! {"id": "ord_025m2xxc00001", "app_id": "tt0000000000000001", "out_order_no": "O1", "system": "ecpay",
//!  "state": "paid", "total_fen": 1280, "discount_fen": 0, "paid_fen": 1280, "refunded_fen": 100,
//!  "refunding_fen": 0, "refundable_fen": 1180, "settled_fen": 0, "settleable_fen": 1180,
//!  "settleable_basis": "estimate", "created_at": "2024-08-04T15:40:00+08:00",
//!  "expires_at": "2024-08-04T15:55:00+08:00", "paid_at": "2024-08-04T15:49:48+08:00",
//!  "way": "alipay", "channel_no": "2024…", "platform_order_id": "N73…",
//!  "refunds": [{"out_refund_no": "R1", "state": "succeeded", "amount_fen": 100, "…": "…"}],
//!  "settlements": []}
//! ```
//!
//! What is not known is left out.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{
    Failure, IfPaid, Operation, OperationKind, OperationState, Order, OrderState, Origin, RefundSource,
    System,
};

/// A time as `2024-08-04T15:49:48+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beijing(pub UnixMs);

impl Serialize for Beijing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.rfc3339())
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// An order as the merchant sees it.
#[derive(Debug, Serialize)]
pub struct OrderView<'a> {
    id: crate::OrderId,
    app_id: &'a str,
    out_order_no: &'a str,
    system: System,
    state: OrderState,
    total_fen: Fen,
    discount_fen: Fen,
    paid_fen: Fen,
    refunded_fen: Fen,
    refunding_fen: Fen,
    refundable_fen: Fen,
    settled_fen: Fen,
    settleable_fen: Fen,
    settleable_basis: &'static str,
    created_at: Beijing,
    expires_at: Beijing,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    way: Option<Way>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_order_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seller_uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cp_extra: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata<'a>>,
    #[serde(skip_serializing_if = "is_false")]
    imported: bool,
    #[serde(skip_serializing_if = "is_false")]
    abandoned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refunds: Option<Vec<OperationView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settlements: Option<Vec<OperationView<'a>>>,
}

impl<'a> OrderView<'a> {
    /// The order with its refunds and settlements.
    pub fn of(order: &'a Order) -> Self {
        let list = |kind| order.operations_of(kind).map(OperationView::of).collect();
        Self {
            refunds: Some(list(OperationKind::Refund)),
            settlements: Some(list(OperationKind::Settlement)),
            ..Self::brief(order)
        }
    }

    /// The order without its operations, as in events and lists.
    pub fn brief(order: &'a Order) -> Self {
        let settleable = order.settleable();
        Self {
            id: order.id,
            app_id: order.app_id.as_str(),
            out_order_no: order.out_order_no.as_str(),
            system: order.system,
            state: order.state,
            total_fen: order.total,
            discount_fen: order.discount,
            paid_fen: order.paid(),
            refunded_fen: order.refunded(),
            refunding_fen: order.refunding(),
            refundable_fen: order.refundable(),
            settled_fen: order.settled_gross(),
            settleable_fen: settleable.amount,
            settleable_basis: settleable.basis.as_str(),
            created_at: Beijing(order.created_at),
            expires_at: Beijing(order.expires_at),
            paid_at: order.paid_at.map(Beijing),
            way: order.way.map(Way),
            channel_no: order.channel_no.as_deref(),
            payment_order_no: order.payment_order_no.as_deref(),
            platform_order_id: order.platform_order_id.as_ref().map(|no| no.as_str()),
            seller_uid: order.seller_uid.as_deref(),
            open_id: order.open_id.as_deref(),
            cp_extra: order.cp_extra.as_deref(),
            metadata: order.metadata.as_deref().map(Metadata),
            imported: order.imported,
            abandoned: order.if_paid == IfPaid::Refund,
            failure: order.failure.as_ref(),
            refunds: None,
            settlements: None,
        }
    }
}

/// A refund or a settlement as the merchant sees it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum OperationView<'a> {
    /// A refund.
    Refund(RefundView<'a>),
    /// A settlement.
    Settlement(SettlementView<'a>),
    /// A return of a share.
    Return(ReturnView<'a>),
}

impl<'a> OperationView<'a> {
    /// The view that fits the operation's kind.
    pub fn of(operation: &'a Operation) -> Self {
        match operation.kind {
            OperationKind::Refund => Self::Refund(RefundView::of(operation)),
            OperationKind::Settlement => Self::Settlement(SettlementView::of(operation)),
            OperationKind::Return => Self::Return(ReturnView::of(operation)),
        }
    }
}

/// What every operation shows.
#[derive(Debug, Serialize)]
pub struct CommonView<'a> {
    state: OperationState,
    origin: Origin,
    amount_fen: Fen,
    requested_at: Beijing,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
}

impl<'a> CommonView<'a> {
    fn of(operation: &'a Operation) -> Self {
        Self {
            state: operation.state,
            origin: operation.origin,
            amount_fen: operation.amount,
            requested_at: Beijing(operation.requested_at),
            finished_at: operation.finished_at.map(Beijing),
            failure: operation.failure.as_ref(),
        }
    }
}

/// A refund as the merchant sees it.
#[derive(Debug, Serialize)]
pub struct RefundView<'a> {
    out_refund_no: &'a str,
    #[serde(flatten)]
    common: CommonView<'a>,
    reason: &'a str,
    source: RefundSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_no: Option<&'a str>,
}

impl<'a> RefundView<'a> {
    /// The view of an operation that is a refund.
    pub fn of(operation: &'a Operation) -> Self {
        Self {
            out_refund_no: operation.out_no.as_str(),
            common: CommonView::of(operation),
            reason: &operation.text,
            source: operation.source,
            refund_no: operation.platform_no.as_ref().map(|no| no.as_str()),
        }
    }
}

/// A settlement as the merchant sees it.
///
/// `amount_fen` is the estimate of when it was asked for; `settle_amount_fen`, `rake_fen` and
/// `commission_fen` are the platform's figures.
#[derive(Debug, Serialize)]
pub struct SettlementView<'a> {
    out_settle_no: &'a str,
    #[serde(flatten)]
    common: CommonView<'a>,
    description: &'a str,
    shares: Vec<ShareView<'a>>,
    finish: bool,
    automatic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_amount_fen: Option<Fen>,
    amount_basis: crate::AmountBasis,
    #[serde(skip_serializing_if = "Option::is_none")]
    rake_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commission_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_no: Option<&'a str>,
}

impl<'a> SettlementView<'a> {
    /// The view of an operation that is a settlement.
    pub fn of(operation: &'a Operation) -> Self {
        let shares = operation.shares.iter();
        Self {
            out_settle_no: operation.out_no.as_str(),
            common: CommonView::of(operation),
            description: &operation.text,
            shares: shares
                .map(|share| ShareView {
                    merchant_uid: share.merchant_uid.as_str(),
                    amount_fen: share.amount,
                })
                .collect(),
            finish: operation.finish,
            automatic: operation.origin == Origin::Platform,
            settle_amount_fen: operation.settle_amount,
            amount_basis: operation.basis,
            rake_fen: operation.rake,
            commission_fen: operation.commission,
            detail: operation.detail.as_deref(),
            settle_no: operation.platform_no.as_ref().map(|no| no.as_str()),
        }
    }
}

/// A receiver and what it gets.
#[derive(Debug, Serialize)]
pub struct ShareView<'a> {
    merchant_uid: &'a str,
    amount_fen: Fen,
}

/// A return of a share as the merchant sees it.
#[derive(Debug, Serialize)]
pub struct ReturnView<'a> {
    out_return_no: &'a str,
    #[serde(flatten)]
    common: CommonView<'a>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_no: Option<&'a str>,
}

impl<'a> ReturnView<'a> {
    /// The view of an operation that is a return.
    pub fn of(operation: &'a Operation) -> Self {
        Self {
            out_return_no: operation.out_no.as_str(),
            common: CommonView::of(operation),
            description: &operation.text,
            return_no: operation.platform_no.as_ref().map(|no| no.as_str()),
        }
    }
}

/// A payment channel: its name, or the platform's number when it is a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way(i64);

impl Serialize for Way {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            1 => serializer.serialize_str("wechat"),
            2 => serializer.serialize_str("alipay"),
            3 => serializer.serialize_str("bank_card"),
            10 => serializer.serialize_str("douyin_pay"),
            other => serializer.collect_str(&other),
        }
    }
}

/// The merchant's own JSON, given back as JSON; as a text if it is none.
#[derive(Clone, Copy, Debug)]
struct Metadata<'a>(&'a str);

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(self.0) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => serializer.serialize_str(self.0),
        }
    }
}
