//! Who is told about every attempt: call logs and metrics.

use douyin_pay_protocol::ecpay::{Fields, Request};
use douyin_pay_protocol::{AppId, Endpoint, UnixMs};

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
    /// The refund's or settlement's number, if the request names one.
    pub out_no: Option<&'a str>,
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

/// The merchant's numbers that a request carries.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Numbers<'a> {
    pub(crate) out_order_no: Option<&'a str>,
    pub(crate) out_no: Option<&'a str>,
}

impl<'a> Numbers<'a> {
    pub(crate) fn of(request: &'a impl Request) -> Self {
        let mut numbers = Self::default();
        request.fields(&mut numbers);
        numbers
    }
}

impl<'a> Fields<'a> for Numbers<'a> {
    fn text(&mut self, name: &'static str, value: &'a str) {
        match name {
            "out_order_no" => self.out_order_no = Some(value),
            "out_refund_no" | "out_settle_no" | "out_return_no" => self.out_no = Some(value),
            _ => {}
        }
    }

    fn number(&mut self, _name: &'static str, _value: i64) {}
}
