//! The user at the cashier: pays, fails, cancels, or lets the time run out.

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

use super::accounts::{Place, holder};
use super::objects::OrderStatus;
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
    /// 20, for orders in diamonds.
    Diamonds,
}

impl TryFrom<i64> for Way {
    type Error = String;

    fn try_from(way: i64) -> Result<Self, String> {
        match way {
            1 => Ok(Self::WeChat),
            2 => Ok(Self::Alipay),
            10 => Ok(Self::DouyinPay),
            20 => Ok(Self::Diamonds),
            other => Err(format!(
                "`way`: {other} is unknown; use 1 (WeChat), 2 (Alipay), 10 (Douyin Pay) or 20 (diamonds)"
            )),
        }
    }
}

impl From<Way> for i64 {
    fn from(way: Way) -> Self {
        match way {
            Way::WeChat => 1,
            Way::Alipay => 2,
            Way::DouyinPay => 10,
            Way::Diamonds => 20,
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
    /// Tries, and the payment fails: for good in guaranteed payment, the attempt in the general trade system.
    Fail,
    /// Cancels. In guaranteed payment the order can still be paid; in the general trade system it is over.
    Cancel,
    /// Lets the order's time run out, at once.
    Timeout,
    /// Leaves the cashier without a word; the order can still be paid.
    Ignore,
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
    /// What the platform pays for the user, in fen; the app's usual discount when absent. Only in the
    /// general trade system.
    #[serde(default)]
    pub discount_fen: Option<i64>,
}

impl PayAsk {
    /// A user who pays through WeChat.
    pub fn new(order_id: impl Into<String>) -> Self {
        Self {
            order_id: order_id.into(),
            order_token: None,
            way: Way::WeChat,
            outcome: Outcome::Success,
            discount_fen: None,
        }
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
    pub(super) fn of(outcome: Outcome, out_order_no: &str, order_status: OrderStatus) -> Self {
        let code = match outcome {
            Outcome::Success => 0,
            Outcome::Timeout => 1,
            Outcome::Fail => 2,
            Outcome::Cancel | Outcome::Ignore => 4,
        };
        Self { code, out_order_no: out_order_no.to_owned(), order_status }
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
    #[error("the order hides this channel (`limit_pay_way`, `limitPayWayList`)")]
    Hidden,
    /// Diamonds for an order in yuan.
    #[error("diamonds pay for orders in diamonds only")]
    WrongChannel,
}

impl Platform {
    /// The user acts at the cashier.
    pub(crate) fn pay(&mut self, now: UnixMs, ask: &PayAsk) -> Result<Paid, PayError> {
        self.advance_to(now);
        if self.is_trade_order(&ask.order_id) {
            return self.pay_trade(now, ask);
        }
        let no_order = || PayError::NoOrder(ask.order_id.clone());
        let order_key = self.order_ids.get(&ask.order_id).cloned().ok_or_else(no_order)?;
        let order = self.orders.get_mut(&order_key).ok_or_else(no_order)?;
        if ask.order_token.as_ref().is_some_and(|token| *token != order.order_token) {
            return Err(PayError::WrongToken);
        }
        order.seen = true;
        if order.status != OrderStatus::Processing {
            return Err(PayError::Over(order.status));
        }
        let way = i64::from(ask.way);
        if ask.outcome == Outcome::Success && order.hidden_ways.contains(&way) {
            return Err(PayError::Hidden);
        }
        if ask.way == Way::Diamonds {
            return Err(PayError::WrongChannel);
        }
        match ask.outcome {
            Outcome::Cancel | Outcome::Ignore => {}
            Outcome::Fail => order.status = OrderStatus::Fail,
            Outcome::Timeout => order.status = OrderStatus::Timeout,
            Outcome::Success => self.receive(&order_key, way, now),
        }
        self.check_order(&order_key);
        let order = self.orders.get(&order_key).ok_or_else(no_order)?;
        Ok(Paid::of(ask.outcome, &order.out_order_no, order.status))
    }

    /// What an order that is over would have answered, if it came to its end in the way now asked for.
    pub(crate) fn paid_before(&self, ask: &PayAsk) -> Option<Paid> {
        if self.is_trade_order(&ask.order_id) {
            return self.paid_trade_before(ask);
        }
        let order = self.orders.get(self.order_ids.get(&ask.order_id)?)?;
        let same = match ask.outcome {
            Outcome::Success => order.status == OrderStatus::Success && order.way == i64::from(ask.way),
            Outcome::Fail => order.status == OrderStatus::Fail,
            Outcome::Timeout => order.status == OrderStatus::Timeout,
            Outcome::Cancel | Outcome::Ignore => false,
        };
        same.then(|| Paid::of(ask.outcome, &order.out_order_no, order.status))
    }

    fn receive(&mut self, order_key: &str, way: i64, now: UnixMs) {
        let (channel_no, payment_order_no) = self.channel_numbers(way, now);
        let order = self.orders.get_mut(order_key).expect("the caller found the order");
        order.status = OrderStatus::Success;
        order.paid_at = Some(now);
        order.way = way;
        order.channel_no = channel_no;
        order.payment_order_no = payment_order_no;
        if let Some(app) =
            self.apps.get(&order.app_id).filter(|app| app.seller_uid.as_str() == order.seller_uid)
            && let Some(own) = app.seller_by_way.get(&way.to_string())
        {
            order.seller_uid = own.as_str().to_owned();
        }
        let seller = holder(&order.seller_uid, way);
        self.accounts.transfer(Place::Users, Place::InTransit(&seller), order.total);
        self.after_payment(order_key, now);
    }

    /// The channel's number and the number on the payer's bill; the sandbox has neither.
    pub(super) fn channel_numbers(&mut self, way: i64, now: UnixMs) -> (String, String) {
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
        // Orders of the general trade system have no token: whoever knows the number sees the bill.
        if let Some(bill) = self.trade_bill(order_id) {
            return Ok(bill);
        }
        let no_order = || PayError::NoOrder(order_id.to_owned());
        let order = self.order_ids.get(order_id).and_then(|key| self.orders.get_mut(key));
        let order = order.ok_or_else(no_order)?;
        if order.order_token != token {
            return Err(PayError::WrongToken);
        }
        order.seen = true;
        Ok(books::Bill {
            out_order_no: order.out_order_no.clone(),
            subject: order.subject.clone(),
            total: order.total,
            status: order.status,
            expires_at: order.expires_at,
            hidden_ways: order.hidden_ways.clone(),
            diamonds: false,
        })
    }
}
