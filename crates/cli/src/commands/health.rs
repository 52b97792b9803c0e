//! `douyin-pay health`: is a running service ready? For containers without a shell, and monitors.

use std::time::Duration;

use anyhow::{Context, anyhow};
use bytes::Bytes;
use clap::Args as ClapArgs;
use douyin_pay_env::Env;
use http::{Request, StatusCode};
use serde::Deserialize;

use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};

/// Less than monitors commonly wait themselves.
const WITHIN: Duration = Duration::from_secs(4);

/// Options of `health`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 服务地址 · base URL of the service
    #[arg(
        long,
        value_name = "URL",
        env = "DOUYIN_PAY_URL",
        hide_env_values = true,
        default_value = "http://127.0.0.1:8080"
    )]
    url: String,
}

/// What `/readyz` answers.
#[derive(Deserialize)]
struct Readiness {
    reasons: Vec<String>,
}

/// Asks `/readyz`.
///
/// # Errors
/// [`Failure::No`] with the reasons when the service is not ready, [`Failure::Outside`] when it cannot be asked,
/// [`Failure::Usage`] when the URL is none.
pub fn run(args: Args, form: Form) -> Ended {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("starting the runtime")?.block_on(ask(args.url.trim_end_matches('/'), form))
}

async fn ask(url: &str, form: Form) -> Ended {
    let request = Request::get(format!("{url}/readyz")).body(Bytes::new());
    let request = request.map_err(|cause| Failure::usage(format!("`--url {url}`: {cause}")))?;
    let answer = Env::real().net.send(request, WITHIN).await.map_err(|cause| {
        anyhow!("{url}: {cause}; {}", say("服务在运行吗？", "is the service running there?"))
    })?;
    let readiness = serde_json::from_slice::<Readiness>(answer.body());
    match (answer.status(), readiness) {
        (StatusCode::OK, Ok(_)) => {
            match form {
                Form::Text => out::line(say("就绪", "ready")),
                Form::Json => out::line(r#"{"ready":true}"#),
            }
            Ok(())
        }
        (StatusCode::SERVICE_UNAVAILABLE, Ok(readiness)) => Err(Failure::No(readiness.reasons.join("\n"))),
        (status, _) => Err(Failure::Outside(anyhow!(
            "{url}: {status}: {}",
            say("这不是 douyin-pay 服务的应答", "this is not an answer of a douyin-pay service")
        ))),
    }
}
