//! Readers for what only guaranteed payment spells in more than one way.

use serde::Deserializer;

use crate::ecpay::PayWay;
use crate::read::{hint, text};
use crate::{OutOrderNo, UnixMs};

/// Unix seconds; 0, missing and empty mean that it has not happened.
pub(in crate::ecpay) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMs>, D::Error> {
    Ok(hint(from)?.filter(|seconds| *seconds > 0).map(UnixMs::from_seconds))
}

/// A payment channel, as number or text; 0 means none yet.
pub(in crate::ecpay) fn way<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PayWay>, D::Error> {
    Ok(hint(from)?.filter(|number| *number != 0).map(PayWay::of_number))
}

/// A number of ours, if it is one.
pub(in crate::ecpay) fn order_no<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OutOrderNo>, D::Error> {
    Ok(text(from)?.and_then(|number| OutOrderNo::new(number).ok()))
}
