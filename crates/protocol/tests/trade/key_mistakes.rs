//! Each wrong key is refused by name, and nothing of it is shown.

use std::fs;
use std::path::Path;

use data_encoding::BASE64;
use douyin_pay_protocol::trade::{
    ApplicationKey, ApplicationPublicKey, KeyError, PlatformKey, PlatformPublicKey,
};
use proptest::prelude::*;

use crate::openssl::{folder, shell};
use crate::vectors::{base64, der};

const CURVE: &str = "elliptic curves (EC or SM2)";

/// What openssl makes, and the mistake that it is as a private key.
const WRONG: &[(&str, &str, KeyError)] = &[
    ("small.pem", "openssl genrsa -out small.pem 1024", KeyError::Bits(1024)),
    ("large.pem", "openssl genrsa -out large.pem 3072", KeyError::Bits(3072)),
    (
        "exponent.pem",
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out exponent.pem",
        KeyError::Exponent,
    ),
    (
        "curve8.pem",
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out curve8.pem",
        KeyError::OtherAlgorithm(CURVE),
    ),
    (
        "curve1.pem",
        "openssl ecparam -name prime256v1 -genkey -noout -out curve1.pem",
        KeyError::OtherAlgorithm(CURVE),
    ),
    ("curve.der", "openssl ec -in curve1.pem -outform DER -out curve.der", KeyError::OtherAlgorithm(CURVE)),
    (
        "ed25519.pem",
        "openssl genpkey -algorithm ed25519 -out ed25519.pem",
        KeyError::OtherAlgorithm("Ed25519"),
    ),
    (
        "pss.pem",
        "openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem",
        KeyError::OtherAlgorithm("RSA-PSS"),
    ),
    (
        "locked8.pem",
        "openssl pkcs8 -topk8 -in good.pem -passout pass:x -out locked8.pem",
        KeyError::Encrypted,
    ),
    (
        "locked8.der",
        "openssl pkcs8 -topk8 -in good.pem -passout pass:x -outform DER -out locked8.der",
        KeyError::Encrypted,
    ),
    (
        "locked1.pem",
        "openssl rsa -in good.pem -aes128 -traditional -passout pass:x -out locked1.pem",
        KeyError::Encrypted,
    ),
    (
        "certificate.pem",
        "openssl req -x509 -key good.pem -subj /CN=x -days 1 -out certificate.pem",
        KeyError::Certificate,
    ),
    (
        "certificate.der",
        "openssl x509 -in certificate.pem -outform DER -out certificate.der",
        KeyError::Certificate,
    ),
    ("request.pem", "openssl req -new -key good.pem -subj /CN=x -out request.pem", KeyError::Certificate),
    ("request.der", "openssl req -in request.pem -outform DER -out request.der", KeyError::Certificate),
    (
        "store.p12",
        "openssl pkcs12 -export -in certificate.pem -inkey good.pem -passout pass:x -out store.p12",
        KeyError::Pkcs12,
    ),
    ("public.pem", "openssl pkey -in good.pem -pubout -out public.pem", KeyError::PublicForPrivate),
    (
        "public1.pem",
        "openssl rsa -in good.pem -RSAPublicKey_out -out public1.pem",
        KeyError::PublicForPrivate,
    ),
    ("parameters.pem", "openssl ecparam -name prime256v1 -genkey -out parameters.pem", KeyError::Several(2)),
    ("dh.pem", "openssl dhparam -dsaparam -out dh.pem 512", KeyError::OtherPem),
];

#[test]
fn what_openssl_makes_besides_our_kind_of_key_is_named() {
    let folder = folder("openssl-keys");
    let good =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", base64("app_private_pkcs8"));
    fs::write(folder.join("good.pem"), good).expect("a file");
    for (file, command, wanted) in WRONG {
        shell(&folder, command);
        let bytes = read(&folder, file);
        let refused = ApplicationKey::parse(&bytes).expect_err(file);
        assert_eq!(&refused, wanted, "{file}");
        assert_eq!(PlatformKey::parse(&bytes).expect_err(file), *wanted, "{file}");
        never_shown(&refused, &bytes);
        // The base64 alone, of DER.
        if file.ends_with(".der") || file.ends_with(".p12") {
            assert_eq!(
                ApplicationKey::parse(BASE64.encode(&bytes)).expect_err(file),
                *wanted,
                "{file} in base64"
            );
        }
    }
    for (file, wanted) in [
        ("good.pem", KeyError::PrivateForPublic),
        ("certificate.pem", KeyError::Certificate),
        ("ed25519.pem", KeyError::OtherAlgorithm("Ed25519")),
    ] {
        assert_eq!(PlatformPublicKey::parse(read(&folder, file)).expect_err(file), wanted, "{file}");
    }
    assert!(ApplicationPublicKey::parse(read(&folder, "public1.pem")).is_ok());
    shell(
        &folder,
        "openssl pkey -in small.pem -pubout -out small.public.pem; openssl pkey -in curve8.pem -pubout -out curve.public.pem",
    );
    assert_eq!(
        PlatformPublicKey::parse(read(&folder, "small.public.pem")).expect_err("small"),
        KeyError::Bits(1024)
    );
    assert_eq!(
        PlatformPublicKey::parse(read(&folder, "curve.public.pem")).expect_err("a curve"),
        KeyError::OtherAlgorithm(CURVE)
    );
    fs::remove_dir_all(&folder).expect("the folder is ours");
}

fn read(folder: &Path, file: &str) -> Vec<u8> {
    fs::read(folder.join(file)).expect(file)
}

/// No eight characters of the input are in the message, in either language.
fn never_shown(problem: &KeyError, bytes: &[u8]) {
    let shown = format!("{problem} {} {problem:?}", problem.zh());
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines().filter(|line| !line.starts_with("---") && line.is_ascii()) {
        for at in (0..line.len().saturating_sub(8)).step_by(4) {
            assert!(!shown.contains(&line[at..at + 8]), "{shown}");
        }
    }
}

#[test]
fn what_was_pasted_badly_is_named() {
    let bare = base64("app_private_pkcs8");
    let pem =
        |label: &str, content: &str| format!("-----BEGIN {label}-----\n{content}\n-----END {label}-----\n");
    let good = pem("PRIVATE KEY", &bare);
    let odd = |text: &str| text.replacen('A', "*", 1);
    let position = bare.find('A').expect("an A") + 1;
    for (text, wanted) in [
        (String::new(), KeyError::Empty),
        (" \n\\n ".to_owned(), KeyError::Empty),
        (pem("PRIVATE KEY", ""), KeyError::Empty),
        ("A".repeat(40_000), KeyError::TooLong(40_000)),
        ("keys/coffee.pem".to_owned(), KeyError::FileName),
        ("C:\\keys\\coffee.key".to_owned(), KeyError::FileName),
        (bare[..bare.len() - 8].to_owned(), KeyError::Truncated),
        (bare[..501].to_owned(), KeyError::Truncated),
        (good[..good.len() - 40].to_owned(), KeyError::Truncated),
        ("-----BEGIN PRIVATE KEY".to_owned(), KeyError::Truncated),
        (odd(&bare), KeyError::NotBase64(position)),
        (pem("PRIVATE KEY", &odd(&bare)), KeyError::NotBase64(position)),
        (BASE64.encode(&[der("app_private_pkcs8"), vec![0]].concat()), KeyError::Trailing),
        (format!("{good}{good}"), KeyError::Several(2)),
        (
            pem("RSA PRIVATE KEY", &bare),
            KeyError::LabelDiffers { label: "RSA PRIVATE KEY", fitting: "PRIVATE KEY" },
        ),
        (
            pem("PRIVATE KEY", &base64("app_private_pkcs1")),
            KeyError::LabelDiffers { label: "PRIVATE KEY", fitting: "RSA PRIVATE KEY" },
        ),
        (pem("OPENSSH PRIVATE KEY", &bare), KeyError::OpenSsh),
        ("ssh-rsa AAAAB3NzaC1yc2E= me".to_owned(), KeyError::OpenSsh),
        (pem("PGP MESSAGE", &bare), KeyError::OtherPem),
        (base64("app_public_spki"), KeyError::PublicForPrivate),
        (BASE64.encode(b"no key at all"), KeyError::NotAKey),
        (BASE64.encode(&[0x30, 3, 2, 1, 0]), KeyError::NotAKey),
        (BASE64.encode(&[0x30, 0x80, 0, 0]), KeyError::NotAKey),
    ] {
        let refused = ApplicationKey::parse(&text).expect_err("a mistake");
        assert_eq!(refused, wanted, "{}", &text[..text.len().min(40)]);
        never_shown(&refused, text.as_bytes());
        assert!(refused.en().len() > 20 && refused.zh().chars().count() > 5);
    }
    assert_eq!(ApplicationKey::parse([0xff, 0xfe, 0x30]).expect_err("bytes"), KeyError::NotText);
    assert_eq!(PlatformPublicKey::parse(&bare).expect_err("private"), KeyError::PrivateForPublic);
    let mut broken = der("app_private_pkcs1");
    let middle = broken.len() / 2;
    broken[middle] ^= 1;
    assert_eq!(
        ApplicationKey::parse(BASE64.encode(&broken)).expect_err("a changed bit"),
        KeyError::Inconsistent
    );
}

proptest! {
    #[test]
    fn any_bytes_are_judged_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(ApplicationKey::parse(&bytes).is_err());
        prop_assert!(PlatformPublicKey::parse(&bytes).is_err());
        prop_assert!(ApplicationKey::parse(BASE64.encode(&bytes)).is_err());
    }

    #[test]
    fn any_text_is_judged_without_panic(text in r"(-----(BEGIN|END) [A-Z ]{0,12}(-----)?|[A-Za-z0-9+/=\\n \r\n]{0,40}){0,6}") {
        prop_assert!(ApplicationKey::parse(&text).is_err());
    }

    #[test]
    fn a_key_with_one_changed_byte_never_passes_for_another(at in 0_usize..1190, by in 1_u8..=255) {
        let mut bytes = der("app_private_pkcs1");
        let at = at % bytes.len();
        bytes[at] ^= by;
        // A changed sign of nothing is possible in DER's slack; a different key is not.
        if let Ok(key) = ApplicationKey::parse(BASE64.encode(&bytes)) {
            prop_assert_eq!(key.public(), crate::vectors::application_public_key());
        }
    }

    #[test]
    fn a_cut_key_is_truncated(keep in 10_usize..1190) {
        let bytes = der("app_private_pkcs1");
        let cut = &bytes[..keep.min(bytes.len() - 1)];
        prop_assert_eq!(ApplicationKey::parse(BASE64.encode(cut)).expect_err("cut"), KeyError::Truncated);
    }
}
