//! Balances and withdrawals: the funds layer that both systems share.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::accounts::{Place, holder};
use super::timers::{DAY_MS, Timer, WITHDRAWAL_MS};
use super::{Key, Platform, System, key, messages};
use crate::config::MockApp;
use crate::faults::OperationFault;

/// Accepted withdrawals of one merchant through one channel on one day of Beijing.
const WITHDRAWALS_PER_DAY: usize = 5;
/// Beijing is eight hours ahead of UTC, all year.
const BEIJING_AHEAD_MS: i64 = 8 * 3_600_000;
/// How long after its success the bank sends a withdrawal back, in ms.
const SENT_BACK_MS: (u32, u32) = (3_600_000, 7_200_000);

/// The state of a withdrawal, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum WithdrawalStatus {
    /// Accepted; the money is frozen.
    Processing,
    /// Arrived at the bank.
    Success,
    /// Failed; the money is withdrawable again.
    Fail,
    /// The bank reported success and sent the money back later; it is withdrawable again.
    Reexchange,
}

/// What becomes of an accepted withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    #[default]
    Arrives,
    Fails,
    ComesBack,
}

/// One withdrawal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Withdrawal {
    /// Files of older mocks know withdrawals of the general trade system only.
    #[serde(default = "trade")]
    pub(crate) system: System,
    pub(crate) app_id: String,
    pub(crate) out_order_id: String,
    pub(crate) order_id: String,
    pub(crate) merchant_uid: String,
    pub(crate) channel_type: String,
    pub(crate) amount: Fen,
    /// The balances it is taken from.
    pub(crate) parts: Vec<(Key, Fen)>,
    pub(crate) merchant_entity: i64,
    pub(crate) status: WithdrawalStatus,
    #[serde(default)]
    pub(crate) fate: Fate,
    #[serde(default)]
    pub(crate) cp_extra: String,
    #[serde(default)]
    pub(crate) callback: Option<String>,
    #[serde(default)]
    pub(crate) bank_no: String,
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default = "long_ago")]
    pub(crate) requested_at: UnixMs,
    #[serde(default)]
    pub(crate) finished_at: Option<UnixMs>,
    #[serde(default)]
    pub(crate) first_request: String,
}

fn trade() -> System {
    System::Trade
}

fn long_ago() -> UnixMs {
    UnixMs::new(0)
}

/// Each system has numbers of its own; those of the general trade system stand behind its name.
pub(crate) fn withdrawal_key(system: System, app_id: &str, number: &str) -> Key {
    let own = key(app_id, number);
    match system {
        System::Ecpay => own,
        System::Trade => format!("trade/{own}"),
    }
}

impl Withdrawal {
    pub(super) fn key(&self) -> Key {
        withdrawal_key(self.system, &self.app_id, &self.out_order_id)
    }
}

/// A request to withdraw, read and checked by the system it came in.
pub(crate) struct NewWithdrawal<'a> {
    pub(crate) system: System,
    pub(crate) app_id: &'a str,
    pub(crate) out_order_id: &'a str,
    pub(crate) merchant_uid: &'a str,
    pub(crate) channel: Channel,
    pub(crate) amount: Fen,
    pub(crate) merchant_entity: i64,
    pub(crate) cp_extra: String,
    pub(crate) callback: Option<String>,
    pub(crate) first_request: String,
}

/// Why nothing can be withdrawn now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoWithdrawal {
    /// That many fen more than is withdrawable.
    TooMuch(Fen),
    /// The day's requests are used up.
    TooOften,
}

impl NoWithdrawal {
    pub(crate) fn problem(self, amount: Fen) -> String {
        match self {
            Self::TooMuch(missing) => {
                format!("is {}, {} fen more than is withdrawable", amount.get(), missing.get())
            }
            Self::TooOften => format!(
                "{WITHDRAWALS_PER_DAY} withdrawals of this merchant and channel were accepted today; try again tomorrow"
            ),
        }
    }
}

/// A channel of the funds layer and the ways of payment whose balances it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Channel {
    pub(crate) name: &'static str,
    ways: &'static [i64],
}

impl Channel {
    /// `yzt` is the aggregate account; `yeepay` never has any money here.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        const ALL: [Channel; 5] = [
            Channel { name: "wx", ways: &[1] },
            Channel { name: "alipay", ways: &[2] },
            Channel { name: "hz", ways: &[10] },
            Channel { name: "yzt", ways: &[1, 2, 10] },
            Channel { name: "yeepay", ways: &[] },
        ];
        ALL.into_iter().find(|channel| channel.name == name)
    }
}

impl Platform {
    /// A merchant the app may ask about: its sellers and stores, whom it onboarded, and receivers of its shares.
    pub(super) fn knows_merchant(&self, app: &MockApp, uid: &str) -> bool {
        let own = app.seller_uid.as_str() == uid
            || app.seller_by_way.values().any(|known| known.as_str() == uid)
            || app.store_uids.iter().any(|known| known.as_str() == uid)
            || app.trade.iter().any(|terms| terms.merchant_uids.iter().any(|known| known.as_str() == uid));
        let app_id = app.app_id.as_str();
        own || self.has_onboarded(app_id, uid) || self.has_shared_with(app_id, uid)
    }

    /// Whether a settlement of the app, in either system, names the merchant as a receiver.
    fn has_shared_with(&self, app_id: &str, uid: &str) -> bool {
        let mut own = self.settlements.values().filter(|one| one.app_id == app_id);
        own.any(|one| one.shares.iter().any(|share| share.merchant_uid == uid))
            || self.trade.has_shared_with(app_id, uid)
    }

    /// What a merchant holds in a channel: in transit, withdrawable, frozen.
    pub(super) fn channel_balance(&self, uid: &str, channel: Channel) -> super::accounts::Balance {
        let held = channel.ways.iter().filter_map(|way| self.accounts.holders.get(&holder(uid, *way)));
        held.fold(super::accounts::Balance::default(), |sum, one| sum.and(*one))
    }

    /// Freezes the money and lets the bank work; gives the withdrawal's key.
    pub(super) fn open_withdrawal(
        &mut self,
        now: UnixMs,
        new: NewWithdrawal<'_>,
    ) -> Result<Key, NoWithdrawal> {
        let day = |at: UnixMs| (at.get() + BEIJING_AHEAD_MS).div_euclid(DAY_MS);
        let accepted = self.withdrawals.values().filter(|one| {
            one.merchant_uid == new.merchant_uid
                && one.channel_type == new.channel.name
                && day(one.requested_at) == day(now)
        });
        if accepted.count() >= WITHDRAWALS_PER_DAY {
            return Err(NoWithdrawal::TooOften);
        }
        let parts = self.parts_of(new.merchant_uid, new.channel, new.amount)?;
        for (holder, part) in &parts {
            self.accounts.transfer(Place::Withdrawable(holder), Place::Frozen(holder), *part);
        }
        let withdrawal = Withdrawal {
            system: new.system,
            app_id: new.app_id.to_owned(),
            out_order_id: new.out_order_id.to_owned(),
            order_id: self.bare_number(),
            merchant_uid: new.merchant_uid.to_owned(),
            channel_type: new.channel.name.to_owned(),
            amount: new.amount,
            parts,
            merchant_entity: new.merchant_entity,
            status: WithdrawalStatus::Processing,
            fate: self.draw_fate(),
            cp_extra: new.cp_extra,
            callback: new.callback,
            bank_no: self.dice.digits(20),
            message: String::new(),
            requested_at: now,
            finished_at: None,
            first_request: new.first_request,
        };
        let withdrawal_key = withdrawal.key();
        self.withdrawals.insert(withdrawal_key.clone(), withdrawal);
        self.changes += 1;
        let takes = self.dice.millis(WITHDRAWAL_MS.0, WITHDRAWAL_MS.1);
        self.set_timer(now.plus_ms(takes), Timer::FinishWithdrawal(withdrawal_key.clone()));
        Ok(withdrawal_key)
    }

    fn draw_fate(&mut self) -> Fate {
        if self.faults.draw_operation(OperationFault::WithdrawFails, &mut self.fault_dice) {
            Fate::Fails
        } else if self.faults.draw_operation(OperationFault::WithdrawReexchanged, &mut self.fault_dice) {
            Fate::ComesBack
        } else {
            Fate::Arrives
        }
    }

    /// Which balances the amount is taken from, in the order of the channels' numbers.
    fn parts_of(&self, uid: &str, channel: Channel, amount: Fen) -> Result<Vec<(Key, Fen)>, NoWithdrawal> {
        let mut rest = amount;
        let mut parts = Vec::new();
        for way in channel.ways {
            let holder = holder(uid, *way);
            let there = Fen::new(self.accounts.withdrawable(&holder)).unwrap_or(Fen::ZERO).min(rest);
            if there > Fen::ZERO {
                rest = rest.checked_sub(there).expect("a part of it");
                parts.push((holder, there));
            }
        }
        if rest > Fen::ZERO { Err(NoWithdrawal::TooMuch(rest)) } else { Ok(parts) }
    }

    /// The bank has worked: the money arrives, or is withdrawable again.
    pub(super) fn finish_withdrawal(&mut self, withdrawal_key: &str, at: UnixMs) {
        let withdrawal = self.withdrawals.get(withdrawal_key).expect("withdrawals are never deleted");
        if withdrawal.status != WithdrawalStatus::Processing {
            return;
        }
        match withdrawal.fate {
            Fate::Fails => self.end_withdrawal(withdrawal_key, WithdrawalStatus::Fail, at),
            Fate::Arrives => self.end_withdrawal(withdrawal_key, WithdrawalStatus::Success, at),
            Fate::ComesBack => {
                self.end_withdrawal(withdrawal_key, WithdrawalStatus::Success, at);
                let takes = self.dice.millis(SENT_BACK_MS.0, SENT_BACK_MS.1);
                self.set_timer(at.plus_ms(takes), Timer::SendBackWithdrawal(withdrawal_key.to_owned()));
            }
        }
    }

    /// The bank sends the money of a successful withdrawal back.
    pub(super) fn send_back_withdrawal(&mut self, withdrawal_key: &str, at: UnixMs) {
        let withdrawal = self.withdrawals.get(withdrawal_key).expect("withdrawals are never deleted");
        if withdrawal.status == WithdrawalStatus::Success {
            self.end_withdrawal(withdrawal_key, WithdrawalStatus::Reexchange, at);
        }
    }

    /// Moves the money and tells the merchant. The caller has checked that this can follow.
    pub(super) fn end_withdrawal(&mut self, withdrawal_key: &str, status: WithdrawalStatus, at: UnixMs) {
        let withdrawal = self.withdrawals.get_mut(withdrawal_key).expect("withdrawals are never deleted");
        for (holder, part) in &withdrawal.parts {
            let (from, to) = match status {
                WithdrawalStatus::Processing => return,
                WithdrawalStatus::Success => (Place::Frozen(holder), Place::Bank),
                WithdrawalStatus::Fail => (Place::Frozen(holder), Place::Withdrawable(holder)),
                WithdrawalStatus::Reexchange => (Place::Bank, Place::Withdrawable(holder)),
            };
            self.accounts.transfer(from, to, *part);
        }
        withdrawal.status = status;
        withdrawal.finished_at = Some(at);
        withdrawal.message = match status {
            WithdrawalStatus::Fail => "银行账户信息有误".to_owned(),
            WithdrawalStatus::Reexchange => "银行退票".to_owned(),
            _ => String::new(),
        };
        self.changes += 1;
        // How the general trade system would tell is not known; there one asks.
        if withdrawal.system == System::Ecpay {
            let (app_id, number) = (withdrawal.app_id.clone(), withdrawal.out_order_id.clone());
            let (url, msg) = (withdrawal.callback.clone(), messages::withdrawal(withdrawal));
            self.notify(&app_id, "withdraw", &number, url, msg, at);
        }
    }
}
