//! How much of an order can still be settled, and who says so.

use douyin_pay_protocol::Fen;
use serde::Serialize;

use super::Beijing;
use crate::decide::settleable::difference;
use crate::{Order, OrderState, PlatformSettleable, SettleableBasis};

/// How much of an order can still be settled, by our own books or in the platform's word.
#[derive(Debug, Serialize)]
pub struct SettleableView {
    settleable_fen: Fen,
    basis: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Beijing>,
    detail: SettleableDetail,
    /// What no reading of both figures explains.
    #[serde(skip_serializing_if = "Option::is_none")]
    differs: Option<String>,
}

/// What the amount follows from. Refunds count as far as they took money out of transit, or may yet do so.
#[derive(Debug, Serialize)]
pub struct SettleableDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refunded_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settling_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_rake_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    life_rake_fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commission_fen: Option<Fen>,
}

impl SettleableView {
    /// By our own books: before fee and commission.
    pub fn estimate(order: &Order) -> Self {
        Self {
            settleable_fen: order.settleable().amount,
            basis: SettleableBasis::Estimate.as_str(),
            as_of: None,
            detail: SettleableDetail {
                paid_fen: Some(order.paid()),
                refunded_fen: Some(order.refunded_in_transit()),
                settled_fen: Some(order.settled_gross()),
                settling_fen: Some(order.settling()),
                payment_rake_fen: None,
                life_rake_fen: None,
                commission_fen: None,
            },
            differs: None,
        }
    }

    /// In the platform's word: after its fees. Nothing while it was never asked.
    pub fn platform(order: &Order) -> Option<Self> {
        let PlatformSettleable { seen, as_of } = order.platform_settleable.as_deref()?;
        Some(Self {
            settleable_fen: seen.unsettled,
            basis: SettleableBasis::Platform.as_str(),
            as_of: Some(Beijing(*as_of)),
            detail: SettleableDetail {
                paid_fen: seen.paid,
                refunded_fen: seen.refunded,
                settled_fen: None,
                settling_fen: None,
                payment_rake_fen: seen.payment_rake,
                life_rake_fen: seen.life_rake,
                commission_fen: seen.commission,
            },
            differs: (order.state == OrderState::Paid).then(|| difference(order, seen)).flatten(),
        })
    }
}

/// What the platform last said, beside our own estimate in an order's view.
#[derive(Debug, Serialize)]
pub struct PlatformSettleableView {
    amount_fen: Fen,
    as_of: Beijing,
}

impl PlatformSettleableView {
    pub(super) const fn of(said: &PlatformSettleable) -> Self {
        Self { amount_fen: said.amount(), as_of: Beijing(said.as_of) }
    }
}
