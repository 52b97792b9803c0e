//! Reads one flat JSON object member by member, each text unescaped in a single pass.
//!
//! A callback's `msg` is JSON inside JSON: a quote to unescape every few bytes. A general parser looks
//! at it twice and copies it twice; here it is looked at and copied once. Whatever is no text
//! is left to `serde_json`.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// A member's value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A text, unescaped.
    Text(Cow<'a, str>),
    /// Anything else, as it is written.
    Literal(&'a str),
}

/// Where in the object we are.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Hands over every member of the object, in its order.
    pub(super) fn members<E>(
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
        let start = self.at;
        self.at += plain_bytes(&self.text.as_bytes()[start..]);
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text[start..self.at - 1]))
            }
            Some(b'\\') => self.text_with_escapes(start).map(Cow::Owned),
            Some(_) => Err(self.problem("an escaped control character")),
            None => Err(self.problem("the text's closing quote")),
        }
    }

    fn text_with_escapes(&mut self, start: usize) -> Result<String, String> {
        let bytes = self.text.as_bytes();
        let mut out = Vec::with_capacity(bytes.len() - start);
        out.extend_from_slice(&bytes[start..self.at]);
        loop {
            // Copying eight bytes and dropping what was too much is far cheaper than copying exactly.
            while let Some(chunk) = bytes.get(self.at..self.at + 8) {
                let plain = plain_in_word(chunk);
                out.extend_from_slice(chunk);
                out.truncate(out.len() - 8 + plain);
                self.at += plain;
                if plain < 8 {
                    break;
                }
            }
            let plain = plain_bytes(&bytes[self.at..]);
            out.extend_from_slice(&bytes[self.at..self.at + plain]);
            self.at += plain;
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut out)?,
                Some(_) => return Err(self.problem("an escaped control character")),
                None => return Err(self.problem("the text's closing quote")),
            }
        }
        self.at += 1;
        Ok(String::from_utf8(out).expect("pieces of a text and whole characters"))
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

/// How many bytes come before the first quote, backslash or control character.
fn plain_bytes(bytes: &[u8]) -> usize {
    let mut count = 0;
    for chunk in bytes.chunks_exact(8) {
        let plain = plain_in_word(chunk);
        count += plain;
        if plain < 8 {
            return count;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let rest = &bytes[count..];
    count + rest.iter().position(special).unwrap_or(rest.len())
}

/// The same for eight bytes at once: a byte's high bit is raised where that byte is special. Bytes after
/// the first special one may be raised wrongly, which does not matter.
fn plain_in_word(chunk: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(chunk.try_into().expect("eight bytes"));
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let quote = is_zero(word ^ (ONES * 0x22));
    let backslash = is_zero(word ^ (ONES * 0x5c));
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    let zeros = (quote | backslash | control).trailing_zeros() / 8;
    usize::try_from(zeros).expect("at most eight")
}

#[cfg(test)]
mod tests;
