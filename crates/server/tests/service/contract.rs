//! Holds every reply of every test against the OpenAPI document.

use std::sync::OnceLock;

use serde_json::Value;

/// The document, as the first world read it.
static DOCUMENT: OnceLock<Value> = OnceLock::new();

/// The document, once one was kept.
pub(crate) fn document() -> Option<&'static Value> {
    DOCUMENT.get()
}

/// Keeps the document for all tests.
pub(crate) fn keep(document: Value) -> &'static Value {
    DOCUMENT.get_or_init(|| document)
}

/// Fails unless the document describes this reply.
#[track_caller]
pub(crate) fn check(document: &Value, method: &str, path: &str, status: u16, body: &Value) {
    // A table is no JSON; the document describes the same path without it.
    if path.ends_with(".csv") && body.is_string() {
        return;
    }
    let Some(operation) = operation(document, path).map(|methods| &methods[method.to_lowercase()]) else {
        return;
    };
    let shown = format!("{method} {path} {status}");
    if operation.is_null()
        || !path.starts_with("/v1/") && !operation["responses"][status.to_string()].is_object()
    {
        return;
    }
    // What any path may answer is not repeated under each.
    let response = &operation["responses"][status.to_string()];
    let problem = &document["components"]["schemas"]["Problem"];
    let schema = match response["content"].as_object().and_then(|content| content.values().next()) {
        Some(content) => &content["schema"],
        None if matches!(status, 400 | 404 | 413 | 500 | 503) => problem,
        None if response.is_object() => return,
        None => panic!("{shown} is not in the document: {body}"),
    };
    if let Err(differs) = fits(document, schema, body, "") {
        panic!("{shown} is not what the document says: {differs}: {body}");
    }
}

/// The methods of the documented path that `path` is an example of.
fn operation<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    let paths = document["paths"].as_object()?;
    // A path without parameters goes before one with.
    paths.get(path).or_else(|| {
        let parts: Vec<_> = path.split('/').collect();
        let fits = |template: &str| {
            let template: Vec<_> = template.split('/').collect();
            template.len() == parts.len()
                && template.iter().zip(&parts).all(|(want, is)| want.starts_with('{') || want == is)
        };
        paths.iter().find(|(template, _)| fits(template)).map(|(_, methods)| methods)
    })
}

/// Whether a value has the shape: known members only, all that are required, each of its type.
fn fits(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or(name);
        return fits(document, &document["components"]["schemas"][name], value, place);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let tried: Vec<_> = choices.iter().map(|choice| fits(document, choice, value, place)).collect();
        return if tried.iter().any(Result::is_ok) {
            Ok(())
        } else {
            tried.into_iter().next_back().unwrap_or(Ok(()))
        };
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        Value::String(one) => vec![one.as_str()],
        _ => return Err(format!("`{place}` is not described")),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&is) {
        return Err(format!("`{place}` is of type {is}, not {types:?}"));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return Err(format!("`{place}` is {value}, not one of {}", schema["enum"]));
    }
    for (at, member) in value.as_array().into_iter().flatten().enumerate() {
        fits(document, &schema["items"], member, &format!("{place}[{at}]"))?;
    }
    members(document, schema, value, place)
}

fn members(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let (Some(members), Some(known)) = (value.as_object(), schema["properties"].as_object()) else {
        return Ok(());
    };
    for (name, member) in members {
        let schema = known.get(name).ok_or_else(|| format!("`{place}.{name}` is not described"))?;
        fits(document, schema, member, &format!("{place}.{name}"))?;
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    match required.into_iter().find(|name| !members.contains_key(*name)) {
        Some(missing) => Err(format!("`{place}.{missing}` is missing")),
        None => Ok(()),
    }
}

#[test]
fn a_difference_is_found() {
    let document = serde_json::json!({ "components": { "schemas": { "A": {
        "type": "object", "required": ["id"], "properties": {
            "id": { "type": "integer" }, "state": { "type": ["string", "null"], "enum": ["paid", null] },
            "list": { "type": "array", "items": { "$ref": "#/components/schemas/A" } },
    } } } } });
    let schema = serde_json::json!({ "$ref": "#/components/schemas/A" });
    let look = |text: &str| fits(&document, &schema, &serde_json::from_str(text).expect("JSON"), "");
    assert_eq!(look(r#"{"id":1,"state":"paid","list":[{"id":2,"state":null}]}"#), Ok(()));
    for (text, says) in [
        ("[]", "of type array"),
        (r#"{"state":"paid"}"#, "`.id` is missing"),
        (r#"{"id":1.5}"#, "`.id` is of type number"),
        (r#"{"id":1,"state":"lost"}"#, "not one of"),
        (r#"{"id":1,"more":1}"#, "`.more` is not described"),
        (r#"{"id":1,"list":[{}]}"#, "`.list[0].id` is missing"),
    ] {
        assert!(look(text).expect_err(text).contains(says), "{text}");
    }
}
