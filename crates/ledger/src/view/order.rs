//! An order as the merchant sees it.

use douyin_pay_protocol::Fen;
use serde::Serialize;

use super::words::{Metadata, Way};
use super::{Beijing, ItemView, OperationView, PlatformSettleableView, is_false};
use crate::{Failure, IfPaid, OperationKind, Order, OrderState, System};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_settleable: Option<PlatformSettleableView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_after_days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_due_at: Option<Beijing>,
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
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemView<'a>>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    returns: Option<Vec<OperationView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fulfilments: Option<Vec<OperationView<'a>>>,
}

impl<'a> OrderView<'a> {
    /// The order with its refunds, settlements and returns, and with its fulfilments where the platform is told of them.
    pub fn of(order: &'a Order) -> Self {
        let list = |kind| order.operations_of(kind).map(OperationView::of).collect();
        let trade = order.system == System::Trade;
        let pushes = order.plan.as_ref().is_some_and(|plan| plan.push);
        Self {
            refunds: Some(list(OperationKind::Refund)),
            settlements: Some(list(OperationKind::Settlement)),
            returns: (!trade).then(|| list(OperationKind::Return)),
            fulfilments: (trade || pushes).then(|| list(OperationKind::Fulfilment)),
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
            platform_settleable: order.platform_settleable.as_deref().map(PlatformSettleableView::of),
            settle_after_days: order.plan.as_ref().and_then(|plan| plan.settle_after_days),
            settle_due_at: order.settle_due_at().map(Beijing),
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
            currency: order.foreign_currency(),
            items: ItemView::of_order(order),
            metadata: order.metadata.as_deref().map(Metadata),
            imported: order.imported,
            abandoned: order.if_paid == IfPaid::Refund,
            failure: order.failure.as_ref(),
            refunds: None,
            settlements: None,
            returns: None,
            fulfilments: None,
        }
    }
}
