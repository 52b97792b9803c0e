//! Every spelling of a key that people paste, and every mistake by name.

use douyin_pay_protocol::trade::{
    ApplicationKey, ApplicationPublicKey, KeyError, KeyFormat, PlatformPublicKey,
};

use crate::vectors::{application_key, application_public_key, base64, der};

fn pem(label: &str, base64: &str, width: usize) -> String {
    let lines: Vec<&str> =
        (0..base64.len()).step_by(width).map(|at| &base64[at..base64.len().min(at + width)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Every way in which people write one and the same key.
fn spellings(label: &str, name: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bare = base64(name);
    let pem64 = pem(label, &bare, 64);
    let lines =
        pem(label, &bare, 76).lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n");
    let texts = [
        ("PEM", pem64.clone()),
        ("PEM in one line of base64", pem(label, &bare, 10_000)),
        ("PEM with CRLF", pem64.replace('\n', "\r\n")),
        ("PEM with \\n written out", pem64.replace('\n', "\\n")),
        ("PEM with \\r\\n written out", pem64.replace('\n', "\\r\\n")),
        ("PEM with \\\\n, escaped twice", pem64.replace('\n', "\\\\n")),
        ("PEM with blanks for line breaks", pem64.replace('\n', " ")),
        ("PEM without line breaks", pem64.replace('\n', "")),
        ("PEM after a byte order mark", format!("\u{feff}{pem64}")),
        ("PEM indented", pem64.replace('\n', "\n    ")),
        ("PEM in quotes", format!("\"{pem64}\"")),
        ("PEM with text around", format!("Bag Attributes\n    friendlyName: x\n{pem64}\nbye\n")),
        ("bare", bare.clone()),
        ("bare with line breaks", lines.clone()),
        ("bare with CRLF", lines.replace('\n', "\r\n")),
        ("bare with \\n written out", lines.replace('\n', "\\n")),
        ("bare with blanks around", format!(" \t{bare}\n\n")),
        ("bare after a byte order mark", format!("\u{feff}{bare}")),
        ("bare without padding", bare.trim_end_matches('=').to_owned()),
    ];
    let mut all: Vec<(&str, Vec<u8>)> =
        texts.into_iter().map(|(what, text)| (what, text.into_bytes())).collect();
    all.push(("DER", der(name)));
    all
}

#[test]
fn every_spelling_of_a_private_key_is_read() {
    for (label, name, format) in [
        ("RSA PRIVATE KEY", "app_private_pkcs1", KeyFormat::Pkcs1),
        ("PRIVATE KEY", "app_private_pkcs8", KeyFormat::Pkcs8),
    ] {
        for (what, text) in spellings(label, name) {
            let key =
                ApplicationKey::parse(&text).unwrap_or_else(|problem| panic!("{format} {what}: {problem}"));
            assert_eq!((key.public(), key.format()), (application_public_key(), format), "{what}");
            assert_eq!(key.sign(b"x"), application_key().sign(b"x"), "{format} {what}");
        }
    }
}

#[test]
fn every_spelling_of_a_public_key_is_read() {
    let spki = der("app_public_spki");
    for (what, text) in spellings("PUBLIC KEY", "app_public_spki") {
        let key = ApplicationPublicKey::parse(&text).unwrap_or_else(|problem| panic!("{what}: {problem}"));
        assert_eq!(key, application_public_key(), "{what}");
    }
    // SPKI is a header of 24 bytes around PKCS#1.
    let pkcs1 = pem("RSA PUBLIC KEY", &data_encoding::BASE64.encode(&spki[24..]), 64);
    let key = ApplicationPublicKey::parse(&pkcs1).expect("PKCS#1");
    assert_eq!(key, application_public_key());
    assert_eq!(ApplicationPublicKey::parse(key.to_pem()), Ok(key));
}

#[test]
fn a_key_is_known_by_its_public_half_and_never_shown() {
    let key = application_key();
    let fingerprint = key.public().fingerprint();
    assert_eq!(fingerprint.len(), 16);
    assert_eq!(
        format!("{key:?} {:?}", key.public()),
        format!("ApplicationKey(… of {fingerprint}) ApplicationPublicKey({fingerprint})")
    );
    let mixed_up = PlatformPublicKey::parse(base64("app_public_spki")).expect("a key");
    assert!(mixed_up.is_of(&key));
    assert!(!crate::vectors::platform_public_key().is_of(&key));
    let problem = ApplicationKey::parse(&base64("app_private_pkcs8")[..400]).expect_err("a part");
    assert_eq!(problem, KeyError::Truncated);
}
