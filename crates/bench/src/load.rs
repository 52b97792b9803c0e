//! A load generator: keep-alive connections on loopback, each sending the next body in turn.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What one run saw.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// How long each answered request took, sorted.
    pub(crate) latencies: Vec<Duration>,
    /// The bodies (by index) that were answered with success.
    pub(crate) acknowledged: Vec<usize>,
}

impl Run {
    /// Requests answered per second.
    pub(crate) fn rate(&self) -> u64 {
        let micros = self.elapsed.as_micros().max(1);
        u64::try_from(self.latencies.len() as u128 * 1_000_000 / micros).unwrap_or(u64::MAX)
    }

    /// The latency that `per_mille` of the requests did not exceed.
    pub(crate) fn latency(&self, per_mille: usize) -> Duration {
        let index = (self.latencies.len() * per_mille / 1000).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(index).copied().unwrap_or_default()
    }
}

/// Posts every body once to `path`, over `connections` connections at a time.
///
/// # Errors
/// When a connection fails or an answer cannot be read.
pub(crate) async fn post_all(
    to: SocketAddr,
    path: &'static str,
    bodies: Arc<Vec<Bytes>>,
    connections: usize,
) -> anyhow::Result<Run> {
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut senders = Vec::with_capacity(connections);
    for _ in 0..connections {
        senders.push(tokio::spawn(one_connection(to, path, Arc::clone(&bodies), Arc::clone(&next))));
    }
    let (mut latencies, mut acknowledged) =
        (Vec::with_capacity(bodies.len()), Vec::with_capacity(bodies.len()));
    for sender in senders {
        for (index, latency, success) in sender.await.context("a connection's task")?? {
            latencies.push(latency);
            if success {
                acknowledged.push(index);
            }
        }
    }
    let elapsed = start.elapsed();
    latencies.sort_unstable();
    acknowledged.sort_unstable();
    Ok(Run { elapsed, latencies, acknowledged })
}

type Answered = Vec<(usize, Duration, bool)>;

async fn one_connection(
    to: SocketAddr,
    path: &'static str,
    bodies: Arc<Vec<Bytes>>,
    next: Arc<AtomicUsize>,
) -> anyhow::Result<Answered> {
    let stream = TcpStream::connect(to).await.context("connecting")?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut answered = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(body) = bodies.get(index) else { break };
        let request = Request::post(path)
            .header("host", "127.0.0.1")
            .header("content-type", "application/json")
            .body(Full::new(body.clone()))?;
        let asked = Instant::now();
        let response = sender.send_request(request).await.context("sending")?;
        let status = response.status();
        let answer = response.into_body().collect().await.context("reading the answer")?.to_bytes();
        let success = status == 200 && answer.starts_with(br#"{"err_no":0,"#);
        answered.push((index, asked.elapsed(), success));
    }
    drop(sender);
    driver.await??;
    Ok(answered)
}
