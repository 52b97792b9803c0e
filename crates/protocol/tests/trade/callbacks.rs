//! What a callback may look like, and what it must not.

use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::trade::callback::{self, CallbackError, Headers, Unverified};
use proptest::prelude::*;

use crate::vectors::{platform_key, platform_public_key, vector};

fn verify(body: &[u8]) -> Result<String, CallbackError> {
    let sent = callback::signed(&platform_key(), UnixMs::from_seconds(1_767_225_610), "n", body);
    let verified = Unverified::parse(sent.headers(), body)?.verify(&[platform_public_key()])?;
    Ok(format!("{} {:?} {}", verified.kind(), verified.version(), verified.msg()))
}

#[test]
fn the_envelope_is_read_in_any_order_and_version() {
    for (body, wanted) in [
        (r#"{"version":"2.0","msg":"{}","type":"settle"}"#, r#"settle Some("2.0") {}"#),
        (
            r#"{"type":"sign_callback","msg":"{\"a\":\"\u4e2d\"}","version":"1.0","new":[1]}"#,
            r#"sign_callback Some("1.0") {"a":"中"}"#,
        ),
        (r#"{"msg":"","type":"payment"}"#, "payment None "),
        (r#"{"msg":"","type":"payment","version":3}"#, "payment Some(\"3\") "),
    ] {
        assert_eq!(verify(body.as_bytes()).expect(body), wanted);
    }
}

#[test]
fn a_genuine_body_that_is_no_callback_says_so() {
    for (body, wanted) in [
        (&b"[]"[..], "JSON object"),
        (b"", "JSON object"),
        (b"{\"a\":\"\xff\"}", "UTF-8 (byte 6"),
        (br#"{"type":"payment"}"#, "no `msg`"),
        (br#"{"msg":"{}"}"#, "no `type`"),
        (br#"{"msg":"{}","type":null}"#, "no `type`"),
        (br#"{"msg":{},"type":"payment"}"#, "`msg` is not a text"),
        (br#"{"msg":"{}","type":"payment","msg":"{}"}"#, "`msg` twice"),
    ] {
        let problem = verify(body).expect_err(wanted);
        assert!(problem.is_genuine() && problem.to_string().contains(wanted), "{problem}");
        assert!(problem.zh().starts_with("回调属实"), "{}", problem.zh());
    }
}

#[test]
fn what_cannot_be_a_header_is_refused_before_anything_is_computed() {
    let right = vector("T8");
    let parse = |headers: Headers<'_>| Unverified::parse(headers, right.body.as_bytes()).map(|_| ());
    assert_eq!(parse(right.headers()), Ok(()));
    for timestamp in ["", "1767225610 ", "-1", "1\n2", "1.5", "999999999999999999999"] {
        assert_eq!(
            parse(Headers { timestamp, ..right.headers() }),
            Err(CallbackError::Header("Byte-Timestamp"))
        );
    }
    let long = "n".repeat(129);
    for nonce in ["", "a b", "a\nb", "a\r", "中", &long] {
        assert_eq!(parse(Headers { nonce, ..right.headers() }), Err(CallbackError::Header("Byte-Nonce-Str")));
    }
    for signature in [
        "",
        "AAAA",
        &right.signature[4..],
        &right.signature.replace('+', " "),
        &format!("{}\n", right.signature),
    ] {
        assert!(
            matches!(parse(Headers { signature, ..right.headers() }), Err(CallbackError::Signature(_))),
            "{signature}"
        );
    }
    let large = vec![b' '; callback::MAX_BODY + 1];
    let refused = Unverified::parse(right.headers(), &large).map(|_| ());
    assert_eq!(refused, Err(CallbackError::TooLarge(callback::MAX_BODY + 1)));
}

#[test]
fn headers_are_found_whatever_their_case_and_refused_when_doubtful() {
    for names in [
        ["Byte-Timestamp", "Byte-Nonce-Str", "Byte-Signature"],
        ["byte-timestamp", "byte-nonce-str", "byte-signature"],
        ["BYTE-TIMESTAMP", "BYTE-NONCE-STR", "BYTE-SIGNATURE"],
    ] {
        let pairs = names.into_iter().zip(["1", "n", "s"]);
        let wanted = Headers { timestamp: "1", nonce: "n", signature: "s" };
        let look_up = |name: &str| pairs.clone().find(|(known, _)| *known == name).map(|(_, value)| value);
        assert_eq!(Headers::find(look_up), Ok(wanted));
        assert_eq!(Headers::of_pairs(pairs.clone()), Ok(wanted));
        assert_eq!(
            Headers::of_pairs(pairs.clone().chain([("byte-NONCE-str", "m")])),
            Err(CallbackError::HeaderTwice("Byte-Nonce-Str"))
        );
        assert_eq!(Headers::of_pairs(pairs.take(2)), Err(CallbackError::MissingHeader("Byte-Signature")));
    }
    assert_eq!(Headers::find(|_| None), Err(CallbackError::MissingHeader("Byte-Timestamp")));
}

#[test]
fn age_counts_only_when_asked_for() {
    let right = vector("T8");
    let verified = || {
        let callback = Unverified::parse(right.headers(), right.body.as_bytes()).expect("three headers");
        callback.verify(&[platform_public_key()]).expect("genuine")
    };
    let at = |seconds: i64| UnixMs::from_seconds(1_767_225_610 + seconds);
    for (seconds, fresh) in [(0, true), (300, true), (301, false), (-300, true), (-301, false)] {
        let outcome = verified().not_older_than(300, at(seconds));
        assert_eq!(outcome.is_ok(), fresh, "{seconds}");
        if let Err(problem) = outcome {
            assert_eq!(problem, CallbackError::Stale { age_s: seconds, seconds_max: 300 });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_message_comes_back_and_one_changed_byte_is_refused(
        kind in "[a-z_]{1,20}", msg in any::<String>(), nonce in "[!-~]{1,40}", at in any::<usize>(), by in 1_u8..=255,
    ) {
        let body = callback::body(&kind, &msg);
        let sent = callback::signed(&platform_key(), UnixMs::from_seconds(1_767_225_610), &nonce, &body);
        let keys = [platform_public_key()];
        let verified = Unverified::parse(sent.headers(), &body).unwrap().verify(&keys).unwrap();
        prop_assert_eq!((verified.kind(), verified.msg()), (kind.as_str(), msg.as_str()));
        let mut changed = body.clone();
        changed[at % body.len()] ^= by;
        let refused = Unverified::parse(sent.headers(), &changed).unwrap().verify(&keys);
        prop_assert_eq!(refused.err(), Some(CallbackError::BadSignature));
    }

    #[test]
    fn any_bytes_are_explained_without_panic(
        timestamp in "[0-9]{0,25}|\\PC{0,9}", nonce in "\\PC{0,20}", signature in "[A-Za-z0-9+/=_ %-]{0,400}",
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let headers = Headers { timestamp: &timestamp, nonce: &nonce, signature: &signature };
        let explained = callback::explain(headers, &body, &[platform_public_key()], &[], Some("/"));
        prop_assert!(!explained.is_valid());
        let right = vector("T8");
        let headers = Headers { timestamp: &timestamp, nonce: &nonce, signature: &right.signature };
        prop_assert!(!callback::explain(headers, &body, &[platform_public_key()], &[], None).is_valid());
    }

    #[test]
    fn objects_of_any_shape_are_explained_without_panic(
        body in r#"\{("[a-e]{0,4}(\\u[0-9a-f]{4})?" ?: ?("\PC{0,9}"|[0-9.e-]{1,5}|null|\[1, \{\}\]|\{"a":[1-9]\}),?){0,4}\}?"#,
    ) {
        let right = vector("T8");
        let explained = callback::explain(right.headers(), body.as_bytes(), &[platform_public_key()], &[], None);
        prop_assert!(!explained.is_valid());
    }
}
