//! Texts that are signed by mistake, to be tried one after the other.

use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, VerificationAlgorithm,
};
use data_encoding::{BASE64, BASE64_NOPAD};

use super::Mistake;
use super::key::{PublicHalf, SIGNATURE_BYTES};
use crate::spelling::respellings;

/// Larger bodies are not searched: each suspect hashes the whole.
pub(super) const SEARCHED_BYTES_MAX: usize = 64 * 1024;
/// Clocks that are read twice differ by less.
const SECONDS_NEARBY: i64 = 60;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The right lines, ended wrongly.
pub(super) fn framings(lines: &[&[u8]]) -> Vec<(Mistake, Vec<u8>)> {
    let ended = |end: &[u8]| lines.iter().flat_map(|line| [*line, end]).collect::<Vec<_>>().concat();
    let mut found = vec![
        (Mistake::CarriageReturns, ended(b"\r\n")),
        (Mistake::CarriageReturns, lines.join(&b"\r\n"[..])),
        (Mistake::EscapedLineFeeds, ended(b"\\n")),
        (Mistake::EscapedLineFeeds, lines.join(&b"\\n"[..])),
        (Mistake::NoLineFeeds, lines.concat()),
    ];
    // A body with a line feed too many and no end gives the same text; then the body is the likelier cause.
    if !lines.last().is_some_and(|body| body.ends_with(b"\n")) {
        found.push((Mistake::MissingLastLf, lines.join(&b'\n')));
    }
    found
}

/// The body, changed as it happens on the way.
pub(super) fn bodies(body: &[u8]) -> Vec<(Mistake, Vec<u8>)> {
    let mut found = Vec::new();
    for end in [&b"\r\n"[..], b"\n"] {
        if let Some(without) = body.strip_suffix(end) {
            found.push((Mistake::LineFeedAdded, without.to_vec()));
        }
        found.push((Mistake::LineFeedLost, [body, end].concat()));
    }
    match body.strip_prefix(BYTE_ORDER_MARK) {
        Some(without) => found.push((Mistake::ByteOrderMark, without.to_vec())),
        None => found.push((Mistake::ByteOrderMark, [BYTE_ORDER_MARK, body].concat())),
    }
    if !body.is_empty() {
        found.push((Mistake::BodyLeftOut, Vec::new()));
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let unix = text.replace("\r\n", "\n");
        found.push((Mistake::LineBreaksConverted, unix.replace('\n', "\r\n").into_bytes()));
        found.push((Mistake::LineBreaksConverted, unix.into_bytes()));
        if let Ok(bytes) = text.chars().map(u8::try_from).collect::<Result<Vec<u8>, _>>() {
            found.push((Mistake::Charset, bytes));
        }
        found.push((Mistake::EscapedBody, serde_json::Value::from(text).to_string().into_bytes()));
    } else {
        // UTF-8 that was sent as Latin-1 was signed as UTF-8.
        let text: String = body.iter().copied().map(char::from).collect();
        found.push((Mistake::Charset, text.into_bytes()));
    }
    let trimmed = body.trim_ascii();
    let spellings = respellings(trimmed).into_iter().map(String::into_bytes);
    found.extend(spellings.map(|spelling| (Mistake::Reserialised, spelling)));
    found.retain(|(_, suspect)| suspect != body);
    found
}

/// Other timestamps: a clock read twice, milliseconds for seconds.
pub(super) fn nearby(timestamp: &str) -> Vec<String> {
    let Ok(seconds) = timestamp.parse::<i64>() else { return Vec::new() };
    let mut others = vec![format!("{timestamp}000")];
    others.extend(timestamp.strip_suffix("000").map(str::to_owned));
    for away in 1..=SECONDS_NEARBY {
        others.push(seconds.saturating_add(away).to_string());
        others.push(seconds.saturating_sub(away).to_string());
    }
    others
}

/// Whether the key signed the right text with another algorithm.
pub(super) fn other_algorithm(
    key: &PublicHalf,
    text: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> Option<Mistake> {
    let others: [(&'static dyn VerificationAlgorithm, &str); 4] = [
        (&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, "SHA1-RSA2048"),
        (&RSA_PKCS1_2048_8192_SHA384, "SHA384-RSA2048"),
        (&RSA_PKCS1_2048_8192_SHA512, "SHA512-RSA2048"),
        (&RSA_PSS_2048_8192_SHA256, "RSA-PSS (SHA-256)"),
    ];
    others.into_iter().find_map(|(algorithm, name)| {
        let key = ParsedPublicKey::new(algorithm, key.spki()).ok()?;
        key.verify_sig(text, signature).ok().map(|()| Mistake::Algorithm(name.to_owned()))
    })
}

/// A signature whose text was changed on the way, mended, and what had happened to it.
pub(super) fn mended(signature: &str) -> Option<([u8; SIGNATURE_BYTES], &'static str)> {
    let without_breaks = signature.replace(['\r', '\n', '\t'], "");
    let trimmed = without_breaks.trim().trim_matches('"');
    let decode = |text: &str| {
        let bytes = BASE64_NOPAD.decode(text.trim_end_matches('=').as_bytes()).ok()?;
        <[u8; SIGNATURE_BYTES]>::try_from(bytes).ok()
    };
    let ways = [
        (trimmed.to_owned(), "white space, quotes or padding"),
        (trimmed.replace(' ', "+"), "`+` became a blank, as decoding a URL does"),
        (
            trimmed.replace('-', "+").replace('_', "/"),
            "`+` and `/` became `-` and `_`, the alphabet for URLs",
        ),
        (percent_decoded(trimmed), "percent-encoded, as for a URL"),
    ];
    let found = ways.into_iter().find_map(|(text, what)| Some((decode(&text)?, what)))?;
    (BASE64.encode(&found.0) != signature).then_some(found)
}

fn percent_decoded(text: &str) -> String {
    text.replace("%2B", "+")
        .replace("%2b", "+")
        .replace("%2F", "/")
        .replace("%2f", "/")
        .replace("%3D", "=")
        .replace("%3d", "=")
}
