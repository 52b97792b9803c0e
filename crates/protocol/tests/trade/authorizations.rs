//! `byteAuthorization` in every spelling, and each malformed one by name.

use douyin_pay_protocol::trade::{AuthorizationError, ByteAuthorization, SignatureError};
use proptest::prelude::*;

const SCHEME: &str = "SHA256-RSA2048";

fn parse(pairs: &[String]) -> Result<ByteAuthorization, AuthorizationError> {
    ByteAuthorization::parse(&format!("{SCHEME} {}", pairs.join(",")))
}

#[test]
fn quotes_order_and_unknown_names_do_not_matter() {
    let signature = format!("{}A==", "A".repeat(341));
    let plain = ["appid=tt1", "nonce_str=Zm9v==", "timestamp=1767225600", "key_version=1"].map(str::to_owned);
    let with = |more: &str| plain.iter().cloned().chain([more.to_owned()]).collect::<Vec<_>>();
    let wanted = parse(&with(&format!("signature={signature}"))).expect("unquoted");
    assert_eq!((wanted.nonce_str(), wanted.signature()), ("Zm9v==", signature.as_str()));
    for other in [
        with(&format!("signature=\"{signature}\"")),
        with(&format!("signature={signature},serial_no=5")),
        with(&format!("x=\"a,b=c\",signature={signature}")),
        with(&format!("signature={signature}")).into_iter().rev().collect(),
    ] {
        assert_eq!(parse(&other).as_ref(), Ok(&wanted), "{other:?}");
    }
    assert_eq!(wanted.quoted().matches('"').count(), 10);
    assert!(!wanted.to_string().contains('"'));
}

#[test]
fn each_malformed_one_is_named() {
    let signature = format!("{}A==", "A".repeat(341));
    let good = format!("{SCHEME} appid=tt1,nonce_str=n,timestamp=1,key_version=1,signature={signature}");
    assert!(ByteAuthorization::parse(&good).is_ok());
    use AuthorizationError as E;
    for (text, wanted) in [
        (String::new(), E::Scheme),
        (good.replace("SHA256-RSA2048 ", "SHA256-RSA2048"), E::Scheme),
        (good.replace("SHA256", "sha256"), E::Scheme),
        (good.replace("RSA2048 appid", "RSA2048  appid"), E::Blank(1)),
        (good.replace(",nonce", ", nonce"), E::Blank(2)),
        (good.replace("nonce_str=n", "nonce_str"), E::NotAPair(2)),
        (good.replace("nonce_str=n,", ""), E::Missing("nonce_str")),
        (good.replace("key_version=1,", ""), E::Missing("key_version")),
        (format!("{good},appid=tt1"), E::Twice("appid")),
        (good.replace("appid=tt1", "appid="), E::Value("appid")),
        (good.replace("appid=tt1", "appid=\"tt1"), E::OpenQuote),
        (good.replace("nonce_str=n", "nonce_str=\"a\"b\""), E::OpenQuote),
        (good.replace("timestamp=1", "timestamp=1s"), E::Value("timestamp")),
        (good.replace("nonce_str=n", "nonce_str=中"), E::Value("nonce_str")),
        (good.replace(&signature, "AAAA"), E::Signature(SignatureError::Length(3))),
        // A `+` that something decoded as in a URL, and `openssl base64` without `-A`.
        (
            good.replace(&signature, &signature.replace("AA==", "A A=")),
            E::Signature(SignatureError::WhiteSpace),
        ),
        (
            good.replace(&signature, &signature.replacen("AAAA", "AAAA\n", 1)),
            E::Signature(SignatureError::WhiteSpace),
        ),
        (
            good.replace(&signature, &signature.replacen("AA", "-_", 1)),
            E::Signature(SignatureError::UrlAlphabet),
        ),
        (good.replace(&signature, &signature.replace("==", "")), E::Signature(SignatureError::NotBase64)),
        ("x".repeat(5000), E::TooLong(5000)),
    ] {
        assert_eq!(ByteAuthorization::parse(&text), Err(wanted), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        appid in "[0-9A-Za-z_-]{1,64}", nonce in "[!#-+--~]{1,64}", timestamp in "[0-9]{1,10}", version in "[1-9][0-9]{0,8}",
        bytes in prop::collection::vec(any::<u8>(), 256),
    ) {
        let signature = data_encoding::BASE64.encode(&bytes);
        let text = format!(
            "{SCHEME} appid={appid},nonce_str={nonce},timestamp={timestamp},key_version={version},signature={signature}"
        );
        let read = ByteAuthorization::parse(&text).unwrap();
        prop_assert_eq!(read.to_string(), text);
        prop_assert_eq!(read.nonce_str(), &nonce);
        prop_assert_eq!(&ByteAuthorization::parse(&read.quoted()).unwrap(), &read);
    }

    #[test]
    fn any_text_is_judged_without_panic(text in r#"(SHA256-RSA2048 )?[a-z_="\, A-Z0-9+/é]{0,80}"#) {
        prop_assert!(ByteAuthorization::parse(&text).is_err());
    }

    #[test]
    fn known_names_with_any_values_never_panic(
        names in prop::collection::vec(0_usize..6, 0..8), value in r#"[ -~é]{0,12}"#,
    ) {
        const NAMES: [&str; 6] = ["appid", "nonce_str", "timestamp", "key_version", "signature", "other"];
        let pairs: Vec<String> = names.iter().map(|name| format!("{}={value}", NAMES[*name])).collect();
        let _ = parse(&pairs);
    }
}
