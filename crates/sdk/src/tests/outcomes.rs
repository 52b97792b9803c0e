//! What an answer means, one line per row.

use bytes::Bytes;
use douyin_pay_env::NetError;
use http::Response;

use super::world::{World, lost, query, refund};
use crate::{Error, FixedNet, Outcome, Retry};

/// What comes back; then the outcome of a writing call, of the same after a lost attempt, of a query; then the flags.
const TABLE: &str = "
    no connection         | not_sent | unknown | not_sent |
    code 1001             | not_sent | unknown | not_sent | throttled
    code 12001            | not_sent | unknown | not_sent | throttled
    code 40014            | not_sent | unknown | not_sent |
    connection lost       | unknown  | unknown | unknown  |
    status 500            | unknown  | unknown | unknown  |
    status 502            | unknown  | unknown | unknown  |
    status 404            | unknown  | unknown | unknown  |
    status 302            | unknown  | unknown | unknown  |
    body <html>           | unknown  | unknown | unknown  |
    body []               | unknown  | unknown | unknown  |
    body {}               | unknown  | unknown | unknown  |
    body                  | unknown  | unknown | unknown  |
    code 1000             | unknown  | unknown | unknown  |
    code 13000            | unknown  | unknown | unknown  |
    code 23000            | unknown  | unknown | unknown  |
    code 0                | unknown  | unknown | unknown  |
    code 2008             | refused  | unknown | refused  | config
    code 2042             | refused  | unknown | refused  | config
    code 2047             | refused  | unknown | refused  | config
    code 2048             | refused  | unknown | refused  | config
    code 2010             | refused  | unknown | refused  |
    code 2014             | refused  | unknown | refused  |
    code 987654           | refused  | unknown | refused  |
    code -1               | unknown  | unknown | unknown  |
    code 1                | refused  | unknown | refused  |
    code 2020             | refused  | unknown | refused  | config
    code 2102             | refused  | unknown | refused  |
    code 4000             | refused  | unknown | refused  | config
    code 40017            | refused  | unknown | refused  | config
    code 2000             | not_sent | unknown | not_sent | not_found
    code 3101             | not_sent | unknown | not_sent | not_found
    code 4408             | not_sent | unknown | not_sent | not_found
    code 20000            | not_sent | unknown | not_sent | not_found
";

/// Prepares what the first column says.
fn prepare(net: FixedNet, back: &str) -> FixedNet {
    let (kind, value) = back.split_once(' ').unwrap_or((back, ""));
    match (kind, value) {
        ("no", _) => net.then_fail(NetError::not_sent("connection refused")),
        ("connection", _) => net.then_fail(lost()),
        ("code", code) => net.then(format!(r#"{{"err_no":{code},"err_tips":"…","data":null}}"#)),
        ("body", body) => net.then(body.to_owned()),
        ("status", status) => {
            let answer =
                Response::builder().status(status).body(Bytes::from(r#"{"err_no":2010,"err_tips":""}"#));
            net.then_answer(answer.expect("a status"))
        }
        other => panic!("unknown: {other:?}"),
    }
}

fn flags(error: &Error) -> String {
    let flags = [
        (error.is_config(), "config"),
        (error.is_not_found(), "not_found"),
        (error.is_throttled(), "throttled"),
    ];
    flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_an_answer_means() {
    for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [back, alone, after_lost, asked, expected_flags] = columns[..] else { panic!("{line}") };
        let world = World::new();
        let once = |net: FixedNet| {
            let builder = world.builder().net(std::sync::Arc::new(net)).retry(Retry::none());
            builder.build().unwrap()
        };

        let error = world.now(once(prepare(FixedNet::new(), back)).create_refund(&refund())).unwrap_err();
        assert_eq!(error.outcome().as_str(), alone, "{line}: {error}");
        assert_eq!(flags(&error), expected_flags, "{line}");
        assert_eq!(error.attempts(), 1, "{line}");

        let error = world.now(once(prepare(FixedNet::new(), back)).query_refund(&query())).unwrap_err();
        assert_eq!(error.outcome().as_str(), asked, "{line}, as a query: {error}");

        let net = prepare(FixedNet::new().then_fail(lost()), back);
        let error = world.now(world.client(&net).create_refund(&refund())).unwrap_err();
        assert_eq!(error.outcome().as_str(), after_lost, "{line}, after a lost attempt: {error}");
        assert!(error.attempts() >= 2, "{line}");
    }
}

#[test]
fn a_refusal_after_an_attempt_that_was_not_sent_stands() {
    let world = World::new();
    let net = FixedNet::new().then_fail(NetError::not_sent("connection refused"));
    let net = net.then(r#"{"err_no":2010,"err_tips":"订单不可退款"}"#);
    let error = world.now(world.client(&net).create_refund(&refund())).unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Refused, 2));
    assert_eq!(
        (error.http_status(), error.platform_error().unwrap().err_tips.as_str()),
        (Some(200), "订单不可退款")
    );
}

#[test]
fn a_lost_query_does_not_spoil_the_next_answer() {
    let world = World::new();
    let net = FixedNet::new().then_fail(lost()).then(r#"{"err_no":3101,"err_tips":""}"#);
    let error = world.now(world.client(&net).query_refund(&query())).unwrap_err();
    assert_eq!((error.outcome(), error.is_not_found()), (Outcome::NotSent, true));
}

#[test]
fn errors_read_as_sentences_with_the_next_step() {
    let world = World::new();
    let say = |net: FixedNet| world.now(world.client(&net).create_refund(&refund())).unwrap_err().to_string();
    let refused =
        super::world::answer(200, "20240101120000abc", r#"{"err_no":2010,"err_tips":"订单\n未支付"}"#);
    assert_eq!(
        say(FixedNet::new().then_answer(refused)),
        "`create_refund`: the platform answered 2010 \"订单\\n未支付\": a parameter is wrong; \
         check each field against its limits; a callback URL must be set [log id 20240101120000abc]"
    );
    assert_eq!(
        say(FixedNet::new().then(r#"{"err_no":0}"#).then_silence()).split(": ").last().unwrap(),
        "repeat with the same number, or query it"
    );
    let poisoned = say(FixedNet::new().then_fail(lost()).then(r#"{"err_no":2010,"err_tips":""}"#));
    assert!(poisoned.ends_with("query the same number (2 attempts)"), "{poisoned}");
    let long = format!(r#"{{"err_no":5,"err_tips":"{}"}}"#, "长".repeat(5_000));
    assert!(say(FixedNet::new().then(long)).len() < 1_000);
}
