//! A right signature is never accused, a strange one gets general advice.

use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::json::{self, Mistake, Suspects};
use proptest::prelude::*;

use crate::signers::{ALL, md5};
use crate::value::{Value, members};
use crate::{SALT, salt};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("0".to_owned()),
        Just("null".to_owned()),
        Just("\"q\"".to_owned()),
        Just("\"".to_owned()),
        Just(" \u{3000}pad\u{feff}".to_owned()),
        Just("😀".to_owned()),
        Just("！".to_owned()),
        "[a-zA-Z0-9 /&=中文\"]{0,12}",
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::Text),
        (0..3_000_000_000_i64).prop_map(|number| Value::Number(number.to_string())),
        Just(Value::Number("0".to_owned())),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            proptest::collection::btree_map("[a-z]{1,4}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

const NAMES: [&str; 9] = [
    "app_id",
    "thirdparty_id",
    "out_order_no",
    "total_amount",
    "subject",
    "cp_extra",
    "disable_msg",
    "settle_params",
    "other_settle_params",
];

fn request() -> impl Strategy<Value = String> {
    proptest::collection::vec((0..NAMES.len(), any_value()), 1..8).prop_map(|fields| {
        let mut request: Vec<(String, Value)> = Vec::new();
        for (name, value) in fields {
            if request.iter().all(|(known, _)| known != NAMES[name]) {
                request.push((NAMES[name].to_owned(), value));
            }
        }
        Value::Object(request).json()
    })
}

fn with_sign(body: &str, sign: &str) -> String {
    let open = body.strip_suffix('}').expect("an object");
    format!("{open}{}\"sign\":\"{sign}\"}}", if open == "{" { "" } else { "," })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_right_signature_is_never_accused(body in request()) {
        let right = json::sign(body.as_bytes(), &salt(SALT)).expect("an object");
        let token = Token::new("mocktoken").expect("a token");
        let suspects = Suspects::new().token(&token);
        let signed = with_sign(&body, right.as_str());
        let explained = json::explain_with(signed.as_bytes(), &salt(SALT), &suspects).expect("an object");
        prop_assert_eq!(explained.matches, Some(true));
        prop_assert!(explained.mistakes.is_empty() && explained.clients.is_empty());
        prop_assert!(explained.zh.is_empty() && explained.en.is_empty());
    }

    #[test]
    fn a_strange_signature_gets_the_general_advice(body in request(), seed in any::<u64>()) {
        let signed = with_sign(&body, &md5(&format!("nobody signs this {seed}")));
        let explained = json::explain(signed.as_bytes(), &salt(SALT)).expect("an object");
        prop_assert_eq!(&explained.mistakes, &[Mistake::Unknown]);
        prop_assert!(explained.clients.is_empty());
        prop_assert!(explained.en.contains("wrong salt") && explained.zh.contains("SALT"));
    }

    #[test]
    fn a_wrong_signer_is_named_whenever_it_differs(body in request(), which in 0..ALL.len()) {
        let (name, signer) = ALL[which];
        let fields = members(&body);
        // The official Java sample throws at null.
        let throws = name == "java" && fields.iter().any(|(_, value)| *value == Value::Null);
        prop_assume!(!throws);
        let signed = with_sign(&body, &signer(&fields, SALT));
        let explained = json::explain(signed.as_bytes(), &salt(SALT)).expect("an object");
        let named = explained.clients.iter().any(|client| {
            serde_json::to_value(client).expect("plain data").as_str() == Some(name)
        });
        prop_assert_eq!(named, explained.matches == Some(false), "{} {:?}", name, explained.mistakes);
    }

    #[test]
    fn the_token_in_the_salts_place_is_named_beside_another_mistake(body in request()) {
        let token = Token::new("mocktoken").expect("a token");
        let sign = json::sign(body.as_bytes(), &salt("mocktoken")).expect("an object");
        let upper = with_sign(&body, &sign.as_str().to_ascii_uppercase());
        let suspects = Suspects::new().token(&token);
        let explained = json::explain_with(upper.as_bytes(), &salt(SALT), &suspects).expect("an object");
        prop_assert_eq!(explained.mistakes.first(), Some(&Mistake::TokenForSalt));
        prop_assert!(explained.clients.is_empty());
    }
}
