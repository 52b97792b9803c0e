//! The words of the stories as facts.

#[path = "language/ask.rs"]
mod ask;
#[path = "language/report.rs"]
mod report;

use douyin_pay_ledger::{
    OperationKind, OrderId, Share, Source, Target, What, automatic_no, automatic_refund_no,
    platform_refund_no,
};
use douyin_pay_protocol::{Fen, MerchantUid, OutNo, PlatformNo, UnixMs};

/// When every story begins: 2026-01-01 00:00 UTC.
pub(crate) const START: UnixMs = UnixMs::new(1_767_225_600_000);

/// Reads a fact; operations have numbers that begin with R (refund), S (settlement), B (return) or F (fulfilment).
/// `DY7` is the refund that the platform started and numbered `P7`, `AUTO` the one that the ledger asks for by itself;
/// `AUTOS2` is the second settlement that it asks for, `AUTOF1` its first push.
pub(crate) fn fact(text: &str, now: UnixMs) -> (Source, What) {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let who = words.remove(0);
    match who {
        "merchant" => (Source::Merchant, ask::merchant(&words)),
        "platform" | "call" => (Source::Answer, report::answer(who, &words)),
        "clock" => (Source::Merchant, What::SettlementDue),
        "callback" => (Source::Callback, report::report(&words, now)),
        "query" => (Source::Query, report::report(&words, now)),
        _ => panic!("who is `{who}`? merchant, platform, call, callback, query or clock"),
    }
}

/// The operation that a fact names.
pub(crate) fn operation(text: &str) -> Option<(OperationKind, OutNo)> {
    text.split_whitespace().find_map(number)
}

/// The platform's number that a fact names.
pub(crate) fn platform_number(text: &str) -> Option<PlatformNo> {
    let words: Vec<&str> = text.split_whitespace().collect();
    after(&words, "number").map(platform_no)
}

pub(crate) fn fen(text: &str) -> Fen {
    Fen::new(text.parse().unwrap_or_else(|_| panic!("`{text}` is not an amount"))).unwrap()
}

/// `15s`, `10m`, `72h`, `7d`
pub(crate) fn milliseconds(text: &str) -> i64 {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: i64 = number.parse().unwrap_or_else(|_| panic!("`{text}` is not a time"));
    match unit {
        "s" => number * 1_000,
        "m" => number * 60_000,
        "h" => number * 3_600_000,
        "d" => number * 86_400_000,
        _ => panic!("`{text}`: s, m, h or d"),
    }
}

fn number(word: &str) -> Option<(OperationKind, OutNo)> {
    let kind = match word.as_bytes() {
        [b'R', b'0'..=b'9', ..] => OperationKind::Refund,
        [b'S', b'0'..=b'9', ..] => OperationKind::Settlement,
        [b'F', b'0'..=b'9', ..] => OperationKind::Fulfilment,
        [b'B', b'0'..=b'9', ..] => OperationKind::Return,
        // The number of a refund that the platform started follows from the platform's.
        [b'D', b'Y', rest @ ..] => {
            let theirs = format!("P{}", std::str::from_utf8(rest).unwrap());
            return Some((OperationKind::Refund, platform_refund_no(&platform_no(&theirs))));
        }
        // The number of the automatic refund follows from the order's id.
        b"AUTO" => return Some((OperationKind::Refund, automatic_refund_no(OrderId::new(START, 1)))),
        [b'A', b'U', b'T', b'O', letter @ (b'S' | b'F'), ..] => {
            let kind = if *letter == b'S' { OperationKind::Settlement } else { OperationKind::Fulfilment };
            return Some((kind, automatic_no(OrderId::new(START, 1), word[5..].parse().unwrap())));
        }
        _ => return None,
    };
    Some((kind, OutNo::new(word).unwrap()))
}

fn platform_no(text: &str) -> PlatformNo {
    PlatformNo::new(text).unwrap()
}

/// What a fact is about: the order, an operation, or with the word `audit` the merchant's consent to it.
fn target(words: &[&str]) -> Target {
    match words.iter().find_map(|word| number(word)) {
        None => Target::Order,
        Some((_, out_no)) if words.contains(&"audit") => Target::Audit(out_no),
        Some((kind, out_no)) => Target::Operation(kind, out_no),
    }
}

/// The word after another.
fn after<'a>(words: &[&'a str], word: &str) -> Option<&'a str> {
    let at = words.iter().position(|found| *found == word)?;
    Some(words.get(at + 1).unwrap_or_else(|| panic!("something must follow `{word}`")))
}

/// `share 60 to A share 20 to B`
fn shares(words: &[&str]) -> Vec<Share> {
    let one = |window: &[&str]| match window {
        ["share", amount, "to", whom] => Some(Share { merchant_uid: uid(whom), amount: fen(amount) }),
        _ => None,
    };
    words.windows(4).filter_map(one).collect()
}

pub(crate) fn uid(text: &str) -> MerchantUid {
    MerchantUid::new(text).unwrap()
}

/// Every `item I1 600`; the amount is zero where none is given.
fn items(words: &[&str]) -> Vec<(Box<str>, Fen)> {
    let one = |(at, word): (usize, &&str)| {
        let item = (*word == "item").then(|| words[at + 1])?;
        let amount = words.get(at + 2).filter(|amount| amount.parse::<i64>().is_ok());
        Some((item.into(), amount.map_or(Fen::ZERO, |amount| fen(amount))))
    };
    words.iter().enumerate().filter_map(one).collect()
}

/// Stands for the digest of the request: the same words, the same digest.
fn digest(words: &[&str]) -> [u8; 32] {
    let mut digest = [7_u8; 32];
    for (at, byte) in words.join(" ").bytes().enumerate() {
        digest[at % 32] = digest[at % 32].wrapping_mul(31).wrapping_add(byte);
    }
    digest
}
