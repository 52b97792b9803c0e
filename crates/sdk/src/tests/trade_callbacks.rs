//! Callbacks of the general trade system, and of both through one entrance.

use douyin_pay_mock::keys;
use douyin_pay_protocol::trade::callback::{self, CallbackError, Headers, Notice, SignedHeaders};
use douyin_pay_protocol::trade::{PlatformKey, PlatformPublicKey};
use douyin_pay_protocol::{Token, ecpay};

use super::world::START;
use crate::{AnyCallback, AnyCallbackError, verify_any, verify_trade_callback};

const MSG: &str = r#"{"app_id":"tt1","out_order_no":"A1","order_id":"motb1","status":"SUCCESS","total_amount":1280,"event_time":1767225609000}"#;

/// The earlier key and the current one.
fn keys() -> [PlatformPublicKey; 2] {
    [keys::PLATFORM_PUBLIC_KEY_PEM, keys::SECOND_PLATFORM_PUBLIC_KEY_PEM]
        .map(|pem| PlatformPublicKey::parse(pem).expect("the test key"))
}

fn signed(with: &str) -> (SignedHeaders, Vec<u8>) {
    let body = callback::body("payment", MSG);
    let key = PlatformKey::parse(with).expect("the test key");
    (callback::signed(&key, START, "Lvd6e6w4sbxDxTIY", &body), body)
}

fn old_callback(token: &Token) -> Vec<u8> {
    let msg = r#"{"appid":"tt1","cp_orderno":"A1","total_amount":1280,"status":"SUCCESS"}"#;
    ecpay::callback::body(token, "payment", "1704067201", "2345", msg)
}

#[test]
fn the_current_and_earlier_keys_fit() {
    for (pem, index) in [(keys::PLATFORM_KEY_PEM, 0), (keys::SECOND_PLATFORM_KEY_PEM, 1)] {
        let (headers, body) = signed(pem);
        let verified = verify_trade_callback(&keys(), headers.headers(), &body).unwrap();
        assert_eq!((verified.kind(), verified.version(), verified.msg()), ("payment", Some("3.0"), MSG));
        assert_eq!((verified.key_index(), verified.nonce()), (index, "Lvd6e6w4sbxDxTIY"));
        assert_eq!(verified.timestamp(), START.seconds().to_string());
        let Notice::Payment(paid) = verified.notice().unwrap() else { panic!("a payment") };
        assert_eq!((paid.out_order_no.as_ref(), paid.total_amount.get()), ("A1", 1_280));
        assert!(!format!("{verified:?}").contains("A1"));
    }
    let (headers, body) = signed(keys::PLATFORM_KEY_PEM);
    assert_eq!(
        verify_trade_callback(&keys()[1..], headers.headers(), &body),
        Err(CallbackError::BadSignature)
    );
    assert_eq!(verify_trade_callback(&[], headers.headers(), &body), Err(CallbackError::BadSignature));
}

#[test]
fn one_entrance_takes_both_systems() {
    let tokens = [Token::new("mocktoken").unwrap()];
    let (headers, body) = signed(keys::PLATFORM_KEY_PEM);
    let lower: Vec<(String, &str)> =
        headers.pairs().into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    let lower = || lower.iter().map(|(name, value)| (name.as_str(), *value));
    let new = verify_any(&tokens, &keys(), lower(), &body).unwrap();
    assert!(matches!(new, AnyCallback::Trade(verified) if verified.kind() == "payment"));
    let old = verify_any(&tokens, &keys(), [("Host", "x")], &old_callback(&tokens[0])).unwrap();
    assert!(matches!(old, AnyCallback::Ecpay(verified) if verified.kind() == "payment"));

    let without = lower().filter(|(name, _)| *name != "byte-nonce-str");
    let missing = verify_any(&tokens, &keys(), without, &body).unwrap_err();
    assert_eq!(missing, AnyCallbackError::Trade(CallbackError::MissingHeader("Byte-Nonce-Str")));
    let unsigned = verify_any(&tokens, &keys(), [], &body).unwrap_err();
    assert!(
        matches!(unsigned, AnyCallbackError::Trade(CallbackError::MissingHeader(_))),
        "it has a `version`"
    );
    let doubled = verify_any(&tokens, &keys(), lower().chain(lower()), &body).unwrap_err();
    assert!(matches!(doubled, AnyCallbackError::Trade(CallbackError::HeaderTwice(_))));
    let forged = verify_any(&[], &keys(), [], &old_callback(&tokens[0])).unwrap_err();
    assert_eq!(forged, AnyCallbackError::Ecpay(ecpay::callback::CallbackError::BadSignature));
    assert_eq!(
        Headers::of_pairs(lower()).map(|headers| headers.nonce),
        Ok("Lvd6e6w4sbxDxTIY"),
        "whatever the case"
    );
}

#[cfg(feature = "axum")]
mod in_axum {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::FromRef;
    use axum::routing::post;
    use http::{Request, StatusCode};
    use tower::ServiceExt;

    use super::*;
    use crate::{CallbackAnswer, CallbackTokens, PlatformKeys, VerifiedTradeCallback};

    #[derive(Clone)]
    struct Both(CallbackTokens, PlatformKeys);

    impl FromRef<Both> for CallbackTokens {
        fn from_ref(both: &Both) -> Self {
            both.0.clone()
        }
    }

    impl FromRef<Both> for PlatformKeys {
        fn from_ref(both: &Both) -> Self {
            both.1.clone()
        }
    }

    async fn hear(_: VerifiedTradeCallback) -> CallbackAnswer {
        CallbackAnswer::done()
    }

    async fn hear_any(_: AnyCallback) -> CallbackAnswer {
        CallbackAnswer::done()
    }

    async fn answer_to(path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> (StatusCode, String) {
        let tokens = CallbackTokens::new([Token::new("mocktoken").expect("a token")]);
        let state = Both(tokens, PlatformKeys::new(keys()));
        let router =
            Router::new().route("/trade", post(hear)).route("/any", post(hear_any)).with_state(state);
        let request =
            headers.iter().fold(Request::post(path), |request, (name, value)| request.header(*name, *value));
        let response =
            router.oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1_000).await.expect("a short body");
        (status, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn what_is_genuine_reaches_the_program() {
        let (headers, body) = signed(keys::SECOND_PLATFORM_KEY_PEM);
        let done = (StatusCode::OK, callback::SUCCESS.to_owned());
        for path in ["/trade", "/any"] {
            assert_eq!(answer_to(path, &headers.pairs(), body.clone()).await, done);
        }
        let old = old_callback(&Token::new("mocktoken").expect("a token"));
        assert_eq!(answer_to("/any", &[], old).await, done);
    }

    #[tokio::test]
    async fn everything_else_is_never_success() {
        let (headers, body) = signed(keys::PLATFORM_KEY_PEM);
        let (foreign, _) = signed(keys::APPLICATION_KEY_PEM);
        let mut changed = body.clone();
        let at = changed.windows(4).position(|part| part == b"1280").expect("the amount");
        changed[at] = b'9';
        let too_large = vec![b' '; callback::MAX_BODY + 1];
        let cases = [
            (headers.pairs().to_vec(), changed, StatusCode::UNAUTHORIZED),
            (foreign.pairs().to_vec(), body.clone(), StatusCode::UNAUTHORIZED),
            (headers.pairs()[..2].to_vec(), body.clone(), StatusCode::BAD_REQUEST),
            ([headers.pairs(), headers.pairs()].concat(), body.clone(), StatusCode::BAD_REQUEST),
            (headers.pairs().to_vec(), too_large, StatusCode::PAYLOAD_TOO_LARGE),
        ];
        for path in ["/trade", "/any"] {
            for (headers, body, expected) in cases.clone() {
                let (status, answer) = answer_to(path, &headers, body).await;
                assert_eq!(status, expected, "{path}: {answer}");
                let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
                assert_ne!(answer["err_no"], 0);
            }
        }
        let old = old_callback(&Token::new("foreign").expect("a token"));
        assert_eq!(answer_to("/any", &[], old).await.0, StatusCode::UNAUTHORIZED);
    }
}
