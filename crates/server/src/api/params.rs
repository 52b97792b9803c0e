//! Query strings read parameter by parameter, so that each mistake names its parameter.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Query};
use douyin_pay_protocol::UnixMs;
use http::request::Parts;

use super::ApiError;
use crate::Server;
use crate::config::nearest;

const LIMIT_DEFAULT: usize = 50;
/// The longest page.
pub(super) const LIMIT_MAX: usize = 200;
const DAY_MS: i64 = 86_400_000;

/// The parameters of a query string.
pub(super) struct Params {
    given: BTreeMap<String, String>,
    known: Vec<&'static str>,
}

impl FromRequestParts<Server> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _server: &Server) -> Result<Self, ApiError> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|cause| {
            ApiError::bad_request(format!("the query string cannot be read: {}", cause.body_text()))
        })?;
        let mut given = BTreeMap::new();
        for (name, value) in pairs.0 {
            if given.insert(name.clone(), value).is_some() {
                return Err(ApiError::bad_request(format!("`{name}` is given twice; give it once")));
            }
        }
        Ok(Self { given, known: Vec::new() })
    }
}

/// A moment as RFC 3339 writes it.
pub(super) fn time(text: &str) -> Option<UnixMs> {
    text.parse::<jiff::Timestamp>().ok().map(|moment| UnixMs::new(moment.as_millisecond()))
}

impl Params {
    /// A parameter as text; an empty one counts as left out.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        self.given.remove(name).filter(|value| !value.is_empty())
    }

    /// A parameter of any type that is written as text.
    pub(super) fn parsed<T>(&mut self, name: &'static str, expected: &str) -> Result<Option<T>, ApiError>
    where
        T: std::str::FromStr,
    {
        let Some(text) = self.text(name) else { return Ok(None) };
        let wrong =
            |_| ApiError::bad_request(format!("`{name}`: `{text}` is not {expected}")).with("field", name);
        text.parse().map(Some).map_err(wrong)
    }

    /// How many to list.
    pub(super) fn limit(&mut self) -> Result<usize, ApiError> {
        match self.parsed("limit", "a number")?.unwrap_or(LIMIT_DEFAULT) {
            limit @ 1..=LIMIT_MAX => Ok(limit),
            other => Err(ApiError::bad_request(format!("`limit`: {other} is not between 1 and {LIMIT_MAX}"))),
        }
    }

    /// A moment, or the beginning of a Beijing day; with `whole_day` the end of that day.
    pub(super) fn moment(&mut self, name: &'static str, whole_day: bool) -> Result<Option<UnixMs>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        if let Some(midnight) = UnixMs::parse_beijing(&format!("{text} 00:00:00")) {
            return Ok(Some(if whole_day { midnight.plus_ms(DAY_MS) } else { midnight }));
        }
        // A `+` that was not percent-encoded arrives as a space.
        match time(&text.replace(' ', "+")) {
            Some(moment) => Ok(Some(moment)),
            None => Err(ApiError::bad_request(format!(
                "`{name}`: `{text}` is neither a day such as 2026-01-05 nor a time such as 2026-01-05T08:00:00%2B08:00"
            ))
            .with("field", name)),
        }
    }

    /// `query=now`: whether the platform is to be asked at once.
    pub(super) fn query_now(&mut self) -> Result<bool, ApiError> {
        match self.text("query").as_deref() {
            None => Ok(false),
            Some("now") => Ok(true),
            Some(other) => {
                Err(ApiError::bad_request(format!("`query`: `{other}` is unknown; write query=now")))
            }
        }
    }

    /// Refuses what nobody asked for.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        let Some(unknown) = self.given.keys().next() else { return Ok(()) };
        let hint = match nearest(unknown, self.known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if self.known.is_empty() => "this path takes none".to_owned(),
            None => format!("known are {}", self.known.join(", ")),
        };
        Err(ApiError::bad_request(format!("unknown parameter `{unknown}`; {hint}")))
    }
}
