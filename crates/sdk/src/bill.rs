//! Bills as they come: rows one by one, whatever the size of the file.

use std::fmt;

use bytes::Bytes;
use douyin_pay_env::{BodyStream, NetError};
use douyin_pay_protocol::ReplyError;
use douyin_pay_protocol::ecpay::bill::{BillError, BillKind, BillReader, Encoding, Lines, Row, Unit};
use futures_util::StreamExt as _;
use http::header::CONTENT_LENGTH;
use http::{Response, StatusCode};

use crate::outcome::Cause;

/// A bill under way, from the platform or from anywhere else. Memory stays constant whatever its size.
///
/// Only a bill that ends with `None` is complete. One that broke off ends with [`BillFileError::BrokeOff`]: what came
/// before is right, but the rest is missing, so get the whole bill again.
///
/// ```
/// use douyin_pay::BillFile;
/// use douyin_pay::protocol::ecpay::bill::{BillKind, BillReader};
/// use futures_util::{FutureExt, StreamExt, stream};
///
/// // A file that was downloaded from the console, in pieces of any size.
/// let pieces = ["订单号,订单金额,支付状态\n", "A1,12.", "80,支付成功\n"].map(|text| Ok(text.into()));
/// let mut bill = BillFile::new(BillReader::new(BillKind::Payment), stream::iter(pieces).boxed());
/// let row = bill.next().now_or_never().expect("all is there").expect("one row")?;
/// assert_eq!(row.amount.map(|amount| amount.get()), Some(1280));
/// assert!(bill.next().now_or_never().expect("all is there").is_none());
/// # Ok::<(), douyin_pay::BillFileError>(())
/// ```
pub struct BillFile {
    reader: BillReader,
    pieces: BodyStream,
    /// What was read to learn whether this is a bill at all.
    first: Option<Result<Row, BillError>>,
    /// The pieces that took, for a copy.
    begin: Vec<Bytes>,
    copy: Option<Besides>,
    bytes_read: u64,
    bytes_total: Option<u64>,
    over: bool,
}

/// What is read, and kept, to learn whether this is a bill: beyond it there is a header, but no row yet.
const BEGIN_BYTES_MAX: u64 = 1 << 20;

/// Takes every byte of a bill besides.
type Besides = Box<dyn FnMut(&[u8]) + Send>;

/// Why a row, or the rest of a bill, cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BillFileError {
    /// A row, or the whole bill, cannot be read.
    #[error(transparent)]
    Bill(#[from] BillError),
    /// The connection broke before the bill was complete.
    #[error("the bill broke off after {rows} rows and is not complete: {problem}; get it again")]
    BrokeOff {
        /// How many rows were read.
        rows: u64,
        /// What happened to the connection.
        problem: NetError,
    },
}

impl BillFileError {
    /// Whether only one row is concerned and the next one may be fine.
    pub fn is_of_one_row(&self) -> bool {
        matches!(self, Self::Bill(error) if error.is_of_one_row())
    }
}

impl BillFile {
    /// Reads a bill out of these pieces.
    pub fn new(reader: BillReader, pieces: BodyStream) -> Self {
        Self {
            reader,
            pieces,
            first: None,
            begin: Vec::new(),
            copy: None,
            bytes_read: 0,
            bytes_total: None,
            over: false,
        }
    }

    /// The next row; `None` at the end of a complete bill. Dropping the future loses nothing.
    ///
    /// # Errors
    /// A row that cannot be read, after which the next one follows; or a bill that cannot be read any further, or that
    /// broke off, after which nothing follows.
    pub async fn next(&mut self) -> Option<Result<Row, BillFileError>> {
        self.begin = Vec::new();
        if let Some(first) = self.first.take() {
            return Some(first.map_err(BillFileError::Bill));
        }
        loop {
            if let Some(row) = self.reader.next_row() {
                return Some(row.map_err(BillFileError::Bill));
            }
            if self.over {
                return None;
            }
            match self.pieces.next().await {
                Some(Ok(piece)) => self.take(&piece),
                Some(Err(problem)) => {
                    self.over = true;
                    return Some(Err(BillFileError::BrokeOff { rows: self.reader.lines().rows, problem }));
                }
                None => {
                    self.over = true;
                    self.reader.finish();
                }
            }
        }
    }

    /// Gives every byte of the bill to `copy` as well, from the first one on. Call it before [`BillFile::next`].
    pub fn copy_to(&mut self, mut copy: impl FnMut(&[u8]) + Send + 'static) {
        for piece in std::mem::take(&mut self.begin) {
            copy(&piece);
        }
        self.copy = Some(Box::new(copy));
    }

    /// Takes every amount for `unit`, with or without a decimal point. Call it before [`BillFile::next`].
    #[must_use]
    pub fn in_unit(mut self, unit: Unit) -> Self {
        let mut reader = BillReader::new(self.reader.kind()).unit(unit);
        // What was read to learn that this is a bill is read again, row by row as always.
        self.first = None;
        let begin = self.begin.iter().flat_map(|piece| piece.iter().copied()).collect::<Vec<u8>>();
        reader.feed(&begin);
        if self.over {
            reader.finish();
        }
        self.reader = reader;
        self
    }

    /// The columns' names as the bill spells them; empty before they came.
    pub fn header(&self) -> &[Box<str>] {
        self.reader.header()
    }

    /// How the bill is encoded, once that is known.
    pub fn encoding(&self) -> Option<Encoding> {
        self.reader.encoding()
    }

    /// What its amounts count, once that is known.
    pub fn amounts_in(&self) -> Option<Unit> {
        self.reader.amounts_in()
    }

    /// How many lines were read so far.
    pub fn lines(&self) -> Lines {
        self.reader.lines()
    }

    /// How many bytes came so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// How many bytes the whole bill has, if the platform said so.
    pub fn bytes_total(&self) -> Option<u64> {
        self.bytes_total
    }

    fn take(&mut self, piece: &Bytes) {
        self.bytes_read += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if let Some(copy) = &mut self.copy {
            copy(piece);
        }
        self.reader.feed(piece);
    }

    /// The platform's answer, read as far as it takes to learn that it is a bill.
    pub(crate) async fn of_answer(kind: BillKind, response: Response<BodyStream>) -> Result<Self, Cause> {
        if response.status() != StatusCode::OK {
            return Err(Cause::Status(response.status()));
        }
        let length = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let bytes_total = length.and_then(|length| length.parse().ok());
        let mut bill = Self::new(BillReader::new(kind), response.into_body());
        bill.bytes_total = bytes_total;
        loop {
            match bill.reader.next_row() {
                Some(Err(BillError::Platform(refusal))) => {
                    return Err(Cause::Reply(ReplyError::Platform(refusal)));
                }
                // It is a bill, and `in_unit` may tell how to read it.
                first @ Some(Err(BillError::MixedUnits { .. })) => {
                    bill.first = first;
                    return Ok(bill);
                }
                Some(Err(error)) if !error.is_of_one_row() => return Err(Cause::NoBill(error)),
                None if !bill.over && bill.bytes_read <= BEGIN_BYTES_MAX => {}
                first => {
                    bill.first = first;
                    return Ok(bill);
                }
            }
            match bill.pieces.next().await {
                Some(piece) => {
                    let piece = piece.map_err(Cause::Net)?;
                    bill.take(&piece);
                    bill.begin.push(piece);
                }
                None => {
                    bill.over = true;
                    bill.reader.finish();
                }
            }
        }
    }
}

impl fmt::Debug for BillFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BillFile({} bytes, {:?})", self.bytes_read, self.lines())
    }
}
