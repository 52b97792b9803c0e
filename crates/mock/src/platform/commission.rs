//! A promoter is found for an order; the platform learns of it late.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::Platform;
use super::objects::Cps;

/// What a promoter gets of an order, told to the mock by whoever plays the platform's marketing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommissionAsk {
    /// The platform's number of the order.
    pub order_id: String,
    /// The promoter's part in fen; 0 takes the promotion back.
    pub commission_fen: Fen,
    /// The promoter's Douyin number.
    #[serde(default = "promoter")]
    pub douyin_id: String,
    /// The promoter's name.
    #[serde(default = "name")]
    pub nickname: String,
}

fn promoter() -> String {
    "mock_promoter".to_owned()
}

fn name() -> String {
    "模拟达人".to_owned()
}

impl CommissionAsk {
    /// A promoter with the mock's usual name.
    ///
    /// ```
    /// use douyin_pay_mock::CommissionAsk;
    /// use douyin_pay_protocol::Fen;
    ///
    /// let ask = CommissionAsk::new("N7300000000000000001", Fen::from_yuan("2.99")?);
    /// assert_eq!(ask.nickname, "模拟达人");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(order_id: impl Into<String>, commission_fen: Fen) -> Self {
        Self { order_id: order_id.into(), commission_fen, douyin_id: promoter(), nickname: name() }
    }
}

/// Why an order gets no promoter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommissionError {
    /// No such order in guaranteed payment.
    #[error("`order_id`: there is no order `{0}` in guaranteed payment")]
    NoOrder(String),
    /// More than the order.
    #[error("`commission_fen`: {0} fen are more than the order's {1} fen")]
    TooMuch(Fen, Fen),
    /// The last settlement is made or under way.
    #[error("the order's last settlement is made or under way; a commission comes too late")]
    Settled,
}

impl Platform {
    /// From now on `query_order` tells of the promoter, and the final settlement takes the commission.
    pub(crate) fn give_commission(
        &mut self,
        now: UnixMs,
        ask: &CommissionAsk,
    ) -> Result<(), CommissionError> {
        self.advance_to(now);
        let no_order = || CommissionError::NoOrder(ask.order_id.clone());
        let order_key = self.order_ids.get(&ask.order_id).cloned().ok_or_else(no_order)?;
        let order = self.orders.get_mut(&order_key).ok_or_else(no_order)?;
        if ask.commission_fen > order.total {
            return Err(CommissionError::TooMuch(ask.commission_fen, order.total));
        }
        if order.closed_for_settling || order.settlement_under_way {
            return Err(CommissionError::Settled);
        }
        order.cps = (ask.commission_fen > Fen::ZERO).then(|| Cps {
            share_amount: ask.commission_fen,
            douyin_id: ask.douyin_id.clone(),
            nickname: ask.nickname.clone(),
        });
        self.check_order(&order_key);
        Ok(())
    }
}
