//! The request signature: values trimmed, sorted with the salt, joined with `&`, MD5.

use std::cmp::Ordering;
use std::fmt;

use md5::{Digest, Md5};
use smallvec::SmallVec;

use super::request::{Fields, Request};
use crate::{Salt, hex};

/// Fields that never take part, at top level only, matched by their exact name.
pub(super) const LEFT_OUT: [&str; 4] = ["app_id", "thirdparty_id", "sign", "other_settle_params"];

/// Most requests have fewer values than this; more go to the heap.
const VALUES_INLINE: usize = 16;

/// A request's `sign`: 32 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u8; 32]);

impl Signature {
    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("hex digits are ASCII")
    }

    /// Whether `claimed` is this signature; takes the same time wherever they differ.
    pub fn matches(&self, claimed: &str) -> bool {
        hex::same(&self.0, claimed.as_bytes())
    }

    /// The MD5 of the sorted values, joined.
    pub(super) fn of_sorted<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut joined = Joined { md5: Md5::new(), piece: [0; Joined::PIECE_BYTES], len: 0 };
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                joined.push(b"&");
            }
            joined.push(value);
        }
        joined.md5.update(&joined.piece[..joined.len]);
        Self(hex::lower(joined.md5.finalize().into()))
    }
}

/// The joined text, digested piece by piece: MD5 takes few large pieces faster than many small ones.
struct Joined {
    md5: Md5,
    piece: [u8; Self::PIECE_BYTES],
    len: usize,
}

impl Joined {
    const PIECE_BYTES: usize = 384;

    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        match self.piece.get_mut(self.len..self.len + bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            None => {
                self.md5.update(&self.piece[..self.len]);
                self.md5.update(bytes);
                self.len = 0;
            }
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What of a value is signed: white space and one pair of wrapping quotes removed; `None` when
/// nothing is left or what is left is `null`.
#[inline]
pub(super) fn signed_part(value: &str) -> Option<&str> {
    // Most values have visible ASCII at both ends: nothing to remove.
    let nothing_to_remove = match value.as_bytes() {
        [first, .., last] => matches!(first, b'#'..=b'~') && matches!(last, b'!'..=b'~'),
        _ => false,
    };
    if nothing_to_remove {
        return (value != "null").then_some(value);
    }
    trimmed_part(value)
}

fn trimmed_part(value: &str) -> Option<&str> {
    let outer = value.trim();
    let inner = match outer.as_bytes() {
        [b'"', .., b'"'] => &outer[1..outer.len() - 1],
        _ => outer,
    };
    let inner = inner.trim();
    (!inner.is_empty() && inner != "null").then_some(inner)
}

/// A number's decimal digits, kept where they are sorted, with zeros behind them.
#[derive(Clone, Copy)]
struct Digits {
    bytes: [u8; Self::BYTES_MAX],
    len: u8,
}

impl Digits {
    /// The sign and nineteen digits of the smallest `i64`.
    const BYTES_MAX: usize = 20;

    #[inline]
    fn of(number: i64) -> Self {
        let mut buffer = itoa::Buffer::new();
        let text = buffer.format(number).as_bytes();
        let mut bytes = [0; Self::BYTES_MAX];
        for (to, from) in bytes.iter_mut().zip(text) {
            *to = *from;
        }
        Self { bytes, len: u8::try_from(text.len()).expect("at most twenty bytes") }
    }
}

/// A value waiting to be sorted.
enum Value<'a> {
    Text(&'a str),
    Number(Digits),
}

impl Value<'_> {
    #[inline]
    fn bytes(&self) -> &[u8] {
        match self {
            Value::Text(text) => text.as_bytes(),
            Value::Number(digits) => &digits.bytes[..usize::from(digits.len)],
        }
    }
}

/// A value and its first eight bytes, which nearly always decide its place.
struct Entry<'a> {
    head: u64,
    value: Value<'a>,
}

impl<'a> Entry<'a> {
    #[inline]
    fn text(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let head = bytes.first_chunk().copied().unwrap_or_else(|| {
            let mut padded = [0; 8];
            for (to, from) in padded.iter_mut().zip(bytes) {
                *to = *from;
            }
            padded
        });
        Self { head: u64::from_be_bytes(head), value: Value::Text(text) }
    }

    #[inline]
    fn number(number: i64) -> Self {
        let digits = Digits::of(number);
        let head = digits.bytes.first_chunk().copied().expect("twenty bytes");
        Self { head: u64::from_be_bytes(head), value: Value::Number(digits) }
    }

    #[inline]
    fn order(&self, other: &Self) -> Ordering {
        self.head.cmp(&other.head).then_with(|| self.value.bytes().cmp(other.value.bytes()))
    }
}

/// The signature of a typed request.
///
/// ```
/// use douyin_pay_protocol::ecpay::{QueryOrder, sign};
/// use douyin_pay_protocol::{OutOrderNo, Salt};
///
/// let request = QueryOrder::new(OutOrderNo::new("O20240101000001").unwrap());
/// let salt = Salt::new("test_salt_Ab12Cd34").unwrap();
/// assert_eq!(sign(&request, &salt).as_str(), "ceb575d924ace9fe6a980364ce609bd0");
/// ```
pub fn sign(request: &impl Request, salt: &Salt) -> Signature {
    let mut entries = Entries(SmallVec::new());
    entries.0.push(Entry::text(salt.expose()));
    request.fields(&mut entries);
    entries.0.sort_unstable_by(Entry::order);
    Signature::of_sorted(entries.0.iter().map(|entry| entry.value.bytes()))
}

/// Collects what is signed, without a map and without copying texts.
struct Entries<'a>(SmallVec<[Entry<'a>; VALUES_INLINE]>);

impl<'a> Fields<'a> for Entries<'a> {
    fn text(&mut self, name: &str, value: &'a str) {
        if LEFT_OUT.contains(&name) {
            return;
        }
        if let Some(part) = signed_part(value) {
            self.0.push(Entry::text(part));
        }
    }

    fn number(&mut self, name: &str, value: i64) {
        if !LEFT_OUT.contains(&name) {
            self.0.push(Entry::number(value));
        }
    }

    fn json(&mut self, name: &str, _sent: &'a str, signed: &'a str) {
        self.text(name, signed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Digits, Entry, signed_part};

    #[test]
    fn what_is_signed_of_a_value() {
        for (value, part) in [
            ("Latte", Some("Latte")),
            ("\u{3000}Latte\u{a0}", Some("Latte")),
            ("\" Latte \"", Some("Latte")),
            ("\"\"Latte\"\"", Some("\"Latte\"")),
            ("\"", Some("\"")),
            ("\"\"", None),
            ("", None),
            (" null ", None),
            ("\"null\"", None),
            ("NULL", Some("NULL")),
            ("\u{feff}x", Some("\u{feff}x")),
            ("null", None),
            ("x", Some("x")),
            ("!\"", Some("!\"")),
            ("\"x", Some("\"x")),
            ("x\"", Some("x\"")),
            ("\u{7f}x\u{7f}", Some("\u{7f}x\u{7f}")),
        ] {
            assert_eq!(signed_part(value), part, "{value:?}");
        }
    }

    #[test]
    fn numbers_are_plain_decimals() {
        for (number, text) in
            [(0, "0"), (-1, "-1"), (1_000_000, "1000000"), (i64::MIN, "-9223372036854775808")]
        {
            let digits = Digits::of(number);
            assert_eq!(&digits.bytes[..usize::from(digits.len)], text.as_bytes());
        }
    }

    #[test]
    fn the_head_never_changes_the_order() {
        let texts =
            ["", "\0", "\0\0", "1", "1\0", "10", "abcdefgh", "abcdefgh\0", "abcdefghi", "中文中", "😀"];
        for a in texts {
            for b in texts {
                let (left, right) = (Entry::text(a), Entry::text(b));
                assert_eq!(left.order(&right), a.as_bytes().cmp(b.as_bytes()), "{a:?} {b:?}");
            }
        }
    }
}
