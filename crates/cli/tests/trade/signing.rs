//! `sign --system trade`: the vectors, every format of key, every mistake with one.

use std::process::Output;

use data_encoding::BASE64;

use crate::program::{err, json, out, run, run_in};
use crate::vectors::{Keys, Vector, Vectors, pem};

fn sign(vectors: &Vectors, vector: &Vector, key: &str, more: &[&str]) -> Output {
    let words = [
        &[
            "sign",
            "--system",
            "trade",
            "--key",
            key,
            "--app-id",
            &vectors.app_id,
            "--key-version",
            &vector.key_version,
        ][..],
        &["--uri", &vector.uri, "--method", &vector.method],
        &["--timestamp", &vector.timestamp, "--nonce", &vector.nonce],
        more,
    ];
    run(&words.concat(), vector.body.as_bytes())
}

#[test]
fn all_seven_request_vectors_through_sign() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let requests = vectors.of_kind("request");
    assert_eq!(requests.len(), 7);
    for vector in requests {
        let output = sign(&vectors, &vector, &keys.of("app.pem"), &["--json"]);
        assert_eq!(json(&output)["signature"], vector.signature.as_str(), "{}: {}", vector.id, err(&output));
        let Some(authorization) = &vector.authorization else { continue };
        let quoted = if authorization.contains('"') { &["--quoted"][..] } else { &[] };
        let output = sign(&vectors, &vector, &keys.of("app.pem"), quoted);
        assert_eq!(out(&output).trim_end(), authorization, "{}: {}", vector.id, err(&output));
        assert_eq!(err(&output), "", "{}", vector.id);
    }
}

#[test]
fn explain_shows_the_five_lines_with_their_ends() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let vector = vectors.one("T1");
    let told = out(&sign(&vectors, &vector, &keys.of("app.pem"), &["--explain"]));
    for part in [
        "POST␊\n/requestOrder␊\n1767225600␊\n5f2b8c1d9e3a4076␊\n{\"skuList\"",
        "430 bytes, sha256 db2912e864891f1a7503ca6419369ab198725613916b0341870b00cfcaef511f",
        &vector.signature,
        vector.authorization.as_deref().expect("T1 has one"),
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    let empty = out(&sign(&vectors, &vectors.one("T6"), &keys.of("app.pem"), &["--explain"]));
    assert!(empty.contains("0000000000000001␊\n␊\n46 bytes"), "the fifth line is empty, and there: {empty}");
    let json = json(&sign(&vectors, &vector, &keys.of("app.pem"), &["--json"]));
    assert_eq!((json["text_bytes"].as_u64(), json["nonce"].as_str()), (Some(430), Some("5f2b8c1d9e3a4076")));
    let shown = [told, json.to_string()].concat();
    let secret = BASE64.encode(&vectors.der("app_private_pkcs8"));
    assert!(!shown.contains(&secret[100..140]), "the private key is shown");
}

#[test]
fn every_format_of_a_key_signs_the_same() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let vector = vectors.one("T1");
    let (pkcs1, pkcs8) = (vectors.der("app_private_pkcs1"), vectors.der("app_private_pkcs8"));
    let one_line = pem("PRIVATE KEY", &pkcs8).replace('\n', "\\n");
    for (what, content) in [
        ("PKCS#1 as PEM", pem("RSA PRIVATE KEY", &pkcs1)),
        ("PKCS#1 bare", BASE64.encode(&pkcs1)),
        ("PKCS#8 bare", BASE64.encode(&pkcs8)),
        ("line ends of Windows", pem("PRIVATE KEY", &pkcs8).replace('\n', "\r\n")),
        ("line ends written out", one_line),
    ] {
        let output = sign(&vectors, &vector, &keys.write("other", content), &[]);
        assert_eq!(
            out(&output).trim_end(),
            vector.authorization.as_deref().expect("T1 has one"),
            "{what}: {}",
            err(&output)
        );
    }
}

#[test]
fn a_key_that_cannot_sign_ends_with_2_and_the_next_step() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let (pkcs1, pkcs8) = (vectors.der("app_private_pkcs1"), vectors.der("app_private_pkcs8"));
    let whole = pem("PRIVATE KEY", &pkcs8);
    for (content, en, zh) in [
        (pem("PRIVATE KEY", &pkcs1), "PKCS#1 and PKCS#8 are two formats", "PKCS#1 与 PKCS#8 是两种格式"),
        (pem("PUBLIC KEY", &vectors.der("app_public_spki")), "this is a public key", "这是公钥"),
        (String::new(), "the key is empty", "密钥为空"),
        (
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".to_owned(),
            "a certificate",
            "证书",
        ),
        (whole[..whole.len() / 2].to_owned(), "the end of the key is missing", "结尾缺失"),
        ("keys/coffee.pem".to_owned(), "this is a file's name", "文件名"),
    ] {
        let key = keys.write("bad", content);
        let output = sign(&vectors, &vectors.one("T1"), &key, &[]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{en}");
        assert!(err(&output).contains(en) && err(&output).contains("--key"), "{en}: {}", err(&output));
        let words = [
            "sign",
            "--system",
            "trade",
            "--key",
            &key,
            "--app-id",
            "tt1",
            "--key-version",
            "1",
            "--uri",
            "/x",
        ];
        let said = err(&run_in("zh_CN.UTF-8", &words, b"{}"));
        assert!(said.contains(zh), "{zh}: {said}");
    }
    let gone = sign(&vectors, &vectors.one("T1"), "/nowhere/app.pem", &[]);
    assert!(gone.status.code() == Some(2) && err(&gone).contains("/nowhere/app.pem"), "{}", err(&gone));
}

#[test]
fn a_line_end_of_the_input_is_signed_and_told() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let vector = vectors.one("T1");
    let with_end = Vector { body: format!("{}\n", vector.body), ..vector.clone() };
    let output = sign(&vectors, &with_end, &keys.of("app.pem"), &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(err(&output).contains("counts as part of the body"), "{}", err(&output));
    assert!(!out(&output).contains(&vector.signature), "a body with a line end is another body");
    let told = json(&sign(&vectors, &with_end, &keys.of("app.pem"), &["--json"]));
    assert_eq!(told["body_ends_with_newline"], true);
}

#[test]
fn time_and_nonce_are_drawn_when_they_are_not_given() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let key = keys.of("app.pem");
    let words = [
        "sign",
        "--system",
        "trade",
        "--key",
        &key,
        "--app-id",
        "tt1",
        "--key-version",
        "1",
        "--uri",
        "/requestOrder",
        "--json",
    ];
    let [one, two] = [json(&run(&words, b"{}")), json(&run(&words, b"{}"))];
    assert_ne!(one["nonce"], two["nonce"]);
    let digits = |told: &serde_json::Value| told["timestamp"].as_str().map(str::len);
    assert_eq!((digits(&one), one["nonce"].as_str().map(str::len)), (Some(10), Some(32)));
}

#[test]
fn what_cannot_be_signed_is_named() {
    let vectors = Vectors::read();
    let keys = Keys::new(&vectors);
    let key = keys.of("app.pem");
    let base = ["sign", "--system", "trade", "--key", &key, "--app-id", "tt1", "--key-version", "1"];
    for (more, part) in [
        (&["--uri", "requestOrder"][..], "beginning with /"),
        (&["--uri", "https://open.douyin.com/requestOrder"], "without a host"),
        (&["--uri", "/x", "--timestamp", "1767225600000"], "milliseconds"),
        (&["--uri", "/x", "--method", "PO ST"], "usually POST"),
        (&["--uri", "/x", "--nonce", "a,b\"c"], "double quote"),
        (&[], "--uri"),
        (&["--uri", "/x", "--salt-env", "SALT"], "cannot be used with"),
    ] {
        let output = run(&[base.as_slice(), more].concat(), b"{}");
        assert_eq!(output.status.code(), Some(2), "{more:?}: {}", out(&output));
        assert!(err(&output).contains(part), "{more:?}: {}", err(&output));
    }
    for (wrong, part) in [("0", "--key-version"), ("v1", "--key-version")] {
        let words = [
            "sign",
            "--system",
            "trade",
            "--key",
            &key,
            "--app-id",
            "tt1",
            "--uri",
            "/x",
            "--key-version",
            wrong,
        ];
        let output = run(&words, b"{}");
        assert!(output.status.code() == Some(2) && err(&output).contains(part), "{wrong}: {}", err(&output));
    }
}
