//! Who asks: the bearer key, its role and the apps it may touch.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{StatusCode, header};

use super::ApiError;
use crate::Server;
use crate::api_key::{ApiKey, Role};
use crate::config::nearest;
use crate::live::{App, Live};

/// An authenticated caller.
pub(crate) struct Caller {
    key: ApiKey,
    /// The apps and keys as they were when the request came.
    live: Arc<Live>,
}

impl FromRequestParts<Server> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, ApiError> {
        let live = server.live();
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some(key) = header.and_then(|value| value.strip_prefix("Bearer ")) else {
            return Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "no_api_key",
                "the API key is missing; send the header `Authorization: Bearer dpk_…`",
            ));
        };
        match ApiKey::find(&live.api_keys, key.trim()).cloned() {
            Some(key) => Ok(Self { key, live }),
            None => Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "wrong_api_key",
                "the API key is not known; check it, or add its hash to `[[api_keys]]` and reload",
            )),
        }
    }
}

impl Caller {
    /// Whose key it is.
    pub(crate) fn name(&self) -> &str {
        &self.key.name
    }

    /// Fails unless the key's role is high enough.
    pub(crate) fn require(&self, role: Role) -> Result<(), ApiError> {
        if self.key.role >= role {
            return Ok(());
        }
        let (has, needs) = (self.key.role.as_str(), role.as_str());
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "role_too_low",
            format!("this needs the role `{needs}`; the API key `{}` has `{has}`", self.key.name),
        ))
    }

    /// The app of that name, if it exists and the key may touch it.
    pub(crate) fn app(&self, name: &str) -> Result<Arc<App>, ApiError> {
        let found = self.live.app(name).cloned();
        let allowed = found.filter(|app| self.key.reaches(&app.config.name));
        allowed.ok_or_else(|| self.no_app(name))
    }

    fn no_app(&self, name: &str) -> ApiError {
        if self.live.app(name).is_some() {
            return ApiError::new(
                StatusCode::FORBIDDEN,
                "app_not_allowed",
                format!(
                    "the API key `{}` may not touch the app `{name}`; add it to the key's `apps`",
                    self.key.name
                ),
            );
        }
        let mine = self.live.apps().map(|app| app.config.name.as_str()).filter(|app| self.key.reaches(app));
        let hint = nearest(name, mine).map_or_else(
            || "check the name in the configuration".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        );
        ApiError::not_found("unknown_app", format!("there is no app `{name}`; {hint}"))
    }

    /// The platform ids of the apps that the key may touch; `None` when it may touch all.
    pub(crate) fn app_ids(&self) -> Option<Vec<String>> {
        self.key.apps.as_ref()?;
        let mine = self.live.apps().filter(|app| self.key.reaches(&app.config.name));
        Some(mine.map(|app| app.config.app_id.as_str().to_owned()).collect())
    }

    /// Whether the key may see what belongs to that app id. What belongs to no app is for keys without a list.
    pub(crate) fn sees(&self, app_id: Option<&str>) -> bool {
        match app_id.and_then(|id| self.live.app_of_id(id)) {
            Some(app) => self.key.reaches(&app.config.name),
            None => self.key.apps.is_none(),
        }
    }
}
