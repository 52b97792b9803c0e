//! Follows a mock's clock, for development in separate processes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Clock as _, Env, OffsetClock, UnixMs};
use http::Request;
use serde::Deserialize;

const EVERY: Duration = Duration::from_millis(20);
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// Less than this is the time that the question itself took.
const TOLERANCE_MS: i64 = 5;

#[derive(Deserialize)]
struct Time {
    now: UnixMs,
}

/// Moves `clock` forward to wherever a mock's clock is, for ever. `env` is what the questions themselves use.
///
/// For development in separate processes; the mock answers `GET {url}/mock/clock`.
pub async fn follow_clock(env: Env, clock: OffsetClock, url: String) {
    let mut reachable = true;
    loop {
        match catch_up(&env, &clock, &url).await {
            Ok(()) => reachable = true,
            Err(problem) if reachable => {
                reachable = false;
                tracing::warn!(url, problem, "the clock to follow does not answer; going on with our own");
            }
            Err(_) => {}
        }
        env.sleep(EVERY).await;
    }
}

/// `env` with its clock moved once to wherever the mock's at `url` is.
///
/// # Errors
/// When the mock does not answer; the sentence says how.
pub async fn caught_up(env: &Env, url: &str) -> Result<Env, String> {
    let clock = OffsetClock::new(Arc::clone(&env.clock));
    catch_up(env, &clock, url).await?;
    Ok(Env { clock: Arc::new(clock), ..env.clone() })
}

/// Moves `clock` forward once.
pub(crate) async fn catch_up(env: &Env, clock: &OffsetClock, url: &str) -> Result<(), String> {
    let ahead = ask(env, url).await?.since(clock.now());
    if ahead > TOLERANCE_MS {
        clock.advance(Duration::from_millis(ahead.unsigned_abs()));
    }
    Ok(())
}

async fn ask(real: &Env, url: &str) -> Result<UnixMs, String> {
    let request =
        Request::get(format!("{url}/mock/clock")).body(Bytes::new()).map_err(|cause| cause.to_string())?;
    let response = real.net.send(request, ANSWER_WITHIN).await.map_err(|cause| cause.problem)?;
    let time: Time = serde_json::from_slice(response.body()).map_err(|cause| cause.to_string())?;
    Ok(time.now)
}
