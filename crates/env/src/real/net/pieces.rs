//! Answers of any size: the head first, then the body piece by piece.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Request, Response, Version};

use super::{ReqwestNet, failure, head, on_background};
use crate::real::runtime;
use crate::{BodyStream, NetError};

/// Sends the request and waits for the head.
#[expect(clippy::disallowed_methods, reason = "this is the door through which requests leave")]
pub(super) async fn open(
    net: ReqwestNet,
    request: Request<Bytes>,
    patience: Duration,
) -> Result<Response<BodyStream>, NetError> {
    if patience.is_zero() {
        return Err(NetError::not_sent("no time was left to send the request"));
    }
    let client = net.clients()?.of(request.uri())?;
    let request = reqwest::Request::try_from(request).map_err(failure)?;
    let mut answer = within(patience, async { client.execute(request).await.map_err(failure) }).await?;
    let head = head(&mut answer);
    let pieces = Pieces { answer, patience, end_is_marked: end_is_marked(&head) };
    Ok(head.map(|()| -> BodyStream { Box::pin(stream::unfold(Some(pieces), next)) }))
}

/// A body under way.
struct Pieces {
    answer: reqwest::Response,
    patience: Duration,
    /// Without a mark the end looks like a connection that broke.
    end_is_marked: bool,
}

/// The next piece, and the body without it; after an error there is nothing more.
async fn next(pieces: Option<Pieces>) -> Option<(Result<Bytes, NetError>, Option<Pieces>)> {
    let mut pieces = pieces?;
    let reading = async move {
        let piece = within(pieces.patience, async { pieces.answer.chunk().await.map_err(failure) }).await?;
        Ok((piece, pieces))
    };
    let read = if runtime::is_outside() { on_background(reading).await } else { reading.await };
    match read {
        Ok((Some(piece), rest)) => Some((Ok(piece), Some(rest))),
        Ok((None, rest)) if rest.end_is_marked => None,
        Ok((None, _)) => {
            let problem =
                "the answer has neither a length nor a mark at its end: a part of it may be missing";
            Some((Err(NetError::maybe_sent(problem)), None))
        }
        Err(error) => Some((Err(error), None)),
    }
}

/// Whether a body that broke off can be told from one that is complete.
fn end_is_marked(head: &Response<()>) -> bool {
    let has_mark = [CONTENT_LENGTH, TRANSFER_ENCODING].iter().any(|name| head.headers().contains_key(name));
    has_mark || head.version() > Version::HTTP_11
}

/// Drives `work`, but for no longer than `patience`.
#[expect(clippy::disallowed_methods, reason = "real sockets are waited for in real time")]
async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, NetError>>,
) -> Result<T, NetError> {
    let late = |_| NetError::maybe_sent(format!("nothing came for {} ms", patience.as_millis()));
    tokio::time::timeout(patience, work).await.map_err(late)?
}
