//! Readers for what only the general trade system spells in more than one way.

use std::borrow::Cow;

use serde::Deserializer;
use serde::de;

use super::{PayChannel, RefundOrigin, RefundRule};
use crate::read::{Scalar, hint};
pub(in crate::trade) use crate::read::{list, object};
use crate::{AppId, PlatformNo, UnixMs};

/// Unix milliseconds; 0, missing and empty mean that it has not happened.
pub(in crate::trade) fn millis<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMs>, D::Error> {
    Ok(hint(from)?.filter(|ms| *ms > 0).map(UnixMs::new))
}

/// Unix seconds; 0, missing and empty mean that it has not happened.
pub(in crate::trade) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMs>, D::Error> {
    Ok(hint(from)?.filter(|seconds| *seconds > 0).map(UnixMs::from_seconds))
}

/// 1 is yes and 2 is no; `true` and `false` are taken too. Anything else is nothing.
pub(in crate::trade) fn one_or_two<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    let scalar = Scalar::read(from)?;
    Ok(match scalar.integer() {
        Some(1) => Some(true),
        Some(2) => Some(false),
        _ => match scalar {
            Scalar::Flag(flag) => Some(flag),
            _ => None,
        },
    })
}

/// A payment channel; 0 means none yet.
pub(in crate::trade) fn channel<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PayChannel>, D::Error> {
    Ok(hint(from)?.filter(|number| *number != 0).map(PayChannel::of_number))
}

/// Who started a refund; 0 means unsaid.
pub(in crate::trade) fn origin<'de, D: Deserializer<'de>>(from: D) -> Result<Option<RefundOrigin>, D::Error> {
    Ok(hint(from)?.filter(|number| *number != 0).map(RefundOrigin::of_number))
}

/// What a rule allows; 0 means unsaid.
pub(in crate::trade) fn rule<'de, D: Deserializer<'de>>(from: D) -> Result<Option<RefundRule>, D::Error> {
    Ok(hint(from)?.filter(|number| *number != 0).map(RefundRule::of_number))
}

/// A mini-program's id, if it is one.
pub(in crate::trade) fn app_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<AppId>, D::Error> {
    Ok(crate::read::text(from)?.and_then(|text| AppId::new(text).ok()))
}

/// A number of the platform that must be there.
pub(in crate::trade) fn required_no<'de, D: Deserializer<'de>>(from: D) -> Result<PlatformNo, D::Error> {
    let text =
        crate::read::text(from)?.ok_or_else(|| de::Error::custom("a number of the platform is missing"))?;
    PlatformNo::new(text).map_err(de::Error::custom)
}

/// A text that must be there.
pub(in crate::trade) fn required_text<'de: 'a, 'a, D: Deserializer<'de>>(
    from: D,
) -> Result<Cow<'a, str>, D::Error> {
    crate::read::text(from)?.ok_or_else(|| de::Error::custom("a text is missing"))
}

/// One of the platform's words; missing and empty are nothing.
pub(in crate::trade) fn word<'de, D: Deserializer<'de>, W: for<'a> From<&'a str>>(
    from: D,
) -> Result<Option<W>, D::Error> {
    Ok(crate::read::text(from)?.map(|word| W::from(&*word)))
}
