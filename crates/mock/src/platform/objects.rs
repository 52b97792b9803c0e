//! What the platform remembers of orders, refunds and settlements.

use std::collections::BTreeMap;

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

/// The state of an order, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrderStatus {
    /// Opened and not yet paid.
    Processing,
    /// Paid.
    Success,
    /// The payment failed for good.
    Fail,
    /// Not paid in time.
    Timeout,
}

/// The state of a refund or a settlement, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OperationStatus {
    /// Accepted, not finished.
    Processing,
    /// Done.
    Success,
    /// Failed for good; its number is used up.
    Fail,
}

/// One order and the sums that hang off it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) app_id: String,
    pub(crate) out_order_no: String,
    pub(crate) order_id: String,
    pub(crate) order_token: String,
    pub(crate) subject: String,
    pub(crate) total: Fen,
    pub(crate) cp_extra: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) seller_uid: String,
    pub(crate) hidden_ways: Vec<i64>,
    pub(crate) status: OrderStatus,
    pub(crate) created_at: UnixMs,
    pub(crate) expires_at: UnixMs,
    pub(crate) paid_at: Option<UnixMs>,
    pub(crate) way: i64,
    pub(crate) channel_no: String,
    pub(crate) payment_order_no: String,
    pub(crate) money: Money,
    /// The promotion it came from, if any.
    #[serde(default)]
    pub(crate) cps: Option<Cps>,
    pub(crate) refunds: u32,
    pub(crate) settlements: u32,
    /// Somebody has opened its cashier.
    #[serde(default)]
    pub(crate) seen: bool,
    pub(crate) settlement_under_way: bool,
    pub(crate) closed_for_settling: bool,
    /// The first request without its signature, to notice a repeat with other parameters.
    pub(crate) first_request: String,
}

/// A promoter (CPS, 带货) brought the buyer and gets a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cps {
    pub(crate) share_amount: Fen,
    pub(crate) douyin_id: String,
    pub(crate) nickname: String,
}

/// Where an order's money has gone and is going; everything is part of the order's total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Money {
    /// Refunded out of transit.
    pub(crate) refunded_in_transit: Fen,
    /// Refunded out of the seller's withdrawable balance.
    pub(crate) refunded_settled: Fen,
    /// Reserved in transit by refunds under way.
    pub(crate) refunding_in_transit: Fen,
    /// Asked back from the withdrawable balance by refunds under way.
    pub(crate) refunding_settled: Fen,
    /// Taken out of transit by settlements, before the fee.
    pub(crate) settled: Fen,
    /// Reserved by a settlement under way.
    pub(crate) settling: Fen,
    /// Given to other merchants.
    pub(crate) shared: Fen,
    /// Taken as service fee.
    pub(crate) rake: Fen,
    /// Taken as the promoters' commission.
    #[serde(default)]
    pub(crate) commission: Fen,
}

impl Money {
    /// What of `paid` is in transit and not spoken for; `None` would mean that more was promised than paid.
    pub(crate) fn available(&self, paid: Fen) -> Option<Fen> {
        let gone = [self.refunded_in_transit, self.refunding_in_transit, self.settled, self.settling];
        paid.checked_sub(Fen::sum(gone)?)
    }

    /// What of `paid` may still be refunded, by either route.
    pub(crate) fn refundable(&self, paid: Fen) -> Option<Fen> {
        let under_way = Fen::sum([self.refunding_in_transit, self.refunding_settled])?;
        paid.checked_sub(self.refunded()?.checked_add(under_way)?)
    }

    /// What went back, by either route.
    pub(crate) fn refunded(&self) -> Option<Fen> {
        Fen::sum([self.refunded_in_transit, self.refunded_settled])
    }
}

impl Order {
    /// What is in transit and not spoken for; `None` would mean that more was promised than paid.
    pub(crate) fn available(&self) -> Option<Fen> {
        self.money.available(self.total)
    }

    /// What may still be refunded, by either route.
    pub(crate) fn refundable(&self) -> Option<Fen> {
        self.money.refundable(self.total)
    }

    /// The rules between the sums, checked after every change.
    pub(crate) fn verify(&self) -> Result<(), String> {
        let about = || format!("order {}", self.out_order_no);
        if self.available().is_none() {
            return Err(format!("{}: more refunded and settled than paid: {:?}", about(), self.money));
        }
        if self.refundable().is_none() {
            return Err(format!("{}: more refunded than paid: {:?}", about(), self.money));
        }
        let out = Fen::sum([self.money.shared, self.money.rake, self.money.commission]);
        if out.is_none_or(|out| out > self.money.settled) {
            return Err(format!("{}: more shared and charged than settled: {:?}", about(), self.money));
        }
        if (self.status == OrderStatus::Success) != self.paid_at.is_some() {
            return Err(format!("{}: {:?}, but paid at {:?}", about(), self.status, self.paid_at));
        }
        Ok(())
    }
}

/// One refund.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) app_id: String,
    pub(crate) out_order_no: String,
    pub(crate) out_refund_no: String,
    pub(crate) refund_no: String,
    pub(crate) amount: Fen,
    pub(crate) cp_extra: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) status: OperationStatus,
    pub(crate) from_settled: bool,
    pub(crate) doomed: bool,
    pub(crate) message: String,
    pub(crate) requested_at: UnixMs,
    pub(crate) finished_at: Option<UnixMs>,
    pub(crate) first_request: String,
}

/// One settlement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settlement {
    pub(crate) app_id: String,
    pub(crate) out_order_no: String,
    pub(crate) out_settle_no: String,
    pub(crate) settle_no: String,
    /// What leaves transit.
    pub(crate) base: Fen,
    pub(crate) rake: Fen,
    #[serde(default)]
    pub(crate) commission: Fen,
    pub(crate) shares: Vec<Share>,
    pub(crate) finish: bool,
    pub(crate) automatic: bool,
    pub(crate) cp_extra: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) status: OperationStatus,
    pub(crate) doomed: bool,
    pub(crate) message: String,
    pub(crate) requested_at: UnixMs,
    pub(crate) finished_at: Option<UnixMs>,
    pub(crate) first_request: String,
    /// What the receivers gave back and give back, by receiver.
    #[serde(default)]
    pub(crate) returns: BTreeMap<String, Returned>,
}

/// What one receiver of a settlement gave back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Returned {
    /// Given back.
    pub(crate) done: Fen,
    /// Asked back, not finished.
    pub(crate) under_way: Fen,
    /// Returns accepted, failed ones included.
    pub(crate) count: u32,
}

/// What one receiver gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) merchant_uid: String,
    pub(crate) amount: Fen,
}

impl Settlement {
    /// The amount the platform reports: what took part, after fee and commission.
    pub(crate) fn settle_amount(&self) -> Fen {
        let charges = Fen::sum([self.rake, self.commission]);
        charges.and_then(|gone| self.base.checked_sub(gone)).expect("the charges were capped at the base")
    }

    /// What the seller gets.
    pub(crate) fn sellers_part(&self) -> Fen {
        self.settle_amount().checked_sub(self.shared()).expect("shares were checked against the base")
    }

    /// One receiver's part; `None` for a merchant that is no receiver.
    pub(crate) fn share_of(&self, merchant_uid: &str) -> Option<Fen> {
        let parts = self.shares.iter().filter(|share| share.merchant_uid == merchant_uid);
        let sum = Fen::sum(parts.map(|share| share.amount)).expect("the shares were within the base");
        (sum > Fen::ZERO).then_some(sum)
    }

    /// The receivers' part.
    pub(crate) fn shared(&self) -> Fen {
        Fen::sum(self.shares.iter().map(|share| share.amount)).expect("the shares were within the base")
    }

    /// The platform's text about the shares.
    pub(crate) fn detail(&self) -> String {
        let piece =
            |share: &Share| format!("商户号{}-分成金额(分){}", share.merchant_uid, share.amount.get());
        self.shares.iter().map(piece).collect::<Vec<_>>().join(",")
    }
}
