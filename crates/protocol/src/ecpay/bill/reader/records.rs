//! Bytes into records of cells, with the line each record begins on.

use std::fmt;

use csv_core::{ReadRecordResult, Reader};

use super::BillError;

/// A longer line is none: more likely a quote was left open.
const RECORD_BYTES_MAX: usize = 256 * 1024;
/// More columns than any bill has.
const CELLS_MAX: usize = 512;

/// Takes bytes apart into records.
pub(super) struct Records {
    csv: Reader,
    input: Vec<u8>,
    /// Where in `input` the next byte is.
    at: usize,
    cells: Vec<u8>,
    cells_len: usize,
    ends: Vec<usize>,
    ends_len: usize,
    /// In the middle of a record.
    inside: bool,
    line_ends: u64,
    line: u64,
}

/// What came of asking for a record.
pub(super) enum Next {
    /// A record is there.
    Record,
    /// The record is not complete.
    NeedsMore,
    /// There are no more.
    End,
}

impl Records {
    pub(super) fn new() -> Self {
        let mut csv = Reader::new();
        // A byte-order mark would be skipped by the first reading if it comes in one piece. Now that reading is over.
        csv.read_record(b"\n", &mut [0; 1], &mut [0; 1]);
        Self {
            csv,
            input: Vec::new(),
            at: 0,
            cells: vec![0; 1024],
            cells_len: 0,
            ends: vec![0; 32],
            ends_len: 0,
            inside: false,
            line_ends: 0,
            line: 1,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.input.drain(..self.at);
        self.at = 0;
        self.input.extend_from_slice(bytes);
    }

    /// The line the record begins on; the first is 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The record's cells, without their quotes.
    pub(super) fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.ends_len).map(|index| {
            let from = if index == 0 { 0 } else { self.ends[index - 1] };
            &self.cells[from..self.ends[index]]
        })
    }

    /// Goes to the next record; `complete` says that no more bytes will come.
    pub(super) fn next(&mut self, complete: bool) -> Result<Next, BillError> {
        if !self.inside {
            self.skip_line_ends();
        }
        loop {
            let input = &self.input[self.at..];
            if input.is_empty() && !complete {
                return Ok(Next::NeedsMore);
            }
            if !self.inside {
                self.inside = true;
                (self.cells_len, self.ends_len, self.line) = (0, 0, self.line_ends + 1);
            }
            let (result, read, written, ended) = self.csv.read_record(
                input,
                &mut self.cells[self.cells_len..],
                &mut self.ends[self.ends_len..],
            );
            self.line_ends += line_ends(&input[..read]);
            self.at += read;
            self.cells_len += written;
            self.ends_len += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.cells.len() < RECORD_BYTES_MAX => {
                    self.cells.resize(self.cells.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < CELLS_MAX => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(BillError::LineTooLong { line: self.line });
                }
                ReadRecordResult::Record => {
                    self.inside = false;
                    return Ok(Next::Record);
                }
                ReadRecordResult::End => return Ok(Next::End),
            }
        }
    }

    /// Between records, so that a record's line is the one its first byte is on.
    fn skip_line_ends(&mut self) {
        let between = self.input[self.at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line_ends += line_ends(&self.input[self.at..self.at + between]);
        self.at += between;
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Records(line {})", self.line)
    }
}
