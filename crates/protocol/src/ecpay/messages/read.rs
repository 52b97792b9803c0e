//! Readers for what only guaranteed payment spells in more than one way.

use serde::Deserializer;

use crate::ecpay::PayWay;
use crate::read::{hint, opaque, text};
use crate::{AppId, MerchantUid, OutOrderNo, OutReturnNo, OutSettleNo, UnixMs};

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

/// `yyyy-MM-dd HH:mm:ss` in Beijing; the empty text means that it has not happened.
pub(in crate::ecpay) fn beijing<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMs>, D::Error> {
    Ok(opaque(from)?.and_then(|text| UnixMs::parse_beijing(&text)))
}

/// A mini-program's or a provider's id, if it is one.
pub(in crate::ecpay) fn app_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<AppId>, D::Error> {
    Ok(text(from)?.and_then(|id| AppId::new(id).ok()))
}

/// A merchant's number of the platform, if it is one.
pub(in crate::ecpay) fn merchant<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<MerchantUid>, D::Error> {
    Ok(text(from)?.and_then(|uid| MerchantUid::new(uid).ok()))
}

/// A settlement's number of ours, if it is one.
pub(in crate::ecpay) fn settle_no<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<OutSettleNo>, D::Error> {
    Ok(text(from)?.and_then(|number| OutSettleNo::new(number).ok()))
}

/// A return's number of ours, if it is one.
pub(in crate::ecpay) fn return_no<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<OutReturnNo>, D::Error> {
    Ok(text(from)?.and_then(|number| OutReturnNo::new(number).ok()))
}
