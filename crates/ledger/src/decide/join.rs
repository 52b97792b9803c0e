//! How two reports become one, whichever came first.

use douyin_pay_protocol::UnixMs;

/// Keeps the first value that is given.
pub(super) fn fill<T: Clone>(slot: &mut Option<T>, given: &Option<T>) -> bool {
    let new = slot.is_none() && given.is_some();
    if new {
        slot.clone_from(given);
    }
    new
}

/// Keeps the earliest time that is given.
pub(super) fn earliest(slot: &mut Option<UnixMs>, given: Option<UnixMs>) -> bool {
    let kept = slot.iter().copied().chain(given).min();
    std::mem::replace(slot, kept) != kept
}

/// Keeps the longest text that is given; of two equally long ones the one that sorts last.
pub(super) fn longest(slot: &mut Option<Box<str>>, given: &Option<Box<str>>) -> bool {
    let Some(given) = given else { return false };
    let new = slot.as_ref().is_none_or(|kept| (kept.len(), kept) < (given.len(), given));
    if new {
        *slot = Some(given.clone());
    }
    new
}
