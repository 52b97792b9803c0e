//! The wrong signers that are in use: each is recognised, and nobody else is accused.

mod properties;
mod signers;
mod value;

use douyin_pay_protocol::Salt;
use douyin_pay_protocol::ecpay::json::{self, Client, Mistake};
use serde::Deserialize;
use serde_json::value::RawValue;

use signers::{ALL, Signer};

const SALT: &str = "mock_salt";

fn salt(text: &str) -> Salt {
    Salt::new(text).expect("a salt")
}

/// The request with the signature that `signer` makes, and what is said about it.
fn explained(signer: Signer, body: &str, secret: &str) -> (String, json::Explanation) {
    let sign = signer(&value::members(body), secret);
    let body = format!("{},\"sign\":\"{sign}\"}}", body.strip_suffix('}').expect("an object"));
    let explained = json::explain(body.as_bytes(), &salt(secret)).expect("an object");
    (body, explained)
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    salt: String,
    body: Box<RawValue>,
    sign: String,
}

/// What each implementation gets wrong of the 46 vectors, as it was measured with the originals.
const FAILS: [(&str, &[&str]); 7] = [
    ("go_float", &["R17", "R18"]),
    ("java", &["R19", "R24", "R33", "R37", "R38", "R42"]),
    ("java_script", &["R19", "R24", "R39", "R42"]),
    ("php_sample", &["R07", "R09", "R10", "R24", "R33", "R34", "R37", "R40", "R42", "R43", "R44"]),
    (
        "php_empty",
        &[
            "R01", "R07", "R09", "R10", "R12", "R13", "R24", "R25", "R33", "R34", "R37", "R40", "R43", "R44",
            "R45",
        ],
    ),
    (
        "php_json",
        &["R04", "R06", "R07", "R09", "R10", "R24", "R33", "R34", "R37", "R40", "R42", "R43", "R44"],
    ),
    ("c_sharp", &["R07", "R08", "R09", "R10", "R19", "R24", "R34", "R40", "R42", "R43", "R44"]),
];

#[test]
fn the_re_implementations_fail_where_the_originals_do_and_are_named_there() {
    for ((name, signer), (same, fails)) in ALL.into_iter().zip(FAILS) {
        assert_eq!(name, same);
        for line in include_str!("../../vectors/ecpay_request_sign.jsonl").lines() {
            let vector: Vector = serde_json::from_str(line).expect("a vector");
            let mut members = value::members(vector.body.get());
            members.retain(|(name, _)| name != "sign");
            let body = value::Value::Object(members).json();
            let (_, explained) = explained(signer, &body, &vector.salt);
            let wrong = explained.claimed.as_deref() != Some(vector.sign.as_str());
            assert_eq!(wrong, fails.contains(&vector.id.as_str()), "{name} {}", vector.id);
            let clients: Vec<String> = explained.clients.iter().map(named).collect();
            assert_eq!(wrong, clients.contains(&name.to_owned()), "{name} {}: {clients:?}", vector.id);
            assert_eq!(wrong, !explained.mistakes.is_empty(), "{name} {}", vector.id);
        }
    }
}

fn named(client: &Client) -> String {
    serde_json::to_value(client).expect("plain data").as_str().expect("a text").to_owned()
}

/// A request that the mock would take, and what is wrong with how each client signs it.
const CASES: [(&str, &str, &[Mistake], &str); 15] = [
    ("go_float", r#""total_amount":1000000"#, &[Mistake::Exponent], "1e+06"),
    ("go_float", r#""total_amount":1234567"#, &[Mistake::Exponent], "1e+06"),
    (
        "java",
        r#""total_amount":1280,"cp_extra":"😀套餐","msg_page":"！特惠""#,
        &[Mistake::Utf16Order],
        "UTF-16",
    ),
    (
        "java",
        r#""total_amount":1280,"expand_order_info":{"original_delivery_fee":1,"actual_delivery_fee":2}"#,
        &[Mistake::NestedAsJava],
        "{k=v}",
    ),
    (
        "java_script",
        r#""total_amount":1280,"expand_order_info":{"original_delivery_fee":1,"actual_delivery_fee":2}"#,
        &[Mistake::NestedAsJavaScript],
        "[object Object]",
    ),
    ("java_script", r#""total_amount":1280,"cp_extra":"\ufeffx""#, &[Mistake::TrimByteOrderMark], "U+FEFF"),
    ("php_sample", r#""total_amount":1280,"cp_extra":"\"q\"""#, &[Mistake::QuotesKept], "双引号"),
    (
        "php_sample",
        r#""total_amount":1280,"expand_order_info":{"original_delivery_fee":1},"cp_extra":"　x""#,
        &[Mistake::NestedAsWord, Mistake::TrimAscii],
        "`Array`",
    ),
    ("php_empty", r#""total_amount":1280,"disable_msg":0"#, &[Mistake::ZeroDropped], "`disable_msg`"),
    (
        "php_empty",
        r#""total_amount":1280,"disable_msg":0,"cp_extra":"0","msg_page":"\"p\"""#,
        &[Mistake::TextZeroDropped, Mistake::QuotesKept],
        "`empty`",
    ),
    (
        "php_json",
        r#""total_amount":1280,"other_settle_params":"[{\"merchant_uid\":\"1\",\"amount\":1}]""#,
        &[Mistake::OtherSettleParamsSigned],
        "`other_settle_params`",
    ),
    (
        "php_json",
        r#""total_amount":1280,"other_settle_params":"x","cp_extra":" zz ","msg_page":"null","expand_order_info":{"a":"中/"}"#,
        &[
            Mistake::OtherSettleParamsSigned,
            Mistake::NullTextSigned,
            Mistake::TrimmedAfterSorting,
            Mistake::NestedAsJson,
        ],
        "先排序",
    ),
    ("c_sharp", r#""total_amount":1280,"cp_extra":"\"q\"""#, &[Mistake::OpeningQuoteOnly], "少截一位"),
    (
        "c_sharp",
        r#""total_amount":1280,"cp_extra":"\"😀\"","msg_page":"！","disable_msg":true"#,
        &[Mistake::Utf16Order, Mistake::OpeningQuoteOnly, Mistake::BooleanCapital],
        "`True`",
    ),
    (
        "php_sample",
        r#""total_amount":1280,"disable_msg":true,"cp_extra":"\"q\"","expand_order_info":{"a":1},"msg_page":"　p""#,
        &[Mistake::QuotesKept, Mistake::NestedAsWord, Mistake::TrimAscii, Mistake::BooleanAsPhp],
        "`Array`",
    ),
];

fn case_body(number: usize, rest: &str) -> String {
    format!(
        r#"{{"app_id":"tt0000000000000001","out_order_no":"W{number:02}","subject":"Latte","body":"Latte large","valid_time":900,"notify_url":"http://127.0.0.1:9/cb",{rest}}}"#
    )
}

#[test]
fn each_wrong_signer_is_recognised_by_its_mistakes_and_by_its_kind() {
    for (number, (name, rest, mistakes, word)) in CASES.into_iter().enumerate() {
        let (_, signer) = ALL.into_iter().find(|(client, _)| *client == name).expect("a signer");
        let (_, explained) = explained(signer, &case_body(number, rest), SALT);
        let mut found = explained.mistakes.clone();
        found.sort_by_key(|mistake| mistakes.iter().position(|wanted| wanted == mistake));
        assert_eq!(found, mistakes, "{name}: {rest}");
        assert!(explained.clients.iter().any(|client| named(client) == name), "{name}: {rest}");
        let told = format!("{} {}", explained.zh, explained.en);
        assert!(told.contains(word), "{name}: {told}");
        for client in &explained.clients {
            assert!(explained.zh.contains(client.zh()) && explained.en.contains(client.en()), "{told}");
        }
    }
}

/// The same cases as a file, for the command line, the mock, and whoever writes a server of their own.
#[test]
fn the_file_of_wrong_signatures_is_what_the_signers_give() {
    let lines = CASES.into_iter().enumerate().map(|(number, (name, rest, _, word))| {
        let (_, signer) = ALL.into_iter().find(|(client, _)| *client == name).expect("a signer");
        let (body, explained) = explained(signer, &case_body(number, rest), SALT);
        let mistakes = serde_json::to_string(&explained.mistakes).expect("plain data");
        let word = serde_json::Value::from(word);
        format!(
            r#"{{"id":"W{number:02}","client":"{name}","salt":"{SALT}","mistakes":{mistakes},"word":{word},"body":{body}}}"#
        ) + "\n"
    });
    let fresh: String = lines.collect();
    if fresh != include_str!("../../vectors/ecpay_wrong_signers.jsonl") {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("ecpay_wrong_signers.jsonl");
        std::fs::write(&path, fresh).expect("written");
        panic!("vectors/ecpay_wrong_signers.jsonl differs; the fresh one is {}", path.display());
    }
}
