//! A person plays the bank: ends a withdrawal at once, or sends its money back.

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

use super::withdrawals::{WithdrawalStatus, withdrawal_key};
use super::{Platform, System};

/// What the bank does with a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAsk {
    /// The app it belongs to.
    pub app_id: String,
    /// The merchant's number.
    pub out_order_id: String,
    /// What happens.
    pub outcome: BankOutcome,
    /// The system it was asked for in; needed when both know the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
}

impl BankAsk {
    /// The bank acts on one withdrawal.
    ///
    /// ```
    /// use douyin_pay_env::Env;
    /// use douyin_pay_mock::{BankAsk, BankError, BankOutcome, DEFAULT_APP_ID, Mock, MockConfig};
    ///
    /// let mock = Mock::new(Env::real(), MockConfig::default());
    /// let nothing_yet = mock.act_as_bank(&BankAsk::new(DEFAULT_APP_ID, "W1", BankOutcome::Fail));
    /// assert!(matches!(nothing_yet, Err(BankError::NoWithdrawal(..))));
    /// ```
    pub fn new(app_id: impl Into<String>, out_order_id: impl Into<String>, outcome: BankOutcome) -> Self {
        Self { app_id: app_id.into(), out_order_id: out_order_id.into(), outcome, system: None }
    }

    /// The same, about the withdrawal of one system.
    #[must_use]
    pub fn of_system(mut self, system: System) -> Self {
        self.system = Some(system);
        self
    }
}

/// What the bank can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankOutcome {
    /// The money arrives.
    Success,
    /// The withdrawal fails.
    Fail,
    /// The money had arrived and is sent back.
    Reexchange,
}

/// Why the bank cannot do that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// No such withdrawal.
    #[error("`out_order_id`: there is no withdrawal `{0}` of app `{1}`")]
    NoWithdrawal(String, String),
    /// Both systems have one.
    #[error("`system`: both systems have a withdrawal `{0}` of app `{1}`; say `ecpay` or `trade`")]
    WhichSystem(String, String),
    /// Its state does not allow it.
    #[error(
        "`outcome`: {0:?} cannot follow {1:?}; `success` and `fail` end what is under way, `reexchange` follows success"
    )]
    CannotFollow(BankOutcome, WithdrawalStatus),
}

impl Platform {
    /// Ends a withdrawal at once, or sends a successful one back.
    pub(crate) fn act_as_bank(&mut self, now: UnixMs, ask: &BankAsk) -> Result<WithdrawalStatus, BankError> {
        self.advance_to(now);
        let mut found = [System::Ecpay, System::Trade]
            .into_iter()
            .filter(|system| ask.system.is_none_or(|only| only == *system))
            .map(|system| withdrawal_key(system, &ask.app_id, &ask.out_order_id))
            .filter_map(|key| self.withdrawals.get(&key).map(|one| (key, one.status)));
        let named = || (ask.out_order_id.clone(), ask.app_id.clone());
        let (withdrawal_key, before) = match (found.next(), found.next()) {
            (Some(one), None) => one,
            (None, _) => return Err(BankError::NoWithdrawal(named().0, named().1)),
            (Some(_), Some(_)) => return Err(BankError::WhichSystem(named().0, named().1)),
        };
        let after = match (before, ask.outcome) {
            (WithdrawalStatus::Processing, BankOutcome::Success) => WithdrawalStatus::Success,
            (WithdrawalStatus::Processing, BankOutcome::Fail) => WithdrawalStatus::Fail,
            (WithdrawalStatus::Success, BankOutcome::Reexchange) => WithdrawalStatus::Reexchange,
            (before, outcome) => return Err(BankError::CannotFollow(outcome, before)),
        };
        self.end_withdrawal(&withdrawal_key, after, now);
        Ok(after)
    }
}
