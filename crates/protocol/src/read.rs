//! Readers for values that the platform spells in more than one way.
//!
//! Amounts are read strictly: a wrong one is an error. Everything that only informs is read
//! leniently, because an odd channel number must not hide that an order was paid.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeOwned, IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Fen, PlatformNo};

/// A value before anybody decides what it means.
pub(crate) enum Scalar<'de> {
    /// `null`.
    Nothing,
    Flag(bool),
    Integer(i64),
    Text(Cow<'de, str>),
    /// An object, a list, or a number that is no integer of 64 bits.
    Odd,
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an integer")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        let large = |_| Scalar::Text(Cow::Owned(number.to_string()));
        Ok(i64::try_from(number).map_or_else(large, Scalar::Integer))
    }

    /// A fraction, an exponent, or more digits than 64 bits hold. Never an amount.
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Odd)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        while from.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Odd)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        while from.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Odd)
    }
}

impl<'de> Scalar<'de> {
    pub(crate) fn read<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor)
    }

    /// The integer, if it is one.
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Nothing | Self::Flag(_) | Self::Odd => None,
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Flag(_) | Self::Integer(_) | Self::Odd => false,
        }
    }
}

/// An integer, written as a number or as text; missing, `null` and empty are nothing, all else is an error.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let scalar = Scalar::read(from)?;
    match scalar.integer() {
        None if !scalar.is_nothing() => Err(de::Error::custom("expected an integer, as a number or as text")),
        number => Ok(number),
    }
}

/// An amount that may be missing; anything that is not one is an error.
pub(crate) fn fen<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Fen>, D::Error> {
    count(from)?.map(|number| Fen::new(number).map_err(de::Error::custom)).transpose()
}

/// An amount that must be there, as a number or as text.
pub(crate) fn required_fen<'de, D: Deserializer<'de>>(from: D) -> Result<Fen, D::Error> {
    fen(from)?.ok_or_else(|| de::Error::custom("an amount is missing"))
}

/// An integer that only informs: anything that is none is nothing.
pub(crate) fn hint<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(Scalar::read(from)?.integer())
}

/// `true`, `"true"`, 1 and their opposites; anything else is nothing.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(match Scalar::read(from)? {
        Scalar::Flag(flag) => Some(flag),
        Scalar::Integer(number) => Some(number != 0),
        Scalar::Text(text) => match &*text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Scalar::Nothing | Scalar::Odd => None,
    })
}

/// A text, borrowed where it has no escapes; `null` and the empty text are nothing.
pub(crate) fn text<'de: 'a, 'a, D: Deserializer<'de>>(from: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(match Scalar::read(from)? {
        Scalar::Text(text) if !text.is_empty() => Some(text),
        Scalar::Integer(number) => Some(Cow::Owned(number.to_string())),
        Scalar::Text(_) | Scalar::Nothing | Scalar::Flag(_) | Scalar::Odd => None,
    })
}

/// The same, owned.
pub(crate) fn opaque<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<str>>, D::Error> {
    Ok(text(from)?.map(|text| text.into_owned().into_boxed_str()))
}

/// A number of the platform, if it is one.
pub(crate) fn platform_no<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PlatformNo>, D::Error> {
    Ok(text(from)?.and_then(|number| PlatformNo::new(number).ok()))
}

/// A list; anything else is an empty one, as the platform sometimes writes `null` or `""`.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    match Value::deserialize(from)? {
        Value::Array(entries) => entries
            .into_iter()
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()
            .map_err(de::Error::custom),
        _ => Ok(Vec::new()),
    }
}

/// An object; anything else is nothing.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    match Value::deserialize(from)? {
        object @ Value::Object(_) => serde_json::from_value(object).map(Some).map_err(de::Error::custom),
        _ => Ok(None),
    }
}
