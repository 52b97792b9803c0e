//! The check of a callback URL before it is saved: `echostr` must come back.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_protocol::ecpay::callback;
use http::{Request, StatusCode};

use super::control::Refused;
use crate::config::MockApp;
use crate::mock::Mock;

/// How long the answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// The digits of `nonce` and `echostr`.
const NONCE_DIGITS: usize = 8;

/// Asks the app's console URL, if the switch is on and there is one.
pub(super) async fn check(mock: &Mock, app: &MockApp) -> Result<(), Refused> {
    let Some(url) = app.notify_url.as_ref().filter(|_| mock.platform().switches.url_verification) else {
        return Ok(());
    };
    let (timestamp, nonce) = (mock.now().seconds().to_string(), mock.env().random_hex(NONCE_DIGITS));
    let echostr = mock.env().random_hex(NONCE_DIGITS);
    let signature = callback::sign(&app.token, &timestamp, &nonce, "");
    let joint = if url.contains('?') { '&' } else { '?' };
    let address =
        format!("{url}{joint}signature={signature}&timestamp={timestamp}&nonce={nonce}&echostr={echostr}");
    let refused = |problem: String| {
        let problem = format!("the callback URL was not saved: {problem}; answer a GET with its `echostr`");
        Refused::new(StatusCode::CONFLICT, problem)
    };
    let request = Request::get(address).body(Bytes::new()).map_err(|cause| refused(cause.to_string()))?;
    let answer = mock.env().net.send(request, ANSWER_WITHIN).await.map_err(|cause| refused(cause.problem))?;
    if answer.status() != StatusCode::OK || answer.body() != echostr.as_bytes() {
        return Err(refused(format!("it answered {} and another text", answer.status())));
    }
    Ok(())
}
