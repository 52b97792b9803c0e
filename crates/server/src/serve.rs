//! Sockets, signals, threads and socket time limits: the only file that has them.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use douyin_pay_env::{Env, OffsetClock};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::config::{self, Config, ConfigError, Database};
use crate::ops::logs;
use crate::server::{AssembleError, Server};

/// Connections at the same time; more wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 4096;
/// For a request's head, and for the pause between two requests of one connection.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// For a request's body.
const BODY_WITHIN: Duration = Duration::from_secs(15);
/// No route takes a larger body; routes have their own, smaller limits.
const BODY_BYTES_MAX: usize = 2 << 20;
/// At a stop: for requests under way, then for tasks under way.
const REQUESTS_WITHIN: Duration = Duration::from_secs(10);
const TASKS_WITHIN: Duration = Duration::from_secs(20);
/// At a stop: for the journal's thread, once nobody has anything more to write.
const JOURNAL_WITHIN: Duration = Duration::from_secs(5);
const LOOK_AFTER_JOURNAL: Duration = Duration::from_secs(1);

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The books or an app cannot be used.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    /// Nobody can listen at the address.
    #[error("`listen`: {address}: {why}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why, and what to do.
        why: String,
    },
    /// The journal's thread ended by itself.
    #[error(
        "the journal ended by itself, which is a bug; nothing is lost that was answered with success: start again"
    )]
    JournalEnded,
    /// The operating system refuses a thread or a signal.
    #[error("the operating system refuses {what}: {cause}")]
    System {
        /// What was asked for.
        what: &'static str,
        /// Its answer.
        cause: io::Error,
    },
}

/// A service that listens. Call [`Running::stop`] for an orderly end.
pub struct Running {
    /// Where it listens; useful when the port was 0.
    pub address: SocketAddr,
    /// The service itself.
    pub server: Server,
    env: Env,
    stop: CancellationToken,
    accepting: tokio::task::JoinHandle<()>,
    writing: std::thread::JoinHandle<()>,
}

/// Runs the service of a configuration file until SIGTERM or SIGINT; SIGHUP reloads the file.
///
/// Calls `listening` with the address once it can be reached.
///
/// # Errors
/// When it cannot start. Each error is a sentence with the next step.
pub async fn run(path: &Path, listening: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let config = config::load(path)?;
    logs::start(&config.log);
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let mut env = Env::real();
    if let Some(url) = config.follow_clock.clone() {
        let clock = OffsetClock::new(Arc::clone(&env.clock));
        let real = env.clone();
        env.clock = Arc::new(clock.clone());
        tracing::warn!(url, "following a mock's clock; this is for development");
        // Before anything is written: a time that goes back would be worse than a late start.
        if let Err(problem) = crate::follow::catch_up(&real, &clock, &url).await {
            tracing::warn!(url, problem, "the clock to follow does not answer yet");
        }
        spawn(crate::follow::follow_clock(real, clock, url));
    }
    let mut signals = Signals::new()?;
    let running = start(config.clone(), env).await?;
    tracing::info!(address = %running.address, "listening on http://{}", running.address);
    listening(running.address);
    loop {
        match limit(LOOK_AFTER_JOURNAL, signals.next()).await {
            Some(Signal::Stop) => break,
            Some(Signal::Reload) => reload(&running.server, path.to_path_buf(), &config),
            // Nothing can be written any more: end, so that whoever watches starts us again.
            None if running.writing.is_finished() => return Err(ServeError::JournalEnded),
            None => {}
        }
    }
    running.stop().await;
    Ok(())
}

/// Binds the address, opens the books and starts everything. For programs that have their own signals or clock.
///
/// # Errors
/// When the address or the books cannot be used.
pub async fn start(config: Config, env: Env) -> Result<Running, ServeError> {
    let address = config.listen;
    // Before the books are opened: a second service must not touch them.
    let listener = TcpListener::bind(address).await.map_err(|cause| cannot_listen(address, &cause))?;
    let address = listener.local_addr().map_err(|cause| cannot_listen(address, &cause))?;
    let (server, writer) = Server::open(config, env.clone())?;
    let system = |what| move |cause| ServeError::System { what, cause };
    let writing = writer.run_on_thread().map_err(system("a thread for the journal"))?;
    server.start_workers();
    let stop = CancellationToken::new();
    let accepting = spawn(accept(listener, server.router(), stop.clone()));
    Ok(Running { address, server, env, stop, accepting, writing })
}

impl Running {
    /// Takes no new connections, finishes what is under way, commits, and ends.
    pub async fn stop(self) {
        tracing::info!("stopping: finishing what is under way");
        self.stop.cancel();
        if let Err(cause) = self.accepting.await {
            tracing::error!(error = %cause, "the listener ended badly");
        }
        self.server.stop();
        let left = self.env.tasks.drain(TASKS_WITHIN).await;
        if left > 0 {
            tracing::warn!(
                left,
                "{left} tasks did not end in time; what they were doing is done again after the start"
            );
        }
        // The writer's thread ends when the last handle to the journal is gone.
        drop(self.server);
        match limit(JOURNAL_WITHIN, ended(&self.writing)).await {
            None => {
                tracing::warn!("the journal still had work when the time was over; what was answered is kept")
            }
            Some(()) if self.writing.join().is_err() => tracing::error!("the journal's thread ended badly"),
            Some(()) => {}
        }
        tracing::info!("stopped");
    }
}

async fn ended(thread: &std::thread::JoinHandle<()>) {
    while !thread.is_finished() {
        let _a_moment = limit(Duration::from_millis(2), std::future::pending::<()>()).await;
    }
}

fn cannot_listen(address: SocketAddr, cause: &io::Error) -> ServeError {
    let why = match cause.kind() {
        io::ErrorKind::AddrInUse => {
            "the port is taken; stop the other program (perhaps another douyin-pay), or change `listen`"
                .to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "not permitted; ports below 1024 need rights, choose a higher one behind the reverse proxy"
                .to_owned()
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine does not have that address; change `listen`".to_owned()
        }
        _ => format!("{cause}; change `listen`"),
    };
    ServeError::Listen { address, why }
}

/// Takes over a changed file, or keeps what is in effect and says why.
fn reload(server: &Server, path: PathBuf, started_with: &Config) {
    let config = match config::load(&path) {
        Ok(config) => config,
        Err(refused) => {
            tracing::error!("reload refused, the old configuration stays in effect: {refused}");
            return;
        }
    };
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let Database::Sqlite(database) = &config.database;
    let Database::Sqlite(open) = &started_with.database;
    let fixed = [
        ("listen", config.listen != started_with.listen),
        ("database", database != open),
        ("log", config.log != started_with.log),
        ("dev.follow_clock", config.follow_clock != started_with.follow_clock),
    ];
    for (key, _) in fixed.into_iter().filter(|(_, changed)| *changed) {
        tracing::warn!("`{key}` has changed; it takes effect after a restart");
    }
    match server.reload(&config) {
        Ok(()) => tracing::info!("reloaded: apps, keys, tokens, webhooks, limits and retention"),
        Err(refused) => tracing::error!("reload refused, the old configuration stays in effect: {refused}"),
    }
}

enum Signal {
    Stop,
    Reload,
}

/// Kept for as long as the service runs: a signal between two waits is not lost.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self, ServeError> {
        use tokio::signal::unix::{SignalKind, signal};
        let system = |cause| ServeError::System { what: "signals", cause };
        let interrupt = signal(SignalKind::interrupt()).map_err(system)?;
        let terminate = signal(SignalKind::terminate()).map_err(system)?;
        let hang_up = signal(SignalKind::hangup()).map_err(system)?;
        Ok(Self { interrupt, terminate, hang_up })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => Signal::Stop,
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.hang_up.recv() => Signal::Reload,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self, ServeError> {
        Ok(Self {})
    }

    async fn next(&mut self) -> Signal {
        // Without it nobody can ask for a stop, so a failure to listen is a stop as well.
        let _asked = tokio::signal::ctrl_c().await;
        Signal::Stop
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the listener belongs to the sockets, not to the work that `env.tasks` tracks"
)]
fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
    tokio::spawn(task)
}

async fn accept(listener: TcpListener, router: Router, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let open = GracefulShutdown::new();
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { break };
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(cause) => {
                // Out of file descriptors, usually: connections that end make room.
                tracing::warn!(error = %cause, "a connection could not be accepted");
                let _full_second = limit(Duration::from_secs(1), std::future::pending::<()>()).await;
                continue;
            }
        };
        let connection = open.watch(connection(stream, router.clone()));
        spawn(async move {
            let _place = place;
            // Broken connections are everyday.
            let _ended = connection.await;
        });
    }
    drop(listener);
    if limit(REQUESTS_WITHIN, open.shutdown()).await.is_none() {
        tracing::warn!("some requests did not end in time; their connections are closed");
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
) -> hyper::server::conn::http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::HttpService<Incoming, ResBody = Body, Future: Send>,
> {
    // Without it small answers wait for the other side's acknowledgement.
    if let Err(cause) = stream.set_nodelay(true) {
        tracing::debug!(error = %cause, "TCP_NODELAY could not be set");
    }
    let service = service_fn(move |request| answer(router.clone(), request));
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .serve_connection(TokioIo::new(stream), service)
}

/// Reads the whole body within its time, then lets the router answer.
async fn answer(
    router: Router,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let (parts, body) = request.into_parts();
    let body = match limit(BODY_WITHIN, Limited::new(body, BODY_BYTES_MAX).collect()).await {
        Some(Ok(body)) => Body::from(body.to_bytes()),
        Some(Err(_)) => {
            return Ok(refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large or ended early"));
        }
        None => return Ok(refused(StatusCode::REQUEST_TIMEOUT, "the body took too long")),
    };
    router.oneshot(Request::from_parts(parts, body)).await
}

fn refused(status: StatusCode, why: &'static str) -> Response<Body> {
    let body = serde_json::json!({
        "type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(), "code": "bad_body", "detail": why,
        "err_no": status.as_u16(), "err_tips": why,
    });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/problem+json"));
    headers.insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
    response
}

#[expect(
    clippy::disallowed_methods,
    reason = "time limits of sockets are real time, whatever the service's clock says"
)]
async fn limit<T>(within: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(within, work).await.ok()
}
