//! Who is told about every attempt: call logs and metrics.

use douyin_pay_protocol::ecpay::{Fields, Request};
use douyin_pay_protocol::{AppId, Endpoint, UnixMs};
use serde::Deserialize;

use crate::Outcome;

/// Hears about every attempt when it is over. Must not block.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use douyin_pay::{Call, Observer};
///
/// #[derive(Default)]
/// struct Slow(AtomicU64);
///
/// impl Observer for Slow {
///     fn called(&self, call: &Call<'_>) {
///         if call.millis > 1_000 {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// One attempt is over. Also called when its future was dropped, as [`Outcome::Unknown`].
    fn called(&self, call: &Call<'_>);
}

/// One attempt.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The mini-program.
    pub app_id: &'a AppId,
    /// Which call.
    pub endpoint: Endpoint,
    /// The order's number, if the request names it.
    pub out_order_no: Option<&'a str>,
    /// The refund's, settlement's or withdrawal's number, if the request names one.
    pub out_no: Option<&'a str>,
    /// The platform's own number, if the request names one: the refund's or settlement's, else the order's.
    pub platform_no: Option<&'a str>,
    /// 1 for the first attempt of a call.
    pub attempt: u32,
    /// When it began.
    pub started: UnixMs,
    /// How long it took.
    pub millis: u64,
    /// What this attempt, taken alone, tells about the platform's side; `None` when it was accepted.
    pub outcome: Option<Outcome>,
    /// The platform's code: 0 when it was accepted, `None` when it said nothing.
    pub err_no: Option<i64>,
    /// The HTTP status, if there was an answer.
    pub http_status: Option<u16>,
    /// The platform's id of the answer.
    pub log_id: Option<&'a str>,
    /// What went wrong, in words without secrets.
    pub problem: Option<&'a str>,
}

/// The numbers that a request carries.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Numbers<'a> {
    pub(crate) out_order_no: Option<&'a str>,
    pub(crate) out_no: Option<&'a str>,
    pub(crate) platform_no: Option<&'a str>,
}

/// Where the general trade system's requests have their numbers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body<'a> {
    #[serde(borrow)]
    out_order_no: Option<&'a str>,
    out_refund_no: Option<&'a str>,
    out_settle_no: Option<&'a str>,
    out_order_id: Option<&'a str>,
    order_id: Option<&'a str>,
    refund_id: Option<&'a str>,
    settle_id: Option<&'a str>,
}

impl<'a> Numbers<'a> {
    pub(crate) fn of(request: &'a impl Request) -> Self {
        let mut numbers = Self::default();
        request.fields(&mut numbers);
        numbers
    }

    /// Those of a request that was written already. A number that JSON has to escape is not worth a copy.
    pub(crate) fn of_body(body: &'a [u8]) -> Self {
        let body: Body<'a> = serde_json::from_slice(body).unwrap_or_default();
        Self {
            out_order_no: body.out_order_no,
            out_no: body.out_refund_no.or(body.out_settle_no).or(body.out_order_id),
            platform_no: body.refund_id.or(body.settle_id).or(body.order_id),
        }
    }
}

impl<'a> Fields<'a> for Numbers<'a> {
    fn text(&mut self, name: &str, value: &'a str) {
        match name {
            "out_order_no" => self.out_order_no = Some(value),
            "out_refund_no" | "out_return_no" | "out_order_id" => self.out_no = Some(value),
            // A return names the settlement too.
            "out_settle_no" => self.out_no = self.out_no.or(Some(value)),
            "refund_no" | "return_no" | "settle_no" => self.platform_no = Some(value),
            _ => {}
        }
    }

    fn number(&mut self, _name: &str, _value: i64) {}

    fn json(&mut self, _name: &str, _sent: &'a str, _signed: &'a str) {}
}
