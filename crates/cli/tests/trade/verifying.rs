//! `verify --system trade`: the callbacks of the vectors, and every way to get one wrong.

use std::process::Output;

use crate::program::{err, json, out, run};
use crate::vectors::{Keys, Vector, Vectors};

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
        assert_eq!(
            (&told["valid"], &told["version"]),
            (&true.into(), &"3.0".into()),
            "{}: {told}",
            vector.id
        );
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
        seen += 1;
    }
    assert_eq!(seen, 3);
}
