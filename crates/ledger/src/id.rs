//! The internal number of an order: time first, then chance.

use std::fmt;
use std::str::FromStr;

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 2024-01-01T00:00:00Z, where the 41 bits of time begin.
const EPOCH_MS: i64 = 1_704_067_200_000;
const RANDOM_BITS: u32 = 22;
const TIME_MAX: i64 = (1 << 41) - 1;
const PREFIX: &str = "ord_";
const DIGITS: usize = 13;
/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An order's internal id: 41 bits of milliseconds since 2024, then 22 random bits.
///
/// Ids sort by time. On the wire: `ord_` and 13 characters of base 32.
///
/// ```
/// use douyin_pay_ledger::OrderId;
/// use douyin_pay_protocol::UnixMs;
///
/// let id = OrderId::new(UnixMs::new(1_767_225_600_000), 7);
/// assert_eq!(id.to_string().parse::<OrderId>(), Ok(id));
/// assert!("ord_0".parse::<OrderId>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(i64);

/// A text or number that is not an order id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an order id is `ord_` and 13 characters of 0-9 and a-z without i, l, o, u")]
pub struct BadOrderId;

impl OrderId {
    /// Makes an id from the time of creation and a random number, of which 22 bits are used.
    ///
    /// Times before 2024 and after 2093 are moved to the nearest end.
    pub fn new(at: UnixMs, random: u64) -> Self {
        let time = at.get().saturating_sub(EPOCH_MS).clamp(0, TIME_MAX);
        let chance = i64::try_from(random & ((1 << RANDOM_BITS) - 1)).expect("22 bits fit into 63");
        Self((time << RANDOM_BITS) | chance)
    }

    /// The number as it is stored.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Takes a stored number back. Fails for a negative one.
    pub const fn from_i64(number: i64) -> Result<Self, BadOrderId> {
        if number < 0 { Err(BadOrderId) } else { Ok(Self(number)) }
    }

    /// The number without its sign, for mixing.
    pub(crate) fn bits(self) -> u64 {
        self.0.unsigned_abs()
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; DIGITS];
        let mut rest = self.bits();
        for digit in text.iter_mut().rev() {
            let index = usize::try_from(rest % 32).expect("below 32");
            *digit = ALPHABET[index];
            rest /= 32;
        }
        f.write_str(PREFIX)?;
        f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for OrderId {
    type Err = BadOrderId;

    fn from_str(text: &str) -> Result<Self, BadOrderId> {
        let digits = text.strip_prefix(PREFIX).ok_or(BadOrderId)?.as_bytes();
        if digits.len() != DIGITS {
            return Err(BadOrderId);
        }
        let mut number: i64 = 0;
        for digit in digits {
            let value = ALPHABET.iter().position(|known| known == digit).ok_or(BadOrderId)?;
            let value = i64::try_from(value).map_err(|_| BadOrderId)?;
            number = number.checked_mul(32).and_then(|n| n.checked_add(value)).ok_or(BadOrderId)?;
        }
        Ok(Self(number))
    }
}

impl Serialize for OrderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OrderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_survive_text() {
        for number in [0, 1, 31, 32, i64::MAX] {
            let id = OrderId::from_i64(number).unwrap();
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(id.to_string().len(), 17);
        }
    }

    #[test]
    fn ids_sort_by_time_whatever_the_chance() {
        let early = OrderId::new(UnixMs::new(EPOCH_MS + 5), u64::MAX);
        let late = OrderId::new(UnixMs::new(EPOCH_MS + 6), 0);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn strange_texts_are_refused() {
        for text in
            ["", "ord_", "ord_000000000000", "ord_00000000000000", "ord_000000000000i", "ORD_0000000000000"]
        {
            assert_eq!(text.parse::<OrderId>(), Err(BadOrderId), "{text}");
        }
        assert_eq!("ord_zzzzzzzzzzzzz".parse::<OrderId>(), Err(BadOrderId));
        assert_eq!(OrderId::from_i64(-1), Err(BadOrderId));
    }
}
