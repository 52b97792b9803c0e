//! `POST /v1/exceptions/{id}/resolve`: a human has looked.

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::fields::Fields;
use super::list_exceptions::is_open;
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;

const NOTE_CHARS_MAX: usize = 1000;

/// What was found and done.
#[derive(ToSchema)]
pub(crate) struct Resolution {
    /// For whoever looks later: 1–1000 characters.
    #[schema(example = "refunded by hand, see ticket 42")]
    note: String,
}

impl Resolution {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let note = fields.required("note", note)?;
        fields.finish()?;
        Ok(Self { note })
    }
}

fn note(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if !text.trim().is_empty() && text.chars().count() <= NOTE_CHARS_MAX => Ok(text),
        _ => Err(format!("is not a text of 1–{NOTE_CHARS_MAX} characters; write what was found and done")),
    }
}

/// Closes an exception with a note. Changes no money.
#[utoipa::path(
    post, path = "/v1/exceptions/{id}/resolve",
    params(("id" = i64, Path, description = "The exception's id")),
    request_body = Resolution,
    responses((status = 200, body = schemas::Resolved, description = "Resolved"), (status = 404, description = "No open exception of that id"))
)]
pub(crate) async fn resolve_exception(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let resolution = Resolution::read(fields)?;
    let unknown = || {
        ApiError::not_found(
            "unknown_exception",
            format!("there is no open exception `{id}`; GET /v1/exceptions lists them"),
        )
    };
    let number: i64 = id.parse().map_err(|_| unknown())?;
    if !is_open(&server, &caller, number).await? {
        return Err(unknown());
    }
    let at = server.env().now();
    match server.journal().resolve_exception(number, caller.name(), &resolution.note, at).await? {
        true => Ok(replies::json(
            StatusCode::OK,
            &json!({ "id": number, "resolved_by": caller.name(), "resolved_at": at.rfc3339() }),
        )),
        false => Err(unknown()),
    }
}
