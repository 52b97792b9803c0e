//! What an answer of the general trade system means, one line per row.

use std::sync::Arc;

use bytes::Bytes;
use douyin_pay_env::NetError;
use http::Response;

use super::trade_world::{REFUND_TAKEN, refund, refund_query};
use super::world::{World, lost};
use crate::{Error, FixedNet, Outcome, Retry, TradeClient};

/// What comes back; the outcome of a writing call, and of a query; how often each is tried; then the flags.
/// A rejected token is repeated once; nothing else that writes after an unknown outcome.
const TABLE: &str = r#"
    no connection                           | not_sent | not_sent | 3 3 |
    connection lost                         | unknown  | unknown  | 1 3 |
    status 500                              | unknown  | unknown  | 1 3 |
    status 502                              | unknown  | unknown  | 1 3 |
    status 404                              | unknown  | unknown  | 1 1 |
    status 302                              | unknown  | unknown  | 1 1 |
    body <html>                             | unknown  | unknown  | 1 3 |
    body []                                 | unknown  | unknown  | 1 3 |
    body {}                                 | unknown  | unknown  | 1 3 |
    body                                    | unknown  | unknown  | 1 3 |
    code 12001                              | not_sent | not_sent | 3 3 | throttled
    code 13000                              | unknown  | unknown  | 1 3 |
    code 23000                              | unknown  | unknown  | 1 3 |
    code 28001003                           | not_sent | not_sent | 2 2 | token_rejected
    code 28001008                           | not_sent | not_sent | 2 2 | token_rejected
    code 2190002                            | not_sent | not_sent | 2 2 | token_rejected
    code 2190008                            | not_sent | not_sent | 2 2 | token_rejected
    code 28001014                           | refused  | refused  | 1 1 | config
    code 28001018                           | refused  | refused  | 1 1 | config
    code 23001                              | refused  | refused  | 1 1 | config
    code 20000                              | not_sent | not_sent | 1 1 | not_found
    code 23101                              | not_sent | not_sent | 1 1 | not_found
    code 23117                              | refused  | refused  | 1 1 | config
    code 22004                              | unknown  | unknown  | 1 1 | number_used
    code 22013                              | unknown  | unknown  | 1 1 | number_used
    code 23111                              | unknown  | unknown  | 1 1 | number_used
    code 10000                              | refused  | refused  | 1 1 |
    code 22000                              | refused  | refused  | 1 1 |
    code 22008                              | refused  | refused  | 1 1 |
    code 987654                             | refused  | refused  | 1 1 |
    body {"err_no":"22000","err_msg":"x"}   | refused  | refused  | 1 1 |
    body {"err_no":22000,"err_tips":"x"}    | refused  | refused  | 1 1 |
"#;

/// Prepares what the first column says, with this HTTP status where the body has a code.
fn prepare(net: FixedNet, back: &str, with_status: u16) -> FixedNet {
    let respond = |status: u16, body: &str| {
        let answer = Response::builder().status(status).body(Bytes::from(body.to_owned()));
        answer.expect("a good status")
    };
    match back.split_once(' ').unwrap_or((back, "")) {
        ("no", _) => net.then_fail(NetError::not_sent("connection refused")),
        ("connection", _) => net.then_fail(lost()),
        ("code", code) => {
            let body = format!(r#"{{"err_no":{code},"err_msg":"…","log_id":"L1","data":null}}"#);
            net.then_answer(respond(with_status, &body))
        }
        ("body", body) if body.contains("err_no") => net.then_answer(respond(with_status, body)),
        ("body", body) => net.then(body.to_owned()),
        ("status", status) => net.then_answer(respond(status.parse().expect("a status"), "<html>")),
        other => panic!("unknown: {other:?}"),
    }
}

fn flags(error: &Error) -> String {
    let flags = [
        (error.is_config(), "config"),
        (error.is_not_found(), "not_found"),
        (error.is_number_used(), "number_used"),
        (error.is_throttled(), "throttled"),
        (error.is_token_rejected(), "token_rejected"),
    ];
    flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_an_answer_means_under_both_conventions_of_status() {
    for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [back, writing, asking, attempts, expected_flags] = columns[..] else { panic!("{line}") };
        for status in [200, 400, 500] {
            let world = World::new();
            let client = || -> TradeClient {
                world.trade_client(&(0..4).fold(FixedNet::new(), |net, _| prepare(net, back, status)))
            };
            let wrote = world.now(client().refund_create(&refund())).unwrap_err();
            let asked = world.now(client().refund_query(&refund_query())).unwrap_err();
            assert_eq!(wrote.outcome().as_str(), writing, "{line}: {wrote}");
            assert_eq!(asked.outcome().as_str(), asking, "{line}, as a query: {asked}");
            assert_eq!(
                (flags(&wrote).as_str(), flags(&asked).as_str()),
                (expected_flags, expected_flags),
                "{line}"
            );
            assert_eq!(
                format!("{} {}", wrote.attempts(), asked.attempts()),
                attempts,
                "{line}, with {status}"
            );
        }
    }
}

#[test]
fn the_code_in_the_body_counts_whatever_the_status() {
    for status in [200, 201, 400, 401, 500] {
        let world = World::new();
        let net = prepare(FixedNet::new(), &format!("body {REFUND_TAKEN}"), status);
        let taken = world.now(world.trade_client(&net).refund_create(&refund())).unwrap();
        assert_eq!(taken.refund_id.as_str(), "motb00000000000000000009");
        assert_eq!(taken.log_id.as_deref(), Some("20260101000002AA"), "from the body");
    }
}

#[test]
fn one_attempt_means_one_except_for_a_rejected_token() {
    let world = World::new();
    for (back, attempts) in [("code 28001003", 2), ("code 12001", 1), ("no connection", 1)] {
        let net = (0..3).fold(FixedNet::new().with_tokens(), |net, _| prepare(net, back, 200));
        let client = world.trade().net(Arc::new(net)).retry(Retry::none()).build().unwrap();
        let error = world.now(client.refund_create(&refund())).unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, attempts), "{back}");
    }
}

#[test]
fn a_rejected_token_may_be_followed_by_any_outcome() {
    for (then, outcome) in [
        ("connection lost", Outcome::Unknown),
        ("code 22004", Outcome::Unknown),
        ("code 22000", Outcome::Refused),
        ("code 20000", Outcome::NotSent),
    ] {
        let world = World::new();
        let net = prepare(prepare(FixedNet::new(), "code 28001003", 200), then, 200);
        let error = world.now(world.trade_client(&net).refund_create(&refund())).unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (outcome, 2), "{then}");
    }
}

#[test]
fn errors_read_as_sentences_with_the_next_step() {
    let world = World::new();
    let say = |back: &str| {
        let net = prepare(FixedNet::new(), back, 200);
        world.now(world.trade_client(&net).refund_create(&refund())).unwrap_err().to_string()
    };
    let unknown = say("connection lost");
    assert!(unknown.ends_with("; the platform may have acted: query the same number before anything else"));
    let used = say("code 22004");
    assert!(used.starts_with("`refund_create`: the platform answered 22004 \"…\": "), "{used}");
    assert!(used.contains("query by this number first") && used.ends_with(" [log id L1]"), "{used}");
    assert!(say("code 22000").contains("the order must be paid"));
}
