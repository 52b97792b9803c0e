//! Reads a bill from bytes in any pieces; memory stays constant.

mod cells;
mod error;
mod header;
mod opening;
mod records;
mod refusal;
mod rows;
mod texts;

pub use cells::{Unit, UnknownUnit};
pub use error::BillError;
pub use texts::Encoding;

use std::mem;

use self::cells::Amounts;
use self::header::Header;
use self::opening::{Opening, open};
use self::records::{Next, Records};
use self::rows::{So, Told};
use super::{BillKind, Row};

/// So many lines may stand before the line that names the columns.
const LINES_BEFORE_HEADER_MAX: u64 = 20;

/// The line that names the columns must be within so many bytes.
const BYTES_BEFORE_HEADER_MAX: usize = 256 * 1024;

/// An answer that is no bill is kept up to this size, to be read as the platform's refusal.
const REFUSAL_BYTES_MAX: usize = 64 * 1024;

/// How many lines of a bill there were, by what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lines {
    /// Rows that were read.
    pub rows: u64,
    /// Rows that could not be read, each told as an error.
    pub unreadable: u64,
    /// Lines that are no rows: in front of the columns' names, repeated names, sums at the end.
    pub skipped: u64,
}

/// Reads a bill: bytes in, rows out.
///
/// Nothing about the file's form is published, so much is taken: a byte-order mark, both line ends, quotes,
/// backticks in front of values, UTF-8 or GB18030, columns in any order and with more beside them, lines of sums.
/// A day without rows is a bill without rows. The platform's refusal, which comes with status 200, is an error.
///
/// Amounts are fen when they have no decimal point and yuan when they have one. A bill with both is refused,
/// unless [`BillReader::unit`] says what they are.
///
/// ```
/// use douyin_pay_protocol::ecpay::bill::{BillKind, BillReader, RowStatus};
///
/// let mut reader = BillReader::new(BillKind::Payment);
/// reader.feed("序号,支付时间,订单号,订单金额,支付状态\n1,2024-01-01 08:00:00,O2024".as_bytes());
/// assert!(reader.next_row().is_none(), "the row is not complete");
/// reader.feed("0101,1280,支付成功\n".as_bytes());
/// let row = reader.next_row().unwrap().unwrap();
/// assert_eq!(row.amount.unwrap().to_string(), "12.80");
/// assert_eq!(row.status, RowStatus::Success);
/// reader.finish();
/// assert!(reader.next_row().is_none());
/// assert_eq!(reader.lines().rows, 1);
/// ```
#[derive(Debug)]
pub struct BillReader {
    kind: BillKind,
    state: State,
    records: Records,
    /// Bytes that came before the columns were named.
    before: usize,
    encoding: Option<Encoding>,
    amounts: Amounts,
    in_sums: bool,
    lines: Lines,
    finished: bool,
}

#[derive(Debug)]
enum State {
    /// Too few bytes to know what this is.
    Opening(Vec<u8>),
    /// The platform's refusal, kept until its end.
    Refusal(Vec<u8>),
    /// An encoding that is not read.
    Utf16,
    /// In front of the line that names the columns.
    BeforeHeader { first: Option<String> },
    /// Among the rows.
    Rows(Header),
    /// Past an error that ends everything, or past the end.
    Over(Vec<Box<str>>),
}

impl BillReader {
    /// Reads a bill of that kind; a bill that shows itself to be of another kind is refused.
    pub fn new(kind: BillKind) -> Self {
        Self {
            kind,
            state: State::Opening(Vec::new()),
            records: Records::new(),
            before: 0,
            encoding: None,
            amounts: Amounts::default(),
            in_sums: false,
            lines: Lines::default(),
            finished: false,
        }
    }

    /// Takes every amount for `unit`, with or without a decimal point; fen never have one.
    #[must_use]
    pub fn unit(mut self, unit: Unit) -> Self {
        self.amounts = Amounts::of(unit);
        self
    }

    /// What it was asked to list.
    pub fn kind(&self) -> BillKind {
        self.kind
    }

    /// Takes the next bytes of the bill, of any length. Take the rows out with [`BillReader::next_row`] before giving more.
    pub fn feed(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Opening(_) | State::BeforeHeader { .. }) {
            self.before = self.before.saturating_add(bytes.len());
        }
        match &mut self.state {
            State::Opening(begin) => {
                begin.extend_from_slice(bytes);
                self.opened();
            }
            State::Refusal(body) => {
                let room = REFUSAL_BYTES_MAX.saturating_sub(body.len()).min(bytes.len());
                body.extend_from_slice(&bytes[..room]);
            }
            State::BeforeHeader { .. } | State::Rows(_) => self.records.feed(bytes),
            State::Utf16 | State::Over(_) => {}
        }
    }

    /// The bill is complete: what stands at its end without a line end is a row as well.
    pub fn finish(&mut self) {
        self.finished = true;
        self.opened();
    }

    /// The next row, or why a row or the whole bill cannot be read; `None` when there is none before more bytes come.
    ///
    /// After an error of one row the next row follows; after [an error of the bill](BillError::is_of_one_row)
    /// there is only `None`.
    ///
    /// # Errors
    /// A line that is no row, or bytes that are no bill: [`BillError`].
    pub fn next_row(&mut self) -> Option<Result<Row, BillError>> {
        loop {
            let told = match mem::replace(&mut self.state, State::Over(Vec::new())) {
                State::Opening(_) if self.before > BYTES_BEFORE_HEADER_MAX => Err(BillError::NoHeader),
                State::Opening(begin) => {
                    self.state = State::Opening(begin);
                    return None;
                }
                State::Refusal(body) if self.finished || body.len() == REFUSAL_BYTES_MAX => {
                    Err(refusal::read(&body))
                }
                State::Refusal(body) => {
                    self.state = State::Refusal(body);
                    return None;
                }
                State::Utf16 => Err(BillError::Utf16),
                State::BeforeHeader { first } => self.before_header(first),
                State::Rows(header) => self.among_rows(header),
                State::Over(header) => {
                    self.state = State::Over(header);
                    return None;
                }
            };
            match told {
                Ok(Told::Row(row)) => {
                    self.lines.rows += 1;
                    return Some(Ok(*row));
                }
                Ok(Told::NoRow) => self.lines.skipped += 1,
                Ok(Told::Header) => {}
                Ok(Told::NeedsMore) => return None,
                Err(error) => {
                    self.lines.unreadable += u64::from(error.is_of_one_row());
                    return Some(Err(error));
                }
            }
        }
    }

    /// The columns' names as the bill spells them; empty before they came.
    pub fn header(&self) -> &[Box<str>] {
        match &self.state {
            State::Rows(header) => header.texts(),
            State::Over(texts) => texts,
            _ => &[],
        }
    }

    /// How the bill is encoded, once that is known: plain ASCII so far is neither.
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// What its amounts count, once that is known.
    pub fn amounts_in(&self) -> Option<Unit> {
        self.amounts.unit()
    }

    /// How many lines came so far.
    pub fn lines(&self) -> Lines {
        self.lines
    }

    /// Leaves the opening when its bytes tell what follows.
    fn opened(&mut self) {
        let State::Opening(begin) = &mut self.state else { return };
        match open(begin, self.finished) {
            Opening::NeedsMore => {}
            Opening::Refusal(from) => {
                let mut body = begin.split_off(from);
                body.truncate(REFUSAL_BYTES_MAX);
                self.state = State::Refusal(body);
            }
            Opening::Utf16 => self.state = State::Utf16,
            Opening::Bill { from, encoding } => {
                self.encoding = encoding;
                self.records.feed(&begin[from..]);
                self.state = State::BeforeHeader { first: None };
            }
        }
    }

    /// Looks at one line in front of the rows.
    fn before_header(&mut self, first: Option<String>) -> Result<Told, BillError> {
        match self.records.next(self.finished)? {
            Next::NeedsMore if self.before > BYTES_BEFORE_HEADER_MAX => {
                return Err(first.map_or(BillError::NoHeader, |first| refusal::no_bill(&first)));
            }
            Next::NeedsMore => {
                self.state = State::BeforeHeader { first };
                return Ok(Told::NeedsMore);
            }
            Next::End => {
                return first.map_or(Ok(Told::NeedsMore), |first| Err(refusal::no_bill(&first)));
            }
            Next::Record => {}
        }
        let (texts, encoding) = texts::of_header(&self.records, self.encoding);
        match Header::of(&texts, self.kind)? {
            Some(header) => {
                self.encoding = encoding;
                self.state = State::Rows(header);
                Ok(Told::Header)
            }
            None => {
                let says_nothing = texts.iter().all(|text| cells::value(text).is_empty());
                let first = first.or_else(|| (!says_nothing).then(|| texts.join(",")));
                if self.lines.skipped + 1 >= LINES_BEFORE_HEADER_MAX {
                    return Err(refusal::no_bill(&first.unwrap_or_default()));
                }
                self.state = State::BeforeHeader { first };
                Ok(Told::NoRow)
            }
        }
    }

    /// Looks at one line among the rows.
    fn among_rows(&mut self, header: Header) -> Result<Told, BillError> {
        let told = match self.records.next(self.finished) {
            Ok(Next::NeedsMore) => Ok(Told::NeedsMore),
            Ok(Next::End) => {
                self.state = State::Over(header.into_texts());
                return Ok(Told::NeedsMore);
            }
            Ok(Next::Record) => rows::read(
                &self.records,
                &header,
                &mut So {
                    kind: self.kind,
                    encoding: &mut self.encoding,
                    amounts: &mut self.amounts,
                    in_sums: &mut self.in_sums,
                },
            ),
            Err(error) => Err(error),
        };
        self.state = match &told {
            Err(error) if !error.is_of_one_row() => State::Over(header.into_texts()),
            _ => State::Rows(header),
        };
        told
    }
}
