//! A network that answers from memory, for tests and examples.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Net, NetError};
use douyin_pay_protocol::ecpay;
use http::{Request, Response};

/// Gives prepared answers in turn and remembers what it was asked. Clones share both.
///
/// For calls that need an access token add [`FixedNet::with_tokens`]: then token calls take none of the answers.
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
    /// How many tokens it has made, if it makes any.
    tokens: Option<u32>,
}

/// Where the general trade system's token calls go.
const TRADE_TOKENS: &str = "/oauth/";

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

    /// From now on answers token calls by itself, each with another token that lives for two hours. They take none
    /// of the prepared answers and are not among [`FixedNet::asked`].
    #[must_use]
    pub fn with_tokens(self) -> Self {
        self.state().tokens.get_or_insert_default();
        self
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Request<Bytes>> {
        self.state().asked.clone()
    }

    /// How many tokens it has made.
    pub fn tokens_made(&self) -> u32 {
        self.state().tokens.unwrap_or(0)
    }

    fn next(&self, request: Request<Bytes>) -> Option<Fixed> {
        let mut state = self.state();
        let of_trade = request.uri().path().starts_with(TRADE_TOKENS);
        let of_ecpay = request.uri().path() == ecpay::Endpoint::Token.path();
        if (of_trade || of_ecpay)
            && let Some(made) = &mut state.tokens
        {
            *made += 1;
            let (token, life) = (format!("clt.fixed{made}"), 7_200);
            let body = if of_ecpay {
                format!(
                    r#"{{"err_no":0,"err_tips":"success","data":{{"access_token":"{token}","expires_in":{life}}}}}"#
                )
            } else {
                format!(
                    r#"{{"data":{{"access_token":"{token}","description":"","error_code":0,"expires_in":{life}}},"message":"success"}}"#
                )
            };
            return Some(Fixed::Answer(Response::new(body.into())));
        }
        state.asked.push(request);
        state.answers.pop_front()
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
            match net.next(request) {
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
