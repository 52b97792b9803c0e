//! What the general trade system remembers of orders, items, refunds, settlements and withdrawals.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use crate::platform::OperationStatus;
use crate::platform::objects::{Money, OrderStatus, Share};

/// How far an item's delivery has come; types without the sync are done when they are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fulfilment {
    /// Nothing delivered yet.
    FulfillWait,
    /// Under way.
    Fulfilling,
    /// Delivered.
    FulfillDone,
}

/// One unit of what was bought.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) item_order_id: String,
    /// Its part of the order's total.
    pub(crate) amount: Fen,
    /// Its part of what was paid; the amount until then.
    pub(crate) paid: Fen,
    pub(crate) fulfilment: Fulfilment,
    pub(crate) done_at: Option<UnixMs>,
    pub(crate) money: Money,
}

/// One order; its key is `order_id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) app_id: String,
    pub(crate) out_order_no: String,
    pub(crate) order_id: String,
    pub(crate) open_id: String,
    /// The signed text, to tell a repeat from another order of the same number.
    pub(crate) data: String,
    pub(crate) title: String,
    pub(crate) sku_id: String,
    pub(crate) product_type: u16,
    pub(crate) tag_group_id: String,
    pub(crate) total: Fen,
    pub(crate) discount: Fen,
    pub(crate) diamonds: bool,
    pub(crate) notify_url: Option<String>,
    pub(crate) merchant_uid: String,
    pub(crate) hidden_ways: Vec<i64>,
    pub(crate) status: OrderStatus,
    pub(crate) created_at: UnixMs,
    pub(crate) expires_at: UnixMs,
    pub(crate) paid_at: Option<UnixMs>,
    pub(crate) way: i64,
    pub(crate) channel_pay_id: String,
    pub(crate) user_bill_pay_id: String,
    pub(crate) items: Vec<Item>,
    /// The sums over all items, and what only the whole order knows: shares and fee.
    pub(crate) money: Money,
    pub(crate) refunds: u32,
    /// A settlement of the whole order succeeded or is under way.
    pub(crate) settled_whole: bool,
}

/// Who started a refund; the numbers are the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundSource {
    /// 1: the user, in the order centre.
    User,
    /// 2: the merchant's server.
    Developer,
    /// 4: Douyin's customer service.
    CustomerService,
}

impl RefundSource {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::User => 1,
            Self::Developer => 2,
            Self::CustomerService => 4,
        }
    }
}

/// How far the merchant's consent to a refund has come, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AuditStatus {
    /// The merchant has not given its number yet.
    Init,
    /// Waits for the merchant's decision.
    ToAudit,
    /// Agreed, or no consent was needed.
    Agree,
    /// Refused.
    Deny,
    /// The deadline passed: agreed by the platform.
    Overtime,
}

/// One refund; its key is `refund_id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) app_id: String,
    pub(crate) order_id: String,
    pub(crate) refund_id: String,
    /// Empty until the merchant, or in the end the platform, gave one.
    pub(crate) out_refund_no: String,
    pub(crate) source: RefundSource,
    pub(crate) amount: Fen,
    pub(crate) items: Vec<RefundItem>,
    pub(crate) reasons: Vec<String>,
    pub(crate) cp_extra: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) entry_path: String,
    pub(crate) audit_needed: bool,
    pub(crate) audit: AuditStatus,
    pub(crate) deadline: UnixMs,
    pub(crate) deny_message: String,
    /// The money is on its way: nothing can stop it any more.
    pub(crate) paying_out: bool,
    pub(crate) status: OperationStatus,
    pub(crate) all_settled: bool,
    pub(crate) doomed: bool,
    pub(crate) message: String,
    pub(crate) created_at: UnixMs,
    pub(crate) finished_at: Option<UnixMs>,
}

/// What one item gets back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefundItem {
    pub(crate) item_order_id: String,
    pub(crate) amount: Fen,
    /// The part of it that the seller's settled balance has to give.
    pub(crate) from_settled: Fen,
}

/// How far a settlement has come, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum SettleStatus {
    Init,
    Processing,
    Success,
    Fail,
}

/// One settlement; its key is `settle_id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settlement {
    pub(crate) app_id: String,
    pub(crate) order_id: String,
    pub(crate) settle_id: String,
    pub(crate) wallet_settle_id: String,
    pub(crate) out_settle_no: String,
    /// Empty when the whole order is settled.
    pub(crate) item_order_id: String,
    /// What leaves transit, item by item.
    pub(crate) parts: Vec<(String, Fen)>,
    pub(crate) base: Fen,
    pub(crate) rake: Fen,
    pub(crate) commission: Fen,
    pub(crate) shares: Vec<Share>,
    pub(crate) ext: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) automatic: bool,
    pub(crate) status: SettleStatus,
    pub(crate) doomed: bool,
    pub(crate) message: String,
    pub(crate) created_at: UnixMs,
    pub(crate) finished_at: Option<UnixMs>,
}

impl Item {
    /// What is in transit and not spoken for.
    pub(crate) fn available(&self) -> Option<Fen> {
        self.money.available(self.paid)
    }

    /// What may still be refunded.
    pub(crate) fn refundable(&self) -> Option<Fen> {
        self.money.refundable(self.paid)
    }

    /// Delivered, or given back altogether.
    pub(crate) fn is_done(&self) -> bool {
        self.fulfilment == Fulfilment::FulfillDone
            || self.money.refunded().is_some_and(|back| back == self.paid)
    }
}

impl Order {
    /// What the user paid: the total without the platform's discount.
    pub(crate) fn paid(&self) -> Fen {
        self.total.checked_sub(self.discount).expect("a discount is smaller than the total")
    }

    pub(crate) fn available(&self) -> Option<Fen> {
        self.money.available(self.paid())
    }

    pub(crate) fn refundable(&self) -> Option<Fen> {
        self.money.refundable(self.paid())
    }

    /// The item of this number; an order of one item accepts its own number, too.
    pub(crate) fn item(&self, id: &str) -> Option<&Item> {
        let whole = self.items.len() == 1 && id == self.order_id;
        self.items.iter().find(|item| whole || item.item_order_id == id)
    }

    /// The sums of one item and of the order: what changes one changes the other.
    pub(crate) fn sums_mut(&mut self, item_order_id: &str) -> [&mut Money; 2] {
        let item = self.items.iter_mut().find(|item| item.item_order_id == item_order_id);
        [&mut item.expect("the item was found before").money, &mut self.money]
    }

    /// Everything in transit was settled, and something was.
    pub(crate) fn fully_settled(&self) -> bool {
        self.money.settled > Fen::ZERO
            && self.available() == Some(Fen::ZERO)
            && self.money.settling == Fen::ZERO
    }

    /// The rules between the sums, checked after every change.
    pub(crate) fn verify(&self) -> Result<(), String> {
        let about = || format!("order {}", self.out_order_no);
        let broken = |what: &str| Err(format!("{}: {what}: {:?}", about(), self.money));
        if self.available().is_none() {
            return broken("more refunded and settled than paid");
        }
        if self.refundable().is_none() {
            return broken("more refunded than paid");
        }
        let out = Fen::sum([self.money.shared, self.money.rake, self.money.commission]);
        if out.is_none_or(|out| out > self.money.settled) {
            return broken("more shared and charged than settled");
        }
        if (self.status == OrderStatus::Success) != self.paid_at.is_some() {
            return Err(format!("{}: {:?}, but paid at {:?}", about(), self.status, self.paid_at));
        }
        for item in &self.items {
            if item.available().is_none() || item.refundable().is_none() {
                return Err(format!("{}: item {}: {:?}", about(), item.item_order_id, item.money));
            }
        }
        self.verify_sums()
    }

    /// The items add up to the order.
    fn verify_sums(&self) -> Result<(), String> {
        let add_up = |part: fn(&Item) -> Fen, whole: Fen, what: &str| {
            let sum = Fen::sum(self.items.iter().map(part));
            if sum == Some(whole) {
                return Ok(());
            }
            Err(format!("order {}: its items' {what} add up to {sum:?}, not {whole:?}", self.out_order_no))
        };
        add_up(|item| item.amount, self.total, "amounts")?;
        add_up(|item| item.paid, self.paid(), "payments")?;
        add_up(|item| item.money.refunded_in_transit, self.money.refunded_in_transit, "refunds in transit")?;
        add_up(|item| item.money.refunded_settled, self.money.refunded_settled, "refunds after settlement")?;
        add_up(|item| item.money.refunding_in_transit, self.money.refunding_in_transit, "refunds under way")?;
        add_up(|item| item.money.refunding_settled, self.money.refunding_settled, "later refunds under way")?;
        add_up(|item| item.money.settled, self.money.settled, "settlements")?;
        add_up(|item| item.money.settling, self.money.settling, "settlements under way")
    }
}

impl Settlement {
    /// The receivers' part.
    pub(crate) fn shared(&self) -> Fen {
        Fen::sum(self.shares.iter().map(|share| share.amount)).expect("the shares were within the base")
    }

    /// What the seller gets.
    pub(crate) fn sellers_part(&self) -> Fen {
        let others = Fen::sum([self.shared(), self.rake, self.commission]);
        others.and_then(|others| self.base.checked_sub(others)).expect("shares and fees were within the base")
    }

    /// The platform's text about who gets what.
    pub(crate) fn detail(&self, seller: &str) -> String {
        let piece = |uid: &str, amount: Fen| format!("商户号{uid}-分成金额(分){}", amount.get());
        let own = std::iter::once(piece(seller, self.sellers_part()));
        own.chain(self.shares.iter().map(|share| piece(&share.merchant_uid, share.amount)))
            .collect::<Vec<_>>()
            .join(",")
    }
}
