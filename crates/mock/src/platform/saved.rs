//! The books as one JSON text, to survive a restart.

use std::collections::{BTreeSet, VecDeque};

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

use super::accounts::Accounts;
use super::notices::{Notice, Notices};
use super::objects::{Order, Refund, Settlement};
use super::returns::Return;
use super::timers::Timer;
use super::trade::{self, Trade};
use super::withdrawals::Withdrawal;
use super::{Key, MerchantBook, Platform, PushBook, key};
use crate::dice::Dice;

/// The format's version.
const VERSION: u32 = 2;
/// The oldest that is still read: withdrawals were the general trade system's, and commissions part of the fees.
const VERSION_OLDEST: u32 = 1;

#[derive(Serialize)]
struct Writing<'a> {
    version: u32,
    now: UnixMs,
    dice: &'a Dice,
    fault_dice: &'a Dice,
    serial: u64,
    orders: Vec<&'a Order>,
    refunds: Vec<&'a Refund>,
    settlements: Vec<&'a Settlement>,
    returns: Vec<&'a Return>,
    withdrawals: Vec<&'a Withdrawal>,
    merchants: Vec<&'a MerchantBook>,
    pushes: &'a VecDeque<PushBook>,
    accounts: &'a Accounts,
    timers: &'a BTreeSet<(UnixMs, u64, Timer)>,
    callbacks: Vec<Notice>,
    last_callback: u64,
    trade: trade::Saved,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    version: u32,
    now: UnixMs,
    dice: Dice,
    fault_dice: Dice,
    serial: u64,
    orders: Vec<Order>,
    refunds: Vec<Refund>,
    settlements: Vec<Settlement>,
    #[serde(default)]
    returns: Vec<Return>,
    #[serde(default)]
    withdrawals: Vec<Withdrawal>,
    #[serde(default)]
    merchants: Vec<MerchantBook>,
    #[serde(default)]
    pushes: VecDeque<PushBook>,
    accounts: Accounts,
    timers: BTreeSet<(UnixMs, u64, Timer)>,
    callbacks: Vec<Notice>,
    last_callback: u64,
    #[serde(default)]
    trade: trade::Saved,
}

impl Platform {
    /// Everything but the configuration (whose secrets do not belong in this file), faults and logs.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let (callbacks, last_callback) = self.notices.saved();
        let writing = Writing {
            version: VERSION,
            now: self.now,
            dice: &self.dice,
            fault_dice: &self.fault_dice,
            serial: self.serial,
            orders: self.orders.values().collect(),
            refunds: self.refunds.values().collect(),
            settlements: self.settlements.values().collect(),
            returns: self.returns.values().collect(),
            withdrawals: self.withdrawals.values().collect(),
            merchants: self.merchants.values().collect(),
            pushes: &self.pushes,
            accounts: &self.accounts,
            timers: &self.timers,
            callbacks,
            last_callback,
            trade: self.trade.saved(),
        };
        serde_json::to_vec(&writing).expect("the books hold only texts, numbers and booleans")
    }

    /// Puts saved books in place of the empty ones, after checking that they are sound.
    pub(crate) fn restore(&mut self, json: &[u8]) -> Result<(), String> {
        let mut reading: Reading = serde_json::from_slice(json).map_err(|cause| cause.to_string())?;
        if !(VERSION_OLDEST..=VERSION).contains(&reading.version) {
            return Err(format!(
                "version {} is not known; this mock writes version {VERSION}",
                reading.version
            ));
        }
        if reading.version == VERSION_OLDEST {
            let commissions = reading.trade.part_commissions_from_fees();
            reading.accounts.part_commissions_from_fees(commissions);
        }
        self.now = reading.now;
        self.dice = reading.dice;
        self.fault_dice = reading.fault_dice;
        self.serial = reading.serial;
        self.accounts = reading.accounts;
        let by_key = |one: MerchantBook| (key(&one.owner, &one.sub_merchant_id), one);
        self.merchants = reading.merchants.into_iter().map(by_key).collect();
        self.pushes = reading.pushes;
        self.timers = reading.timers;
        self.notices = Notices::restore(reading.callbacks, reading.last_callback);
        let by_key = |order: Order| (key(&order.app_id, &order.out_order_no), order);
        self.orders = reading.orders.into_iter().map(by_key).collect();
        self.order_ids =
            self.orders.iter().map(|(key, order)| (order.order_id.clone(), key.clone())).collect();
        let by_key = |refund: Refund| (key(&refund.app_id, &refund.out_refund_no), refund);
        self.refunds = reading.refunds.into_iter().map(by_key).collect();
        let by_key = |one: Settlement| (key(&one.app_id, &one.out_settle_no), one);
        self.settlements = reading.settlements.into_iter().map(by_key).collect();
        let by_key = |one: Return| (key(&one.app_id, &one.out_return_no), one);
        self.returns = reading.returns.into_iter().map(by_key).collect();
        let old = std::mem::take(&mut reading.trade.withdrawals);
        let by_key = |one: Withdrawal| (one.key(), one);
        self.withdrawals = reading.withdrawals.into_iter().chain(old).map(by_key).collect();
        self.timers = std::mem::take(&mut self.timers)
            .into_iter()
            .map(|(at, serial, timer)| (at, serial, self.renamed(timer)))
            .collect();
        self.trade = Trade::restore(reading.trade);
        self.verify()
    }

    /// Older files name withdrawals of the general trade system without their system.
    fn renamed(&self, timer: Timer) -> Timer {
        let today = |old: Key| match self.withdrawals.contains_key(&old) {
            true => old,
            false => format!("trade/{old}"),
        };
        match timer {
            Timer::FinishWithdrawal(one) | Timer::Trade(trade::Timer::FinishWithdrawal(one)) => {
                Timer::FinishWithdrawal(today(one))
            }
            Timer::SendBackWithdrawal(one) => Timer::SendBackWithdrawal(today(one)),
            other => other,
        }
    }
}
