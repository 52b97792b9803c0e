//! Pages of the mini-program in requests: a path and parameters.

use douyin_pay_protocol::trade::Schema;
use serde_json::Value;
use utoipa::ToSchema;

use super::ApiError;
use super::fields::{Fields, object};

/// A page of the mini-program.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description is used: the page is read into the protocol's type")]
pub(crate) struct PageOfApp {
    /// Its path: letters, digits, `_` and `/`, not at the beginning.
    #[schema(example = "pages/order/detail")]
    path: String,
    /// Its parameters: a JSON object, at most 512 bytes as text.
    #[schema(value_type = Option<Object>)]
    params: Option<()>,
}

/// Reads a page; `place` is where it is, for messages.
pub(super) fn read(place: &str, value: Value) -> Result<Schema, ApiError> {
    let mut fields = Fields::inside(place.to_owned(), value)?;
    let path = fields.required("path", |value| match value {
        Value::String(path) => Schema::new(path).map_err(|refused| refused.problem.into_owned()),
        _ => Err("is not a text".to_owned()),
    })?;
    let params = fields.optional("params", object)?;
    fields.finish()?;
    let Some(params) = params else { return Ok(path) };
    path.params(params.to_string()).map_err(|refused| {
        ApiError::bad_request(format!("`{place}.params`: {}", refused.problem)).with("field", "params")
    })
}
