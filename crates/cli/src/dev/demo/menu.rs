//! What the demo shop sells: one thing in each payment system.

use douyin_pay_protocol::OutOrderNo;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dev::home::{APP, TEA};

/// Something to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Item {
    /// Through guaranteed payment.
    Latte,
    /// Through the general trade system: a service that is rendered, so that its state decides about refunds.
    Tea,
}

const ITEMS: [Item; 2] = [Item::Latte, Item::Tea];
/// Both cost the same.
const PRICE_FEN: u32 = 1_280;

impl Item {
    /// What an order is for: its number says it.
    pub(super) fn of_number(number: &OutOrderNo) -> Self {
        let found = ITEMS.into_iter().find(|item| number.as_str().starts_with(item.prefix()));
        found.unwrap_or(Self::Latte)
    }

    /// How its orders' numbers begin.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Latte => "latte-",
            Self::Tea => "tea-",
        }
    }

    /// The app that sells it.
    pub(super) fn app(self) -> &'static str {
        match self {
            Self::Latte => APP,
            Self::Tea => TEA,
        }
    }

    /// What the shop asks the service for.
    pub(super) fn order(self, number: &OutOrderNo) -> Value {
        let (subject, body) = match self {
            Self::Latte => ("拿铁咖啡", "大杯拿铁，少糖"),
            Self::Tea => ("茶艺师一对一咨询", "一对一咨询，一小时"),
        };
        // Only what both systems have: the configuration knows the rest, and where new orders go.
        json!({ "out_order_no": number, "amount_fen": PRICE_FEN, "subject": subject, "body": body })
    }
}

#[cfg(test)]
mod tests {
    use super::{ITEMS, Item};
    use douyin_pay_protocol::OutOrderNo;

    #[test]
    fn a_number_says_what_was_bought() {
        for item in ITEMS {
            let number = OutOrderNo::new(format!("{}x1", item.prefix())).expect("a number");
            assert_eq!(Item::of_number(&number), item);
        }
        let foreign = OutOrderNo::new("elsewhere").expect("a number");
        assert_eq!(Item::of_number(&foreign), Item::Latte);
    }
}
