//! An operator who edits the file of another process and sends it SIGHUP.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::bail;
use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Env};
use douyin_pay_ledger::System;
use serde_json::{Value, json};

use super::apps::Configuration;
use super::split::ServiceProcess;
use crate::story::{Operate, Settings};

/// A reload takes milliseconds.
const TRIES_MAX: u32 = 200;
const PAUSE: Duration = Duration::from_millis(25);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

pub(super) struct Operator(Arc<Inner>);

struct Inner {
    env: Env,
    configuration: Configuration,
    service: Arc<ServiceProcess>,
    /// Orders that were opened only to see which settings are in effect.
    probes: AtomicU32,
}

impl Operator {
    pub(super) fn new(env: Env, configuration: Configuration, service: Arc<ServiceProcess>) -> Self {
        Self(Arc::new(Inner { env, configuration, service, probes: AtomicU32::new(0) }))
    }
}

impl Operate for Operator {
    fn reload(&self, app: &str, settings: Settings) -> BoxFuture<anyhow::Result<()>> {
        let (inner, app) = (Arc::clone(&self.0), app.to_owned());
        Box::pin(async move {
            inner.configuration.edit(&app, settings)?;
            inner.service.hang_up()?;
            for _ in 0..TRIES_MAX {
                if inner.is_in_effect(&app, settings).await {
                    return Ok(());
                }
                inner.env.sleep(PAUSE).await;
            }
            bail!("the service did not take the new settings of `{app}` over")
        })
    }
}

impl Inner {
    /// What a new order is given to pay with tells where it went and who signed.
    async fn is_in_effect(&self, app: &str, settings: Settings) -> bool {
        let number = self.probes.fetch_add(1, Ordering::Relaxed);
        let ask = json!({
            "out_order_no": format!("PROBE-{number}"), "amount_fen": 1, "subject": "probe", "body": "probe",
        });
        let Some(order) = self.post(app, &ask).await else { return false };
        let pay = &order["pay"];
        let authorization = pay["byteAuthorization"].as_str().unwrap_or_default();
        match settings {
            Settings { new_orders: System::Ecpay, .. } => pay["kind"] == "tt.pay",
            Settings { second_key, .. } => {
                pay["kind"] == "tt.requestOrder" && authorization.contains("key_version=2") == second_key
            }
        }
    }

    async fn post(&self, app: &str, ask: &Value) -> Option<Value> {
        let request =
            http::Request::post(format!("http://{}/v1/apps/{app}/orders", self.configuration.service))
                .header("authorization", format!("Bearer {}", self.configuration.home.api_key))
                .header("content-type", "application/json")
                .body(Bytes::from(ask.to_string()))
                .ok()?;
        let answer = self.env.net.send(request, ANSWER_WITHIN).await.ok()?;
        serde_json::from_slice(answer.body()).ok()
    }
}
