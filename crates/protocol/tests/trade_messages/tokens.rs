//! The two token calls.

use douyin_pay_protocol::trade::{Endpoint, parse_token_reply};
use douyin_pay_protocol::{ErrNo, Meaning, ReplyError};

#[test]
fn a_token_is_read_and_never_shown() {
    for body in [
        r#"{"data":{"access_token":"clt.0f1e2d3c4b5a69788796a5b4c3d2e1f0","description":"","error_code":0,"expires_in":7200},"message":"success"}"#,
        r#"{"message":"success","data":{"expires_in":"7200","error_code":"0","access_token":"clt.0f1e2d3c4b5a69788796a5b4c3d2e1f0"}}"#,
    ] {
        let reply = parse_token_reply(body.as_bytes()).expect("a token");
        assert_eq!(reply.expires_in_s, 7200);
        assert_eq!(reply.access_token.expose(), "clt.0f1e2d3c4b5a69788796a5b4c3d2e1f0");
        assert_eq!(reply.access_token.breaks_console_rule(), None);
        assert!(!format!("{reply:?}").contains("0f1e"), "{reply:?}");
    }
}

#[test]
fn a_refusal_is_a_code_wherever_it_stands() {
    for (body, code, words) in [
        (
            r#"{"data":{"captcha":"","desc_url":"","description":"client_key not found","error_code":10003},"message":"error"}"#,
            10_003,
            "client_key not found",
        ),
        (
            r#"{"data":{"description":"too often","error_code":"10020"},"message":"error"}"#,
            10_020,
            "too often",
        ),
        (r#"{"err_no":10002,"err_msg":"grant_type"}"#, 10_002, "grant_type"),
        (
            r#"{"data":{"error_code":10013},"extra":{"error_code":10013,"description":"secret"}}"#,
            10_013,
            "secret",
        ),
    ] {
        let Err(ReplyError::Platform(refusal)) = parse_token_reply(body.as_bytes()) else { panic!("{body}") };
        assert_eq!((refusal.err_no, refusal.err_tips.as_str()), (ErrNo::new(code), words));
        assert!(matches!(
            refusal.err_no.meaning(),
            Meaning::Config | Meaning::Throttled | Meaning::Parameter
        ));
    }
}

#[test]
fn what_is_no_token_is_no_success_and_no_secret_is_told() {
    for (body, word) in [
        ("<html>", "JSON"),
        (r#"{"message":"success"}"#, "err_no"),
        (r#"{"data":{"error_code":0,"expires_in":7200}}"#, "access_token"),
        (r#"{"data":{"error_code":0,"access_token":"","expires_in":7200}}"#, "access_token"),
        (r#"{"data":{"error_code":0,"access_token":"clt.hidden"}}"#, "expires_in"),
        (r#"{"data":{"error_code":0,"access_token":"clt.hidden","expires_in":-1}}"#, "expires_in"),
        (r#"{"data":{"error_code":0,"access_token":"clt.hidden","expires_in":"soon"}}"#, "expires_in"),
        (r#"{"data":{"error_code":0,"access_token":["clt.hidden"],"expires_in":1}}"#, "access_token"),
    ] {
        let problem = parse_token_reply(body.as_bytes()).expect_err(body).to_string();
        assert!(problem.contains(word) && !problem.contains("hidden"), "{body}: {problem}");
    }
}

#[test]
fn all_calls_but_these_two_carry_a_token() {
    let without: Vec<Endpoint> = Endpoint::ALL.into_iter().filter(|call| !call.needs_token()).collect();
    assert_eq!(without, [Endpoint::ClientToken, Endpoint::StableClientToken]);
}
