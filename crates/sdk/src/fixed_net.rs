//! A network that answers from memory, for tests and examples.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Net, NetError};
use http::{Request, Response};

/// Gives prepared answers in turn and remembers what it was asked. Clones share both.
///
/// ```
/// use std::sync::Arc;
///
/// use douyin_pay::protocol::ecpay::QueryOrder;
/// use douyin_pay::protocol::{AppId, OutOrderNo, Salt};
/// use douyin_pay::{Client, FixedNet, Outcome, Retry};
/// use futures_util::FutureExt;
///
/// let net = FixedNet::new().then(r#"{"err_no":2000,"err_tips":""}"#);
/// let client = Client::builder(AppId::new("tt1")?, Salt::new("salt")?).net(Arc::new(net.clone())).build()?;
///
/// let ask = QueryOrder::new(OutOrderNo::new("A1")?);
/// let error = client.query_order(&ask).now_or_never().expect("answers at once").unwrap_err();
/// assert!(error.is_not_found());
/// assert_eq!(net.asked()[0].uri().path(), "/api/apps/ecpay/v1/query_order");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct FixedNet(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    answers: VecDeque<Fixed>,
    asked: Vec<Request<Bytes>>,
}

enum Fixed {
    Answer(Response<Bytes>),
    Fails(NetError),
    Never,
}

impl FixedNet {
    /// Without answers: every request finds nobody there.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers next with status 200 and this body.
    #[must_use]
    pub fn then(self, body: impl Into<Bytes>) -> Self {
        self.then_answer(Response::new(body.into()))
    }

    /// Answers next with this very response.
    #[must_use]
    pub fn then_answer(self, response: Response<Bytes>) -> Self {
        self.push(Fixed::Answer(response))
    }

    /// Fails next in this way.
    #[must_use]
    pub fn then_fail(self, error: NetError) -> Self {
        self.push(Fixed::Fails(error))
    }

    /// Does not answer next, ever: for futures that are dropped.
    #[must_use]
    pub fn then_silence(self) -> Self {
        self.push(Fixed::Never)
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Request<Bytes>> {
        self.state().asked.clone()
    }

    fn push(self, next: Fixed) -> Self {
        self.state().answers.push_back(next);
        self
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}

impl Net for FixedNet {
    fn send(
        &self,
        request: Request<Bytes>,
        _deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let net = self.clone();
        Box::pin(async move {
            let next = {
                let mut state = net.state();
                state.asked.push(request);
                state.answers.pop_front()
            };
            match next {
                Some(Fixed::Answer(response)) => Ok(response),
                Some(Fixed::Fails(error)) => Err(error),
                Some(Fixed::Never) => std::future::pending().await,
                None => Err(NetError::not_sent("nobody listens: no answer is prepared")),
            }
        })
    }
}

impl fmt::Debug for FixedNet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        write!(f, "FixedNet({} answers left, asked {} times)", state.answers.len(), state.asked.len())
    }
}
