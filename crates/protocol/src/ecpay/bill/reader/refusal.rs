//! The platform's refusal, which comes with status 200 in place of a bill.

use crate::ecpay::bill::BillError;
use crate::members::members;
use crate::read::{count, text};
use crate::{ErrNo, PlatformError};

/// Where the code may stand, and the words that belong to it; implementations disagree about the names.
const SPELLINGS: [(&str, &str); 2] = [("err_no", "err_tips"), ("error_no", "error_msg")];

/// What the platform says, as plain text, about a signature that is wrong.
const INVALID_SIGN: &str = "invalid sign";

/// So many characters of what came are shown.
const SHOWN_CHARS_MAX: usize = 80;

/// Reads a JSON object that came in place of a bill.
pub(super) fn read(body: &[u8]) -> BillError {
    let body = String::from_utf8_lossy(body);
    of_json(&body).map_or_else(|| no_bill(&body), BillError::Platform)
}

fn of_json(body: &str) -> Option<PlatformError> {
    let members = members(body.trim_end()).ok()?;
    let find = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, value)| *value);
    SPELLINGS.iter().find_map(|(code, words)| {
        let code = count(find(code)?).ok().flatten()?;
        let words = find(words).and_then(|words| text(words).ok().flatten());
        let err_tips = words.map(|words| words.into_owned()).unwrap_or_default();
        // A code of success without a bill is no success.
        (code != 0).then(|| PlatformError { err_no: ErrNo::new(code), err_tips })
    })
}

/// What text in place of a bill means.
pub(super) fn no_bill(begins: &str) -> BillError {
    if begins.trim().eq_ignore_ascii_case(INVALID_SIGN) {
        let err_tips = begins.trim().to_owned();
        return BillError::Platform(PlatformError { err_no: ErrNo::SIGNATURE, err_tips });
    }
    BillError::NotABill { begins: shortened(begins) }
}

/// The beginning of something from outside.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.trim().chars().take(SHOWN_CHARS_MAX).collect();
    if text.trim().chars().nth(SHOWN_CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}
