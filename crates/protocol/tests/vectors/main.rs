//! The golden vectors, through every path that can carry them.

mod typed;

use douyin_pay_protocol::ecpay::callback::{self, Unverified};
use douyin_pay_protocol::ecpay::json;
use douyin_pay_protocol::{Salt, Token};
use serde::Deserialize;
use serde_json::value::RawValue;

use typed::Typed;

#[derive(Deserialize)]
struct RequestVector {
    id: String,
    salt: String,
    body: Box<RawValue>,
    canonical: String,
    sign: String,
}

#[derive(Deserialize)]
struct CallbackVector {
    id: String,
    token: String,
    timestamp: Box<RawValue>,
    nonce: String,
    msg: String,
    sha1: String,
}

fn requests() -> Vec<RequestVector> {
    lines(include_str!("../../vectors/ecpay_request_sign.jsonl"))
}

fn callbacks() -> Vec<CallbackVector> {
    lines(include_str!("../../vectors/ecpay_callback_sign.jsonl"))
}

fn lines<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).expect("a vector")).collect()
}

#[test]
fn all_46_requests_are_signed_to_the_letter() {
    let vectors = requests();
    assert_eq!(vectors.len(), 46);
    for vector in vectors {
        let salt = Salt::new(vector.salt.as_str()).expect("a salt");
        let body = vector.body.get().as_bytes();
        assert_eq!(json::sign(body, &salt).expect("an object").as_str(), vector.sign, "{}", vector.id);
        let explained = json::explain(body, &salt).expect("an object");
        let joined = explained.joined.replace("‹SALT›", &vector.salt);
        assert_eq!(joined, vector.canonical, "{}", vector.id);
        assert_eq!(explained.sign, vector.sign, "{}", vector.id);
    }
}

#[test]
fn all_18_callbacks_are_verified_and_any_other_token_is_not() {
    let vectors = callbacks();
    assert_eq!(vectors.len(), 18);
    for vector in vectors {
        let envelope = format!(
            r#"{{"timestamp":{},"nonce":{},"msg":{},"type":"payment","msg_signature":"{}"}}"#,
            vector.timestamp,
            serde_json::to_string(&vector.nonce).expect("a text"),
            serde_json::to_string(&vector.msg).expect("a text"),
            vector.sha1,
        );
        let token = Token::new(vector.token.as_str()).expect("a token");
        let other = Token::new("another1").expect("a token");
        let parse = || Unverified::parse(envelope.as_bytes()).expect("an envelope");
        let verified =
            parse().verify(&[other.clone(), token.clone()]).unwrap_or_else(|_| panic!("{}", vector.id));
        assert_eq!((verified.token_index(), verified.msg()), (1, vector.msg.as_str()), "{}", vector.id);
        assert!(parse().verify(&[other]).is_err(), "{}", vector.id);
        assert!(callback::explain(envelope.as_bytes(), &[token]).expect("an envelope").is_valid());
    }
}

#[test]
fn a_tampered_message_does_not_carry_the_old_signature() {
    let vectors = callbacks();
    let find = |id: &str| vectors.iter().find(|vector| vector.id == id).expect("a vector");
    let (right, tampered) = (find("C05"), find("C16"));
    let token = Token::new(right.token.as_str()).expect("a token");
    let timestamp = right.timestamp.get().trim_matches('"');
    assert_ne!(callback::sign(&token, timestamp, &right.nonce, &tampered.msg), right.sha1);
}

#[test]
fn every_vector_that_a_typed_request_can_carry_is_signed_alike_and_the_rest_is_refused() {
    let mut typed = Vec::new();
    let mut refused = Vec::new();
    let mut other_calls = Vec::new();
    for vector in requests() {
        let salt = Salt::new(vector.salt.as_str()).expect("a salt");
        match typed::sign(vector.body.get(), &salt) {
            Typed::Signed(signature) => {
                assert_eq!(signature.as_str(), vector.sign, "{}", vector.id);
                typed.push(vector.id);
            }
            Typed::Refused(_) => refused.push(vector.id),
            Typed::NotOurs => other_calls.push(vector.id),
        }
    }
    // Refused: white space, quotes, `null`, control characters, a byte order mark, types, amounts
    // and spacing that we never send.
    let wanted = "R06 R07 R09 R10 R13 R14 R22 R24 R33 R34 R35 R37 R38 R39 R40 R42 R43 R44";
    assert_eq!(refused.join(" "), wanted);
    assert_eq!(other_calls.join(" "), "R30 R36");
    assert_eq!(typed.len(), 26, "{typed:?}");
}

#[test]
fn a_refused_value_names_its_field_and_the_reason() {
    for (id, field, reason) in [
        ("R06", "subject", "white space"),
        ("R07", "subject", "double quotes"),
        ("R10", "msg_page", "null"),
        ("R14", "total_amount", "negative"),
        ("R33", "subject", "white space"),
        ("R38", "subject", "control character"),
        ("R39", "subject", "byte order mark"),
        ("R44", "cp_extra", "double quotes"),
    ] {
        let vector = requests().into_iter().find(|vector| vector.id == id).expect("a vector");
        let salt = Salt::new(vector.salt.as_str()).expect("a salt");
        let Typed::Refused(problem) = typed::sign(vector.body.get(), &salt) else {
            panic!("{id} is refused")
        };
        assert!(problem.contains(field) && problem.contains(reason), "{id}: {problem}");
    }
}
