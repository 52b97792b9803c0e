//! Outgoing requests, and whether a failed one may have arrived.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use http::{Request, Response};

use crate::BoxFuture;

/// A body, piece by piece. It ends with an error when it broke off, and is complete when it ends without one.
pub type BodyStream = BoxStream<'static, Result<Bytes, NetError>>;

/// Sends requests. Redirects are never followed: they come back as answers.
pub trait Net: Send + Sync + 'static {
    /// Sends `request` and reads the whole answer; over by `deadline` at the latest, counted from the first poll.
    ///
    /// Dropping the future after its first poll means that the request may have arrived.
    fn send(
        &self,
        request: Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>>;

    /// Sends `request` and gives the answer as soon as its head is there, for answers of any size. `patience` bounds
    /// the wait for the head and then for each piece, counted from the first poll.
    ///
    /// Unless a network says otherwise, this is [`Net::send`] and its answer in one piece.
    fn open(
        &self,
        request: Request<Bytes>,
        patience: Duration,
    ) -> BoxFuture<Result<Response<BodyStream>, NetError>> {
        let whole = self.send(request, patience);
        Box::pin(async move {
            let in_one_piece = |body| -> BodyStream { Box::pin(stream::iter([Ok(body)])) };
            Ok(whole.await?.map(in_one_piece))
        })
    }
}

/// May the request have reached the other side?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Certainly not: no connection came about, or the request could not be written.
    No,
    /// Perhaps: a connection existed when it failed.
    Maybe,
}

/// A request without a complete answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct NetError {
    /// May the request have reached the other side?
    pub sent: Sent,
    /// What went wrong, in words; without the URL's query and without secrets.
    pub problem: String,
}

impl NetError {
    /// A failure before anything was sent.
    pub fn not_sent(problem: impl Into<String>) -> Self {
        Self { sent: Sent::No, problem: problem.into() }
    }

    /// A failure after something may have been sent.
    pub fn maybe_sent(problem: impl Into<String>) -> Self {
        Self { sent: Sent::Maybe, problem: problem.into() }
    }
}
