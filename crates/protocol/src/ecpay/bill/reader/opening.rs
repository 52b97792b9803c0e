//! The first bytes of an answer: a bill, or the platform's refusal?

use super::texts::Encoding;

/// What the first bytes tell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// Nothing yet.
    NeedsMore,
    /// A JSON object begins at this byte.
    Refusal(usize),
    /// Text in an encoding that is not read.
    Utf16,
    /// A bill begins at this byte.
    Bill { from: usize, encoding: Option<Encoding> },
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Skips a byte-order mark and white space, and looks at what follows.
pub(super) fn open(begin: &[u8], complete: bool) -> Opening {
    if begin.len() < UTF8_MARK.len() && !complete {
        return Opening::NeedsMore;
    }
    if UTF16_MARKS.iter().any(|mark| begin.starts_with(mark)) {
        return Opening::Utf16;
    }
    let (marked, encoding) = match begin.strip_prefix(UTF8_MARK) {
        Some(rest) => (rest, Some(Encoding::Utf8)),
        None => (begin, None),
    };
    let from = begin.len() - marked.len();
    match marked.iter().position(|byte| !byte.is_ascii_whitespace()) {
        Some(at) if marked[at] == b'{' => Opening::Refusal(from + at),
        None if !complete => Opening::NeedsMore,
        _ => Opening::Bill { from, encoding },
    }
}
