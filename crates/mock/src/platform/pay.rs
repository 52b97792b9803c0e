//! The user at the cashier: pays, fails, cancels, or lets the time run out.

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

use super::accounts::{Place, holder};
use super::objects::{Order, OrderStatus};
use super::{Platform, books};

/// How the user pays; the numbers are the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum Way {
    /// 1
    #[default]
    WeChat,
    /// 2
    Alipay,
    /// 10
    DouyinPay,
}

impl TryFrom<i64> for Way {
    type Error = String;

    fn try_from(way: i64) -> Result<Self, String> {
        match way {
            1 => Ok(Self::WeChat),
            2 => Ok(Self::Alipay),
            10 => Ok(Self::DouyinPay),
            other => Err(format!("`way`: {other} is unknown; use 1 (WeChat), 2 (Alipay) or 10 (Douyin Pay)")),
        }
    }
}

impl From<Way> for i64 {
    fn from(way: Way) -> Self {
        match way {
            Way::WeChat => 1,
            Way::Alipay => 2,
            Way::DouyinPay => 10,
        }
    }
}

/// What the user does at the cashier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Pays.
    #[default]
    Success,
    /// Tries, and the payment fails for good.
    Fail,
    /// Closes the cashier; the order can still be paid.
    Cancel,
    /// Lets the order's time run out, at once.
    Timeout,
}

/// A visit to the cashier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayAsk {
    /// The platform's number of the order.
    pub order_id: String,
    /// The token of `create_order`; checked when given.
    #[serde(default)]
    pub order_token: Option<String>,
    /// How the user pays.
    #[serde(default)]
    pub way: Way,
    /// What the user does.
    #[serde(default)]
    pub outcome: Outcome,
}

impl PayAsk {
    /// A user who pays through WeChat.
    pub fn new(order_id: impl Into<String>) -> Self {
        Self { order_id: order_id.into(), order_token: None, way: Way::WeChat, outcome: Outcome::Success }
    }
}

/// What the cashier tells the mini-program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paid {
    /// `res.code` of `tt.pay`: 0 paid, 1 timed out, 2 failed, 4 cancelled.
    pub code: u8,
    /// The merchant's number of the order.
    pub out_order_no: String,
    /// The order's state now.
    pub order_status: OrderStatus,
}

impl Paid {
    fn of(outcome: Outcome, order: &Order) -> Self {
        let code = match outcome {
            Outcome::Success => 0,
            Outcome::Timeout => 1,
            Outcome::Fail => 2,
            Outcome::Cancel => 4,
        };
        Self { code, out_order_no: order.out_order_no.clone(), order_status: order.status }
    }
}

/// Why the cashier does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayError {
    /// No such order.
    #[error("there is no order `{0}`; `order_id` is the platform's number from create_order's answer")]
    NoOrder(String),
    /// The token is another order's.
    #[error("`order_token` does not belong to this order")]
    WrongToken,
    /// Paid, failed or timed out.
    #[error("the order cannot be paid any more: it is {0:?}")]
    Over(OrderStatus),
    /// The order hides this channel.
    #[error("`limit_pay_way` of the order hides this channel")]
    Hidden,
}

impl Platform {
    /// The user acts at the cashier.
    pub(crate) fn pay(&mut self, now: UnixMs, ask: &PayAsk) -> Result<Paid, PayError> {
        self.advance_to(now);
        let no_order = || PayError::NoOrder(ask.order_id.clone());
        let order_key = self.order_ids.get(&ask.order_id).cloned().ok_or_else(no_order)?;
        let order = self.orders.get_mut(&order_key).ok_or_else(no_order)?;
        if ask.order_token.as_ref().is_some_and(|token| *token != order.order_token) {
            return Err(PayError::WrongToken);
        }
        if order.status != OrderStatus::Processing {
            return Err(PayError::Over(order.status));
        }
        let way = i64::from(ask.way);
        if ask.outcome == Outcome::Success && order.hidden_ways.contains(&way) {
            return Err(PayError::Hidden);
        }
        match ask.outcome {
            Outcome::Cancel => {}
            Outcome::Fail => order.status = OrderStatus::Fail,
            Outcome::Timeout => order.status = OrderStatus::Timeout,
            Outcome::Success => self.receive(&order_key, way, now),
        }
        self.check_order(&order_key);
        let order = self.orders.get(&order_key).ok_or_else(no_order)?;
        Ok(Paid::of(ask.outcome, order))
    }

    /// What an order that is over would have answered, if it came to its end in the way now asked for.
    pub(crate) fn paid_before(&self, ask: &PayAsk) -> Option<Paid> {
        let order = self.orders.get(self.order_ids.get(&ask.order_id)?)?;
        let same = match ask.outcome {
            Outcome::Success => order.status == OrderStatus::Success && order.way == i64::from(ask.way),
            Outcome::Fail => order.status == OrderStatus::Fail,
            Outcome::Timeout => order.status == OrderStatus::Timeout,
            Outcome::Cancel => false,
        };
        same.then(|| Paid::of(ask.outcome, order))
    }

    fn receive(&mut self, order_key: &str, way: i64, now: UnixMs) {
        let (channel_no, payment_order_no) = self.channel_numbers(way, now);
        let order = self.orders.get_mut(order_key).expect("the caller found the order");
        order.status = OrderStatus::Success;
        order.paid_at = Some(now);
        order.way = way;
        order.channel_no = channel_no;
        order.payment_order_no = payment_order_no;
        let seller = holder(&order.seller_uid, way);
        self.accounts.transfer(Place::Users, Place::InTransit(&seller), order.total);
        self.after_payment(order_key, now);
    }

    /// The channel's number and the number on the payer's bill; the sandbox has neither.
    fn channel_numbers(&mut self, way: i64, now: UnixMs) -> (String, String) {
        if self.switches.sandbox {
            return (String::new(), String::new());
        }
        let day: String = now.beijing_text().chars().filter(char::is_ascii_digit).take(8).collect();
        let channel_no = match way {
            1 => format!("4200000000{day}{}", self.dice.digits(10)),
            _ => format!("{day}{}", self.dice.digits(20)),
        };
        (channel_no, format!("PCP{day}{}", self.dice.digits(20)))
    }

    /// What the cashier page shows, when the token fits.
    pub(crate) fn cashier(
        &mut self,
        now: UnixMs,
        order_id: &str,
        token: &str,
    ) -> Result<books::Bill, PayError> {
        self.advance_to(now);
        let no_order = || PayError::NoOrder(order_id.to_owned());
        let order = self.order_ids.get(order_id).and_then(|key| self.orders.get(key)).ok_or_else(no_order)?;
        if order.order_token != token {
            return Err(PayError::WrongToken);
        }
        Ok(books::Bill {
            out_order_no: order.out_order_no.clone(),
            subject: order.subject.clone(),
            total: order.total,
            status: order.status,
            expires_at: order.expires_at,
            hidden_ways: order.hidden_ways.clone(),
        })
    }
}
