//! The service is killed under a command: a clear end, a safe repetition.
//!
//! ```text
//! down     killed before the command begins                     not_reached, nothing was sent
//! frozen   killed with the request in its socket, unread        no_answer, run it again
//! held     killed while it waits for the platform's answer      no_answer, run it again
//! seeded   killed at a moment that the seed chooses             0 or 3, never anything else
//! ```

use std::process::{Child, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::world::{WITHIN, World, code, err, out};

/// A command under test. `{}` in a word stands for a number of its own in each round.
struct Case {
    words: &'static [&'static str],
    /// The platform's endpoint that the service calls for it.
    endpoint: Option<&'static str>,
}

const CHANGES: [Case; 3] = [
    Case {
        words: &[
            "order",
            "create",
            "{}",
            "--amount",
            "12.80",
            "--subject",
            "latte",
            "--valid-seconds",
            "172800",
        ],
        endpoint: Some("create_order"),
    },
    Case {
        words: &["refund", "create", "R{}", "--order", "{}", "--amount", "1.00", "--reason", "cold"],
        endpoint: Some("create_refund"),
    },
    Case {
        words: &["settlement", "create", "S{}", "--order", "{}", "--share", "69645835031835936200=0.60"],
        endpoint: Some("settle"),
    },
];

const LOOKS: [Case; 8] = [
    Case { words: &["order", "get", "paid"], endpoint: None },
    Case { words: &["order", "list"], endpoint: None },
    Case { words: &["order", "timeline", "paid"], endpoint: None },
    Case { words: &["order", "query", "paid"], endpoint: Some("query_order") },
    Case { words: &["refund", "get", "Rpaid", "--query"], endpoint: Some("query_refund") },
    Case { words: &["settlement", "get", "Spaid", "--query"], endpoint: Some("query_settle") },
    Case { words: &["order", "abandon", "unpaid"], endpoint: None },
    Case { words: &["health"], endpoint: None },
];

/// What a round leaves in the books: the list, the field with its number, and that there is exactly one.
fn assert_one(world: &World, case: &Case, round: &str) {
    let books = world.books();
    let (list, field) = match case.endpoint {
        Some("create_order") => ("orders", "out_order_no"),
        Some("create_refund") => ("refunds", "out_refund_no"),
        _ => ("settlements", "out_settle_no"),
    };
    let number = case.words[2].replace("{}", round);
    let of_order = books[list].as_array().expect("a list").iter().filter(|one| one["out_order_no"] == round);
    let numbers: Vec<&Value> = of_order.map(|one| &one[field]).collect();
    assert_eq!(numbers, [number.as_str()], "{number}: {books}");
}

fn filled(case: &Case, round: &str) -> Vec<String> {
    case.words.iter().map(|word| word.replace("{}", round)).collect()
}

fn begin(world: &World, words: &[String]) -> Child {
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--json"]).collect();
    world.command(&words).spawn().expect("the binary starts")
}

fn end(child: Child) -> Output {
    child.wait_with_output().expect("it ends")
}

/// Ends with 3 and this word; the text for people says what to do.
fn assert_told(output: &Output, word: &str, words: &[String]) {
    assert_eq!(output.status.code(), Some(3), "{words:?}: {} {}", out(output), err(output));
    assert_eq!(code(output), word, "{words:?}: {}", err(output));
    assert!(err(output).contains("again") && out(output).is_empty(), "{words:?}: {}", err(output));
}

/// The same command again, until its outcome is known.
fn repeat(world: &World, case: &Case, round: &str) {
    let words = filled(case, round);
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--json"]).collect();
    world.until("the same command ends well", || {
        let output = world.run(&words);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{words:?}: {}", err(&output));
        output.status.code() == Some(0) && is_known(&output)
    });
    if case.words.contains(&"create") {
        assert_one(world, case, round);
    }
}

/// Whether the platform has answered the service.
fn is_known(output: &Output) -> bool {
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    !matches!(told["state"].as_str(), Some("opening" | "requested"))
}

fn poll(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < WITHIN, "not within {WITHIN:?}: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Prepares what the case needs: refunds and settlements need an order that was paid.
fn prepare(world: &World, case: &Case, round: &str) {
    if matches!(case.endpoint, Some("create_refund" | "settle")) && case.words.contains(&"create") {
        world.paid_order(round);
    }
}

fn killed_before(world: &mut World, case: &Case, round: &str) {
    world.kill_service();
    let words = filled(case, round);
    let output = end(begin(world, &words));
    if case.words[0] != "health" {
        assert_told(&output, "not_reached", &words);
    }
    assert_eq!(output.status.code(), Some(3), "{words:?}");
    world.start_service();
}

fn killed_with_the_request_unread(world: &mut World, case: &Case, round: &str) {
    world.freeze_service();
    let words = filled(case, round);
    let child = begin(world, &words);
    let port = world.address.port();
    poll("the request is in the socket", || unread_bytes(port));
    world.kill_service();
    let output = end(child);
    if case.words[0] != "health" {
        assert_told(&output, "no_answer", &words);
    }
    assert_eq!(output.status.code(), Some(3), "{words:?}: {}", err(&output));
    world.start_service();
}

fn killed_while_the_platform_is_asked(world: &mut World, case: &Case, round: &str, fault: &str) {
    let held = world.held();
    world.hold(case.endpoint.expect("a call to hold"), fault);
    let words = filled(case, round);
    let mut child = begin(world, &words);
    poll("the platform has the call", || {
        let ended = child.try_wait().expect("a child");
        assert!(ended.is_none(), "{words:?} ended before the call: {ended:?}");
        world.held() > held
    });
    world.kill_service();
    assert_told(&end(child), "no_answer", &words);
    world.start_service();
}

/// Whether the kernel keeps bytes for a connection of this port that nobody has read.
fn unread_bytes(port: u16) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the kernel's table");
    let local = format!(":{port:04X}");
    table.lines().skip(1).any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let unread = fields[4].split(':').nth(1).unwrap_or("0");
        fields[1].ends_with(&local) && fields[3] == "01" && unread.bytes().any(|byte| byte != b'0')
    })
}

#[test]
fn changes_end_clearly_and_are_made_once() {
    let mut world = World::start();
    for case in &CHANGES {
        let name = case.words[0];
        let round = format!("{name}-down");
        prepare(&world, case, &round);
        killed_before(&mut world, case, &round);
        repeat(&world, case, &round);
        let round = format!("{name}-frozen");
        prepare(&world, case, &round);
        killed_with_the_request_unread(&mut world, case, &round);
        repeat(&world, case, &round);
        for fault in ["hang", "hang_after"] {
            let round = format!("{name}-{fault}");
            prepare(&world, case, &round);
            killed_while_the_platform_is_asked(&mut world, case, &round, fault);
            repeat(&world, case, &round);
        }
    }
}

#[test]
fn looks_end_clearly_and_can_be_repeated() {
    let mut world = World::start();
    let [_, refund, settlement] = &CHANGES;
    world.paid_order("paid");
    repeat(&world, refund, "paid");
    repeat(&world, settlement, "paid");
    world.told(&["order", "create", "unpaid", "--amount", "12.80", "--subject", "latte", "--wait"]);
    for case in &LOOKS {
        killed_before(&mut world, case, "");
        repeat(&world, case, "");
        killed_with_the_request_unread(&mut world, case, "");
        repeat(&world, case, "");
        if case.endpoint.is_some() {
            killed_while_the_platform_is_asked(&mut world, case, "", "hang_after");
            repeat(&world, case, "");
        }
    }
}

#[test]
fn a_callback_of_ones_own_counts_once() {
    let mut world = World::start();
    world.told(&["order", "create", "T1", "--amount", "12.80", "--subject", "latte", "--wait"]);
    let config = world.config();
    let words = ["trigger", "payment", "--config", &config, "--app", "coffee", "--order", "T1", "--json"];
    let begin = |world: &World| world.command(&words).spawn().expect("the binary starts");
    world.kill_service();
    assert_eq!(code(&end(begin(&world))), "no_answer");
    world.start_service();
    world.freeze_service();
    let child = begin(&world);
    let port = world.address.port();
    poll("the callback is in the socket", || unread_bytes(port));
    world.kill_service();
    assert_eq!(code(&end(child)), "no_answer");
    world.start_service();
    for _ in 0..2 {
        assert_eq!(world.told(&words[..8])["accepted"], true);
    }
    let timeline = world.told(&["order", "timeline", "T1"]);
    let entries = timeline["entries"].as_array().expect("a list");
    assert_eq!(entries.iter().filter(|entry| entry["type"] == "order.paid").count(), 1, "{timeline}");
}

#[test]
fn doctor_finds_what_happens_while_it_looks() {
    let mut world = World::start();
    let config = world.config();
    let words = ["doctor", "--json", "--config", &config];
    let statuses = |output: &Output| -> Vec<Value> {
        let findings: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        findings.as_array().expect("a list").iter().map(|finding| finding["status"].clone()).collect()
    };
    let whole = statuses(&world.run(&words));
    world.freeze_service();
    let child = world.command(&words).spawn().expect("the binary starts");
    let port = world.address.port();
    poll("doctor asks the service", || unread_bytes(port));
    world.kill_service();
    let output = end(child);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", err(&output));
    assert!(!statuses(&output).is_empty());
    world.start_service();
    assert_eq!(statuses(&world.run(&words)), whole);
}

#[test]
fn a_command_that_waits_says_what_is_recorded() {
    let mut world = World::start();
    world.paid_order("W1");
    let words =
        ["refund", "create", "RW1", "--order", "W1", "--amount", "1.00", "--reason", "cold", "--wait"];
    let mut child = begin(&world, &words.map(str::to_owned));
    poll("the platform has taken it", || {
        assert!(child.try_wait().expect("a child").is_none(), "it waits");
        let output = world.run(&["refund", "get", "RW1", "--json"]);
        out(&output).contains(r#""state":"accepted""#)
    });
    world.kill_service();
    let output = end(child);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(matches!(code(&output).as_str(), "outcome_open" | "no_answer"), "{}", err(&output));
    world.start_service();
    let words: Vec<&str> = words[..9].to_vec();
    world.until("the refund ends", || world.told(&words)["state"] == "succeeded");
    assert_eq!(world.books()["refunds"].as_array().map(Vec::len), Some(1));
}

#[test]
fn whenever_it_dies_the_number_is_used_once() {
    let mut world = World::start();
    // A linear congruential generator: the same moments in every run.
    let mut seed: u64 = 20_260_105;
    for round in 0..4 {
        for case in &CHANGES {
            let round = format!("{}-seeded-{round}", case.words[0]);
            prepare(&world, case, &round);
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let moment = Duration::from_micros((seed >> 33) % 40_000);
            let (words, begun) = (filled(case, &round), Instant::now());
            let child = begin(&world, &words);
            poll("the moment has come", || begun.elapsed() >= moment);
            world.kill_service();
            let output = end(child);
            match output.status.code() {
                Some(0) => {}
                Some(3) => {
                    assert!(matches!(code(&output).as_str(), "not_reached" | "no_answer"), "{}", err(&output))
                }
                other => panic!("{words:?}: {other:?}: {}", err(&output)),
            }
            world.start_service();
            repeat(&world, case, &round);
        }
    }
}
