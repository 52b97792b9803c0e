//! The general trade system (通用交易系统): its state, its clockwork, and its rules between the sums.
//!
//! ```text
//!  phone ──requestOrder(data, byteAuthorization)──► place ─► order ─pay─► items ─┬─ fulfil
//!  server ──access-token──► call ─► refund_create, settle_create, queries        ├─ refunds (audit)
//!  merchant ◄──signed callbacks (platform key)── notices ◄───────────────────────┴─ settlements
//! ```

mod apply_refund;
mod books;
mod call;
mod console;
mod denied;
mod explain;
mod fields;
mod fulfil;
mod funds;
mod goods;
mod messages;
mod notify;
mod objects;
mod order_data;
mod pay;
mod place;
mod queries;
mod refund_create;
mod refunds;
mod saved;
mod settle_create;
mod settlements;
mod statements;
mod token_calls;
mod tokens;
mod verify;

use std::collections::BTreeMap;

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

pub(crate) use apply_refund::RefundAsk;
pub use books::{ItemBook, RefundItemBook};
pub use console::{ConsoleChange, ConsoleError};
pub(crate) use denied::Denied;
pub(super) use fields::is_callback_url;
pub(crate) use fulfil::ConfirmAsk;
pub use objects::{AuditStatus, Fulfilment, RefundSource};
pub(crate) use saved::Saved;

use super::{Key, NUMBER_BASE, Platform};
use objects::{Order, Refund, Settlement};
pub(super) use tokens::{Tokens, Worth};

/// Everything of the general trade system that is not shared with guaranteed payment.
#[derive(Debug, Default)]
pub(crate) struct Trade {
    /// By the platform's number.
    orders: BTreeMap<String, Order>,
    /// By app and merchant's number: the platform's number.
    numbers: BTreeMap<Key, String>,
    refunds: BTreeMap<String, Refund>,
    refund_numbers: BTreeMap<Key, String>,
    settlements: BTreeMap<String, Settlement>,
    settle_numbers: BTreeMap<Key, String>,
    tokens: Tokens,
    nonces: BTreeMap<Key, UnixMs>,
}

/// Something that is due at a time, each with the platform's number of what it concerns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Timer {
    Expire(String),
    FinishRefund(String),
    AuditDeadline(String),
    StartSettlement(String),
    FinishSettlement(String),
    SettleAutomatically(String),
    /// Of older state files; both systems share withdrawals.
    FinishWithdrawal(Key),
}

impl Platform {
    pub(super) fn trade_due(&mut self, timer: &Timer, at: UnixMs) {
        match timer {
            Timer::Expire(order) => self.expire_trade(order, at),
            Timer::FinishRefund(refund) => self.finish_trade_refund(refund, at),
            Timer::AuditDeadline(refund) => self.audit_deadline(refund, at),
            Timer::StartSettlement(settlement) => self.start_trade_settlement(settlement, at),
            Timer::FinishSettlement(settlement) => self.finish_trade_settlement(settlement, at),
            Timer::SettleAutomatically(order) => self.settle_trade_automatically(order, at),
            Timer::FinishWithdrawal(withdrawal) => self.finish_withdrawal(withdrawal, at),
        }
    }

    pub(super) fn is_trade_order(&self, order_id: &str) -> bool {
        self.trade.orders.contains_key(order_id)
    }

    /// A platform number of this system: a prefix and 19 digits.
    fn trade_number(&mut self, prefix: &str) -> String {
        self.serial += 1;
        format!("{prefix}{}", NUMBER_BASE + self.serial * 1_000 + self.dice.below(1_000))
    }

    /// Called after every change of an order: the rules that must hold, whatever happened.
    fn check_trade(&mut self, order_id: &str) {
        self.changes += 1;
        let order = self.trade.orders.get(order_id).expect("the order was just changed");
        if let Err(broken) = order.verify() {
            panic!("the mock's books are broken, which is a bug of the mock: {broken}");
        }
    }
}
