//! Bytes into text: UTF-8 or GB18030, decided once for the whole bill.

use std::borrow::Cow;

use encoding_rs::GB18030;

use super::records::Records;

/// How a bill is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// GB18030, of which GBK and GB2312 are parts.
    Gb18030,
}

impl Encoding {
    /// The bytes as text, if they are text in this encoding.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Gb18030 => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }
}

/// The encoding this record shows: `None` while all is ASCII, which is the same in both.
pub(super) fn shown_by(records: &Records) -> Option<Encoding> {
    let mut others = records.cells().filter(|cell| !cell.is_ascii()).peekable();
    others.peek()?;
    let utf8 = others.all(|cell| std::str::from_utf8(cell).is_ok());
    Some(if utf8 { Encoding::Utf8 } else { Encoding::Gb18030 })
}

/// The texts of a line that may name the columns, and the encoding they are in.
pub(super) fn of_header(records: &Records, known: Option<Encoding>) -> (Vec<String>, Option<Encoding>) {
    let encoding = known.or_else(|| shown_by(records));
    let text = |cell| match encoding.unwrap_or(Encoding::Utf8).decode(cell) {
        Some(text) => text.into_owned(),
        None => String::from_utf8_lossy(cell).into_owned(),
    };
    (records.cells().map(text).collect(), encoding)
}
