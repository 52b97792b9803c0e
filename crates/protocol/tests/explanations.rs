//! A wrong signature must be explainable, and an explanation must not give the salt away.

use douyin_pay_protocol::ecpay::json::{self, JsonError, Mistake, Suspects};
use douyin_pay_protocol::{Salt, Token, ecpay::callback};

const SALT: &str = "test_salt_Ab12Cd34";

fn explain(body: &str) -> json::Explanation {
    json::explain(body.as_bytes(), &Salt::new(SALT).expect("a salt")).expect("an object")
}

fn md5(text: &str) -> String {
    use md5::{Digest, Md5};
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn each_field_says_what_became_of_it() {
    let explained = explain(
        r#"{"app_id":"tt1","a":" \u00a0x\u0001 ","b":"\" null \"","c":0,"d":1e3,"e":{"z":1,"b":[null,"t"]},"f":null,"g":"拿铁"}"#,
    );
    let part = |name: &str| explained.fields.iter().find(|part| part.name == name).expect("a field");
    assert!(!part("app_id").signed && part("app_id").note.contains("never"));
    assert_eq!(part("a").text.as_deref(), Some(r#""x\u{1}""#));
    assert_eq!(part("a").hex.as_deref(), Some("7801"));
    assert_eq!(part("a").received_hex.as_deref(), Some("20c2a0780120"));
    assert!(part("a").note.contains("white space") && part("a").hints.len() == 2);
    assert!(!part("b").signed && part("b").hints.iter().any(|hint| hint.contains("quotes")));
    assert!(part("c").signed && part("c").hints[0].contains("zero"));
    assert_eq!(part("d").text.as_deref(), Some("\"1e3\""));
    assert_eq!(part("e").text.as_deref(), Some("\"map[b:[<nil> t] z:1]\""));
    assert_eq!(part("f").text.as_deref(), Some("\"<nil>\""));
    assert_eq!(part("g").hex.as_deref(), Some("e68bbfe99381"));
    assert_eq!(explained.joined, "0&1e3&<nil>&map[b:[<nil> t] z:1]&‹SALT›&x\u{1}&拿铁");
    let shown = explained.to_string();
    for line in ["- app_id (text)", "received bytes 20c2a0780120", "  + c (number) \"0\""] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn the_salt_is_never_shown() {
    let body = format!(r#"{{"cp_extra":"{SALT}","msg_page":"x {SALT} y","body":"b"}}"#);
    let explained = explain(&body);
    let as_json = serde_json::to_string(&explained).expect("plain data");
    for shown in [explained.to_string(), as_json, format!("{explained:?}")] {
        assert!(!shown.contains(SALT), "{shown}");
    }
    assert_eq!(explained.joined, "b&‹SALT›&‹SALT›&x ‹SALT› y");
    assert!(explained.fields[0].hints.iter().any(|hint| hint.contains("SALT")));
}

#[test]
fn well_known_mistakes_are_named() {
    let fields = r#""app_id":"tt1","zero":0,"large":1234500,"pad":" b ","quote":"\"q\"","same":"b","no":"","c":"😀","d":"！""#;
    let s = SALT;
    for (wrong, word) in [
        (format!("0&1234500&b&b&q&{s}&tt1&！&😀"), "`app_id`"),
        (format!("1234500&b&b&q&{s}&！&😀"), "zeros"),
        (format!("0&1.2345e+06&b&b&q&{s}&！&😀"), "exponent"),
        (format!(" b &\"q\"&0&1234500&b&{s}&！&😀"), "as it stands"),
        (format!("\"q\"&0&1234500&b&b&{s}&！&😀"), "quotes"),
        (format!("&0&1234500&b&b&q&{s}&！&😀"), "empty"),
        (format!("0&1234500&b&q&{s}&！&😀"), "equal"),
        (format!("0&1234500&b&b&q&{s}&😀&！"), "UTF-16"),
        (format!("0&1234500&b&q&b&😀&！&{s}"), "not sorted"),
        (format!("0&1234500&b&b&q&！&😀&{s}"), "at the end"),
        ("0&1234500&b&b&q&！&😀".to_owned(), "left out"),
        (format!("01234500bbq{s}！😀"), "without `&`"),
        (format!("😀&！&1234500&b&q&b&0&{s}"), "field's name"),
        (format!("c=😀&d=！&large=1234500&pad=b&quote=q&same=b&{s}&zero=0"), "name=value"),
        (format!("c=😀&d=！&large=1234500&pad=b&quote=q&same=b&zero=0&{s}"), "name=value"),
    ] {
        let explained = explain(&format!(r#"{{{fields},"sign":"{}"}}"#, md5(&wrong)));
        assert_eq!(explained.matches, Some(false), "{wrong}");
        assert!(explained.en.contains(word), "{wrong}: {}", explained.en);
        assert!(!explained.mistakes.contains(&Mistake::Unknown) && !explained.zh.is_empty(), "{wrong}");
    }
    let right = explain(&format!("{{{fields}}}")).sign;
    let upper = explain(&format!(r#"{{{fields},"sign":"{}"}}"#, right.to_ascii_uppercase()));
    assert_eq!(upper.mistakes, [Mistake::UpperCase]);
    let wrapped = explain(&format!(r#"{{{fields},"sign":" {right}\n"}}"#));
    assert_eq!(wrapped.mistakes, [Mistake::Wrapped]);
    let right = explain(&format!(r#"{{{fields},"sign":"{right}"}}"#));
    assert_eq!((right.matches, right.mistakes.len()), (Some(true), 0));
    assert_eq!(explain(&format!(r#"{{{fields},"sign":"x"}}"#)).mistakes, [Mistake::Unknown]);
}

#[test]
fn mistakes_about_fields_secrets_and_digests_are_named() {
    let fields = r#""app_id":"tt1","out_settle_no":"S 1","settle_params":"[{\"merchant_uid\":\"6中\",\"amount\":60}]","finish":"true""#;
    let s = SALT;
    let json_text = r#"[{"merchant_uid":"6中","amount":60}]"#;
    let python = r#"[{"merchant_uid": "6\u4e2d", "amount": 60}]"#;
    let sorted = r#"[{"amount":60,"merchant_uid":"6中"}]"#;
    let list = |settle: &str| format!("S 1&{settle}&{s}&true");
    for (wrong, mistakes) in [
        (list(python), vec![Mistake::Reserialised("settle_params".to_owned())]),
        (list(sorted), vec![Mistake::Reserialised("settle_params".to_owned())]),
        (format!("S 1&{s}&true"), vec![Mistake::FieldLeftOut("settle_params".to_owned())]),
        (format!("S 1&{json_text}&{s}"), vec![Mistake::FieldLeftOut("finish".to_owned())]),
        (format!("S 1&{json_text}&true&{s}"), vec![Mistake::SaltLast]),
        (format!("S 1&true&{s}"), vec![Mistake::SaltLast, Mistake::FieldLeftOut("settle_params".to_owned())]),
        (
            format!("%5B%7B%22merchant_uid%22%3A%226%E4%B8%AD%22%2C%22amount%22%3A60%7D%5D&S+1&{s}&true"),
            vec![Mistake::UrlEncoded],
        ),
        (
            format!("finish=true&out_settle_no=S 1&settle_params={json_text}&key={s}"),
            vec![Mistake::SaltAsKey, Mistake::Pairs],
        ),
        (list(json_text) + "&undefined", vec![Mistake::Undefined]),
        (
            "S 1&[{\"merchant_uid\":\"6中\",\"amount\":60}]&theToken&true".to_owned(),
            vec![Mistake::TokenForSalt],
        ),
        (
            "0sandbox&S 1&true".to_owned(),
            vec![
                Mistake::OtherSalt("the sandbox".to_owned()),
                Mistake::FieldLeftOut("settle_params".to_owned()),
            ],
        ),
    ] {
        let body = format!(r#"{{{fields},"sign":"{}"}}"#, md5(&wrong));
        let (token, sandbox) =
            (Token::new("theToken").expect("a token"), Salt::new("0sandbox").expect("a salt"));
        let suspects = Suspects::new().token(&token).salt_of("the sandbox", &sandbox);
        let explained = json::explain_with(body.as_bytes(), &Salt::new(SALT).expect("a salt"), &suspects);
        let explained = explained.expect("an object");
        let mut found = explained.mistakes;
        found.sort_by_key(|mistake| mistakes.iter().position(|wanted| wanted == mistake));
        assert_eq!(found, mistakes, "{wrong}");
        for shown in [format!("{suspects:?}"), explained.zh, explained.en] {
            assert!(!shown.contains("theToken") && !shown.contains("0sandbox"), "{shown}");
        }
    }
    let right = explain(r#"{"no":"1"}"#).sign;
    let shortened = explain(&format!(r#"{{"no":"1","sign":"{}"}}"#, &right[8..24]));
    assert!(shortened.en.contains("16 digits") && shortened.zh.contains("MD5"), "{}", shortened.en);
    let misspelt = explain(&format!(r#"{{"appid":"tt1","no":"1","sign":"{}"}}"#, md5(&format!("1&{s}"))));
    assert_eq!(misspelt.mistakes, [Mistake::AppIdMisspelt]);
}

#[test]
fn what_is_no_request_is_refused_in_plain_words() {
    let salt = Salt::new(SALT).expect("a salt");
    let sign = |body: &str| json::sign(body.as_bytes(), &salt);
    assert_eq!(sign(r#"{"a":1,"\u0061":2}"#), Err(JsonError::Twice("a".to_owned())));
    for body in ["", "[]", "1", "{", r#"{"a":1}}"#, r#"{"a":"\ud800"}"#, "a=1"] {
        assert!(matches!(sign(body), Err(JsonError::NotAnObject(_))), "{body}");
    }
    assert!(matches!(json::sign(b"{\"a\":\"\xff\"}", &salt), Err(JsonError::NotUtf8(6))));
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(70), "]".repeat(70));
    assert!(matches!(sign(&deep), Err(JsonError::NotAnObject(_))));
    assert!(sign(r#"{"a":{"a":1}}"#).is_ok(), "only the top level needs to be unique");
}

#[test]
fn queries_are_signed_decoded() {
    let salt = Salt::new(SALT).expect("a salt");
    let query =
        "app_id=tt0000000000000001&merchant_id=70775300146143419322&bill_date=20240101&bill_type=payment";
    let right = "665b948799d86cb93b9bb7a596ce95ee";
    assert_eq!(json::sign_query(query, &salt).expect("a query").as_str(), right);
    let explained = json::explain_query(&format!("?{query}&sign={right}"), &salt).expect("a query");
    assert_eq!(explained.matches, Some(true));
    assert!(matches!(json::sign_query("a=1&a=2", &salt), Err(JsonError::Twice(_))));
    assert!(matches!(json::sign_query("a=%e4%b8", &salt), Err(JsonError::Query(_))));
}

#[test]
fn a_refused_callback_says_why() {
    let token = Token::new("testToken2024").expect("a token");
    let tokens = [Token::new("older1").expect("a token"), token.clone()];
    let msg = r#"{"appid": "tt1","cp_orderno":"O1"}"#;
    let body = |msg: &str, signature: &str| {
        let msg = serde_json::to_string(msg).expect("a text");
        format!(
            r#"{{"timestamp":1704067201,"nonce":"2345","msg":{msg},"type":"payment","msg_signature":"{signature}"}}"#
        )
    };
    let sign = |msg: &str| callback::sign(&token, "1704067201", "2345", msg);
    let hints =
        |body: String| callback::explain(body.as_bytes(), &tokens).expect("an envelope").hints.join("; ");
    assert_eq!(hints(body(msg, &sign(msg))), "");
    for (claimed, word) in [
        (sign(msg).to_ascii_uppercase(), "upper case"),
        (sign(r#"{"appid":"tt1","cp_orderno":"O1"}"#), "re-serialised"),
        (sign(&msg.replace('"', "\\\"")), "with its escapes"),
        ("00".repeat(20), "wrong token"),
        ("00".to_owned(), "40 hex digits"),
    ] {
        let hints = hints(body(msg, &claimed));
        assert!(hints.contains(word), "{word}: {hints}");
    }
    let twice = hints(body(&msg.replace('"', "\\\""), &sign(msg)));
    assert!(twice.contains("escaped it twice"), "{twice}");
    let explained = callback::explain(body(msg, &sign(msg)).as_bytes(), &tokens).expect("an envelope");
    assert!(explained.is_valid());
    assert_eq!(explained.tried.iter().map(|tried| tried.fits).collect::<Vec<_>>(), [false, true]);
    let shown = explained.to_string();
    assert!(!shown.contains("testToken2024") && shown.contains("timestamp + nonce + token + msg"), "{shown}");
}
