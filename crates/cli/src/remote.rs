//! A running service, as the command line talks to it.
//!
//! ```text
//! order, refund, settlement ──▶ Remote::get, Remote::create ──▶ REST ──▶ Answer ──▶ report, or JSON unchanged
//!                                                                   └──▶ problem ──▶ a sentence and an exit code
//! ```

mod ending;
pub(crate) mod input;
mod key;
mod problem;
mod progress;
pub(crate) mod report;
mod url;

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use clap::Args as ClapArgs;
use douyin_pay_env::{Env, Sent};
use http::response::Parts;
use http::{HeaderValue, Method, Request, StatusCode, header};
use serde_json::Value;

use self::progress::Progress;
use crate::exit::Failure;
use crate::out::Form;

pub(crate) use self::ending::{created, decided, show};
pub(crate) use self::url::{is_loopback, parse, query, shown};

/// The service answers within 8 seconds, also while the platform is silent.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// Between two looks, unless the service says how long.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Where a service listens if nothing else is configured.
const DEFAULT_URL: &str = "http://127.0.0.1:8080";
/// No service has a reason to ask for a longer pause.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Which service, which app, which key.
#[derive(Debug, ClapArgs)]
pub(crate) struct Target {
    /// 服务地址，默认 http://127.0.0.1:8080；有 `--config` 时默认其中的 `listen` · base URL of the service; if left out
    /// http://127.0.0.1:8080, or the `listen` of a `--config`
    #[arg(long, value_name = "URL", env = "DOUYIN_PAY_URL", hide_env_values = true)]
    url: Option<String>,
    /// 小程序（配置里的名字） · the app's name in the service's configuration
    #[arg(long, value_name = "NAME", env = "DOUYIN_PAY_APP", hide_env_values = true)]
    app: String,
    /// 存放 API 密钥的环境变量名 · name of the environment variable that holds the API key
    #[arg(long, value_name = "VAR", default_value = "DOUYIN_PAY_KEY", conflicts_with = "key_file")]
    key_env: String,
    /// 存放 API 密钥的文件 · file that holds the API key
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// Whether a command stays until the outcome is known.
#[derive(Debug, ClapArgs)]
pub(crate) struct Waiting {
    /// 等到有结果 · stay until the outcome is known
    #[arg(long)]
    wait: bool,
    /// 最多等待的秒数 · how long `--wait` stays at most
    #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "wait",
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    wait_seconds: u64,
}

/// A service that can be asked.
pub(crate) struct Remote {
    env: Env,
    base: String,
    app: String,
    authorization: HeaderValue,
    form: Form,
}

/// What the service answered to a request that it took.
pub(crate) struct Answer {
    status: StatusCode,
    body: Bytes,
    /// The body, read.
    pub(crate) value: Value,
    pause: Option<Duration>,
}

/// How long a creation was followed.
pub(crate) enum Followed {
    /// The outcome is known, or nobody wanted to wait.
    Enough(Answer),
    /// The time was over before.
    NotToTheEnd(Answer),
}

impl Answer {
    /// The body as the service wrote it.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether the platform has not answered the service yet.
    pub(crate) fn is_open(&self) -> bool {
        self.status == StatusCode::ACCEPTED
    }
}

/// Runs the conversation with a service.
pub(crate) fn converse<T>(
    target: Target,
    form: Form,
    talk: impl AsyncFnOnce(Remote) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let remote = Remote::open(target, form)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("starting the runtime")?.block_on(talk(remote))
}

impl Target {
    /// Where the service is unless the caller said it.
    pub(crate) fn url_if_unsaid(&mut self, url: impl FnOnce() -> String) {
        self.url.get_or_insert_with(url);
    }

    /// The app's name.
    pub(crate) fn app(&self) -> &str {
        &self.app
    }
}

impl Remote {
    fn open(target: Target, form: Form) -> Result<Self, Failure> {
        let base = url::base(target.url.as_deref().unwrap_or(DEFAULT_URL), form)?;
        let app = url::app(target.app)?;
        let key = key::read(&target.key_env, target.key_file.as_deref())?;
        Ok(Self { env: Env::real(), base, app, authorization: key, form })
    }

    /// Asks about something.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.progress().during(self.send(Method::GET, path, None)).await
    }

    /// Asks for something to be done, which may be asked again.
    pub(crate) async fn post(&self, path: &str, ask: Option<&Value>) -> Result<Answer, Failure> {
        self.progress().during(self.send(Method::POST, path, ask)).await
    }

    /// Tells something that is so, which may be told again.
    pub(crate) async fn put(&self, path: &str, told: &Value) -> Result<Answer, Failure> {
        self.progress().during(self.send(Method::PUT, path, Some(told))).await
    }

    /// Gives a file to be worked on.
    pub(crate) async fn upload(&self, path: &str, file: Bytes) -> Result<Answer, Failure> {
        let sent = self.progress().during(self.exchange(Method::POST, path, "text/csv", file)).await;
        self.answer(sent?)
    }

    /// Fetches something that is not JSON.
    pub(crate) async fn fetch(&self, path: &str) -> Result<Bytes, Failure> {
        let work = self.exchange(Method::GET, path, "application/json", Bytes::new());
        let (head, body) = self.progress().during(work).await?;
        match head.status.is_success() {
            true => Ok(body),
            false => Err(problem::of(
                &self.base,
                &head,
                serde_json::from_slice::<Value>(&body).unwrap_or_default(),
            )),
        }
    }

    /// Looks again after the usual while.
    pub(crate) async fn later(&self, path: &str) -> Result<Answer, Failure> {
        self.pause(None).await;
        self.send(Method::GET, path, None).await
    }

    /// Asks for something new; with `--wait` follows it at `look` until `is_known`.
    pub(crate) async fn create(
        &self,
        path: &str,
        ask: &Value,
        waiting: &Waiting,
        look: &str,
        is_known: fn(&Value) -> bool,
    ) -> Result<Followed, Failure> {
        let until = self.env.mono().plus(Duration::from_secs(waiting.wait_seconds));
        let is_over = || !waiting.wait || self.env.mono() >= until;
        let progress = self.progress();
        let mut recorded = false;
        let mut answer = loop {
            match progress.during(self.send(Method::POST, path, Some(ask))).await {
                Ok(answer) if !answer.is_open() => break answer,
                Ok(answer) if is_over() => return Ok(over(waiting, answer)),
                Ok(answer) => {
                    recorded = true;
                    progress.during(self.pause(answer.pause)).await;
                }
                // Busy: the same request again is what it asks for.
                Err(failure) if is_over() || !problem::is_busy(&failure) => {
                    return Err(if recorded { problem::while_waiting(&self.base, failure) } else { failure });
                }
                Err(_) => progress.during(self.pause(None)).await,
            }
        };
        while waiting.wait && !is_known(&answer.value) {
            if is_over() {
                return Ok(Followed::NotToTheEnd(answer));
            }
            progress.during(self.pause(None)).await;
            let looked = progress.during(self.send(Method::GET, look, None)).await;
            answer = looked.map_err(|failure| problem::while_waiting(&self.base, failure))?;
        }
        Ok(Followed::Enough(answer))
    }

    fn progress(&self) -> Progress<'_> {
        Progress::begin(&self.env, self.form)
    }

    fn pause(&self, asked_for: Option<Duration>) -> impl Future<Output = ()> + use<> {
        self.env.sleep(asked_for.unwrap_or(LOOK_AGAIN).min(PAUSE_MAX))
    }

    async fn send(&self, method: Method, path: &str, ask: Option<&Value>) -> Result<Answer, Failure> {
        let body = ask.map_or_else(Bytes::new, |ask| Bytes::from(ask.to_string()));
        self.answer(self.exchange(method, path, "application/json", body).await?)
    }

    /// The answer, if the service took the request.
    fn answer(&self, (head, body): (Parts, Bytes)) -> Result<Answer, Failure> {
        let value = serde_json::from_slice::<Value>(&body).unwrap_or_default();
        if head.status.is_success() && value.is_object() {
            let seconds =
                head.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            return Ok(Answer { status: head.status, body, value, pause: seconds.map(Duration::from_secs) });
        }
        Err(problem::of(&self.base, &head, value))
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> Result<(Parts, Bytes), Failure> {
        let url = format!("{}/v1/apps/{}/{path}", self.base, self.app);
        let changes = method != Method::GET;
        let request = Request::builder()
            .method(method)
            .uri(&url)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, content_type)
            .body(body)
            .map_err(|cause| Failure::usage(format!("`--url {}`: {cause}", self.base)))?;
        match self.env.net.send(request, ANSWER_WITHIN).await {
            Ok(response) => Ok(response.into_parts()),
            Err(cause) if cause.sent == Sent::No => Err(problem::not_reached(&self.base, &cause)),
            Err(cause) => Err(problem::no_answer(&self.base, &cause, changes)),
        }
    }
}

fn over(waiting: &Waiting, answer: Answer) -> Followed {
    if waiting.wait { Followed::NotToTheEnd(answer) } else { Followed::Enough(answer) }
}
