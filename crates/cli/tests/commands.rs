//! The binary as a user runs it: vectors, exit codes, next steps.

use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use serde::Deserialize;
use serde_json::value::RawValue;

fn douyin_pay(words: &[&str], secrets: &[(&str, &str)], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_douyin-pay"))
        .args(words)
        .env("LC_ALL", "en_US.UTF-8")
        .envs(secrets.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A command that refuses early does not read its input.
    let _unread = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("the binary ends")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[derive(Deserialize)]
struct RequestVector {
    id: String,
    salt: String,
    body: Box<RawValue>,
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

const SIGN: [&str; 5] = ["sign", "--system", "ecpay", "--salt-env", "SALT"];
const VERIFY: [&str; 5] = ["verify", "--system", "ecpay", "--token-env", "TOKEN"];

#[test]
fn all_46_request_vectors_through_sign() {
    let lines = include_str!("../../protocol/vectors/ecpay_request_sign.jsonl").lines();
    let vectors: Vec<RequestVector> =
        lines.map(|line| serde_json::from_str(line).expect("a vector")).collect();
    assert_eq!(vectors.len(), 46);
    for vector in vectors {
        let output = douyin_pay(&SIGN, &[("SALT", &vector.salt)], vector.body.get().as_bytes());
        assert_eq!(out(&output).trim(), vector.sign, "{}: {}", vector.id, err(&output));
    }
}

#[test]
fn all_18_callback_vectors_through_verify() {
    let lines = include_str!("../../protocol/vectors/ecpay_callback_sign.jsonl").lines();
    let vectors: Vec<CallbackVector> =
        lines.map(|line| serde_json::from_str(line).expect("a vector")).collect();
    assert_eq!(vectors.len(), 18);
    for vector in vectors {
        let text = |value: &str| serde_json::to_string(value).expect("a text");
        let body = format!(
            r#"{{"timestamp":{},"nonce":{},"msg":{},"type":"payment","msg_signature":"{}"}}"#,
            vector.timestamp,
            text(&vector.nonce),
            text(&vector.msg),
            vector.sha1,
        );
        let right = douyin_pay(&VERIFY, &[("TOKEN", &vector.token)], body.as_bytes());
        assert_eq!(right.status.code(), Some(0), "{}: {}", vector.id, err(&right));
        let wrong = douyin_pay(&VERIFY, &[("TOKEN", "another1")], body.as_bytes());
        assert_eq!(wrong.status.code(), Some(1), "{}: {}", vector.id, out(&wrong));
    }
}

#[test]
fn explain_shows_fields_and_bytes_but_never_the_salt() {
    let body = r#"{"app_id":"tt1","disable_msg":0,"subject":" 拿铁 ","sign":"deadbeef"}"#;
    let words = [SIGN.as_slice(), &["--explain"]].concat();
    let output = douyin_pay(&words, &[("SALT", "salt_that_nobody_may_see")], body.as_bytes());
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0));
    for part in ["disable_msg", "subject", "e68bbfe99381", "app_id"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(!text.contains("salt_that_nobody_may_see"), "{text}");
    let words = [SIGN.as_slice(), &["--explain", "--json"]].concat();
    let output = douyin_pay(&words, &[("SALT", "salt_that_nobody_may_see")], body.as_bytes());
    let machine: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(machine["fields"].is_array() && !out(&output).contains("salt_that_nobody_may_see"));
}

#[derive(Deserialize)]
struct WrongSigner {
    id: String,
    client: String,
    salt: String,
    mistakes: serde_json::Value,
    word: String,
    body: Box<RawValue>,
}

#[test]
fn every_wrong_signer_in_use_is_recognised() {
    for line in include_str!("../../protocol/vectors/ecpay_wrong_signers.jsonl").lines() {
        let vector: WrongSigner = serde_json::from_str(line).expect("a vector");
        let explain = |more: &[&str]| {
            let words = [&SIGN[..], &["--explain"], more].concat();
            out(&douyin_pay(&words, &[("SALT", &vector.salt)], vector.body.get().as_bytes()))
        };
        let told = explain(&[]);
        assert!(told.contains("different") && told.contains(&vector.word), "{}: {told}", vector.id);
        let data: serde_json::Value = serde_json::from_str(&explain(&["--json"])).expect("JSON");
        assert_eq!(data["mistakes"], vector.mistakes, "{}", vector.id);
        let clients = data["clients"].as_array().expect("a list");
        assert!(clients.iter().any(|client| *client == vector.client.as_str()), "{}: {data}", vector.id);
    }
}

#[test]
fn a_token_or_another_salt_in_the_salts_place_is_recognised() {
    let body = r#"{"out_order_no":"O1"}"#;
    let sign = |secret: &str| out(&douyin_pay(&SIGN, &[("SALT", secret)], body.as_bytes()));
    let secrets = [("SALT", "the_salt"), ("TOKEN", "thetoken"), ("SANDBOX", "other_salt")];
    let words = [&SIGN[..], &["--explain", "--token-env", "TOKEN", "--other-salt-env", "SANDBOX"]].concat();
    for (secret, word) in [("thetoken", "callback token"), ("other_salt", "the salt of `SANDBOX`")] {
        let wrong = format!(r#"{{"out_order_no":"O1","sign":"{}"}}"#, sign(secret).trim());
        let told = out(&douyin_pay(&words, &secrets, wrong.as_bytes()));
        assert!(told.contains(word) && !told.contains(secret), "{told}");
    }
}

#[test]
fn bad_input_ends_with_2_and_says_what_to_do() {
    for (words, input, part) in [
        (SIGN.as_slice(), "", "standard input is empty"),
        (SIGN.as_slice(), "[1]", "JSON object"),
        (SIGN.as_slice(), r#"{"a":1,"a":2}"#, "twice"),
        (&VERIFY, "{}", "timestamp"),
        (&["sign", "--system", "ecpay", "--salt-env", "NOT_SET_ANYWHERE"], "{}", "export NOT_SET_ANYWHERE"),
        (&["config", "check", "--config", "/nowhere/douyin-pay.toml"], "", "config example"),
        (&["serve", "--config", "/nowhere/douyin-pay.toml"], "", "config example"),
    ] {
        let output = douyin_pay(words, &[("SALT", "s"), ("TOKEN", "t")], input.as_bytes());
        assert_eq!(output.status.code(), Some(2), "{words:?} {input}: {}", err(&output));
        assert!(err(&output).contains(part), "{words:?} {input}: {}", err(&output));
    }
}

#[test]
fn a_new_key_comes_with_its_hash() {
    let output = douyin_pay(&["config", "new-key"], &[], b"");
    let text = out(&output);
    let key = text.split_whitespace().find(|word| word.starts_with("dpk_")).expect("a key");
    assert!(text.contains(&douyin_pay_server::api_key::sha256_hex(key)), "{text}");
}

#[test]
fn programs_read_every_answer() {
    let json = |output: &Output| -> serde_json::Value {
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|cause| panic!("{cause}: {} {}", out(output), err(output)))
    };
    let key = json(&douyin_pay(&["config", "new-key", "--json"], &[], b""));
    assert_eq!(key["sha256"], douyin_pay_server::api_key::sha256_hex(key["key"].as_str().expect("a key")));
    let example = json(&douyin_pay(&["--json", "config", "example"], &[], b""));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("douyin-pay.toml");
    std::fs::write(&file, example["toml"].as_str().expect("a text")).expect("written");
    // The example's secrets are in the environment, and here they are not.
    let check = ["config", "check", "--json", "--config", file.to_str().expect("UTF-8")];
    let refused = douyin_pay(&check, &[], b"");
    let told = json(&refused);
    assert_eq!((refused.status.code(), &told["usable"]), (Some(2), &serde_json::json!(false)));
    assert!(told["problems"].as_array().is_some_and(|problems| !problems.is_empty()), "{told}");

    let body = r#"{"app_id":"tt1","total_amount":1}"#;
    let signed = douyin_pay(&[SIGN.as_slice(), &["--json"]].concat(), &[("SALT", "s")], body.as_bytes());
    assert!(json(&signed)["fields"].is_array());
}

#[test]
fn programs_read_every_failure() {
    for (words, exit, code) in [
        (&["config", "check", "--json", "--config", "/nowhere/x.toml"][..], 2, "usage"),
        (&["--json", "serve", "--config", "/nowhere/x.toml"], 2, "usage"),
        (&["mock", "--json", "--listen", "nonsense"], 2, "usage"),
        (&["no-such-command", "--json"], 2, "usage"),
        (&["health", "--json", "--url", "http://127.0.0.1:1"], 3, "outside"),
    ] {
        let output = douyin_pay(words, &[], b"");
        let told: serde_json::Value = serde_json::from_slice(&output.stderr)
            .unwrap_or_else(|cause| panic!("{words:?}: {cause}: {}", err(&output)));
        let error = &told["error"];
        assert_eq!(
            (output.status.code(), &error["code"]),
            (Some(exit), &serde_json::json!(code)),
            "{words:?}: {told}"
        );
        assert_eq!(error["exit"], exit, "{told}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{told}");
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = out(&douyin_pay(&["completions", shell], &[], b""));
        for word in ["settlement", "trigger", "doctor"] {
            assert!(script.contains(word), "{shell}: {word} is missing");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().to_str().expect("UTF-8");
    let secrets = [("DOUYIN_PAY_URL", "http://of-whoever-builds.example")];
    assert_eq!(douyin_pay(&["man", "--to", to], &secrets, b"").status.code(), Some(0));
    let page = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a page");
    assert!(page("douyin-pay.1").contains("settlement"));
    let create = page("douyin-pay-order-create.1");
    assert!(create.contains("amount") && !create.contains("of-whoever-builds"), "{create}");
    let missing = douyin_pay(&["man", "--to", "/nowhere/at/all"], &[], b"");
    assert!(missing.status.code() == Some(2) && err(&missing).contains("/nowhere/at/all"));
}

#[test]
fn the_example_is_a_configuration_and_a_taken_port_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let example = out(&douyin_pay(&["config", "example"], &[], b""));
    assert!(example.contains("[[apps]]") && example.contains("public_url"));
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound");
    std::fs::write(folder.path().join("salt"), "mocksalt").expect("written");
    let config = folder.path().join("douyin-pay.toml");
    let text = format!(
        r#"
listen = "{address}"
public_url = "http://{address}"
database = "sqlite://books.db"
[[apps]]
name = "coffee"
app_id = "tt0000000000000001"
[apps.ecpay]
platform = "http://127.0.0.1:1"
salt = {{ file = "salt" }}
callback_tokens = [{{ file = "salt" }}]
"#
    );
    std::fs::write(&config, text).expect("written");
    let path = config.to_str().expect("UTF-8");
    let output = douyin_pay(&["serve", "--config", path], &[], b"");
    assert!(err(&output).contains("the port is taken") || err(&output).contains("same"), "{}", err(&output));
    assert_ne!(output.status.code(), Some(0));
    let checked = douyin_pay(&["config", "check", "--config", path], &[], b"");
    assert!(!out(&checked).contains("mocksalt"), "secrets stay hidden: {}", out(&checked));
}

#[test]
fn a_reader_that_leaves_does_not_end_a_command_half_way() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_douyin-pay"))
        .args(["dev", "--once"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!((output.status.code(), err(&output)), (Some(0), String::new()));
}

#[test]
fn error_explains_every_code_in_both_languages() {
    let all = douyin_pay(&["error", "--json"], &[], b"");
    let all: serde_json::Value = serde_json::from_slice(&all.stdout).expect("JSON");
    let all = all.as_array().expect("a list");
    let documented: Vec<_> = douyin_pay_protocol::ErrNo::documented().map(|code| code.get()).collect();
    assert_eq!(all.iter().map(|one| one["code"].as_i64().expect("a number")).collect::<Vec<_>>(), documented);
    for one in all {
        for part in ["meaning", "remedy"] {
            let told = |language: &str| one[part][language].as_str().is_some_and(|text| !text.is_empty());
            assert!(told("zh") && told("en"), "{part}: {one}");
        }
        let of_ecpay = one["systems"][0] == "ecpay" && one["code"] != 0;
        let causes = one["causes"].as_array().expect("a list");
        assert!(!(of_ecpay && causes.is_empty()), "no cause: {one}");
        assert!(causes.iter().all(|cause| cause["zh"].is_string() && cause["en"].is_string()), "{one}");
    }
    for code in ["2008", "-1", "23111"]
        .into_iter()
        .filter(|code| documented.contains(&code.parse().expect("a number")))
    {
        for (locale, word) in [("zh_CN.UTF-8", "处理"), ("en_US.UTF-8", "what to do")] {
            let told = douyin_pay(&["error", code], &[("LC_ALL", locale)], b"");
            assert!(
                told.status.success() && out(&told).contains(word),
                "{code}: {}{}",
                out(&told),
                err(&told)
            );
        }
    }
    let unknown = douyin_pay(&["error", "77"], &[], b"");
    assert!(unknown.status.code() == Some(1) && err(&unknown).contains("log id"), "{}", err(&unknown));
}
