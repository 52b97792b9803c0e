//! The scanner and `serde_json` must agree about every input.

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::{Item, Scanner};

type Members = Vec<(String, Result<String, String>)>;

/// Texts are `Ok`, everything else is `Err` with its literal.
fn ours(text: &str) -> Result<Members, String> {
    let mut members = Vec::new();
    Scanner::new(text).members(|name: Cow<'_, str>, item| {
        let item = match item {
            Item::Text(text) => Ok(text.into_owned()),
            Item::Literal(literal) => Err(literal.to_owned()),
        };
        members.push((name.into_owned(), item));
        Ok::<(), String>(())
    })?;
    Ok(members)
}

fn theirs(text: &str) -> Option<BTreeMap<String, Result<String, String>>> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    members
        .into_iter()
        .map(|(name, raw)| match raw.get().starts_with('"') {
            true => Some((name, Ok(serde_json::from_str(raw.get()).ok()?))),
            false => Some((name, Err(raw.get().to_owned()))),
        })
        .collect()
}

fn agree(text: &str) -> Result<(), TestCaseError> {
    let ours: Option<BTreeMap<_, _>> = ours(text).ok().map(|members| members.into_iter().collect());
    prop_assert_eq!(ours, theirs(text), "{}", text);
    Ok(())
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    for (text, place) in [
        ("", "byte 0"),
        ("[1]", "byte 0"),
        ("{", "byte 1"),
        (r#"{"a":1,}"#, "byte 7"),
        (r#"{"a" 1}"#, "byte 5"),
        (r#"{"a":}"#, "byte 5"),
        (r#"{"a":1} x"#, "byte 8"),
        (r#"{"a":"x"#, "byte 7"),
        (r#"{"a":"\x"}"#, "byte 6"),
        (r#"{"a":"\ud83d"}"#, "byte 12"),
        ("{\"a\":\"\n\"}", "byte 6"),
    ] {
        let problem = ours(text).expect_err(text);
        assert!(problem.ends_with(place), "{text}: {problem}");
    }
}

#[test]
fn awkward_objects_are_read_as_serde_json_reads_them() {
    for text in [
        "{}",
        " { \t\r\n } ",
        r#"{"a":{"b":["}",1,{"c":null}]},"d":-1.5e9,"e":true}"#,
        r#"{"\u0061\n":"\u4e2d\/\\\"\b\f\n\r\t","b":"\ud83d\ude00"}"#,
        r#"{"a":"\ud83d\u0061"}"#,
        r#"{"a":"\ude00"}"#,
        r#"{"a":"\u12g4"}"#,
        r#"{"a":"\u+123"}"#,
        r#"{"a":01}"#,
        r#"{"a":1x}"#,
        r#"{"a":1 2}"#,
        r#"{"a":truefalse}"#,
        r#"{,"a":1}"#,
        r#"{"a":1,,"b":2}"#,
        r#"{"a":1"b":2}"#,
        "\u{feff}{}",
    ] {
        agree(text).unwrap_or_else(|problem| panic!("{problem}"));
    }
}

proptest! {
    #[test]
    fn written_texts_are_read_back(name in any::<String>(), text in any::<String>(), number in any::<i64>()) {
        let escaped = serde_json::to_string(&text).unwrap();
        let name_escaped = serde_json::to_string(&name).unwrap();
        let body = format!("{{ {name_escaped} : {escaped} ,\"number\":{number}}}");
        let read = ours(&body).unwrap();
        prop_assert_eq!(&read[0], &(name, Ok(text)));
        prop_assert_eq!(&read[1].1, &Err(number.to_string()));
    }

    #[test]
    fn every_unit_may_be_escaped(text in any::<String>()) {
        let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        prop_assert_eq!(&ours(&format!("{{\"a\":\"{units}\"}}")).unwrap()[0].1, &Ok(text));
    }

    #[test]
    fn mangled_objects_are_judged_alike(
        text in r#"\{("[a-e]{0,9}(\\[nu"\\/4d]){0,3}[a-e0-9中]{0,9}" ?: ?("[a-e]{0,12}(\\["n/\\])?\PC{0,9}"|[0-9]{1,3}|null|\[1\]),?){0,3}\}?"#,
    ) {
        agree(&text)?;
    }

    #[test]
    fn any_text_is_judged_alike(text in "[{}\":,\\\\a-f0-9u \n]{0,40}") {
        agree(&text)?;
    }
}
