//! Where the rows of a bill come from, a batch at a time.

use std::io::Read;
use std::pin::Pin;

use douyin_pay_protocol::ecpay::bill::{BillKind, BillReader, Row, Unit};

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The next rows of a bill; a row that cannot be read is a sentence that names its line.
pub type Batch<'a> = Pin<Box<dyn Future<Output = Result<Vec<Result<Row, String>>, String>> + Send + 'a>>;

/// A bill, read from front to back.
pub trait Rows: Send {
    /// The next rows, about `limit` of them; none when the bill is over. Fails when the bill cannot be read on.
    fn next_rows(&mut self, limit: usize) -> Batch<'_>;

    /// Bytes read and bytes in all, if that is known.
    fn bytes(&self) -> Option<(u64, u64)> {
        None
    }
}

/// Where a run takes its bills from.
pub enum Source {
    /// Asks the platform for each.
    Platform,
    /// Bills that somebody downloaded, each with its kind. Several of one kind, such as those of several merchants, are
    /// read as one, in this order.
    Files(Vec<(BillKind, Box<dyn Rows>)>),
}

impl Source {
    /// The word that is kept with the run.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Files(_) => "file",
        }
    }
}

/// Several bills of one kind, one after the other.
pub(super) struct Chain {
    bills: Vec<Box<dyn Rows>>,
    at: usize,
}

impl Chain {
    /// `bills` in their order.
    pub(super) fn new(bills: Vec<Box<dyn Rows>>) -> Self {
        Self { bills, at: 0 }
    }

    async fn batch(&mut self, limit: usize) -> Result<Vec<Result<Row, String>>, String> {
        let count = self.bills.len();
        while let Some(bill) = self.bills.get_mut(self.at) {
            let number = self.at + 1;
            // Every bill counts its lines from 1.
            let named =
                |problem: String| if count == 1 { problem } else { format!("bill {number}: {problem}") };
            let rows = bill.next_rows(limit).await.map_err(named)?;
            if !rows.is_empty() {
                return Ok(rows.into_iter().map(|row| row.map_err(named)).collect());
            }
            self.at += 1;
        }
        Ok(Vec::new())
    }
}

impl Rows for Chain {
    fn next_rows(&mut self, limit: usize) -> Batch<'_> {
        Box::pin(self.batch(limit))
    }

    fn bytes(&self) -> Option<(u64, u64)> {
        let add = |(read, total): (u64, u64), (more, of): (u64, u64)| {
            (read.saturating_add(more), total.saturating_add(of))
        };
        self.bills.iter().try_fold((0, 0), |sum, bill| Some(add(sum, bill.bytes()?)))
    }
}

/// A bill out of bytes.
pub struct RowsOf<R> {
    reader: BillReader,
    from: R,
    read: u64,
    total: Option<u64>,
    over: bool,
}

/// The rows of a downloaded bill; `total` bytes, if that is known, tell how long it will take.
///
/// ```
/// use douyin_pay_protocol::ecpay::bill::BillKind;
/// use douyin_pay_server::reconcile::{Rows, rows_of};
/// use futures_util::FutureExt;
///
/// let bill = "订单号,订单金额,支付状态\nO1,1280,支付成功\n";
/// let mut rows = rows_of(BillKind::Payment, bill.as_bytes(), None);
/// assert_eq!(rows.next_rows(100).now_or_never().unwrap().unwrap().len(), 1);
/// assert!(rows.next_rows(100).now_or_never().unwrap().unwrap().is_empty());
/// ```
pub fn rows_of<R: Read + Send>(kind: BillKind, from: R, total: Option<u64>) -> RowsOf<R> {
    RowsOf { reader: BillReader::new(kind), from, read: 0, total, over: false }
}

impl<R: Read> RowsOf<R> {
    /// Takes every amount for `unit`, with or without a decimal point.
    #[must_use]
    pub fn unit(mut self, unit: Unit) -> Self {
        self.reader = self.reader.unit(unit);
        self
    }

    fn batch(&mut self, limit: usize) -> Result<Vec<Result<Row, String>>, String> {
        let mut rows = Vec::new();
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            while let Some(row) = self.reader.next_row() {
                match row {
                    Err(cause) if !cause.is_of_one_row() => return Err(cause.to_string()),
                    row => rows.push(row.map_err(|cause| cause.to_string())),
                }
                if rows.len() == limit {
                    return Ok(rows);
                }
            }
            if self.over {
                return Ok(rows);
            }
            match self.from.read(&mut chunk).map_err(|cause| format!("the bill cannot be read: {cause}"))? {
                0 => {
                    self.over = true;
                    self.reader.finish();
                }
                read => {
                    self.read = self.read.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
                    self.reader.feed(&chunk[..read]);
                }
            }
        }
    }
}

impl<R: Read + Send> Rows for RowsOf<R> {
    fn next_rows(&mut self, limit: usize) -> Batch<'_> {
        let batch = self.batch(limit);
        Box::pin(std::future::ready(batch))
    }

    fn bytes(&self) -> Option<(u64, u64)> {
        self.total.map(|total| (self.read.min(total), total))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn several_bills_are_read_as_one() {
        let bill = |rows: &str| -> Box<dyn Rows> {
            let bill = format!("订单号,订单金额,支付状态\n{rows}");
            let bytes = u64::try_from(bill.len()).ok();
            Box::new(rows_of(BillKind::Payment, std::io::Cursor::new(bill), bytes))
        };
        let (first, second) = ("A1,10,支付成功\nA2,10,支付成功\n", "B1,20,支付成功\nB2,x,支付成功\n");
        let mut chain = Chain::new(vec![bill(first), bill(""), bill(second)]);
        let total = chain.bytes().expect("every length is known").1;
        let mut all = Vec::new();
        loop {
            let batch = chain.next_rows(1).now_or_never().expect("all is there").expect("bills");
            if batch.is_empty() {
                break;
            }
            all.extend(batch);
        }
        assert_eq!(all.len(), 4);
        let problem = all[3].as_ref().expect_err("no amount");
        assert!(problem.starts_with("bill 3: line 3"), "{problem}");
        assert_eq!(chain.bytes(), Some((total, total)));
    }
}
