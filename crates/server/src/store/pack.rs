//! Packs JSON bodies: the phrases that every body repeats become single bytes.
//!
//! A callback or an event is half member names. They are replaced by bytes that JSON text never
//! contains, which halves the two widest tables. Any body survives, whatever is in it.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How a packed body begins, if phrases were replaced in it.
const PHRASES_1: u8 = 1;
/// How a body begins that is kept as it is.
const VERBATIM: u8 = 0;

/// Bytes that neither UTF-8 nor JSON white space contains: one for each of the first phrases.
const CODES: [u8; 40] = [
    0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0b, 0x0c, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,
    0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0xc0, 0xc1, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9,
    0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
];
/// Announces one of the further phrases, by its place.
const FURTHER: u8 = 0x01;

/// Stored rows depend on the places in this list: only append to it.
const PHRASES: &[&str] = &[
    // Callbacks: JSON inside JSON.
    r#"{"timestamp":""#,
    r#"","nonce":""#,
    r#"","msg":"{\"appid\":\""#,
    r#"\",\"cp_orderno\":\""#,
    r#"\",\"cp_extra\":\"\",\"way\":\""#,
    r#"\",\"channel_no\":\""#,
    r#"\",\"channel_gateway_no\":\"\",\"payment_order_no\":\""#,
    r#"\",\"out_channel_order_no\":\""#,
    r#"\",\"total_amount\":"#,
    r#",\"status\":\"SUCCESS\",\"seller_uid\":\""#,
    r#"\",\"extra\":\"\",\"item_id\":\"\",\"paid_at\":"#,
    r#",\"message\":\"\",\"order_id\":\""#,
    r#"\"}","type":"payment","msg_signature":""#,
    r#"\"}","msg_signature":""#,
    r#"","type":"payment"}"#,
    r#"\",\"cp_extra\":\""#,
    r#"\",\"payment_order_no\":\""#,
    // Events.
    r#"{"type":"order.paid","timestamp":""#,
    r#"+08:00","data":{"id":"ord_"#,
    r#"","app":""#,
    r#"","out_order_no":""#,
    r#"","n":1,"order":{"id":"ord_"#,
    r#"","app_id":""#,
    r#"","system":"ecpay","state":"paid","total_fen":"#,
    r#","discount_fen":0,"paid_fen":"#,
    r#","refunded_fen":0,"refunding_fen":0,"refundable_fen":"#,
    r#","refunded_fen":"#,
    r#","refunding_fen":"#,
    r#","refundable_fen":"#,
    r#","settled_fen":0,"settleable_fen":"#,
    r#","settled_fen":"#,
    r#","settleable_fen":"#,
    r#","settleable_basis":"estimate","created_at":""#,
    r#"+08:00","expires_at":""#,
    r#"+08:00","paid_at":""#,
    r#"+08:00","way":""#,
    r#"","channel_no":""#,
    r#"","payment_order_no":""#,
    r#"","platform_order_id":""#,
    r#"","seller_uid":""#,
    // From here on two bytes each.
    r#"\",\"cp_refundno\":\""#,
    r#"\",\"cp_settle_no\":\""#,
    r#"\",\"way\":\""#,
    r#"\",\"channel_gateway_no\":\""#,
    r#"\",\"seller_uid\":\""#,
    r#"\",\"status\":\"SUCCESS\""#,
    r#",\"status\":\"SUCCESS\""#,
    r#"\",\"extra\":\""#,
    r#"\",\"item_id\":\""#,
    r#"\",\"order_id\":\""#,
    r#"\",\"refund_no\":\""#,
    r#"\",\"settle_no\":\""#,
    r#"\",\"out_order_no\":\""#,
    r#"\",\"ec_pay_trade_no\":\""#,
    r#",\"paid_at\":"#,
    r#",\"message\":\""#,
    r#",\"refund_amount\":"#,
    r#",\"is_all_settled\":"#,
    r#",\"refunded_at\":"#,
    r#",\"settle_amount\":"#,
    r#",\"settled_at\":"#,
    r#",\"settle_detail\":\""#,
    r#",\"rake\":"#,
    r#",\"commission\":"#,
    r#",\"is_auto_settle\":"#,
    r#"","msg_signature":""#,
    r#"","type":"refund""#,
    r#"","type":"settle""#,
    r#"{"type":""#,
    r#"","timestamp":""#,
    r#"","n":"#,
    r#","order":{"id":"ord_"#,
    r#"","system":"ecpay","state":""#,
    r#"","total_fen":"#,
    r#"","open_id":""#,
    r#"","cp_extra":""#,
    r#","metadata":"#,
    r#","failure":{"code":"#,
    r#","message":""#,
    r#","refund":{"out_refund_no":""#,
    r#","settlement":{"out_settle_no":""#,
    r#"","state":"succeeded","origin":"merchant","amount_fen":"#,
    r#"","state":"failed","origin":"merchant","amount_fen":"#,
    r#"","state":""#,
    r#"","origin":""#,
    r#"","amount_fen":"#,
    r#","amount_fen":"#,
    r#","requested_at":""#,
    r#"+08:00","finished_at":""#,
    r#"+08:00","reason":""#,
    r#"+08:00","description":""#,
    r#"","source":""#,
    r#"","refund_no":""#,
    r#"","settle_no":""#,
    r#"","shares":["#,
    r#"{"merchant_uid":""#,
    r#"],"finish":true,"automatic":false,"settle_amount_fen":"#,
    r#"],"finish":true,"automatic":"#,
    r#"],"finish":false,"automatic":"#,
    r#","settle_amount_fen":"#,
    r#","amount_basis":""#,
    r#"","rake_fen":"#,
    r#","commission_fen":"#,
    r#","corrected":true"#,
    // The general trade system: callbacks, then events.
    r#"{"msg":"{\"app_id\":\""#,
    r#"{\"app_id\":\""#,
    r#"\",\"app_id\":\""#,
    r#"\"}","type":"payment","version":"3.0"}"#,
    r#"}","type":"payment","version":"3.0"}"#,
    r#"\"}","type":"refund","version":"3.0"}"#,
    r#"}","type":"refund","version":"3.0"}"#,
    r#"}","type":"settle","version":"3.0"}"#,
    r#"","type":"pre_create_refund","version":"3.0"}"#,
    r#"","version":"3.0"}"#,
    r#"\",\"status\":\"CANCEL\""#,
    r#"\",\"message\":\""#,
    r#"\",\"merchant_uid\":\""#,
    r#"\",\"channel_pay_id\":\""#,
    r#"\",\"user_bill_pay_id\":\""#,
    r#"\",\"total_amount\":"#,
    r#",\"total_amount\":"#,
    r#",\"discount_amount\":"#,
    r#",\"pay_channel\":"#,
    r#",\"event_time\":"#,
    r#"\",\"refund_id\":\""#,
    r#"\",\"out_refund_no\":\""#,
    r#",\"refund_total_amount\":"#,
    r#"\",\"refund_total_amount\":"#,
    r#",\"refund_type\":"#,
    r#",\"refund_source\":"#,
    r#",\"need_refund_audit\":"#,
    r#",\"refund_audit_deadline\":"#,
    r#",\"create_refund_time\":"#,
    r#",\"refund_item_detail\":{\"item_order_detail\":[{\"item_order_id\":\""#,
    r#",\"item_order_quantity\":"#,
    r#"{\"item_order_id\":\""#,
    r#"\",\"refund_amount\":"#,
    r#"\",\"settle_id\":\""#,
    r#"\",\"out_settle_no\":\""#,
    r#"","system":"trade","state":"paid","total_fen":"#,
    r#"","system":"trade","state":""#,
    r#","items":[{"item_order_id":""#,
    r#"","sku_id":""#,
    r#","reason_code":"#,
    r#","audit":{"status":""#,
    r#","deadline_at":""#,
    r#","fulfilment":{"out_fulfil_no":""#,
    r#"","to_status":""#,
];

/// Phrases are looked up by so many first bytes: the shortest has as many.
const PREFIX: usize = 6;

/// The phrases as they are looked for.
struct Book {
    /// The beginnings of all phrases, sorted.
    prefixes: Vec<u64>,
    /// The phrases with each beginning, the longest first, each with its place in [`PHRASES`].
    with_prefix: Vec<Vec<(&'static [u8], usize)>>,
    /// Whether a phrase begins with this byte.
    begins: [bool; 256],
    /// What a code stands for.
    meanings: [Option<&'static [u8]>; 256],
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let mut by_prefix: BTreeMap<u64, Vec<_>> = BTreeMap::new();
        let mut begins = [false; 256];
        for (place, phrase) in PHRASES.iter().map(|phrase| phrase.as_bytes()).enumerate() {
            let prefix = prefix_of(phrase).expect("no phrase is shorter than its prefix");
            by_prefix.entry(prefix).or_default().push((phrase, place));
            begins[usize::from(phrase[0])] = true;
        }
        by_prefix.values_mut().for_each(|phrases| phrases.sort_by_key(|(phrase, _)| Reverse(phrase.len())));
        let mut meanings = [None; 256];
        for (code, phrase) in CODES.iter().zip(PHRASES) {
            meanings[usize::from(*code)] = Some(phrase.as_bytes());
        }
        let (prefixes, with_prefix) = by_prefix.into_iter().unzip();
        Book { prefixes, with_prefix, begins, meanings }
    })
}

fn prefix_of(text: &[u8]) -> Option<u64> {
    let first = text.first_chunk::<PREFIX>()?;
    Some(first.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

impl Book {
    /// The longest phrase with which `text` begins.
    fn longest(&self, text: &[u8]) -> Option<(&'static [u8], usize)> {
        let at = self.prefixes.binary_search(&prefix_of(text)?).ok()?;
        self.with_prefix[at].iter().find(|(phrase, _)| text.starts_with(phrase)).copied()
    }

    fn is_code(&self, byte: u8) -> bool {
        byte == FURTHER || self.meanings[usize::from(byte)].is_some()
    }
}

/// The body with its phrases replaced.
pub(super) fn pack(body: &[u8]) -> Vec<u8> {
    let book = book();
    let mut packed = Vec::with_capacity(body.len() / 2 + 64);
    packed.push(PHRASES_1);
    let mut at = 0;
    while at < body.len() {
        let byte = body[at];
        if book.is_code(byte) {
            // Not what JSON looks like.
            return verbatim(body);
        }
        let found = if book.begins[usize::from(byte)] { book.longest(&body[at..]) } else { None };
        let Some((phrase, place)) = found else {
            packed.push(byte);
            at += 1;
            continue;
        };
        match CODES.get(place) {
            Some(code) => packed.push(*code),
            None => {
                let further = u8::try_from(place - CODES.len()).expect("fewer than 256 further phrases");
                packed.extend([FURTHER, further]);
            }
        }
        at += phrase.len();
    }
    packed
}

fn verbatim(body: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(body.len() + 1);
    packed.push(VERBATIM);
    packed.extend_from_slice(body);
    packed
}

/// A packed body that cannot be unpacked: damaged, or written by a newer version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the packed body is damaged, or a newer version wrote it")]
pub(super) struct NotPacked;

/// The body as it was.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>, NotPacked> {
    let (kind, rest) = packed.split_first().ok_or(NotPacked)?;
    match *kind {
        VERBATIM => return Ok(rest.to_vec()),
        PHRASES_1 => {}
        _ => return Err(NotPacked),
    }
    let book = book();
    let mut body = Vec::with_capacity(rest.len() * 2);
    let mut bytes = rest.iter();
    while let Some(byte) = bytes.next() {
        if *byte == FURTHER {
            let place = CODES.len() + usize::from(*bytes.next().ok_or(NotPacked)?);
            body.extend_from_slice(PHRASES.get(place).ok_or(NotPacked)?.as_bytes());
            continue;
        }
        match book.meanings[usize::from(*byte)] {
            Some(phrase) => body.extend_from_slice(phrase),
            None => body.push(*byte),
        }
    }
    Ok(body)
}

/// The body as it was, as text; what is not UTF-8 in it is replaced.
pub(super) fn unpack_text(packed: &[u8]) -> Result<String, NotPacked> {
    let body = unpack(packed)?;
    Ok(String::from_utf8(body).unwrap_or_else(|odd| match String::from_utf8_lossy(odd.as_bytes()) {
        Cow::Owned(text) => text,
        Cow::Borrowed(text) => text.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CODES, PHRASES, pack, unpack};

    const PAYMENT: &str = r#"{"timestamp":"1704067201","nonce":"2345","msg":"{\"appid\":\"tt0000000000000001\",\"cp_orderno\":\"O20240101000001\",\"cp_extra\":\"\",\"way\":\"1\",\"channel_no\":\"4200000000202401010000000001\",\"channel_gateway_no\":\"\",\"payment_order_no\":\"PCP2024010100000000000000000001\",\"out_channel_order_no\":\"4200000000202401010000000001\",\"total_amount\":1280,\"status\":\"SUCCESS\",\"seller_uid\":\"70775300146143419322\",\"extra\":\"\",\"item_id\":\"\",\"paid_at\":1704067200,\"message\":\"\",\"order_id\":\"N7300000000000000001\"}","type":"payment","msg_signature":"20f02eb33e45f6e0eddbd0c74a2d8b381701d295"}"#;

    const TRADE_PAYMENT: &str = r#"{"msg":"{\"app_id\":\"tt0000000000000001\",\"channel_pay_id\":\"4200000000202401010000000001\",\"discount_amount\":0,\"event_time\":1704067200000,\"merchant_uid\":\"70775300146143419322\",\"message\":\"\",\"order_id\":\"motb7300000000000000001\",\"out_order_no\":\"O20240101000001\",\"pay_channel\":1,\"status\":\"SUCCESS\",\"total_amount\":1280,\"user_bill_pay_id\":\"PCP2024010100000000000000000001\"}","type":"payment","version":"3.0"}"#;

    #[test]
    fn a_payment_takes_about_half() {
        for (payment, percent) in [(PAYMENT, 50), (TRADE_PAYMENT, 52)] {
            let packed = pack(payment.as_bytes());
            let (now, before) = (packed.len(), payment.len());
            assert!(now * 100 < before * percent, "{now} of {before}");
            assert_eq!(unpack(&packed).expect("packed"), payment.as_bytes());
        }
    }

    #[test]
    fn every_phrase_is_found_and_comes_back() {
        for phrase in PHRASES {
            let packed = pack(phrase.as_bytes());
            assert!(packed.len() <= 3, "{phrase} is {packed:?}");
            assert_eq!(unpack(&packed).expect("packed"), phrase.as_bytes());
        }
        assert!(CODES.iter().all(|code| std::str::from_utf8(&[*code]).is_err() || *code < 0x20));
        assert!(!CODES.iter().any(|code| matches!(code, b'\t' | b'\n' | b'\r')));
    }

    #[test]
    fn damage_is_an_error() {
        for damaged in [&[][..], &[9, 1, 2], &[1, 1], &[1, 1, 255]] {
            assert!(unpack(damaged).is_err(), "{damaged:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(unpack(&pack(&body)).expect("packed"), body);
        }

        #[test]
        fn anything_between_phrases_comes_back(
            parts in proptest::collection::vec((0..PHRASES.len(), "[\\x20-\\x7e余额,\"\\\\]{0,12}"), 0..12),
        ) {
            let body: String = parts.iter().map(|(place, text)| format!("{}{text}", PHRASES[*place])).collect();
            prop_assert_eq!(unpack(&pack(body.as_bytes())).expect("packed"), body.as_bytes());
        }
    }
}
