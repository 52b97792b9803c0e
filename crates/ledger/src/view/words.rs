//! Single values with a form of their own.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A payment channel: its name, or the platform's number when it is a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way(pub(super) i64);

impl Serialize for Way {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            1 => serializer.serialize_str("wechat"),
            2 => serializer.serialize_str("alipay"),
            3 => serializer.serialize_str("bank_card"),
            10 => serializer.serialize_str("douyin_pay"),
            20 => serializer.serialize_str("diamonds"),
            other => serializer.collect_str(&other),
        }
    }
}

/// The merchant's own JSON, given back as JSON; as a text if it is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metadata<'a>(pub(super) &'a str);

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(self.0) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => serializer.serialize_str(self.0),
        }
    }
}
