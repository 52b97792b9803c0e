//! What the commands say: exit codes, JSON, two languages, nothing of the key.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::world::{KEY, World, code, err, out};

const CREATE: [&str; 7] = ["order", "create", "O1", "--amount", "12.80", "--subject", "latte"];

#[test]
fn a_whole_order_from_the_command_line() {
    let world = World::start();
    let created = world.run(&[CREATE.as_slice(), &["--wait"]].concat());
    assert_eq!(created.status.code(), Some(0), "{}", err(&created));
    assert!(out(&created).contains("¥12.80") && out(&created).contains(" +08:00"), "{}", out(&created));
    let again = world.told(&CREATE);
    assert_eq!((again["state"].as_str(), again["total_fen"].as_i64()), (Some("waiting"), Some(1280)));
    assert!(
        !out(&created).contains(again["pay"]["order_token"].as_str().expect("a token")),
        "it opens the cashier"
    );

    world.paid_order("O2");
    let refund = ["refund", "create", "R1", "--order", "O2", "--amount", "1.50", "--reason", "cold"];
    world.run(&refund);
    world.until("the refund ends", || world.told(&["refund", "get", "R1"])["state"] == "succeeded");
    assert_eq!(world.told(&[refund.as_slice(), &["--wait"]].concat())["amount_fen"], 150);
    let settle = ["settlement", "create", "S1", "--order", "O2", "--share", "69645835031835936200=0.60"];
    let settlement = world.told(&settle);
    assert_eq!(settlement["shares"], json!([{ "merchant_uid": "69645835031835936200", "amount_fen": 60 }]));
    world.until("the settlement ends", || world.told(&["settlement", "get", "S1"])["state"] == "succeeded");

    let list = world.told(&["order", "list", "--state", "paid", "--from", "2020-01-01T00:00:00+08:00"]);
    assert_eq!(list["orders"].as_array().map(Vec::len), Some(1), "{list}");
    let mut zh = world.command(&["order", "get", "O2"]);
    let zh = zh.env("LC_ALL", "zh_CN.UTF-8").output().expect("the binary starts");
    for part in ["已付款", "¥12.80", "¥1.50", "技术服务费"] {
        assert!(out(&zh).contains(part), "{part} is missing in\n{}", out(&zh));
    }
    let timeline = out(&world.run(&["order", "timeline", "O2"]));
    assert!(timeline.contains("order.paid") && !timeline.contains("order_token"), "{timeline}");
}

#[test]
fn json_is_what_the_service_said() {
    let world = World::start();
    let created = world.run(&[CREATE.as_slice(), &["--json"]].concat());
    let got = world.run(&["--json", "order", "get", "O1"]);
    let [created, got]: [Value; 2] =
        [created, got].map(|output| serde_json::from_slice(&output.stdout).expect("JSON"));
    assert_eq!(created, got);
    assert!(
        created["total_fen"].is_i64()
            && created["created_at"].as_str().is_some_and(|at| at.ends_with("+08:00"))
    );
}

#[test]
fn each_no_has_its_code() {
    let world = World::start();
    world.told(&CREATE);
    for (words, exit, word, part) in [
        (&["order", "get", "NOPE"][..], 1, "unknown_number", "check the number"),
        (
            &["order", "create", "O1", "--amount", "12.81", "--subject", "latte"],
            1,
            "other_fields",
            "amount_fen",
        ),
        (
            &["refund", "create", "R1", "--order", "O1", "--amount", "1", "--reason", "x"],
            1,
            "not_paid",
            "paid order",
        ),
        (&["order", "create", "O2", "--amount", "12.801", "--subject", "latte"], 2, "usage", "two decimals"),
        (&["order", "create", "O 2", "--amount", "12.80", "--subject", "latte"], 2, "usage", "out_order_no"),
        (&["order", "create", "O2", "--amount", "12.80"], 2, "usage", "--subject"),
        (
            &["order", "create", "O2", "--amount", "1", "--subject", &"x".repeat(43)],
            2,
            "bad_request",
            "subject",
        ),
        (&["order", "list", "--state", "gone"], 2, "bad_request", "opening"),
        (&["order", "get", "O1", "--app", "tea"], 2, "unknown_app", "tea"),
        (&["order", "get", "O1", "--app", "../x"], 2, "usage", "configuration"),
        (&["order", "get", "O1", "--url", "127.0.0.1:1"], 2, "usage", "http://"),
        (&["order", "get", "O1", "--url", "http://127.0.0.1:1"], 3, "not_reached", "Nothing was sent"),
        (&["order", "get", "O1", "--url", &world.mock], 3, "not_the_service", "--url"),
        (&["order", "get", "O1", "--key-env", "NOT_SET_ANYWHERE"], 2, "usage", "export NOT_SET_ANYWHERE"),
        (&["order", "get", "O1", "--key-file", "/nowhere/key"], 2, "usage", "/nowhere/key"),
    ] {
        let output = world.run(&[words, &["--json"]].concat());
        assert_eq!(
            (output.status.code(), code(&output).as_str()),
            (Some(exit), word),
            "{words:?}: {}",
            err(&output)
        );
        assert!(err(&output).contains(part), "{words:?}: {}", err(&output));
        let text = world.run(words);
        assert!(text.status.code() == Some(exit) && err(&text).contains(part), "{words:?}: {}", err(&text));
    }
}

#[test]
fn the_key_is_shown_nowhere() {
    let world = World::start();
    let file = world.file("key");
    let file = file.to_str().expect("UTF-8");
    let by_file = world.command(&["order", "list", "--key-file", file]).env_remove("DOUYIN_PAY_KEY").output();
    assert_eq!(by_file.expect("the binary starts").status.code(), Some(0));
    for words in [
        &["order", "list", "--key-env", KEY][..],
        &["order", "list", "--help"],
        &["order", "list", "--url", "http://127.0.0.1:1"],
        &["order", "list", "--url", &format!("http://shop:{KEY}@127.0.0.1:1")],
    ] {
        let output = world.run(words);
        assert!(!err(&output).contains(KEY) && !out(&output).contains(KEY), "{words:?}");
    }
}

/// A server that answers one request with this head and no body; gives its URL.
fn answering(head: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _request = stream.read(&mut [0; 4096]).expect("a request");
        stream
            .write_all(format!("{head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes())
            .expect("written");
    });
    url
}

#[test]
fn the_key_does_not_follow_a_redirect() {
    let world = World::start();
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a port");
    elsewhere.set_nonblocking(true).expect("set");
    let location = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{}/",
        elsewhere.local_addr().expect("bound")
    );
    let url = answering(Box::leak(location.into_boxed_str()));
    let output = world.run(&["order", "list", "--url", &url, "--json"]);
    assert_eq!((output.status.code(), code(&output).as_str()), (Some(3), "redirected"));
    assert!(elsewhere.accept().is_err(), "nobody came");
}

#[test]
fn waiting_shows_signs_of_life_and_ends() {
    let world = World::start();
    world.hold("create_order", "hang");
    let output = world.run(&[CREATE.as_slice(), &["--wait", "--wait-seconds", "3"]].concat());
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    for part in ["still waiting after 2 s", "the same command again"] {
        assert!(err(&output).contains(part), "{part} is missing in {}", err(&output));
    }
    assert!(out(&output).contains("opening"), "what is known is shown: {}", out(&output));
    world.until("the order opens after all", || world.told(&CREATE)["state"] == "waiting");
}

#[test]
fn trigger_shows_what_it_sends_and_never_the_token() {
    let world = World::start();
    world.told(&[CREATE.as_slice(), &["--wait"]].concat());
    let config = world.config();
    let trigger = ["trigger", "payment", "--config", &config, "--app", "coffee"];
    let sent = world.run(&[trigger.as_slice(), &["--order", "O1"]].concat());
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    assert!(
        out(&sent).contains("msg_signature") && out(&sent).contains("\\\"total_amount\\\":1280"),
        "{}",
        out(&sent)
    );
    assert!(!out(&sent).contains("mocktoken"), "{}", out(&sent));
    assert_eq!(world.told(&["order", "get", "O1"])["state"], "paid");
    let timeline = world.told(&["order", "timeline", "O1"]);
    assert!(timeline.to_string().contains("order.paid"), "{timeline}");
    let unknown = world.run(&[trigger.as_slice(), &["--order", "O9", "--amount", "1", "--json"]].concat());
    assert_eq!((unknown.status.code(), code(&unknown).as_str()), (Some(1), "not_accepted"));
    let told: Value = serde_json::from_slice(&unknown.stdout).expect("JSON");
    assert_eq!((&told["accepted"], &told["answer"]["status"]), (&json!(false), &json!(404)));
    let missing = world.run(&[trigger.as_slice(), &["--order", "O9"]].concat());
    assert!(missing.status.code() == Some(2) && err(&missing).contains("--amount"), "{}", err(&missing));
}

#[test]
fn trigger_reaches_refunds_and_settlements() {
    let world = World::start();
    world.paid_order("O1");
    let config = world.config();
    for (kind, number, create) in [
        ("refund", "R1", &["refund", "create", "R1", "--order", "O1", "--amount", "1", "--reason", "x"][..]),
        ("settle", "S1", &["settlement", "create", "S1", "--order", "O1"]),
    ] {
        world.told(create);
        let words =
            ["trigger", kind, "--config", &config, "--app", "coffee", "--order", "O1", "--number", number];
        assert_eq!(world.told(&words)["accepted"], true);
        let look = if kind == "refund" { "refund" } else { "settlement" };
        assert_eq!(world.told(&[look, "get", number])["state"], "succeeded");
    }
}

#[test]
fn trigger_spares_production() {
    let world = World::start();
    let text = std::fs::read_to_string(world.file("douyin-pay.toml")).expect("readable");
    let production = text
        .replace(&format!("platform = \"{}\"", world.mock), "platform = \"production\"")
        .replace(&format!("dev = {{ follow_clock = \"{}\" }}", world.mock), "")
        .replace(
            &format!("public_url = \"http://{}\"", world.address),
            "public_url = \"https://pay.example.com\"",
        );
    std::fs::write(world.file("production.toml"), production).expect("written");
    let config = world.file("production.toml");
    let trigger = [
        "trigger",
        "payment",
        "--config",
        config.to_str().expect("UTF-8"),
        "--app",
        "coffee",
        "--order",
        "O1",
    ];
    let mine = answering("HTTP/1.1 200 OK");
    for more in [
        &[][..],
        &["--yes-production"],
        &["--to", &mine],
        &["--yes-production", "--to", "https://pay.example.com/x"],
    ] {
        let output = world.run(&[trigger.as_slice(), &["--amount", "1", "--json"], more].concat());
        assert_eq!(
            (output.status.code(), code(&output).as_str()),
            (Some(2), "production"),
            "{}",
            err(&output)
        );
    }
    let allowed =
        world.run(&[trigger.as_slice(), &["--amount", "1", "--yes-production", "--to", &mine]].concat());
    assert_eq!(
        allowed.status.code(),
        Some(1),
        "it was sent, and an empty answer is no success: {}",
        err(&allowed)
    );
}
