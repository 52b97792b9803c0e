//! What a telling needs from its world: addresses, time that can pass, ears.

use std::future::Future;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Env};
use douyin_pay_ledger::System;
use futures_util::future::{Either, select};
use http::Request;
use serde_json::{Value, json};

use crate::shop::Shop;

/// How often a request is repeated before the telling gives up.
const TRIES_MAX: u32 = 400;
/// So many repeats come soon; after them the service is waiting for its schedule, whose distances are hours.
const SOON_TRIES: u32 = 40;
const SOON: Duration = Duration::from_secs(2);
const LATER: Duration = Duration::from_secs(600);

/// The longest step of waiting.
const STEP_MAX: Duration = Duration::from_secs(600);

/// Lets virtual time go by.
pub trait PassTime: Send + Sync {
    /// Moves the shared clock, and lets everything due in that time happen.
    fn pass(&self, time: Duration) -> BoxFuture<anyhow::Result<()>>;
    /// Gives what is under way a moment to finish, without moving the shared clock.
    fn settle(&self) -> BoxFuture<()>;
    /// Lets time go by while somebody waits for an answer; comes back when it did. May never come back.
    fn hurry(&self) -> BoxFuture<()>;
}

/// What the operator of a service changes while everything runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Where the app's new orders go.
    pub new_orders: System,
    /// Sign with the application key that was uploaded second, `key_version` 2.
    pub second_key: bool,
}

/// Edits the configuration and has the service read it again.
pub trait Operate: Send + Sync {
    /// Comes back when the settings of `app` are in effect.
    fn reload(&self, app: &str, settings: Settings) -> BoxFuture<anyhow::Result<()>>;
}

/// A world in which the story can be told: a service, a platform, a shop, and time.
#[derive(Clone)]
pub struct Stage {
    /// The door to the network and the clock.
    pub env: Env,
    /// Base URL of the service.
    pub service: String,
    /// A merchant's API key.
    pub api_key: String,
    /// The app's name in the service's configuration.
    pub app: String,
    /// Base URL of the mock platform.
    pub platform: String,
    /// The merchant's ears.
    pub shop: Shop,
    /// Time that can pass.
    pub time: Arc<dyn PassTime>,
    /// Who changes the service's configuration.
    pub operator: Arc<dyn Operate>,
    /// Where each step is told.
    pub tell: Arc<dyn Fn(String) + Send + Sync>,
}

impl Stage {
    /// The same stage for another app of the same service.
    #[must_use]
    pub fn of_app(&self, app: &str) -> Self {
        Self { app: app.to_owned(), ..self.clone() }
    }

    /// One line of the story.
    pub fn say(&self, line: impl Into<String>) {
        (self.tell)(line.into());
    }

    /// Asks the service, patiently: the same request again while the outcome is open.
    ///
    /// # Errors
    /// When the service says no, or never comes to an end.
    pub async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let url = format!("{}/v1/apps/{}/{path}", self.service, self.app);
        self.ask_url(method, &url, body).await
    }

    /// As [`Stage::ask`], content with "remembered": what is asked for may take the platform longer than anybody waits.
    ///
    /// # Errors
    /// When the service says no, or never answers.
    pub async fn leave(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let url = format!("{}/v1/apps/{}/{path}", self.service, self.app);
        self.ask_until("POST", &url, Some(body), 200..=202).await
    }

    /// As [`Stage::ask`], with a whole URL.
    ///
    /// # Errors
    /// When the service says no, or never comes to an end.
    pub async fn ask_url(&self, method: &str, url: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        self.ask_until(method, url, body, 200..=201).await
    }

    /// Asks the service once: its status and answer, whatever they are.
    pub(super) async fn try_ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), String> {
        let url = format!("{}/v1/apps/{}/{path}", self.service, self.app);
        self.send_in_hurry(method, &url, body).await
    }

    async fn ask_until(
        &self,
        method: &str,
        url: &str,
        body: Option<&Value>,
        final_statuses: RangeInclusive<u16>,
    ) -> anyhow::Result<Value> {
        let mut last = String::from("nothing");
        for tried in 0..TRIES_MAX {
            match self.send_in_hurry(method, url, body).await {
                Ok((status, answer)) if final_statuses.contains(&status) => return Ok(answer),
                Ok((status @ (202 | 429 | 500 | 502 | 503 | 504), answer)) => {
                    last = format!("{status} {answer}")
                }
                Ok((status, answer)) => bail!("{method} {url}: {status} {answer}"),
                Err(problem) => last = problem,
            }
            self.time.pass(if tried < SOON_TRIES { SOON } else { LATER }).await?;
        }
        bail!("{method} {url}: still no final answer after {TRIES_MAX} tries; the last one was {last}")
    }

    /// Talks to the mock's control routes.
    ///
    /// # Errors
    /// When the mock refuses or cannot be reached.
    pub async fn control(&self, method: &str, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.platform);
        let mut last = String::new();
        for _ in 0..TRIES_MAX {
            match self.send(method, &url, body).await {
                Ok((200..=299, answer)) => return Ok(answer),
                Ok((status, answer)) => bail!("{method} {url}: {status} {answer}"),
                Err(problem) => last = problem,
            }
            self.time.settle().await;
        }
        bail!("{method} {url}: {last}")
    }

    /// As [`Stage::control`], tried once: for what must not happen twice when its answer is lost.
    pub(super) async fn control_once(&self, path: &str, body: &Value) -> Result<(u16, Value), String> {
        self.send("POST", &format!("{}{path}", self.platform), Some(body)).await
    }

    /// Waits until `ready` gives something, letting time pass in steps that grow from a second to ten minutes.
    ///
    /// # Errors
    /// When nothing came within `at_most`.
    pub async fn until<T, F>(
        &self,
        what: &str,
        at_most: Duration,
        mut ready: impl FnMut() -> F,
    ) -> anyhow::Result<T>
    where
        F: Future<Output = anyhow::Result<Option<T>>>,
    {
        let (mut passed, mut step) = (Duration::ZERO, Duration::from_secs(1));
        loop {
            self.time.settle().await;
            if let Some(found) = ready().await? {
                return Ok(found);
            }
            if passed >= at_most {
                bail!("{what}: not seen within {} s", at_most.as_secs());
            }
            self.time.pass(step).await?;
            passed += step;
            step = (step * 2).min(STEP_MAX);
        }
    }

    /// Sends, and has time pass while the answer is not there: the service may be waiting to ask again.
    async fn send_in_hurry(
        &self,
        method: &str,
        url: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), String> {
        let mut sending = std::pin::pin!(self.send(method, url, body));
        loop {
            match select(sending, self.time.hurry()).await {
                Either::Left((sent, _)) => return sent,
                Either::Right(((), still)) => sending = still,
            }
        }
    }

    async fn send(&self, method: &str, url: &str, body: Option<&Value>) -> Result<(u16, Value), String> {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", format!("Bearer {}", self.api_key))
            .header("content-type", "application/json")
            .body(body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string())))
            .context("a request")
            .map_err(|cause| format!("{cause:#}"))?;
        let sent = self.env.net.send(request, Duration::from_secs(15)).await;
        let response = sent.map_err(|cause| cause.problem)?;
        let status = response.status().as_u16();
        let answer = serde_json::from_slice(response.body())
            .unwrap_or_else(|_| json!({ "text": String::from_utf8_lossy(response.body()) }));
        Ok((status, answer))
    }
}
