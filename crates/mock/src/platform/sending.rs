//! Callbacks come to be, are given out for delivery, and are judged by their answers.

use douyin_pay_protocol::ecpay::callback;
use douyin_pay_protocol::{Token, UnixMs};
use serde_json::Value;

use super::caller::stand_in;
use super::notices::{Delivery, DeliveryRecord, Heard, Notice, Outcome, Repeats, WaitingCallback};
use super::{Platform, System};
use crate::faults::CallbackFault;

/// How far a reordered callback moves when no other is under way behind which it could go, in ms.
const REORDER_MS: (u32, u32) = (20_000, 60_000);
/// How soon the second of two nearly simultaneous deliveries follows, in ms.
const SOON_MS: (u32, u32) = (1, 50);

impl Platform {
    /// Schedules a callback's first delivery; nobody to send it to means no callback.
    pub(super) fn notify(
        &mut self,
        app_id: &str,
        kind: &str,
        number: &str,
        own_url: Option<String>,
        msg: String,
        at: UnixMs,
    ) {
        let console = self.apps.get(app_id).and_then(|app| app.notify_url.clone());
        let Some(url) = own_url.or(console) else { return };
        self.schedule(System::Ecpay, app_id, (kind, number), url, msg, at);
    }

    /// Draws what goes wrong with the callback as a whole, and lets it wait for its time.
    pub(super) fn schedule(
        &mut self,
        system: System,
        app_id: &str,
        (kind, number): (&str, &str),
        url: String,
        msg: String,
        at: UnixMs,
    ) {
        let due_at = match self.faults.draw_callback(kind, &mut self.fault_dice) {
            Some(CallbackFault::Never) => return,
            Some(CallbackFault::Late) => {
                at.plus_ms(self.fault_dice.millis(1, self.faults.late_ms_max.max(1)))
            }
            Some(CallbackFault::Reordered) => match self.notices.next_after(app_id, at) {
                Some(other) => other.plus_ms(1),
                None => at.plus_ms(self.fault_dice.millis(REORDER_MS.0, REORDER_MS.1)),
            },
            _ => at,
        };
        self.changes += 1;
        self.notices.add(Notice {
            id: 0,
            system,
            app_id: app_id.to_owned(),
            kind: kind.to_owned(),
            number: number.to_owned(),
            url,
            msg,
            deliveries: 0,
            first_sent_at: None,
            due_at,
            first_headers: None,
            first_body: None,
            single: false,
        });
    }

    /// Takes the next delivery that is due: one message, or two when it is doubled on purpose.
    pub(crate) fn lease_delivery(&mut self, now: UnixMs) -> Vec<Delivery> {
        let Some(notice) = self.notices.lease(now) else { return Vec::new() };
        self.changes += 1;
        let fault =
            if notice.single { None } else { self.faults.draw_delivery(&notice.kind, &mut self.fault_dice) };
        if fault == Some(CallbackFault::DoubledWithin50Ms) {
            let soon = self.fault_dice.millis(SOON_MS.0, SOON_MS.1);
            let deliveries = notice.deliveries - 1;
            self.notices.add(Notice {
                single: true,
                due_at: now.plus_ms(soon),
                deliveries,
                ..notice.clone()
            });
        }
        let copies = if fault == Some(CallbackFault::Doubled) { 2 } else { 1 };
        (0..copies).map(|copy| self.delivery(&notice, now, fault, copy > 0)).collect()
    }

    /// Timestamp, nonce and signature are new for each delivery; the message never changes.
    fn delivery(
        &mut self,
        notice: &Notice,
        now: UnixMs,
        fault: Option<CallbackFault>,
        copy: bool,
    ) -> Delivery {
        let (body, headers) = match notice.system {
            System::Ecpay => (self.sign_ecpay(notice, now, fault), Vec::new()),
            System::Trade => self.sign_trade(notice, now, fault),
        };
        Delivery {
            notice: notice.id,
            system: notice.system,
            app_id: notice.app_id.clone(),
            kind: notice.kind.clone(),
            number: notice.number.clone(),
            url: notice.url.clone(),
            attempt: notice.deliveries,
            body,
            headers,
            fault,
            copy,
            sent_at: now,
        }
    }

    fn sign_ecpay(&mut self, notice: &Notice, now: UnixMs, fault: Option<CallbackFault>) -> Vec<u8> {
        let timestamp = now.seconds().to_string();
        let nonce = (1 + self.dice.below(9_999)).to_string();
        if let Some(first) = notice.first_body.as_ref().filter(|_| self.switches.repeat_same_signature) {
            return first.clone().into_bytes();
        }
        let token = match fault {
            Some(CallbackFault::WrongSignature) => Token::new("not-the-token-of-this-app").ok(),
            _ => self.token_for(notice),
        };
        let Some(token) = token else { return Vec::new() };
        let msg = self.worded(notice, fault);
        let mut body = callback::body(&token, &notice.kind, &timestamp, &nonce, &msg);
        if self.switches.numeric_timestamp || fault == Some(CallbackFault::NumericTimestamp) {
            let (text, number) =
                (format!("\"timestamp\":\"{timestamp}\""), format!("\"timestamp\":{timestamp}"));
            body = String::from_utf8_lossy(&body).replacen(&text, &number, 1).into_bytes();
        }
        if self.switches.repeat_same_signature {
            self.notices.remember_body(notice.id, &body);
        }
        body
    }

    /// The message, with what this delivery or this platform words otherwise.
    fn worded(&self, notice: &Notice, fault: Option<CallbackFault>) -> String {
        let mut msg = notice.msg.clone();
        let other_id = self.switches.app_id_in_settle || fault == Some(CallbackFault::AppIdForAppid);
        if other_id && notice.kind == "settle" {
            msg = msg.replacen("\"appid\":", "\"app_id\":", 1);
        }
        if fault == Some(CallbackFault::MissingItemId) && notice.kind == "payment" {
            msg = msg.replacen("\"item_id\":\"\",", "", 1);
        }
        msg
    }

    /// The app's token; the provider's own when it called for itself, or the callback goes to its own URL.
    fn token_for(&self, notice: &Notice) -> Option<Token> {
        let Some(app) = self.apps.get(&notice.app_id) else {
            return self.provider(&notice.app_id).map(|provider| stand_in(provider).token);
        };
        let providers = self.providers.iter().find(|provider| {
            provider.notify_url.as_ref() == Some(&notice.url) && provider.apps.contains(&app.app_id)
        });
        let own = providers.and_then(|provider| provider.token.clone());
        Some(own.unwrap_or_else(|| app.token.clone()))
    }

    /// Judges what came back for a delivery and plans what follows.
    pub(crate) fn record_delivery(&mut self, now: UnixMs, delivery: &Delivery, heard: &Heard) {
        self.changes += 1;
        let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
        let outcome = match heard {
            Heard::Nothing(problem) => {
                Outcome::Refused { status: None, answer: String::new(), problem: problem.clone() }
            }
            Heard::LostAnswer { status, body } => Outcome::Refused {
                status: Some(*status),
                answer: text(body),
                problem: "the acknowledgement was lost on its way back, on purpose".to_owned(),
            },
            Heard::Answer { status, body } => match self.why_no_acknowledgement(delivery, *status, body) {
                None => {
                    self.acknowledged(now, delivery, body);
                    Outcome::Acknowledged { status: *status, answer: text(body) }
                }
                Some(problem) => Outcome::Refused { status: Some(*status), answer: text(body), problem },
            },
        };
        let repeats = match (self.switches.sandbox, self.switches.seventeen_deliveries) {
            (true, _) => Repeats::Never,
            (false, false) => Repeats::Usual,
            (false, true) => Repeats::OneMore,
        };
        self.notices.record(delivery, outcome, repeats);
    }

    /// What an acknowledgement brings beside its being one.
    fn acknowledged(&mut self, now: UnixMs, delivery: &Delivery, body: &[u8]) {
        if delivery.kind == "pre_create_refund"
            && let Ok(answer) = serde_json::from_slice(body)
        {
            self.take_refund_answer(&delivery.number, &answer, now);
        }
    }

    /// The agreed acknowledgement: status 200, JSON, `err_no` the number 0; one callback wants more.
    fn why_no_acknowledgement(&self, delivery: &Delivery, status: u16, body: &[u8]) -> Option<String> {
        if status != 200 {
            return Some(format!("the status is {status}; only 200 counts"));
        }
        let Ok(answer) = serde_json::from_slice::<Value>(body) else {
            return Some("the body is no JSON; answer {\"err_no\":0,\"err_tips\":\"success\"}".to_owned());
        };
        if answer.get("err_no").and_then(Value::as_i64) != Some(0) {
            return Some("`err_no` is not the number 0".to_owned());
        }
        let success = answer.get("err_tips").and_then(Value::as_str) == Some("success");
        if self.switches.strict_acknowledgement && !success {
            return Some("`err_tips` is not `success`".to_owned());
        }
        let asks = delivery.kind == "pre_create_refund";
        if asks { self.why_no_refund_answer(delivery, &answer) } else { None }
    }

    pub(crate) fn delivery_records(&self) -> Vec<DeliveryRecord> {
        self.notices.records()
    }

    pub(crate) fn waiting_callbacks(&self) -> Vec<WaitingCallback> {
        self.notices.waiting()
    }
}
