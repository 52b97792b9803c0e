//! Reads one flat JSON object member by member, each text unescaped in a single pass.
//!
//! A callback's `msg` is JSON inside JSON: a quote to unescape every few bytes. A general parser looks
//! at it twice and copies it twice; here it is looked at and copied once. Whatever is no text
//! is left to `serde_json`.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// A member's value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    /// A text, unescaped.
    Text(Cow<'a, str>),
    /// Anything else, as it is written.
    Literal(&'a str),
}

/// Where in the object we are.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Hands over every member of the object, in its order.
    pub(crate) fn members<E>(
        mut self,
        mut take: impl FnMut(Cow<'a, str>, Item<'a>) -> Result<(), E>,
    ) -> Result<(), E>
    where
        E: From<String>,
    {
        self.expect(b'{', "an object")?;
        let mut first = true;
        while self.peek() != Some(b'}') {
            if !first {
                self.expect(b',', "`,` or `}`")?;
            }
            first = false;
            self.expect(b'"', "a member's name in double quotes")?;
            let name = self.text_after_quote()?;
            self.expect(b':', "`:`")?;
            let item = self.item()?;
            take(name, item)?;
        }
        self.at += 1;
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.problem("nothing after the object").into()),
        }
    }

    fn item(&mut self) -> Result<Item<'a>, String> {
        if self.peek() == Some(b'"') {
            self.at += 1;
            return self.text_after_quote().map(Item::Text);
        }
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else { return Err(self.problem("a value")) };
        self.at += values.byte_offset();
        Ok(Item::Literal(value.get()))
    }

    /// The next byte that is not white space; it is not taken.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blanks;
        rest.get(blanks).copied()
    }

    fn expect(&mut self, byte: u8, wanted: &str) -> Result<(), String> {
        if self.peek() != Some(byte) {
            return Err(self.problem(wanted));
        }
        self.at += 1;
        Ok(())
    }

    fn problem(&self, wanted: &str) -> String {
        format!("expected {wanted} at byte {}", self.at)
    }

    fn text_after_quote(&mut self) -> Result<Cow<'a, str>, String> {
        let bytes = self.text.as_bytes();
        let first = self.at;
        let mut start = first;
        let mut out = Vec::new();
        for special in Specials::new(bytes, first) {
            // What an escape has taken already is not special any more.
            if special < start {
                continue;
            }
            match bytes[special] {
                b'"' if start == first => {
                    self.at = special + 1;
                    return Ok(Cow::Borrowed(&self.text[first..special]));
                }
                b'"' => {
                    self.at = special + 1;
                    copy(&mut out, bytes, start, special);
                    let text = String::from_utf8(out).expect("pieces of a text and whole characters");
                    return Ok(Cow::Owned(text));
                }
                b'\\' => {
                    if start == first {
                        out.reserve_exact(bytes.len() - first + COPIED_AT_ONCE);
                    }
                    copy(&mut out, bytes, start, special);
                    start = special + 2;
                    // Nearly all escapes are quotes, which need no search.
                    if bytes.get(special + 1) == Some(&b'"') {
                        out.push(b'"');
                    } else {
                        self.at = special;
                        self.escape(&mut out)?;
                        start = self.at;
                    }
                }
                _ => {
                    self.at = special;
                    return Err(self.problem("an escaped control character"));
                }
            }
        }
        self.at = bytes.len();
        Err(self.problem("the text's closing quote"))
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let plain = match self.text.as_bytes().get(self.at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'u') => return self.escaped_char(out),
            _ => return Err(self.problem("a valid escape")),
        };
        out.push(plain);
        self.at += 2;
        Ok(())
    }

    /// `\u4e2d`, or two of them for what needs two UTF-16 units.
    fn escaped_char(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let not_a_char = |scanner: &Self| scanner.problem("a valid `\\u` escape");
        let first = self.unit().ok_or_else(|| not_a_char(self))?;
        let mut units = [first, 0];
        let mut len = 1;
        if (0xd800..0xdc00).contains(&first) {
            units[1] = self.unit().ok_or_else(|| not_a_char(self))?;
            len = 2;
        }
        let mut decoded = char::decode_utf16(units[..len].iter().copied());
        match (decoded.next(), decoded.next()) {
            (Some(Ok(c)), None) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            _ => return Err(not_a_char(self)),
        }
        Ok(())
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.text.as_bytes().get(self.at..self.at + 6)?.strip_prefix(b"\\u")?;
        let unit = digits.iter().try_fold(0, |unit: u16, digit| {
            let value = char::from(*digit).to_digit(16).and_then(|value| u16::try_from(value).ok())?;
            Some(unit << 4 | value)
        })?;
        self.at += 6;
        Some(unit)
    }
}

/// Short pieces are copied with a fixed length, and cut: that is one instruction instead of a call.
const COPIED_AT_ONCE: usize = 32;

#[inline]
fn copy(out: &mut Vec<u8>, bytes: &[u8], start: usize, end: usize) {
    let len = end - start;
    match bytes[start..].first_chunk::<COPIED_AT_ONCE>() {
        Some(chunk) if len <= COPIED_AT_ONCE => {
            out.extend_from_slice(chunk);
            out.truncate(out.len() - COPIED_AT_ONCE + len);
        }
        _ => out.extend_from_slice(&bytes[start..end]),
    }
}

/// The places of quotes, backslashes and control characters, looked for in eight bytes at once.
struct Specials<'a> {
    bytes: &'a [u8],
    /// Where the current eight bytes begin.
    word: usize,
    /// The high bit of each byte that is special and not yet handed out.
    found: u64,
}

impl<'a> Specials<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, word: at, found: Self::in_word(bytes, at) }
    }

    #[inline]
    fn in_word(bytes: &[u8], at: usize) -> u64 {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const LOW: u64 = ONES * 0x7f;
        const QUOTES: u64 = ONES * 0x22;
        const BACKSLASHES: u64 = ONES * 0x5c;
        const PRINTABLE: u64 = ONES * (0x80 - 0x20);
        let rest = &bytes[at..];
        let chunk = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut padded = [b' '; 8];
            padded[..rest.len()].copy_from_slice(rest);
            padded
        });
        let word = u64::from_le_bytes(chunk);
        // Adding to seven bits carries into the eighth and never beyond, so each byte is judged alone.
        let at_least = |word: u64, least: u64| (word & LOW).wrapping_add(least) | word;
        let differs = |byte: u64| at_least(word ^ byte, LOW);
        !(differs(QUOTES) & differs(BACKSLASHES) & at_least(word, PRINTABLE)) & !LOW
    }
}

impl Iterator for Specials<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            self.word += 8;
            if self.word >= self.bytes.len() {
                return None;
            }
            self.found = Self::in_word(self.bytes, self.word);
        }
        let byte = usize::try_from(self.found.trailing_zeros() / 8).expect("at most seven");
        self.found &= self.found - 1;
        Some(self.word + byte)
    }
}

#[cfg(test)]
mod tests;
