//! The log of calls: when each arrived, what it got, what was wrong.

use std::collections::VecDeque;

use douyin_pay_protocol::UnixMs;
use serde::Serialize;

use crate::faults::CallFault;

/// How many calls are kept for `/mock/calls`.
const RECORDS_MAX: usize = 10_000;

/// How much is kept of what was wrong with one call, in bytes.
const TEXT_BYTES_MAX: usize = 4_096;

/// One call as the platform saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallRecord {
    /// Counts all calls from 1.
    pub n: u64,
    /// The endpoint's name, or the path when it is none of the platform's.
    pub endpoint: String,
    /// The app the request named, as far as it could be read.
    pub app_id: String,
    /// The merchant number the request is about, as far as it could be read.
    pub number: String,
    /// When it arrived, in Unix ms.
    pub arrived_at: UnixMs,
    /// The platform's `err_no`; `None` while under way, or when the platform never saw the request.
    pub err_no: Option<i64>,
    /// The text the platform answered.
    pub err_tips: String,
    /// What was wrong with the request, in plain words.
    pub problem: Option<String>,
    /// The same in Chinese, for a wrong signature.
    pub problem_zh: Option<String>,
    /// What was odd, but accepted.
    pub warning: Option<String>,
    /// What went wrong on purpose.
    pub fault: Option<CallFault>,
    /// The log id of the answer.
    pub log_id: Option<String>,
}

/// The last calls.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    records: VecDeque<CallRecord>,
    last: u64,
}

impl CallRecord {
    /// A call that has just arrived.
    pub(crate) fn new(endpoint: impl Into<String>, arrived_at: UnixMs) -> Self {
        Self {
            n: 0,
            endpoint: endpoint.into(),
            app_id: String::new(),
            number: String::new(),
            arrived_at,
            err_no: None,
            err_tips: String::new(),
            problem: None,
            problem_zh: None,
            warning: None,
            fault: None,
            log_id: None,
        }
    }
}

/// What was wrong or odd, shortened where a stranger's text makes it long.
pub(crate) fn shortened(mut text: String) -> String {
    if text.len() > TEXT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
        text.push('…');
    }
    text
}

/// The beginning of a text that a stranger wrote.
pub(crate) fn start_of(text: &str) -> String {
    text.chars().take(64).collect()
}

impl Calls {
    /// Appends a call and gives its number.
    pub(crate) fn push(&mut self, mut record: CallRecord) -> u64 {
        self.last += 1;
        record.n = self.last;
        if self.records.len() == RECORDS_MAX {
            self.records.pop_front();
        }
        self.records.push_back(record);
        self.last
    }

    /// The record of call `n`, while it is kept.
    pub(crate) fn get_mut(&mut self, n: u64) -> Option<&mut CallRecord> {
        let first = self.records.front()?.n;
        self.records.get_mut(usize::try_from(n.checked_sub(first)?).ok()?)
    }

    pub(crate) fn records(&self) -> Vec<CallRecord> {
        self.records.iter().cloned().collect()
    }
}
