//! The books as a reader sees them: every order, refund, settlement and balance.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::objects::{OperationStatus, Order, OrderStatus, Refund, Settlement};
use super::trade::{AuditStatus, ItemBook, RefundItemBook, RefundSource};
use super::{LimitWatch, MerchantBook, Platform, PushBook};

mod returns;

pub use returns::{ReturnBook, WithdrawalBook};

/// One of the platform's two payment systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// Guaranteed payment.
    #[default]
    Ecpay,
    /// The general trade system.
    Trade,
}

/// Everything the platform holds, at one moment. Amounts are in fen, times in Unix ms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Books {
    /// The platform's time.
    pub now: UnixMs,
    /// All orders: guaranteed payment by app and number, then the general trade system by time.
    pub orders: Vec<OrderBook>,
    /// All refunds, by app and number.
    pub refunds: Vec<RefundBook>,
    /// All settlements, by app and number.
    pub settlements: Vec<SettlementBook>,
    /// All returns of shares, by app and number.
    pub returns: Vec<ReturnBook>,
    /// All withdrawals of both systems, by app and number; they belong to no order.
    pub withdrawals: Vec<WithdrawalBook>,
    /// All orders as they were pushed to the order centre, oldest first.
    pub pushes: Vec<PushBook>,
    /// All merchants that are onboarded by links, by owner and key.
    pub merchants: Vec<MerchantBook>,
    /// All balances, by merchant and channel.
    pub balances: Vec<Balance>,
    /// The sums over everything.
    pub totals: Totals,
    /// How fast each app called each endpoint.
    pub limits: Vec<LimitWatch>,
    /// What was odd, but accepted.
    pub warnings: Vec<String>,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderBook {
    /// The system it was placed in.
    pub system: System,
    /// The app it belongs to.
    pub app_id: String,
    /// The merchant's number.
    pub out_order_no: String,
    /// The platform's number.
    pub order_id: String,
    /// Its state, as on the wire.
    pub status: OrderStatus,
    /// Its total; diamonds when `currency` says so.
    pub amount_fen: Fen,
    /// What the platform paid for the user.
    pub discount_fen: Fen,
    /// `CNY` or `DIAMOND`.
    pub currency: &'static str,
    /// The units bought; empty in guaranteed payment.
    pub items: Vec<ItemBook>,
    /// How it was paid: 1, 2, 10 or 20; 0 before.
    pub way: i64,
    /// When it was opened.
    pub created_at: UnixMs,
    /// Until when it can be paid.
    pub expires_at: UnixMs,
    /// When it was paid.
    pub paid_at: Option<UnixMs>,
    /// Refunded, by either route.
    pub refunded_fen: Fen,
    /// The part of it that came out of transit.
    pub refunded_in_transit_fen: Fen,
    /// Under way back to the user.
    pub refunding_fen: Fen,
    /// Taken out of transit by settlements, fee included.
    pub settled_fen: Fen,
    /// Given to other merchants.
    pub shared_fen: Fen,
    /// Taken as fee.
    pub rake_fen: Fen,
    /// Taken as the promoters' commission.
    pub commission_fen: Fen,
    /// No further settlement is possible.
    pub closed_for_settling: bool,
}

/// One refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundBook {
    /// The system of its order.
    pub system: System,
    /// The app it belongs to.
    pub app_id: String,
    /// The order's number.
    pub out_order_no: String,
    /// The merchant's number.
    pub out_refund_no: String,
    /// The platform's number.
    pub refund_no: String,
    /// Its state, as on the wire.
    pub status: OperationStatus,
    /// Its amount.
    pub amount_fen: Fen,
    /// Paid out of the settled balance.
    pub is_all_settled: bool,
    /// Who started it.
    pub source: RefundSource,
    /// How far the merchant's consent has come; `None` when nobody asked for it.
    pub audit: Option<AuditStatus>,
    /// When the platform decides by itself.
    pub audit_deadline: Option<UnixMs>,
    /// What each item gets back; empty in guaranteed payment.
    pub items: Vec<RefundItemBook>,
    /// When it was accepted.
    pub requested_at: UnixMs,
    /// When it came to its end.
    pub finished_at: Option<UnixMs>,
    /// Why it failed.
    pub message: String,
}

/// One settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettlementBook {
    /// The system of its order.
    pub system: System,
    /// The app it belongs to.
    pub app_id: String,
    /// The order's number.
    pub out_order_no: String,
    /// The merchant's number.
    pub out_settle_no: String,
    /// The platform's number.
    pub settle_no: String,
    /// Its state, as on the wire.
    pub status: OperationStatus,
    /// What leaves transit, fee included.
    pub base_fen: Fen,
    /// The one item it settles; `None` for a whole order.
    pub item_order_id: Option<String>,
    /// What the platform reports as `settle_amount`: the base, in guaranteed payment without the fee.
    pub settle_amount_fen: Fen,
    /// The promoters' part.
    pub commission_fen: Fen,
    /// The fee.
    pub rake_fen: Fen,
    /// The receivers' parts.
    pub shares: Vec<ShareBook>,
    /// The last settlement of its order.
    pub finish: bool,
    /// Started by the platform itself.
    pub automatic: bool,
    /// When it was accepted.
    pub requested_at: UnixMs,
    /// When it came to its end.
    pub finished_at: Option<UnixMs>,
    /// Why it failed.
    pub message: String,
}

/// What one receiver gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareBook {
    /// The receiver.
    pub merchant_uid: String,
    /// Its part.
    pub amount_fen: Fen,
}

/// What one merchant holds in one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// The merchant.
    pub merchant_uid: String,
    /// The channel: 1, 2 or 10.
    pub way: i64,
    /// Paid but not settled.
    pub in_transit_fen: i64,
    /// Settled.
    pub withdrawable_fen: i64,
    /// Neither: a withdrawal under way.
    pub frozen_fen: i64,
}

/// The sums over everything: `paid = refunded + rake + commission + in transit + withdrawable +
/// frozen + withdrawn`.
/// Diamonds are no money and not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Paid by users.
    pub paid_fen: i64,
    /// Given back to users.
    pub refunded_fen: i64,
    /// Taken as fee.
    pub rake_fen: i64,
    /// Taken as the promoters' commission.
    pub commission_fen: i64,
    /// Paid but not settled.
    pub in_transit_fen: i64,
    /// Settled.
    pub withdrawable_fen: i64,
    /// Being withdrawn.
    pub frozen_fen: i64,
    /// Withdrawn.
    pub withdrawn_fen: i64,
}

/// What the cashier page shows.
#[derive(Debug, Clone)]
pub(crate) struct Bill {
    pub(crate) out_order_no: String,
    pub(crate) subject: String,
    pub(crate) total: Fen,
    pub(crate) status: OrderStatus,
    pub(crate) expires_at: UnixMs,
    pub(crate) hidden_ways: Vec<i64>,
    pub(crate) diamonds: bool,
}

impl Platform {
    /// The books of one app or of all, of one order or of all; balances and totals are always whole.
    pub(crate) fn books(&mut self, now: UnixMs, app_id: Option<&str>, out_order_no: Option<&str>) -> Books {
        self.advance_to(now);
        let wanted = |app: &str, number: &str| {
            app_id.is_none_or(|only| only == app) && out_order_no.is_none_or(|only| only == number)
        };
        let orders = self.orders.values().filter(|order| wanted(&order.app_id, &order.out_order_no));
        let refunds = self.refunds.values().filter(|refund| wanted(&refund.app_id, &refund.out_order_no));
        let settlements = self.settlements.values().filter(|one| wanted(&one.app_id, &one.out_order_no));
        let returns = self.returns.values().filter(|one| wanted(&one.app_id, &one.out_order_no));
        let returns = returns.map(ReturnBook::from).collect();
        let withdrawals = self.withdrawals.values();
        let withdrawals = withdrawals.filter(|one| app_id.is_none_or(|only| only == one.app_id));
        let withdrawals = withdrawals.map(WithdrawalBook::from).collect();
        let balances: Vec<Balance> = self.accounts.holders.iter().map(balance).collect();
        let total = |part: fn(&Balance) -> i64| balances.iter().map(part).sum();
        let totals = Totals {
            paid_fen: self.accounts.paid,
            refunded_fen: self.accounts.refunded,
            rake_fen: self.accounts.fees,
            commission_fen: self.accounts.commissions,
            in_transit_fen: total(|balance| balance.in_transit_fen),
            withdrawable_fen: total(|balance| balance.withdrawable_fen),
            frozen_fen: total(|balance| balance.frozen_fen),
            withdrawn_fen: self.accounts.withdrawn,
        };
        let mut orders: Vec<OrderBook> = orders.map(order_book).collect();
        let mut refunds: Vec<RefundBook> = refunds.map(refund_book).collect();
        let mut settlements: Vec<SettlementBook> = settlements.map(settlement_book).collect();
        self.trade_books(wanted, &mut orders, &mut refunds, &mut settlements);
        Books {
            now,
            orders,
            refunds,
            settlements,
            returns,
            withdrawals,
            pushes: self.push_books(app_id, out_order_no),
            merchants: self.merchant_books(),
            balances,
            totals,
            limits: self.limit_watch(),
            warnings: self.warnings(),
        }
    }
}

fn balance((holder, balance): (&String, &super::accounts::Balance)) -> Balance {
    let (merchant_uid, way) = holder.rsplit_once('/').expect("holders are `uid/way`");
    Balance {
        merchant_uid: merchant_uid.to_owned(),
        way: way.parse().expect("holders are `uid/way`"),
        in_transit_fen: balance.in_transit,
        withdrawable_fen: balance.withdrawable,
        frozen_fen: balance.frozen,
    }
}

fn order_book(order: &Order) -> OrderBook {
    let within = "an order's sums stay below its total";
    let m = order.money;
    OrderBook {
        system: System::Ecpay,
        app_id: order.app_id.clone(),
        out_order_no: order.out_order_no.clone(),
        order_id: order.order_id.clone(),
        status: order.status,
        amount_fen: order.total,
        discount_fen: Fen::ZERO,
        currency: "CNY",
        items: Vec::new(),
        way: order.way,
        created_at: order.created_at,
        expires_at: order.expires_at,
        paid_at: order.paid_at,
        refunded_fen: Fen::sum([m.refunded_in_transit, m.refunded_settled]).expect(within),
        refunded_in_transit_fen: m.refunded_in_transit,
        refunding_fen: Fen::sum([m.refunding_in_transit, m.refunding_settled]).expect(within),
        settled_fen: m.settled,
        shared_fen: m.shared,
        rake_fen: m.rake,
        commission_fen: m.commission,
        closed_for_settling: order.closed_for_settling,
    }
}

fn refund_book(refund: &Refund) -> RefundBook {
    RefundBook {
        system: System::Ecpay,
        app_id: refund.app_id.clone(),
        out_order_no: refund.out_order_no.clone(),
        out_refund_no: refund.out_refund_no.clone(),
        refund_no: refund.refund_no.clone(),
        status: refund.status,
        amount_fen: refund.amount,
        is_all_settled: refund.from_settled,
        source: RefundSource::Developer,
        audit: None,
        audit_deadline: None,
        items: Vec::new(),
        requested_at: refund.requested_at,
        finished_at: refund.finished_at,
        message: refund.message.clone(),
    }
}

fn settlement_book(settlement: &Settlement) -> SettlementBook {
    let share = |share: &super::objects::Share| ShareBook {
        merchant_uid: share.merchant_uid.clone(),
        amount_fen: share.amount,
    };
    SettlementBook {
        system: System::Ecpay,
        app_id: settlement.app_id.clone(),
        out_order_no: settlement.out_order_no.clone(),
        out_settle_no: settlement.out_settle_no.clone(),
        settle_no: settlement.settle_no.clone(),
        status: settlement.status,
        base_fen: settlement.base,
        item_order_id: None,
        settle_amount_fen: settlement.settle_amount(),
        commission_fen: settlement.commission,
        rake_fen: settlement.rake,
        shares: settlement.shares.iter().map(share).collect(),
        finish: settlement.finish,
        automatic: settlement.automatic,
        requested_at: settlement.requested_at,
        finished_at: settlement.finished_at,
        message: settlement.message.clone(),
    }
}
