//! A platform that makes tokens by the rules of either system and looks at them.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Env, Net, NetError, UnixMs};
use http::{Request, Response};

use super::world::answer;

/// How long each token lives.
pub(super) const LIFE: Duration = Duration::from_secs(7_200);
/// How long a token call takes.
pub(super) const TOKEN_TAKES: Duration = Duration::from_millis(300);
/// How long any other call takes.
pub(super) const CALL_TAKES: Duration = Duration::from_millis(20);

/// Clones are the same platform.
#[derive(Clone)]
pub(super) struct TokenPlatform(Env, Arc<Mutex<Books>>);

#[derive(Default)]
pub(super) struct Books {
    /// The two newest, with the end of their lives.
    live: Vec<(String, UnixMs)>,
    made: u32,
    pub(super) token_calls: u32,
    /// The tokens that other calls came with.
    pub(super) calls: Vec<String>,
    /// Answers every token call like this instead.
    pub(super) token_answer: Option<Result<String, NetError>>,
    /// Takes no token at all.
    pub(super) rejects_all: bool,
    /// Gives the same token until it expires.
    pub(super) stable: bool,
}

impl TokenPlatform {
    pub(super) fn new(env: &Env) -> Self {
        Self(env.clone(), Arc::default())
    }

    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.1.lock().expect("one thread")
    }

    /// Forgets all tokens, as when the secret was reset.
    pub(super) fn revoke(&self) {
        self.books().live.clear();
    }

    /// Token calls and other calls so far.
    pub(super) fn counts(&self) -> (u32, usize) {
        let books = self.books();
        (books.token_calls, books.calls.len())
    }
}

impl Books {
    fn token(&mut self, system: System, now: UnixMs) -> Result<Response<Bytes>, NetError> {
        self.token_calls += 1;
        if let Some(prepared) = &self.token_answer {
            return prepared.clone().map(|body| answer(200, "token", &body));
        }
        self.live.retain(|(_, expires_at)| *expires_at > now);
        if !self.stable || self.live.is_empty() {
            self.made += 1;
            for (_, expires_at) in &mut self.live {
                *expires_at = (*expires_at).min(now.plus_ms(300_000));
            }
            let life_ms = i64::try_from(LIFE.as_millis()).expect("two hours");
            self.live.push((format!("clt.{}", self.made), now.plus_ms(life_ms)));
            let surplus = self.live.len().saturating_sub(2);
            self.live.drain(..surplus);
        }
        let (token, expires_at) = self.live.last().expect("just made");
        let expires_in = (expires_at.get() - now.get()) / 1_000;
        let body = match system {
            System::Ecpay => format!(
                r#"{{"err_no":0,"err_tips":"success","data":{{"access_token":"{token}","expires_in":{expires_in}}}}}"#
            ),
            System::Trade => format!(
                r#"{{"data":{{"access_token":"{token}","error_code":0,"expires_in":{expires_in}}},"message":"success"}}"#
            ),
        };
        Ok(answer(200, "token", &body))
    }

    fn call(&mut self, system: System, token: &str, now: UnixMs) -> Response<Bytes> {
        self.calls.push(token.to_owned());
        let known = self.live.iter().find(|(live, _)| live == token);
        let says = match (system, known) {
            (System::Ecpay, Some((_, expires_at))) if *expires_at > now && !self.rejects_all => {
                r#"{"err_code":0,"err_msg":"","body":""}"#
            }
            (System::Ecpay, _) => r#"{"err_code":40014,"err_msg":"bad access token","body":""}"#,
            (System::Trade, None) => r#"{"err_no":28001003,"err_msg":"invalid token","log_id":"x"}"#,
            (System::Trade, _) if self.rejects_all => {
                r#"{"err_no":28001003,"err_msg":"invalid token","log_id":"x"}"#
            }
            (System::Trade, Some((_, expires_at))) if *expires_at <= now => {
                r#"{"err_no":28001008,"err_msg":"expired token","log_id":"x"}"#
            }
            (System::Trade, Some(_)) => {
                r#"{"err_no":0,"err_msg":"success","log_id":"x","data":{"refund_list":[]}}"#
            }
        };
        answer(200, "call", says)
    }
}

/// Whose call it is: guaranteed payment's carry the token in the body.
#[derive(Clone, Copy)]
enum System {
    Ecpay,
    Trade,
}

/// The token that a call carries.
fn token_of(system: System, request: &Request<Bytes>) -> String {
    match system {
        System::Trade => request.headers()["access-token"].to_str().expect("a token").to_owned(),
        System::Ecpay => {
            assert!(!request.headers().contains_key("access-token"), "the token is in the body");
            let body: serde_json::Value = serde_json::from_slice(request.body()).expect("JSON");
            body["access_token"].as_str().expect("a token").to_owned()
        }
    }
}

impl Net for TokenPlatform {
    fn send(
        &self,
        request: Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let platform = self.clone();
        let path = request.uri().path();
        let system = if path.starts_with("/api/apps/order/") || path == "/api/apps/v2/token" {
            System::Ecpay
        } else {
            System::Trade
        };
        let is_token_call = path.starts_with("/oauth/") || path == "/api/apps/v2/token";
        let takes = if is_token_call { TOKEN_TAKES } else { CALL_TAKES };
        let over = self.0.sleep(takes.min(deadline));
        Box::pin(async move {
            over.await;
            let now = platform.0.now();
            if is_token_call {
                return platform.books().token(system, now);
            }
            let token = token_of(system, &request);
            Ok(platform.books().call(system, &token, now))
        })
    }
}
