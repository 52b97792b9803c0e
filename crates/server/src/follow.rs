//! Follows a mock's clock, for development in separate processes.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Env, OffsetClock, UnixMs};
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

/// Moves `clock` forward to wherever the mock's clock is, for ever. `real` is what the question itself uses.
pub(crate) async fn follow(real: Env, clock: OffsetClock, url: String) {
    use douyin_pay_env::Clock as _;
    let mut reachable = true;
    loop {
        match ask(&real, &url).await {
            Ok(theirs) => {
                reachable = true;
                let ahead = theirs.since(clock.now());
                if ahead > TOLERANCE_MS {
                    clock.advance(Duration::from_millis(ahead.unsigned_abs()));
                }
            }
            Err(problem) if reachable => {
                reachable = false;
                tracing::warn!(url, problem, "the clock to follow does not answer; going on with our own");
            }
            Err(_) => {}
        }
        real.sleep(EVERY).await;
    }
}

async fn ask(real: &Env, url: &str) -> Result<UnixMs, String> {
    let request =
        Request::get(format!("{url}/mock/clock")).body(Bytes::new()).map_err(|cause| cause.to_string())?;
    let response = real.net.send(request, ANSWER_WITHIN).await.map_err(|cause| cause.problem)?;
    let time: Time = serde_json::from_slice(response.body()).map_err(|cause| cause.to_string())?;
    Ok(time.now)
}
