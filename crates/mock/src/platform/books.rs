//! The books as a reader sees them: every order, refund, settlement and balance.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::objects::OrderStatus;
use super::{LimitWatch, MerchantBook, Platform, PushBook};

mod orders;
mod returns;

pub use orders::{OrderBook, RefundBook, SettlementBook, ShareBook};
use orders::{order_book, refund_book, settlement_book};
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
