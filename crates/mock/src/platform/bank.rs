//! A person plays the bank: ends a withdrawal at once, or sends its money back.

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

use super::withdrawals::WithdrawalStatus;
use super::{Platform, key};

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
        Self { app_id: app_id.into(), out_order_id: out_order_id.into(), outcome }
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
        let withdrawal_key = key(&ask.app_id, &ask.out_order_id);
        let withdrawal = self.withdrawals.get(&withdrawal_key);
        let before = withdrawal
            .map(|one| one.status)
            .ok_or_else(|| BankError::NoWithdrawal(ask.out_order_id.clone(), ask.app_id.clone()))?;
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
