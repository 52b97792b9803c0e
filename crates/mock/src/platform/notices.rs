//! Callbacks waiting to be delivered: the schedule, without sending anything.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

use super::System;
use crate::faults::CallbackFault;

/// When the deliveries after the first are due, counted from the first, in seconds: 15 repeats, and one more
/// where "at most 16 retries" is taken at its word.
const ECPAY_OFFSETS_S: [i64; 16] = [
    15, 30, 60, 240, 840, 2_040, 3_840, 5_640, 7_440, 11_040, 21_840, 32_640, 43_440, 65_040, 86_640, 108_240,
];
/// The general trade system repeats ten times, with gaps of 12 s, 12 s, 33 s and 1 to 7 min.
const TRADE_OFFSETS_S: [i64; 10] = [12, 24, 57, 117, 237, 417, 657, 957, 1_317, 1_737];
/// `pre_create_refund` is repeated every ten minutes for 72 hours.
const REFUND_APPLIED_EVERY_S: i64 = 600;
const REFUND_APPLIED_REPEATS: u32 = 431;

/// How many delivery records are kept for `/mock/callbacks`.
const RECORDS_MAX: usize = 10_000;
/// How much of an answer is kept in a record.
const ANSWER_BYTES_MAX: usize = 1_024;

/// A callback that has not been acknowledged yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) system: System,
    pub(crate) app_id: String,
    pub(crate) kind: String,
    pub(crate) number: String,
    pub(crate) url: String,
    pub(crate) msg: String,
    pub(crate) deliveries: u32,
    pub(crate) first_sent_at: Option<UnixMs>,
    pub(crate) due_at: UnixMs,
    /// The headers of the first delivery, for a platform that repeats its signature.
    #[serde(default)]
    pub(crate) first_headers: Option<Vec<(String, String)>>,
    /// The body of the first delivery, likewise.
    #[serde(default)]
    pub(crate) first_body: Option<String>,
    /// The second copy of a delivery, sent once whatever is answered.
    #[serde(default)]
    pub(crate) single: bool,
}

/// Whether deliveries that nobody acknowledged are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeats {
    Never,
    Usual,
    /// Guaranteed payment repeats once more than its page lists gaps.
    OneMore,
}

impl Notice {
    /// When delivery number `sent` + 1 is due, in seconds after the first; `None` when there is none.
    fn offset_s(&self, sent: u32, repeats: Repeats) -> Option<i64> {
        if self.single || repeats == Repeats::Never {
            return None;
        }
        let at = usize::try_from(sent).ok()?.checked_sub(1)?;
        match self.system {
            System::Ecpay => {
                let last = ECPAY_OFFSETS_S.len() - usize::from(repeats == Repeats::Usual);
                ECPAY_OFFSETS_S[..last].get(at).copied()
            }
            System::Trade if self.kind == "pre_create_refund" => {
                (sent <= REFUND_APPLIED_REPEATS).then(|| REFUND_APPLIED_EVERY_S * i64::from(sent))
            }
            System::Trade => TRADE_OFFSETS_S.get(at).copied(),
        }
    }
}

/// One delivery that is to be sent now.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) notice: u64,
    pub(crate) system: System,
    pub(crate) app_id: String,
    pub(crate) kind: String,
    pub(crate) number: String,
    pub(crate) url: String,
    pub(crate) attempt: u32,
    pub(crate) body: Vec<u8>,
    /// What is sent besides `content-type`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) fault: Option<CallbackFault>,
    /// The second copy of a doubled delivery: it changes nothing in the schedule.
    pub(crate) copy: bool,
    pub(crate) sent_at: UnixMs,
}

/// What came back for a delivery: an answer, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    Answer {
        status: u16,
        body: Vec<u8>,
    },
    /// An answer that never arrived, though the merchant gave it.
    LostAnswer {
        status: u16,
        body: Vec<u8>,
    },
    Nothing(String),
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Acknowledged { status: u16, answer: String },
    Refused { status: Option<u16>, answer: String, problem: String },
}

/// One delivery of a callback and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryRecord {
    /// Counts callbacks; all deliveries of one callback share it.
    pub callback: u64,
    /// The system it belongs to.
    pub system: System,
    /// `payment`, `refund`, `settle`, `withdraw` or `pre_create_refund`.
    pub kind: String,
    /// The app it belongs to.
    pub app_id: String,
    /// The merchant's number it is about.
    pub number: String,
    /// Where it was sent.
    pub url: String,
    /// 1 for the first delivery.
    pub attempt: u32,
    /// When it was sent, in Unix ms.
    pub sent_at: UnixMs,
    /// The HTTP status of the answer, when there was one.
    pub status: Option<u16>,
    /// The beginning of the answer's body.
    pub answer: String,
    /// Whether the answer was the agreed acknowledgement.
    pub acknowledged: bool,
    /// Why the answer is no acknowledgement.
    pub problem: Option<String>,
    /// What went wrong on purpose.
    pub fault: Option<CallbackFault>,
    /// When the next delivery is due; `None` when there will be none.
    pub next_at: Option<UnixMs>,
}

/// A callback that still waits for its next delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingCallback {
    /// Counts callbacks.
    pub callback: u64,
    /// The system it belongs to.
    pub system: System,
    /// `payment`, `refund`, `settle`, `withdraw` or `pre_create_refund`.
    pub kind: String,
    /// The app it belongs to.
    pub app_id: String,
    /// The merchant's number it is about.
    pub number: String,
    /// Deliveries so far.
    pub deliveries: u32,
    /// When the next one is due, in Unix ms.
    pub due_at: UnixMs,
}

/// All callbacks: those that wait, and what became of the others.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    waiting: BTreeMap<u64, Notice>,
    /// Waiting and not being sent right now.
    due: BTreeSet<(UnixMs, u64)>,
    records: VecDeque<DeliveryRecord>,
    last_id: u64,
}

impl Notices {
    pub(crate) fn restore(waiting: Vec<Notice>, last_id: u64) -> Self {
        let due = waiting.iter().map(|notice| (notice.due_at, notice.id)).collect();
        let waiting = waiting.into_iter().map(|notice| (notice.id, notice)).collect();
        Self { waiting, due, records: VecDeque::new(), last_id }
    }

    pub(crate) fn saved(&self) -> (Vec<Notice>, u64) {
        (self.waiting.values().cloned().collect(), self.last_id)
    }

    pub(crate) fn add(&mut self, mut notice: Notice) {
        self.last_id += 1;
        notice.id = self.last_id;
        self.due.insert((notice.due_at, notice.id));
        self.waiting.insert(notice.id, notice);
    }

    /// When a callback of this app is due that `moment` could be moved behind.
    pub(crate) fn next_after(&self, app_id: &str, moment: UnixMs) -> Option<UnixMs> {
        let later = self.due.range((moment, 0)..);
        let same_app =
            |(_, id): &&(UnixMs, u64)| self.waiting.get(id).is_some_and(|notice| notice.app_id == app_id);
        later.take(100).find(same_app).map(|(at, _)| *at)
    }

    pub(crate) fn next_due(&self) -> Option<UnixMs> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes the earliest callback that is due; it is not given out again until recorded.
    pub(crate) fn lease(&mut self, now: UnixMs) -> Option<Notice> {
        let (due_at, id) = *self.due.first()?;
        if due_at > now {
            return None;
        }
        self.due.remove(&(due_at, id));
        let notice = self.waiting.get_mut(&id).expect("whatever is due waits");
        notice.deliveries += 1;
        notice.first_sent_at.get_or_insert(now);
        Some(notice.clone())
    }

    /// Keeps the headers of a callback's first delivery.
    pub(crate) fn remember_headers(&mut self, id: u64, headers: &[(String, String)]) {
        if let Some(notice) = self.waiting.get_mut(&id) {
            notice.first_headers.get_or_insert_with(|| headers.to_vec());
        }
    }

    /// Keeps the body of a callback's first delivery.
    pub(crate) fn remember_body(&mut self, id: u64, body: &[u8]) {
        if let Some(notice) = self.waiting.get_mut(&id) {
            notice.first_body.get_or_insert_with(|| String::from_utf8_lossy(body).into_owned());
        }
    }

    /// Notes a delivery's outcome and plans the next one, unless nothing is repeated.
    pub(crate) fn record(&mut self, delivery: &Delivery, outcome: Outcome, repeats: Repeats) {
        let acknowledged = matches!(outcome, Outcome::Acknowledged { .. });
        let next_at = if acknowledged {
            self.forget(delivery.notice);
            None
        } else if delivery.copy {
            self.waiting.get(&delivery.notice).map(|notice| notice.due_at)
        } else {
            self.plan(delivery.notice, repeats)
        };
        let (status, answer, problem) = match outcome {
            Outcome::Acknowledged { status, answer } => (Some(status), answer, None),
            Outcome::Refused { status, answer, problem } => (status, answer, Some(problem)),
        };
        if self.records.len() == RECORDS_MAX {
            self.records.pop_front();
        }
        self.records.push_back(DeliveryRecord {
            callback: delivery.notice,
            system: delivery.system,
            kind: delivery.kind.clone(),
            app_id: delivery.app_id.clone(),
            number: delivery.number.clone(),
            url: delivery.url.clone(),
            attempt: delivery.attempt,
            sent_at: delivery.sent_at,
            status,
            answer: cut(answer),
            acknowledged,
            problem,
            fault: delivery.fault,
            next_at,
        });
    }

    fn plan(&mut self, id: u64, repeats: Repeats) -> Option<UnixMs> {
        let notice = self.waiting.get_mut(&id)?;
        let offset = notice.offset_s(notice.deliveries, repeats);
        let Some((offset, first)) = offset.zip(notice.first_sent_at) else {
            self.waiting.remove(&id);
            return None;
        };
        notice.due_at = first.plus_ms(offset * 1_000);
        self.due.insert((notice.due_at, id));
        Some(notice.due_at)
    }

    /// Gives up a callback that has lost its point, such as a question that nobody may answer any more.
    pub(crate) fn give_up(&mut self, kind: &str, number: &str) {
        let pointless = |notice: &&Notice| notice.kind == kind && notice.number == number;
        let ids: Vec<u64> = self.waiting.values().filter(pointless).map(|notice| notice.id).collect();
        for id in ids {
            self.forget(id);
        }
    }

    fn forget(&mut self, id: u64) {
        if let Some(notice) = self.waiting.remove(&id) {
            self.due.remove(&(notice.due_at, id));
        }
    }

    pub(crate) fn records(&self) -> Vec<DeliveryRecord> {
        self.records.iter().cloned().collect()
    }

    pub(crate) fn waiting(&self) -> Vec<WaitingCallback> {
        let view = |notice: &Notice| WaitingCallback {
            callback: notice.id,
            system: notice.system,
            kind: notice.kind.clone(),
            app_id: notice.app_id.clone(),
            number: notice.number.clone(),
            deliveries: notice.deliveries,
            due_at: notice.due_at,
        };
        self.waiting.values().map(view).collect()
    }
}

fn cut(mut text: String) -> String {
    let end = (0..=text.len().min(ANSWER_BYTES_MAX)).rev().find(|&end| text.is_char_boundary(end));
    text.truncate(end.unwrap_or_default());
    text
}
