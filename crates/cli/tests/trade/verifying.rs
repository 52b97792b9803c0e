//! `verify --system trade`: the callbacks of the vectors, and every way to get one wrong.

use std::process::Output;

use crate::program::{err, json, out, run, run_in};
use data_encoding::BASE64;
use douyin_pay_protocol::trade::PlatformKey;
use serde_json::Value;

use crate::vectors::{Keys, Vector, Vectors, pem};

fn verify(vector: &Vector, key: &str, body: &[u8], more: &[&str]) -> Output {
    let words = [
        &["verify", "--system", "trade", "--public-key", key][..],
        &["--timestamp", &vector.timestamp, "--nonce", &vector.nonce, "--signature", &vector.signature],
        more,
    ];
    run(&words.concat(), body)
}

#[test]
fn all_five_callback_vectors_through_verify() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let callbacks = vectors.of_kind("callback");
    assert_eq!(callbacks.len(), 5);
    for vector in callbacks {
        let key = keys.of("platform-public.pem");
        let output = verify(&vector, &key, vector.body.as_bytes(), &[]);
        assert_eq!(output.status.code(), Some(0), "{}: {}", vector.id, err(&output));
        assert!(out(&output).starts_with("valid: "), "{}: {}", vector.id, out(&output));
        let told = json(&verify(&vector, &key, vector.body.as_bytes(), &["--json"]));
        assert!(told["problem"].is_null() && told["tried"][0]["fits"] == true, "{}: {told}", vector.id);
    }
}

#[test]
fn the_second_of_two_live_keys_is_tried() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let vector = vectors.one("T8");
    let more = ["--public-key", &keys.of("platform-public.pem")];
    let output = verify(&vector, &keys.of("app-public.pem"), vector.body.as_bytes(), &more);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
}

#[test]
fn the_values_of_the_vectors_are_valid_authorizations() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let key = keys.of("app-public.pem");
    let mut seen = 0;
    for vector in vectors.of_kind("request") {
        let Some(value) = &vector.authorization else { continue };
        let words = [
            &["verify", "--system", "trade", "--public-key", &key, "--authorization", value][..],
            &["--uri", &vector.uri, "--method", &vector.method],
        ]
        .concat();
        let output = run(&words, vector.body.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}: {}", vector.id, err(&output));
        let told = json(&run(&[words.as_slice(), &["--json"]].concat(), vector.body.as_bytes()));
        assert_eq!(told["key_version"], vector.key_version.as_str(), "{}", vector.id);
        let other = run(&words, b"{}");
        assert_eq!(other.status.code(), Some(1), "{}: {}", vector.id, out(&other));
        let with_end = run(&words, format!("{}\n", vector.body).as_bytes());
        assert!(err(&with_end).contains("a line break was added"), "{}: {}", vector.id, err(&with_end));
        seen += 1;
    }
    assert_eq!(seen, 3);
}

/// The callback of T8, whose text was put together in another way before it was signed.
fn signed_otherwise(vectors: &Vectors, text: &str) -> Vector {
    let key = PlatformKey::parse(pem("PRIVATE KEY", &vectors.der("platform_private_pkcs8"))).expect("a key");
    Vector { signature: key.sign(text.as_bytes()), ..vectors.one("T8") }
}

#[test]
fn each_negative_case_is_refused_with_its_reason() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let right = vectors.one("T8");
    let Vector { timestamp, nonce, body, .. } = &right;
    let parsed: Value = serde_json::from_str(body).expect("JSON");
    let msg = parsed["msg"].as_str().expect("a text");
    let sorted = serde_json::to_string_pretty(&parsed).expect("JSON");
    let cases = [
        (
            "N1 body written anew",
            signed_otherwise(&vectors, &format!("{timestamp}\n{nonce}\n{sorted}\n")),
            "reserialised",
        ),
        (
            "N2 last line end missing",
            signed_otherwise(&vectors, &format!("{timestamp}\n{nonce}\n{body}")),
            "missing_last_lf",
        ),
        ("N3 only msg", signed_otherwise(&vectors, &format!("{timestamp}\n{nonce}\n{msg}\n")), "only_msg"),
        ("N5 another timestamp", Vector { timestamp: "1767225611".to_owned(), ..right.clone() }, "timestamp"),
        (
            "N6 CRLF",
            signed_otherwise(&vectors, &format!("{timestamp}\r\n{nonce}\r\n{body}\r\n")),
            "carriage_returns",
        ),
        (
            "N7 five lines",
            signed_otherwise(&vectors, &format!("POST\n/callbacks/coffee\n{timestamp}\n{nonce}\n{body}\n")),
            "five_lines",
        ),
    ];
    let key = keys.of("platform-public.pem");
    for (case, vector, mistake) in cases {
        let more = ["--uri", "/callbacks/coffee"];
        let output = verify(&vector, &key, vector.body.as_bytes(), &[&more[..], &["--json"]].concat());
        assert_eq!(output.status.code(), Some(1), "{case}: {}", out(&output));
        let told = json(&output);
        let named = |found: &Value| found == mistake || found.get(mistake).is_some();
        let found = told["mistakes"].as_array().expect("a list").iter().any(named);
        assert!(found, "{case}: {told}");
        let text = verify(&vector, &key, vector.body.as_bytes(), &more);
        assert!(text.status.code() == Some(1) && err(&text).contains("  ! "), "{case}: {}", err(&text));
    }
}

#[test]
fn what_arrives_changed_is_refused_with_its_reason() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let (vector, key) = (vectors.one("T8"), keys.of("platform-public.pem"));
    let parsed: Value = serde_json::from_str(&vector.body).expect("JSON");
    for (case, body, part) in [
        ("N1", serde_json::to_string_pretty(&parsed).expect("JSON"), "written again"),
        ("N3", parsed["msg"].as_str().expect("a text").to_owned(), "`msg`"),
        ("a line end added", format!("{}\n", vector.body), "a line break was added"),
    ] {
        let output = verify(&vector, &key, body.as_bytes(), &[]);
        assert_eq!(output.status.code(), Some(1), "{case}: {}", out(&output));
        assert!(err(&output).contains(part), "{case}: {}", err(&output));
    }
}

#[test]
fn the_applications_key_in_the_platforms_place_is_found_out() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let (vector, wrong) = (vectors.one("T8"), keys.of("app-public.pem"));
    let alone = verify(&vector, &wrong, vector.body.as_bytes(), &[]);
    assert!(
        alone.status.code() == Some(1) && err(&alone).contains("another mini-program"),
        "{}",
        err(&alone)
    );
    for half in ["app.pem", "app-public.pem"] {
        let more = ["--application-key", &keys.of(half)];
        let output = verify(&vector, &wrong, vector.body.as_bytes(), &more);
        assert_eq!(output.status.code(), Some(1), "{half}: {}", out(&output));
        let part = "the configured platform key is the application's public key";
        assert!(err(&output).contains(part), "{half}: {}", err(&output));
    }
    let private = verify(&vector, &keys.of("app.pem"), vector.body.as_bytes(), &[]);
    assert!(
        private.status.code() == Some(2) && err(&private).contains("this is a private key"),
        "{}",
        err(&private)
    );
    let words = [
        "verify",
        "--system",
        "trade",
        "--public-key",
        &keys.of("app.pem"),
        "--timestamp",
        "1",
        "--nonce",
        "n",
        "--signature",
        "s",
    ];
    let zh = err(&run_in("zh_CN.UTF-8", &words, b"{}"));
    assert!(zh.contains("此处应为公钥，却给了私钥"), "{zh}");
}

#[test]
fn another_key_version_is_named() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let vector = vectors.one("T2");
    let value = vector.authorization.as_deref().expect("T2 has one");
    let key = format!("1={}", keys.of("app-public.pem"));
    let words = [
        &["verify", "--system", "trade", "--public-key", &key, "--authorization", value][..],
        &["--uri", "/requestOrder"],
    ]
    .concat();
    let output = run(&words, vector.body.as_bytes());
    assert_eq!(output.status.code(), Some(1), "{}", out(&output));
    assert!(err(&output).contains("the key that signed has key_version 1"), "{}", err(&output));
    let zh = err(&run_in("zh_CN.UTF-8", &words, vector.body.as_bytes()));
    assert!(zh.contains("签名不正确") && zh.contains("key_version 是 1"), "{zh}");
}

#[test]
fn what_cannot_be_verified_is_named() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let key = keys.of("platform-public.pem");
    let base = ["verify", "--system", "trade", "--public-key", &key];
    let signature = BASE64.encode(&[1; 256]);
    for (more, exit, part) in [
        (&["--nonce", "n", "--signature", &signature][..], 2, "`--timestamp` is missing"),
        (&["--timestamp", "1", "--signature", &signature], 2, "Byte-Nonce-Str"),
        (&["--authorization", "Bearer x", "--uri", "/x"], 2, "SHA256-RSA2048"),
        (&["--authorization", "SHA256-RSA2048 appid=tt1"], 2, "--uri"),
        (&["--timestamp", "1", "--nonce", "n", "--signature", "eaR9"], 1, "256 bytes"),
        (
            &["--timestamp", "1", "--nonce", "n", "--signature", &signature, "--token-env", "T"],
            2,
            "cannot be used with",
        ),
    ] {
        let output = run(&[base.as_slice(), more].concat(), b"{}");
        assert_eq!(output.status.code(), Some(exit), "{more:?}: {}", err(&output));
        assert!(err(&output).contains(part), "{more:?}: {}", err(&output));
    }
    let gone = run(
        &[
            "verify",
            "--system",
            "trade",
            "--public-key",
            "/nowhere.pem",
            "--timestamp",
            "1",
            "--nonce",
            "n",
            "--signature",
            "s",
        ],
        b"",
    );
    assert!(gone.status.code() == Some(2) && err(&gone).contains("/nowhere.pem"), "{}", err(&gone));
}
