//! Readers for values that the platform spells in more than one way.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

use crate::ecpay::PayWay;
use crate::{Fen, UnixMs};

/// An integer, written as a number or as text; `null` and the empty text are nothing.
struct Count;

impl<'de> Visitor<'de> for Count {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, as a number or as text")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Some).map_err(|_| E::custom("the number is too large"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text.trim() {
            "" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| E::custom("the text is not an integer")),
        }
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

/// An integer that may be missing.
pub(in crate::ecpay) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    from.deserialize_any(Count)
}

/// An amount that may be missing; a negative one is an error.
pub(in crate::ecpay) fn fen<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Fen>, D::Error> {
    count(from)?.map(|number| Fen::new(number).map_err(de::Error::custom)).transpose()
}

/// Unix seconds; 0, missing and empty mean that it has not happened.
pub(in crate::ecpay) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMs>, D::Error> {
    Ok(count(from)?.filter(|seconds| *seconds > 0).map(UnixMs::from_seconds))
}

/// A payment channel, as number or text; 0 means none yet.
pub(in crate::ecpay) fn way<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PayWay>, D::Error> {
    Ok(count(from)?.filter(|number| *number != 0).map(PayWay::of_number))
}

/// `true`, `"true"`, 1 and their opposites; anything else is nothing.
pub(in crate::ecpay) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Bool(bool),
        Number(i64),
        Text(String),
        Null,
    }
    Ok(match Flag::deserialize(from)? {
        Flag::Bool(flag) => Some(flag),
        Flag::Number(number) => Some(number != 0),
        Flag::Text(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Flag::Null => None,
    })
}

/// A text of which only its presence matters; `null` and the empty text are nothing.
pub(in crate::ecpay) fn opaque<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<str>>, D::Error> {
    let text = Option::<Box<str>>::deserialize(from)?;
    Ok(text.filter(|text| !text.is_empty()))
}
