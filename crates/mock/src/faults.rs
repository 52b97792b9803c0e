//! Everything that can go wrong on purpose: by chance, or exactly for the next calls.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dice::Dice;

/// What may go wrong with a call to the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallFault {
    /// The connection closes before the platform did anything.
    LoseRequest,
    /// The platform acts, then the connection closes without an answer.
    LoseResponse,
    /// The system's internal error (1000, 13000) without the effect.
    InternalBefore,
    /// The system's internal error (1000, 13000) after the effect.
    InternalAfter,
    /// HTTP 502 from a gateway, without the effect.
    GatewayBefore,
    /// HTTP 502 from a gateway, after the effect.
    GatewayAfter,
    /// Nothing for `hang_ms`, then the connection closes; the platform did nothing.
    Hang,
    /// The platform acts, says nothing for `hang_ms`, then the connection closes.
    HangAfter,
    /// A correct answer, up to `delay_ms_max` late.
    Delay,
    /// The system's "too often" (1001, 12001, 10020 for tokens), without the effect.
    Throttle,
    /// The same for this call and the next ones of its endpoint, `burst_calls` in all.
    ThrottleBurst,
}

/// What may go wrong with a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackFault {
    /// None of its deliveries is ever sent.
    Never,
    /// The first delivery comes up to `late_ms_max` late.
    Late,
    /// The first delivery comes after the next callback of the same app.
    Reordered,
    /// This delivery is lost on its way; the schedule goes on.
    Lost,
    /// This delivery is sent twice at the same moment.
    Doubled,
    /// This delivery is signed with another token, or over another body.
    WrongSignature,
    /// This delivery arrives, and its acknowledgement is lost; the schedule goes on.
    AcknowledgementLost,
    /// This delivery is sent again within 50 ms, whatever is answered.
    DoubledWithin50Ms,
    /// This delivery of guaranteed payment carries `timestamp` as a number.
    NumericTimestamp,
    /// This delivery about a settlement says `app_id` instead of `appid`.
    AppIdForAppid,
    /// This delivery about a payment has no `item_id`.
    MissingItemId,
}

impl CallbackFault {
    /// Faults of the whole callback are drawn when it comes to be, the others for each delivery.
    fn concerns_whole_callback(self) -> bool {
        matches!(self, Self::Never | Self::Late | Self::Reordered)
    }
}

/// What may go wrong with accepted operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationFault {
    /// An accepted refund ends as failed.
    RefundFails,
    /// An accepted settlement ends as failed.
    SettlementFails,
    /// An accepted return of a share ends as failed.
    ReturnFails,
    /// An accepted withdrawal ends as failed; the money is withdrawable again.
    WithdrawFails,
    /// An accepted withdrawal succeeds, and the bank sends the money back later.
    WithdrawReexchanged,
}

/// The odds per mille of each fault, and faults scripted for the next calls.
///
/// ```
/// use douyin_pay_mock::{CallFault, Faults, NextCall};
///
/// let mut faults = Faults::default();
/// faults.calls.insert(CallFault::LoseResponse, 50); // 5 % of all calls
/// faults.next.push(NextCall::new("create_refund", CallFault::InternalAfter, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Odds per mille for each call.
    pub calls: BTreeMap<CallFault, u16>,
    /// Odds per mille for each callback or delivery.
    pub callbacks: BTreeMap<CallbackFault, u16>,
    /// Odds per mille for each accepted operation.
    pub operations: BTreeMap<OperationFault, u16>,
    /// Faults for the next calls; they come before the odds.
    pub next: Vec<NextCall>,
    /// Faults for the next callbacks or deliveries; they come before the odds.
    pub next_callbacks: Vec<NextCallback>,
    /// Fates of the next operations; they come before the odds.
    pub next_operations: Vec<NextOperation>,
    /// The longest delay of [`CallFault::Delay`].
    pub delay_ms_max: u32,
    /// How long [`CallFault::Hang`] holds the connection.
    pub hang_ms: u32,
    /// The longest extra wait of [`CallbackFault::Late`].
    pub late_ms_max: u32,
    /// How many calls [`CallFault::ThrottleBurst`] refuses.
    pub burst_calls: u32,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            calls: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            operations: BTreeMap::new(),
            next: Vec::new(),
            next_callbacks: Vec::new(),
            next_operations: Vec::new(),
            delay_ms_max: 3_000,
            hang_ms: 30_000,
            late_ms_max: 600_000,
            burst_calls: 5,
        }
    }
}

/// A fault for the next `times` calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextCall {
    /// An endpoint's name, such as `create_refund` or `refund_create`; `None` means any.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// What goes wrong.
    pub fault: CallFault,
    /// How many calls are still to suffer.
    #[serde(default = "once")]
    pub times: u32,
}

impl NextCall {
    /// The next `times` calls of `endpoint` suffer `fault`.
    pub fn new(endpoint: impl Into<String>, fault: CallFault, times: u32) -> Self {
        Self { endpoint: Some(endpoint.into()), fault, times }
    }
}

/// A fault for the next `times` callbacks (or deliveries, as the fault has it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextCallback {
    /// `payment`, `refund`, `settle`, `withdraw` or `pre_create_refund`; `None` means any.
    #[serde(default)]
    pub kind: Option<String>,
    /// What goes wrong.
    pub fault: CallbackFault,
    /// How many are still to suffer.
    #[serde(default = "once")]
    pub times: u32,
}

impl NextCallback {
    /// The next `times` callbacks of `kind` suffer `fault`.
    pub fn new(kind: impl Into<String>, fault: CallbackFault, times: u32) -> Self {
        Self { kind: Some(kind.into()), fault, times }
    }
}

/// A fate for the next `times` operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextOperation {
    /// What goes wrong.
    pub fault: OperationFault,
    /// How many operations are still to suffer.
    #[serde(default = "once")]
    pub times: u32,
}

impl NextOperation {
    /// The next `times` operations suffer `fault`.
    pub fn new(fault: OperationFault, times: u32) -> Self {
        Self { fault, times }
    }
}

fn once() -> u32 {
    1
}

impl Faults {
    /// Finds odds that cannot be: more than 1,000 per mille in one group.
    ///
    /// # Errors
    /// Names the group and its sum.
    pub fn check(&self) -> Result<(), String> {
        let sum = |odds: &mut dyn Iterator<Item = u16>| odds.map(u32::from).sum::<u32>();
        let groups = [
            ("calls", sum(&mut self.calls.values().copied())),
            ("callbacks", sum(&mut self.callbacks.values().copied())),
        ];
        match groups.iter().find(|(_, sum)| *sum > 1_000) {
            Some((group, sum)) => {
                Err(format!("`{group}`: the odds add up to {sum} per mille, at most 1000 are possible"))
            }
            None => Ok(()),
        }
    }

    /// What happens to this call.
    pub(crate) fn draw_call(&mut self, endpoint: &str, dice: &mut Dice) -> Option<CallFault> {
        let scripted = self
            .next
            .iter_mut()
            .find(|next| next.times > 0 && next.endpoint.as_deref().is_none_or(|wanted| wanted == endpoint));
        let fault = match scripted {
            Some(next) => {
                next.times -= 1;
                Some(next.fault)
            }
            None => draw(&self.calls, |_| true, dice),
        };
        if fault != Some(CallFault::ThrottleBurst) {
            return fault;
        }
        self.next.retain(|next| next.times > 0);
        let rest = self.burst_calls.saturating_sub(1);
        self.next.insert(0, NextCall::new(endpoint, CallFault::Throttle, rest));
        Some(CallFault::Throttle)
    }

    /// What happens to this callback as a whole.
    pub(crate) fn draw_callback(&mut self, kind: &str, dice: &mut Dice) -> Option<CallbackFault> {
        self.draw_notice(kind, dice, true)
    }

    /// What happens to this delivery.
    pub(crate) fn draw_delivery(&mut self, kind: &str, dice: &mut Dice) -> Option<CallbackFault> {
        self.draw_notice(kind, dice, false)
    }

    fn draw_notice(&mut self, kind: &str, dice: &mut Dice, whole: bool) -> Option<CallbackFault> {
        let fits = |fault: CallbackFault| fault.concerns_whole_callback() == whole;
        let scripted = self.next_callbacks.iter_mut().find(|next| {
            next.times > 0 && fits(next.fault) && next.kind.as_deref().is_none_or(|wanted| wanted == kind)
        });
        if let Some(next) = scripted {
            next.times -= 1;
            return Some(next.fault);
        }
        draw(&self.callbacks, fits, dice)
    }

    /// Whether this accepted operation is to fail.
    pub(crate) fn draw_operation(&mut self, fault: OperationFault, dice: &mut Dice) -> bool {
        let scripted = self.next_operations.iter_mut().find(|next| next.times > 0 && next.fault == fault);
        if let Some(next) = scripted {
            next.times -= 1;
            return true;
        }
        draw(&self.operations, |drawn| drawn == fault, dice).is_some()
    }
}

/// One throw decides between all faults of a group; nothing is thrown when there are no odds.
fn draw<F: Copy>(odds: &BTreeMap<F, u16>, fits: impl Fn(F) -> bool, dice: &mut Dice) -> Option<F> {
    let mut fitting = odds.iter().filter(|(fault, odds)| fits(**fault) && **odds > 0).peekable();
    fitting.peek()?;
    let mut thrown = dice.below(1_000);
    for (fault, odds) in fitting {
        match thrown.checked_sub(u64::from(*odds)) {
            None => return Some(*fault),
            Some(rest) => thrown = rest,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{CallFault, CallbackFault, Faults, NextCall, NextCallback};
    use crate::dice::Dice;

    #[test]
    fn scripted_faults_hit_exactly_the_next_calls() {
        let mut dice = Dice::new(1);
        let mut faults = Faults::default();
        faults.next.push(NextCall::new("settle", CallFault::Throttle, 2));
        let drawn: Vec<_> = ["settle", "create_order", "settle", "settle"]
            .map(|endpoint| faults.draw_call(endpoint, &mut dice))
            .into();
        assert_eq!(drawn, [Some(CallFault::Throttle), None, Some(CallFault::Throttle), None]);
    }

    #[test]
    fn a_burst_refuses_several_calls_of_one_endpoint() {
        let mut dice = Dice::new(1);
        let mut faults = Faults { burst_calls: 3, ..Faults::default() };
        faults.next.push(NextCall::new("settle", CallFault::ThrottleBurst, 1));
        let drawn: Vec<_> = ["settle", "query_order", "settle", "settle", "settle"]
            .map(|endpoint| faults.draw_call(endpoint, &mut dice))
            .into();
        let throttled = Some(CallFault::Throttle);
        assert_eq!(drawn, [throttled, None, throttled, throttled, None]);
    }

    #[test]
    fn odds_are_met_within_reason() {
        let mut dice = Dice::new(9);
        let mut faults = Faults::default();
        faults.calls.insert(CallFault::LoseResponse, 100);
        faults.calls.insert(CallFault::Delay, 200);
        let drawn: Vec<_> = (0..10_000).filter_map(|_| faults.draw_call("settle", &mut dice)).collect();
        let lost = drawn.iter().filter(|fault| **fault == CallFault::LoseResponse).count();
        assert!((800..1_200).contains(&lost), "{lost}");
        assert!((2_700..3_300).contains(&drawn.len()), "{}", drawn.len());
    }

    #[test]
    fn whole_callbacks_and_deliveries_draw_apart() {
        let mut dice = Dice::new(1);
        let mut faults = Faults::default();
        faults.next_callbacks.push(NextCallback::new("refund", CallbackFault::Lost, 1));
        assert_eq!(faults.draw_callback("refund", &mut dice), None);
        assert_eq!(faults.draw_delivery("payment", &mut dice), None);
        assert_eq!(faults.draw_delivery("refund", &mut dice), Some(CallbackFault::Lost));
        assert_eq!(faults.draw_delivery("refund", &mut dice), None);
    }

    #[test]
    fn impossible_odds_are_refused() {
        let mut faults = Faults::default();
        faults.calls.insert(CallFault::Hang, 600);
        assert!(faults.check().is_ok());
        faults.calls.insert(CallFault::Delay, 600);
        assert!(faults.check().unwrap_err().contains("1200 per mille"));
    }
}
