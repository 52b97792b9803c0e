//! The token call's answers.

use douyin_pay_protocol::ReplyError;
use douyin_pay_protocol::ecpay::parse_token_reply;

#[test]
fn what_is_no_token_is_none_and_is_never_shown() {
    for (body, word) in [
        (r#"{"err_no":0,"data":{"access_token":"","expires_in":7200}}"#, "access_token"),
        (r#"{"err_no":0,"data":{"access_token":"very_secret"}}"#, "expires_in"),
        (r#"{"err_no":0,"data":{"access_token":"very_secret","expires_in":-1}}"#, "expires_in"),
        (r#"{"err_no":0,"data":null}"#, "data"),
        (r#"{"err_no":0,"data":["very_secret",7200]}"#, "data"),
    ] {
        let problem = parse_token_reply(body.as_bytes()).expect_err(body);
        assert!(
            matches!(&problem, ReplyError::Malformed(what) if what.contains(word)),
            "{body}: {problem:?}"
        );
        assert!(!format!("{problem} {problem:?}").contains("very_secret"), "{problem}");
    }
    let long = format!(r#"{{"err_no":0,"data":{{"access_token":"{}","expires_in":1}}}}"#, "x".repeat(1_025));
    assert!(parse_token_reply(long.as_bytes()).is_err());
    let given = parse_token_reply(br#"{"err_no":"0","data":{"access_token":"0801","expires_in":"7200"}}"#);
    let given = given.expect("a token");
    assert_eq!((given.access_token.expose(), given.expires_in_s), ("0801", 7200));
    assert!(!format!("{given:?}").contains("0801"), "{given:?}");
    for code in [40_015, 40_017, 40_020, -1] {
        let refused = format!(r#"{{"err_no":{code},"err_tips":"bad secret","data":null}}"#);
        let Err(ReplyError::Platform(refusal)) = parse_token_reply(refused.as_bytes()) else {
            panic!("{code}")
        };
        assert_eq!(refusal.err_no.get(), code);
    }
}
