//! Bills against the books over REST: runs, differences, months.

pub(super) mod differences;
pub(super) mod month;
pub(super) mod runs;
pub(super) mod start;

use std::sync::Arc;

use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use axum::response::{IntoResponse, Response};

use super::ApiError;
use crate::Server;
use crate::live::App;
use crate::reconcile::RunError;
use crate::store::BillRun;

/// The run of that number, if it is the app's.
async fn run_of(server: &Server, app: &Arc<App>, id: &str) -> Result<BillRun, ApiError> {
    let unknown =
        || ApiError::not_found("unknown_run", format!("there is no run `{id}`; GET …/bill_runs lists them"));
    let number: i64 = id.parse().map_err(|_| unknown())?;
    let run = server.reads().bill_run(number).await.map_err(|cause| ApiError::unreadable(&cause))?;
    run.filter(|run| run.app_id == app.config.app_id).ok_or_else(unknown)
}

/// A table that a spreadsheet opens.
fn table(name: &str, table: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, table).into_response()
}

impl From<RunError> for ApiError {
    fn from(cause: RunError) -> Self {
        let sentence = cause.to_string();
        match cause {
            RunError::NoApp(_) => Self::other_system(sentence),
            RunError::NotOver(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "day_not_over", sentence),
            RunError::Kind(_) | RunError::Kinds => Self::bad_request(sentence).with("field", "kinds"),
            RunError::Running { run } => {
                Self::new(StatusCode::CONFLICT, "run_under_way", sentence).with("run", run)
            }
            RunError::NoRun(_) => Self::not_found("unknown_run", sentence),
            RunError::NotMatched(_) => Self::new(StatusCode::CONFLICT, "not_matched", sentence),
            RunError::TooLarge => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", sentence),
            RunError::Store(cause) => Self::unreadable(&cause),
            RunError::Submit(cause) => cause.into(),
        }
    }
}
