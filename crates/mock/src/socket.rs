//! Real sockets: one connection loop that can also close without an answer.

use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

use axum::body::Body;
use douyin_pay_env::Env;
use futures_util::future::{Either, select};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::config::MockConfig;
use crate::mock::Mock;
use crate::web::Vanish;

/// How long a stopping mock waits for connections that are busy.
const STOP_WITHIN: Duration = Duration::from_secs(5);
/// How long the loop rests when the system has no more sockets to give.
const REST: Duration = Duration::from_millis(50);

/// A mock that listens on a socket; it is also a [`Mock`]. Dropping it stops it.
pub struct Running {
    mock: Mock,
    address: SocketAddr,
    stop: CancellationToken,
    done: CancellationToken,
}

/// Starts the default mock on a free port of 127.0.0.1, for a test.
///
/// # Errors
/// When no port can be opened.
pub async fn start() -> io::Result<Running> {
    Mock::new(Env::real(), MockConfig::default()).listen((std::net::Ipv4Addr::LOCALHOST, 0).into()).await
}

impl Mock {
    /// Opens `address` and serves the mock there, in the background; also [`Mock::start`]s it.
    ///
    /// # Errors
    /// When the address cannot be opened.
    pub async fn listen(&self, address: SocketAddr) -> io::Result<Running> {
        self.serve(TcpListener::bind(address).await?)
    }

    /// As [`Mock::listen`], on a listener that is open already.
    ///
    /// # Errors
    /// When the listener has no local address.
    pub fn serve(&self, listener: TcpListener) -> io::Result<Running> {
        self.start();
        let address = listener.local_addr()?;
        let (stop, done) = (CancellationToken::new(), CancellationToken::new());
        let running = Running { mock: self.clone(), address, stop: stop.clone(), done: done.clone() };
        let mock = self.clone();
        let accepting = async move {
            accept(mock, listener, stop).await;
            done.cancel();
        };
        self.env().tasks.spawn("mock sockets", Box::pin(accepting));
        Ok(running)
    }
}

impl Running {
    /// Where the mock listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no further connection, lets busy ones finish, and stops sending callbacks.
    pub async fn stop(self) {
        self.stop.cancel();
        self.done.cancelled().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Err(cause) = self.mock.stop() {
            tracing::warn!(cause = %cause, "the mock stopped, but its books could not be saved");
        }
    }
}

impl Deref for Running {
    type Target = Mock;

    fn deref(&self) -> &Mock {
        &self.mock
    }
}

async fn accept(mock: Mock, listener: TcpListener, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = match select(Box::pin(stop.cancelled()), Box::pin(listener.accept())).await {
            Either::Left(_) => break,
            Either::Right((accepted, _)) => accepted,
        };
        match accepted {
            Ok((stream, _)) => serve_connection(&mock, stream, &graceful),
            Err(cause) => {
                tracing::warn!(cause = %cause, "the mock could not take a connection");
                mock.env().sleep(REST).await;
            }
        }
    }
    drop(listener);
    // Connections that are still busy after this time are cut by the tasks' end.
    let _finished_or_not = mock.env().within(STOP_WITHIN, graceful.shutdown()).await;
}

fn serve_connection(mock: &Mock, stream: TcpStream, graceful: &GracefulShutdown) {
    let router = mock.router();
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), request));
    let connection = graceful.watch(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    let connection = async move {
        if let Err(cause) = connection.await {
            tracing::debug!(cause = %cause, "a connection to the mock ended");
        }
    };
    mock.env().tasks.spawn("mock connection", Box::pin(connection));
}

/// An error makes hyper close the connection without a response, which is what [`Vanish`] asks for.
async fn answer(router: axum::Router, request: Request<Incoming>) -> Result<Response<Body>, Vanish> {
    let response = match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    match response.extensions().get::<Vanish>() {
        Some(vanish) => Err(*vanish),
        None => Ok(response),
    }
}
