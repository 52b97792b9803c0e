//! Plain hyper: collect the body, within a limit, before anything else.

use std::convert::Infallible;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Shop;

/// Far more than the platform sends.
const BODY_BYTES_MAX: usize = 1 << 20;

/// Serves the two routes that a shop needs, until the task is dropped.
pub async fn serve(listener: TcpListener, shop: Shop) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let shop = shop.clone();
        let service = service_fn(move |request| answer(shop.clone(), request));
        tokio::spawn(async move {
            // A connection that breaks is the other side's business.
            let _ended = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(shop: Shop, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let (status, text) = match (&parts.method, parts.uri.path()) {
        (&Method::POST, "/callbacks") => match Limited::new(body, BODY_BYTES_MAX).collect().await {
            Ok(body) => (200, shop.hear(&body.to_bytes())),
            Err(_) => (413, String::new()),
        },
        (&Method::POST, path) if path.starts_with("/orders/") => shop.open(&path["/orders/".len()..]).await,
        _ => (404, String::new()),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    Ok(response)
}
