//! A reverse proxy in front of the service that does one thing wrong.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use douyin_pay_env::Env;
use http::request::Parts;

use crate::world::WITHIN;

/// What is passed on: the request, changed; or what is answered in its place.
pub(crate) type Passed = Result<(Parts, Vec<u8>), Box<Response>>;

/// Serves `change` in front of `service`; gives the proxy's base URL.
pub(crate) async fn proxy(
    service: SocketAddr,
    change: impl Fn(Parts, Vec<u8>) -> Passed + Send + Sync + 'static,
) -> String {
    let change = Arc::new(change);
    let router = Router::new().fallback(move |request: Request| pass(service, Arc::clone(&change), request));
    serve(router).await
}

/// Serves any router on a free port.
pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn pass(
    service: SocketAddr,
    change: Arc<impl Fn(Parts, Vec<u8>) -> Passed>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 4 << 20).await.expect("a body");
    let (mut parts, body) = match change(parts, body.to_vec()) {
        Ok(passed) => passed,
        Err(answer) => return *answer,
    };
    let rest = parts.uri.path_and_query().map_or("/", |rest| rest.as_str());
    parts.uri = format!("http://{service}{rest}").parse().expect("a URL");
    parts.headers.remove(http::header::CONTENT_LENGTH);
    parts.headers.remove(http::header::HOST);
    let request = http::Request::from_parts(parts, Bytes::from(body));
    match Env::real().net.send(request, WITHIN).await {
        Ok(answer) => answer.map(Body::from),
        Err(_) => http::StatusCode::BAD_GATEWAY.into_response(),
    }
}
