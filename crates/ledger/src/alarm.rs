//! Exceptions: what a human must see, opened once for each cause.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::OrderId;

words! {
    /// A cause for an exception that an order or an operation remembers, so that it opens once.
    pub enum Alarm: "a cause for an exception" {
        /// The platform reports another amount than ours.
        AmountDiffers = "amount_differs",
        /// The platform says that a closed or refused order is paid.
        PaidAfterClosed = "paid_after_closed",
        /// The platform says that a failed operation succeeded.
        SucceededAfterFailed = "succeeded_after_failed",
        /// The platform refuses because of our configuration.
        Config = "config",
        /// The platform has not said for too long how it ended.
        OutcomeUnknown = "outcome_unknown",
        /// More was refunded than paid.
        RefundsExceed = "refunds_exceed",
        /// More was settled than there was in transit.
        SettlementsExceed = "settlements_exceed",
        /// The platform reports two different amounts or fees of the same settlement.
        FeesDiffer = "fees_differ",
        /// The order was paid in something else than CNY.
        Currency = "currency",
        /// The platform reports two different discounts of the same order, or one above the total.
        DiscountsDiffer = "discounts_differ",
        /// The platform reports two different parts of the same item.
        ItemsDiffer = "items_differ",
        /// More of a share came back than there was, or from somebody else than was asked.
        ReturnsDisagree = "returns_disagree",
        /// The platform's figure of what is left to settle does not fit ours.
        SettleableDiffers = "settleable_differs",
        /// The order was to be settled by itself, and could not.
        NotSettled = "not_settled",
    }
}

impl Alarm {
    /// The kind of the exception it opens.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::AmountDiffers => Exception::AMOUNT_DIFFERS,
            Self::PaidAfterClosed => Exception::PAID_AFTER_CLOSED,
            Self::SucceededAfterFailed => Exception::SUCCEEDED_AFTER_FAILED,
            Self::Config => Exception::CONFIG,
            Self::OutcomeUnknown => Exception::OUTCOME_UNKNOWN,
            Self::Currency => Exception::CURRENCY,
            Self::SettleableDiffers => Exception::SETTLEABLE_DIFFERS,
            Self::NotSettled => Exception::NOT_SETTLED,
            Self::RefundsExceed
            | Self::SettlementsExceed
            | Self::FeesDiffer
            | Self::DiscountsDiffer
            | Self::ItemsDiffer
            | Self::ReturnsDisagree => Exception::BOOKS_DISAGREE,
        }
    }

    const fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// The alarms already raised: a small set, stored as one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Alarms(u16);

impl Alarms {
    /// No alarm.
    pub const NONE: Self = Self(0);

    /// The set as it is stored.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Takes a stored set back; unknown bits are kept.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Whether it was raised.
    pub const fn contains(self, alarm: Alarm) -> bool {
        self.0 & alarm.bit() != 0
    }

    /// Whether nothing was raised.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Every alarm that was raised.
    pub fn iter(self) -> impl Iterator<Item = Alarm> {
        Alarm::ALL.iter().copied().filter(move |alarm| self.contains(*alarm))
    }

    /// Adds an alarm; says whether it is new.
    pub(crate) const fn insert(&mut self, alarm: Alarm) -> bool {
        let new = !self.contains(alarm);
        self.0 |= alarm.bit();
        new
    }

    /// Takes an alarm away; says whether it was there.
    pub(crate) const fn remove(&mut self, alarm: Alarm) -> bool {
        let there = self.contains(alarm);
        self.0 &= !alarm.bit();
        there
    }
}

impl Serialize for Alarms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

impl<'de> Deserialize<'de> for Alarms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u16::deserialize(deserializer).map(Self)
    }
}

/// Something that a human must see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// What kind of trouble.
    pub kind: &'static str,
    /// The order, if it is known.
    pub order: Option<OrderId>,
    /// A sentence with the numbers in it.
    pub detail: String,
}

impl Exception {
    /// The platform reports another amount than ours.
    pub const AMOUNT_DIFFERS: &'static str = "amount_differs";
    /// A sum of what the platform reports exceeds what was paid, or two reports differ.
    pub const BOOKS_DISAGREE: &'static str = "books_disagree";
    /// An order was paid after the platform said that it is closed, or after it refused to open it.
    pub const PAID_AFTER_CLOSED: &'static str = "paid_after_closed";
    /// An operation succeeded after it was reported as failed.
    pub const SUCCEEDED_AFTER_FAILED: &'static str = "succeeded_after_failed";
    /// The platform refuses our configuration.
    pub const CONFIG: &'static str = "config";
    /// The platform has not said for too long how something ended.
    pub const OUTCOME_UNKNOWN: &'static str = "outcome_unknown";
    /// A verified callback about a number that nobody here has asked for.
    pub const CALLBACK_UNKNOWN_NUMBER: &'static str = "callback_unknown_number";
    /// An order was paid in something else than CNY.
    pub const CURRENCY: &'static str = "currency";
    /// The platform's figure of what is left to settle does not fit ours; it resolves itself when a later look agrees.
    pub const SETTLEABLE_DIFFERS: &'static str = "settleable_differs";
    /// An order was to be settled by itself, and could not.
    pub const NOT_SETTLED: &'static str = "not_settled";
    /// An order cannot be read or decided and is left alone.
    pub const QUARANTINED: &'static str = "quarantined";
    /// An event could not be delivered for days.
    pub const EVENT_DEAD: &'static str = "event_dead";
}
