//! When to ask the platform again: one table of distances.

use douyin_pay_protocol::UnixMs;

use crate::OperationKind;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Repeats of a call that the platform has not confirmed. The first distance is the time that the
/// first call has for its answer: whoever asked makes it, and a repeat before would only double it.
const REPEAT: [i64; 6] = [15 * SECOND, 2 * SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE];
/// Further repeats for an operation, which no deadline ends.
const REPEAT_LATER: [i64; 5] = [2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR];
const REPEAT_AT_LAST: i64 = 2 * HOUR;
/// Questions in the general trade system about a call that the platform has not confirmed. The third comes when
/// the call is a minute old: from then on "not found" means that it never arrived.
const ASK: [i64; 8] =
    [2 * SECOND, 15 * SECOND, 50 * SECOND, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR];
/// 15, 60, 180 and 480 s after the start, as distances.
const WAITING: [i64; 4] = [15 * SECOND, 45 * SECOND, 2 * MINUTE, 5 * MINUTE];
/// Measured from the expiry; then hourly.
const AFTER_EXPIRY: [i64; 3] = [5 * SECOND, MINUTE, 10 * MINUTE];
/// The same for data that was signed and perhaps never placed: the third look is not too early to close it.
const AFTER_LAST_PLACING: [i64; 3] = [5 * SECOND, MINUTE, 11 * MINUTE];
/// 20 s, 60 s, 5 min, 30 min and 2 h after the start, as distances.
const REFUND: [i64; 5] = [20 * SECOND, 40 * SECOND, 4 * MINUTE, 25 * MINUTE, 90 * MINUTE];
/// 15 s, 60 s, 5 min, 30 min and 2 h after the start, as distances.
const SETTLEMENT: [i64; 5] = [15 * SECOND, 45 * SECOND, 4 * MINUTE, 25 * MINUTE, 90 * MINUTE];
const SLOW: i64 = 6 * HOUR;
/// How long after a deadline its outcome is asked for.
const AFTER_DEADLINE: i64 = 5 * SECOND;

/// After a settlement that the ledger asked for by itself failed once, twice; then daily.
const AFTER_FAILURE: [i64; 2] = [HOUR, 6 * HOUR];

/// After the expiry an order is asked about for this long.
pub const ORDER_GIVEN_UP_MS: i64 = DAY;
/// A call that the platform never confirmed becomes an exception after this.
pub const UNCONFIRMED_MS: i64 = DAY;
/// An accepted operation without an end becomes an exception after this.
pub const UNFINISHED_MS: i64 = 7 * DAY;
/// A call of the general trade system that is not found this long after the request never arrived.
pub const NEVER_ARRIVED_MS: i64 = MINUTE;
/// Signed data that the platform does not know this long after its expiry was never placed.
pub const NEVER_PLACED_MS: i64 = 10 * MINUTE;
/// Nothing is asked about an operation after this.
pub const OPERATION_GIVEN_UP_MS: i64 = 30 * DAY;

/// What is being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// An order that the platform has not confirmed, or whose token for the cashier is missing.
    Opening,
    /// An order that waits for its payer.
    Waiting,
    /// An order that was signed and handed out; the platform has not spoken of it yet.
    Signed,
    /// An operation that the platform has not confirmed.
    Requested,
    /// The same in the general trade system: odd tries ask, even tries repeat the call.
    Asked,
    /// An operation that the platform works on.
    Accepted(OperationKind),
    /// A refund that waits for the merchant's consent.
    Auditing {
        /// When silence becomes consent.
        deadline_at: Option<UnixMs>,
    },
    /// A decision about a refund that the platform has not confirmed: odd tries ask, even tries repeat it.
    Deciding,
}

/// The time after `now` at which to ask again, or none when it is given up.
///
/// `tries` counts the questions since the state last changed, `started_at` is the creation of the
/// order or the request of the operation, `expires_at` the order's. `jitter` is any number: it moves
/// the distance by up to a tenth, so that a thousand orders of one second spread out.
///
/// ```
/// use douyin_pay_ledger::schedule::{Walk, next_due};
/// use douyin_pay_protocol::UnixMs;
///
/// let start = UnixMs::new(1_767_225_600_000);
/// let expiry = start.plus_ms(900_000);
/// let due = next_due(Walk::Waiting, 0, start, start, expiry, 77).unwrap();
/// assert!((13_500..=16_500).contains(&due.since(start)));
/// ```
pub fn next_due(
    walk: Walk,
    tries: u16,
    now: UnixMs,
    started_at: UnixMs,
    expires_at: UnixMs,
    jitter: u64,
) -> Option<UnixMs> {
    match walk {
        Walk::Opening | Walk::Waiting | Walk::Signed => {
            let distance = match walk {
                Walk::Opening => distance(&REPEAT, tries).unwrap_or(MINUTE),
                _ => distance(&WAITING, tries).unwrap_or(i64::MAX),
            };
            before_expiry(distance, now, expires_at, jitter, looks(walk))
        }
        Walk::Requested => {
            let distance = repeat(tries).unwrap_or(at_last(now.since(started_at)));
            until_given_up(distance, now, started_at, jitter)
        }
        Walk::Asked | Walk::Deciding => {
            let round = tries / 2;
            let distance = if tries.is_multiple_of(2) { repeat(round) } else { distance(&ASK, round) };
            until_given_up(distance.unwrap_or(at_last(now.since(started_at))), now, started_at, jitter)
        }
        Walk::Accepted(kind) => {
            let table = if kind == OperationKind::Settlement { &SETTLEMENT } else { &REFUND };
            let old = now.since(started_at) >= UNFINISHED_MS && kind != OperationKind::Settlement;
            let slow = if old { DAY } else { SLOW };
            until_given_up(distance(table, tries).unwrap_or(slow), now, started_at, jitter)
        }
        Walk::Auditing { deadline_at } => {
            let hourly = until_given_up(HOUR, now, started_at, jitter)?;
            let look = deadline_at.map(|at| at.plus_ms(AFTER_DEADLINE)).filter(|look| *look > now);
            Some(look.map_or(hourly, |look| look.min(hourly)))
        }
    }
}

/// Whether a human should be told that the outcome is unknown.
///
/// `found` is false when the platform says that it does not know the number.
pub fn is_overdue(walk: Walk, found: bool, now: UnixMs, started_at: UnixMs, expires_at: UnixMs) -> bool {
    match walk {
        Walk::Opening | Walk::Waiting | Walk::Signed => {
            after_expiry(now.since(expires_at), looks(walk)).is_none()
        }
        Walk::Requested | Walk::Asked | Walk::Deciding => now.since(started_at) >= UNCONFIRMED_MS,
        Walk::Accepted(_) | Walk::Auditing { .. } => {
            now.since(started_at) >= if found { UNFINISHED_MS } else { UNCONFIRMED_MS }
        }
    }
}

/// The distance before the ledger asks for a settlement again that it asked for so often in vain.
pub(crate) fn after_failures(failures: usize) -> i64 {
    let table = AFTER_FAILURE.get(failures.saturating_sub(1)).copied();
    table.unwrap_or(DAY)
}

/// The looks after the expiry, before they become hourly.
fn looks(walk: Walk) -> &'static [i64; 3] {
    if walk == Walk::Signed { &AFTER_LAST_PLACING } else { &AFTER_EXPIRY }
}

/// The distance before the repeat of that number of a call.
fn repeat(round: u16) -> Option<i64> {
    REPEAT.iter().chain(&REPEAT_LATER).copied().nth(usize::from(round))
}

/// The distance when the table is at its end.
fn at_last(age: i64) -> i64 {
    if age < DAY { REPEAT_AT_LAST } else { SLOW }
}

fn distance(table: &[i64], tries: u16) -> Option<i64> {
    table.get(usize::from(tries)).copied()
}

/// The distance, but no later than the first look after the expiry; after it, the fixed points.
fn before_expiry(
    distance: i64,
    now: UnixMs,
    expires_at: UnixMs,
    jitter: u64,
    looks: &[i64; 3],
) -> Option<UnixMs> {
    let first_look = expires_at.plus_ms(looks[0]);
    if distance < expires_at.since(now) {
        return Some(now.plus_ms(jittered(distance, jitter)).min(first_look));
    }
    let (point, gap) = after_expiry(now.since(expires_at), looks)?;
    Some(expires_at.plus_ms(point - gap + jittered(gap, jitter)))
}

/// The next fixed point after the expiry, and its distance from the one before.
///
/// A point counts as passed from a tenth of its distance before it: that is how early the jitter
/// may have sent us there.
fn after_expiry(elapsed: i64, looks: &[i64; 3]) -> Option<(i64, i64)> {
    let mut before = 0;
    for point in looks.iter().copied() {
        let gap = point - before;
        if point - gap / 10 > elapsed {
            return Some((point, gap));
        }
        before = point;
    }
    if elapsed > ORDER_GIVEN_UP_MS {
        return None;
    }
    let early = HOUR / 10;
    let hours = (elapsed - before + early).div_euclid(HOUR) + 1;
    let point = before + hours * HOUR;
    (point <= ORDER_GIVEN_UP_MS).then_some((point, HOUR))
}

fn until_given_up(distance: i64, now: UnixMs, started_at: UnixMs, jitter: u64) -> Option<UnixMs> {
    let due = now.plus_ms(jittered(distance, jitter));
    (due.since(started_at) <= OPERATION_GIVEN_UP_MS).then_some(due)
}

/// The distance moved by up to a tenth in either direction.
fn jittered(distance: i64, jitter: u64) -> i64 {
    let tenth = distance / 10;
    let range = u64::try_from(2 * tenth + 1).expect("distances are positive");
    let offset = i64::try_from(jitter % range).expect("below the range");
    distance - tenth + offset
}

/// Spreads numbers that differ little over all 64 bits.
pub(crate) fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
