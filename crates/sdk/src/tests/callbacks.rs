//! Callbacks: what is verified, and what everybody else is told.

use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback::{self, CallbackError, MAX_BODY, Notice};

use crate::{CallbackAnswer, verify_callback};

const MSG: &str = r#"{"appid":"tt1","cp_orderno":"A1","total_amount":1280,"status":"SUCCESS"}"#;

fn token(text: &str) -> Token {
    Token::new(text).expect("a good token")
}

fn body(signed_with: &str) -> Vec<u8> {
    callback::body(&token(signed_with), "payment", "1704067201", "2345", MSG)
}

#[test]
fn the_current_and_earlier_tokens_fit() {
    let tokens = [token("current"), token("earlier")];
    for (signed_with, index) in [("current", 0), ("earlier", 1)] {
        let verified = verify_callback(&tokens, &body(signed_with)).unwrap();
        assert_eq!((verified.kind(), verified.token_index(), verified.msg()), ("payment", index, MSG));
        assert_eq!((verified.timestamp(), verified.nonce()), ("1704067201", "2345"));
        let Notice::Payment(paid) = verified.notice().unwrap() else { panic!("a payment") };
        assert_eq!(paid.total_amount.get(), 1280);
    }
    assert_eq!(verify_callback(&tokens, &body("foreign")), Err(CallbackError::BadSignature));
    assert_eq!(verify_callback(&[], &body("current")), Err(CallbackError::BadSignature));
    assert!(matches!(verify_callback(&tokens, &vec![b' '; MAX_BODY + 1]), Err(CallbackError::TooLarge(_))));
}

#[test]
fn only_done_is_success() {
    assert_eq!(CallbackAnswer::done().body(), r#"{"err_no":0,"err_tips":"success"}"#);
    let again: serde_json::Value =
        serde_json::from_str(CallbackAnswer::again("a \"reason\"").body()).unwrap();
    assert_ne!(again["err_no"], 0);
    assert_eq!(again["err_tips"], "a \"reason\"");
}

#[cfg(feature = "axum")]
mod in_axum {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::post;
    use http::{Request, StatusCode};
    use tower::ServiceExt;

    use super::*;
    use crate::{CallbackTokens, VerifiedCallback};

    async fn hear(callback: VerifiedCallback) -> CallbackAnswer {
        match callback.notice() {
            Ok(Notice::Payment(_)) => CallbackAnswer::done(),
            _ => CallbackAnswer::again("not a payment"),
        }
    }

    async fn post_body(bytes: Vec<u8>) -> (StatusCode, String, String) {
        let tokens = CallbackTokens::new([token("current"), token("earlier")]);
        assert!(!format!("{tokens:?}").contains("current"));
        let router: Router = Router::new().route("/callbacks", post(hear)).with_state(tokens);
        let request = Request::post("/callbacks").body(Body::from(bytes)).expect("a good request");
        let response = router.oneshot(request).await.expect("a router always answers");
        let status = response.status();
        let kind = response.headers()["content-type"].to_str().expect("ASCII").to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1_000).await.expect("a short body");
        (status, kind, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn a_genuine_callback_reaches_the_program_and_its_answer_the_platform() {
        for signed_with in ["current", "earlier"] {
            let (status, kind, answer) = post_body(body(signed_with)).await;
            assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/json"));
            assert_eq!(answer, callback::SUCCESS);
        }
    }

    #[tokio::test]
    async fn everything_else_is_never_success() {
        let mut changed = body("current");
        let at = changed.windows(4).position(|part| part == b"1280").expect("the amount");
        changed[at] = b'9';
        let cases = [
            (body("foreign"), StatusCode::UNAUTHORIZED),
            (changed, StatusCode::UNAUTHORIZED),
            (b"{}".to_vec(), StatusCode::BAD_REQUEST),
            (Vec::new(), StatusCode::BAD_REQUEST),
            (vec![b' '; MAX_BODY + 1], StatusCode::PAYLOAD_TOO_LARGE),
            (vec![b' '; 5 * MAX_BODY], StatusCode::PAYLOAD_TOO_LARGE),
        ];
        for (bytes, expected) in cases {
            let (status, _, answer) = post_body(bytes).await;
            assert_eq!(status, expected, "{answer}");
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
            assert_ne!(answer["err_no"], 0);
        }
    }
}
