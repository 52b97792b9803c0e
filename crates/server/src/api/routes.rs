//! The one list from which both the router and the OpenAPI document are made.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use utoipa::openapi::path::{HttpMethod, Paths};

use crate::Server;

/// Routes so far, and their documentation.
pub(super) struct Routes {
    pub(super) router: Router<Server>,
    pub(super) paths: Paths,
    subject: &'static str,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self { router: Router::new(), paths: Paths::new(), subject: "" }
    }

    /// What the routes that follow are about.
    pub(super) const fn about(mut self, subject: &'static str) -> Self {
        self.subject = subject;
        self
    }

    /// Adds a handler under the path and method that its documentation `P` names.
    pub(super) fn add<P: utoipa::Path, H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, Server>,
        T: 'static,
    {
        let path = P::path();
        for method in P::methods() {
            self.router = self.router.route(&path, on(filter(&method), handler.clone()));
        }
        let mut operation = P::operation();
        operation.tags = Some(vec![self.subject.to_owned()]);
        self.paths.add_path_operation(path, P::methods(), operation);
        self
    }
}

fn filter(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Patch => MethodFilter::PATCH,
        _ => MethodFilter::GET,
    }
}
