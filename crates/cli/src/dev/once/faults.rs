//! What goes wrong in a telling with `--faults`.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use bytes::Bytes;
use douyin_pay_env::Net;
use douyin_pay_mock::{CallFault, CallbackFault, Faults, NextCall, NextCallback};
use http::Request;

/// Long enough for everything a fault delays on loopback.
const CONTROL_DEADLINE: Duration = Duration::from_secs(10);

/// Every telling hears its payment twice.
pub(super) fn doubled_payment() -> Faults {
    let twice = NextCallback { kind: Some("payment".to_owned()), fault: CallbackFault::Doubled, times: 1 };
    Faults { next_callbacks: vec![twice], ..Faults::default() }
}

/// Faults of every kind, often enough that each telling meets several.
pub(super) fn everything() -> Faults {
    let mut faults = Faults { delay_ms_max: 30, hang_ms: 60, ..doubled_payment() };
    for fault in [
        CallFault::LoseRequest,
        CallFault::LoseResponse,
        CallFault::InternalBefore,
        CallFault::InternalAfter,
        CallFault::GatewayBefore,
        CallFault::GatewayAfter,
        CallFault::Hang,
        CallFault::Delay,
        CallFault::Throttle,
    ] {
        faults.calls.insert(fault, 60);
    }
    for fault in [
        CallbackFault::Never,
        CallbackFault::Late,
        CallbackFault::Lost,
        CallbackFault::Doubled,
        CallbackFault::WrongSignature,
        CallbackFault::AcknowledgementLost,
    ] {
        faults.callbacks.insert(fault, 100);
    }
    faults
}

/// Tells the mock what goes wrong from now on.
pub(super) async fn put(net: &Arc<dyn Net>, platform: &str, faults: &Faults) -> anyhow::Result<()> {
    let body = serde_json::to_vec(faults).context("faults are plain data")?;
    let request = control(platform, "PUT", body);
    let answer = net.send(request, CONTROL_DEADLINE).await.context("telling the mock its faults")?;
    ensure!(
        answer.status().is_success(),
        "the mock refuses the faults: {}",
        String::from_utf8_lossy(answer.body())
    );
    Ok(())
}

fn control(platform: &str, method: &str, body: Vec<u8>) -> Request<Bytes> {
    let request = Request::builder().method(method).uri(format!("{platform}/mock/faults"));
    request.header("content-type", "application/json").body(Bytes::from(body)).expect("a loopback URL")
}

/// The platform holds its next call of `endpoint` for `hold`, before or after it acts.
pub(super) async fn hold_next(
    net: &Arc<dyn Net>,
    platform: &str,
    endpoint: &str,
    after: bool,
    hold: Duration,
) {
    let Ok(now) = net.send(control(platform, "GET", Vec::new()), CONTROL_DEADLINE).await else { return };
    let mut faults: Faults = serde_json::from_slice(now.body()).unwrap_or_default();
    let fault = if after { CallFault::HangAfter } else { CallFault::Hang };
    faults.next.insert(0, NextCall::new(endpoint, fault, 1));
    faults.hang_ms = u32::try_from(hold.as_millis()).unwrap_or(u32::MAX);
    if let Err(cause) = put(net, platform, &faults).await {
        tracing::warn!("{cause:#}");
    }
}
