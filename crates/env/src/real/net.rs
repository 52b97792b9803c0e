//! Requests over real sockets, with reqwest.

mod clients;
#[cfg(feature = "self-contained")]
mod names;
mod pieces;

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use tokio_util::task::AbortOnDropHandle;

use self::clients::Clients;
use super::runtime;
use crate::{BodyStream, BoxFuture, Net, NetError};

/// The platform's answers have a few kilobytes; more than this is not an answer.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Requests over real sockets. Clones share their connections.
///
/// Redirects are not followed, answers are not decompressed, TLS is rustls with the system's
/// certificates (feature `rustls`), and no process-wide crypto provider is installed. A proxy from the
/// environment is used, except for loopback addresses. Without certificates only `https` fails.
///
/// With the feature `self-contained`, names are resolved without the C library, by `/etc/hosts` and
/// `/etc/resolv.conf`, and a machine without certificates trusts Mozilla's, as they were at compile time. When
/// `SSL_CERT_FILE` or `SSL_CERT_DIR` is set and leads to none, nobody is trusted instead.
#[derive(Clone)]
pub struct ReqwestNet(Arc<OnceLock<Result<Clients, NetError>>>);

impl ReqwestNet {
    /// Makes its connections, and reads the system's certificates, when the first request is sent.
    pub fn new() -> Self {
        Self(Arc::new(OnceLock::new()))
    }

    /// Uses your client with its settings. It must not follow redirects, and should have a connect time-out.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self(Arc::new(OnceLock::from(Ok(Clients::of_yours(client)))))
    }

    fn clients(&self) -> Result<&Clients, NetError> {
        self.0.get_or_init(Clients::build).as_ref().map_err(Clone::clone)
    }
}

impl Default for ReqwestNet {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ReqwestNet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestNet(…)")
    }
}

impl Net for ReqwestNet {
    fn send(
        &self,
        request: Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let exchange = exchange(self.clone(), request, deadline);
        Box::pin(
            async move { if runtime::is_outside() { on_background(exchange).await } else { exchange.await } },
        )
    }

    fn open(
        &self,
        request: Request<Bytes>,
        patience: Duration,
    ) -> BoxFuture<Result<Response<BodyStream>, NetError>> {
        let opening = pieces::open(self.clone(), request, patience);
        Box::pin(
            async move { if runtime::is_outside() { on_background(opening).await } else { opening.await } },
        )
    }
}

/// Sockets need a runtime around them. Dropping this drops the exchange as well.
#[expect(clippy::disallowed_methods, reason = "the task lives no longer than the future that waits for it")]
async fn on_background<T, F>(exchange: F) -> Result<T, NetError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, NetError>> + Send + 'static,
{
    let task = AbortOnDropHandle::new(runtime::handle().spawn(exchange));
    task.await.unwrap_or_else(|_| Err(NetError::maybe_sent("the request's task ended before its answer")))
}

#[expect(clippy::disallowed_methods, reason = "this is the door through which requests leave")]
async fn exchange(
    net: ReqwestNet,
    request: Request<Bytes>,
    deadline: Duration,
) -> Result<Response<Bytes>, NetError> {
    if deadline.is_zero() {
        return Err(NetError::not_sent("no time was left to send the request"));
    }
    let client = net.clients()?.of(request.uri())?;
    let mut request = reqwest::Request::try_from(request).map_err(failure)?;
    *request.timeout_mut() = Some(deadline);
    let mut answer = client.execute(request).await.map_err(failure)?;
    let head = head(&mut answer);
    let body = read_body(answer).await?;
    Ok(head.map(|()| body))
}

/// Status, version and headers, taken out of the answer.
fn head(answer: &mut reqwest::Response) -> Response<()> {
    let mut head = Response::new(());
    *head.status_mut() = answer.status();
    *head.version_mut() = answer.version();
    std::mem::swap(head.headers_mut(), answer.headers_mut());
    head
}

async fn read_body(mut answer: reqwest::Response) -> Result<Bytes, NetError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(NetError::maybe_sent(format!("the answer is longer than {BODY_BYTES_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn failure(cause: reqwest::Error) -> NetError {
    let nothing_sent = cause.is_builder() || cause.is_connect();
    let problem = words(cause);
    if nothing_sent { NetError::not_sent(problem) } else { NetError::maybe_sent(problem) }
}

/// The whole chain of causes, without the URL, whose query may hold secrets.
fn words(cause: reqwest::Error) -> String {
    let cause = cause.without_url();
    let mut text = cause.to_string();
    let mut deeper = cause.source();
    while let Some(source) = deeper {
        text = format!("{text}: {source}");
        deeper = source.source();
    }
    text
}
