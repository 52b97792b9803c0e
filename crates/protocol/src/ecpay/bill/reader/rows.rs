//! One line among the rows: a row, a sum, or the columns' names again.

use std::borrow::Cow;

use super::BillError;
use super::cells::{self, Amounts, NoAmount, value};
use super::header::{Column, Header, Named};
use super::records::Records;
use super::texts::{self, Encoding};
use crate::ecpay::bill::{BillKind, Row, RowStatus};
use crate::{Fen, MerchantUid, OutOrderNo, PlatformNo};

/// What a line was.
pub(super) enum Told {
    /// A row.
    Row(Box<Row>),
    /// A line that is none: a sum, an empty line, a remark.
    NoRow,
    /// The line that names the columns.
    Header,
    /// The line is not complete.
    NeedsMore,
}

/// How rows are read, so far as earlier lines told.
pub(super) struct So<'a> {
    pub(super) kind: BillKind,
    pub(super) encoding: &'a mut Option<Encoding>,
    pub(super) amounts: &'a mut Amounts,
    /// Sums have begun: lines with another number of cells belong to them.
    pub(super) in_sums: &'a mut bool,
}

/// How lines of sums begin.
const SUMS: [&str; 5] = ["合计", "总计", "汇总", "小计", "总"];

/// Reads the record that `records` has.
pub(super) fn read(records: &Records, header: &Header, so: &mut So<'_>) -> Result<Told, BillError> {
    let line = records.line();
    if so.encoding.is_none() {
        *so.encoding = texts::shown_by(records);
    }
    let encoding = so.encoding.unwrap_or(Encoding::Utf8);
    let text = |cell| encoding.decode(cell).ok_or(BillError::NoText { line });
    let columns = header.columns();
    let mut first = None;
    for cell in records.cells() {
        let cell = text(cell)?;
        if !value(&cell).is_empty() {
            first = Some(cell);
            break;
        }
    }
    let Some(first) = first.as_deref().map(value) else { return Ok(Told::NoRow) };
    if first.starts_with('#') || header.texts().first().is_some_and(|name| **name == *first) {
        return Ok(Told::NoRow);
    }
    if SUMS.iter().any(|sum| first.starts_with(sum)) {
        *so.in_sums = true;
        return Ok(Told::NoRow);
    }
    let too_many = records.cells().skip(columns.len()).any(|cell| !cell.trim_ascii().is_empty());
    if records.cells().len() < columns.len() || too_many {
        return match *so.in_sums {
            true => Ok(Told::NoRow),
            false => Err(BillError::Cells { line, found: records.cells().len(), columns: columns.len() }),
        };
    }
    let mut row = empty(so.kind, line);
    let mut receiver = None;
    for (cell, named) in records.cells().zip(columns) {
        let cell = text(cell)?;
        let cell: &str = match &cell {
            Cow::Borrowed(cell) => value(cell),
            Cow::Owned(cell) => value(cell),
        };
        put(&mut row, &mut receiver, cell, named, so.amounts)?;
    }
    if let (Some(receiver), Some(amount)) = (receiver, row.op_amount) {
        row.shares = vec![(receiver, amount)];
    }
    Ok(Told::Row(Box::new(row)))
}

/// Puts one value where it belongs; what has no place, or cannot be read and only informs, stays beside.
fn put(
    row: &mut Row,
    receiver: &mut Option<MerchantUid>,
    cell: &str,
    named: &Named,
    amounts: &mut Amounts,
) -> Result<(), BillError> {
    if cell.is_empty() {
        return Ok(());
    }
    let line = row.line;
    let mut amount = || amount(line, cell, named, amounts);
    let understood = match named.column {
        Column::Index => true,
        Column::At => set(&mut row.at, cells::moment(cell)),
        Column::FinishedAt => set(&mut row.finished_at, cells::moment(cell)),
        Column::MerchantUid => set(&mut row.merchant_uid, MerchantUid::new(cell).ok()),
        Column::Receiver => set(receiver, MerchantUid::new(cell).ok()),
        Column::OutOrderNo => set(&mut row.out_order_no, OutOrderNo::new(cell).ok()),
        Column::OrderId => set(&mut row.order_id, PlatformNo::new(cell).ok()),
        Column::PlatformNo => set(&mut row.platform_no, PlatformNo::new(cell).ok()),
        Column::OutNo => set(&mut row.out_no, Some(cell.into())),
        Column::Way => set(&mut row.way, cells::way(cell)),
        Column::ChannelNo => {
            row.channel_no = cell.into();
            true
        }
        Column::Status => {
            row.status = cells::status(cell);
            true
        }
        Column::Amount => set(&mut row.amount, amount()?),
        // How movements are signed is not published.
        Column::OpAmount if row.kind == BillKind::Fund && cell.starts_with('-') => false,
        Column::OpAmount => set(&mut row.op_amount, amount()?),
        Column::Fee => set(&mut row.fee, amount()?),
        Column::Commission => set(&mut row.commission, amount()?),
        Column::Shares => match cells::shares(cell, amounts) {
            Some(shares) => {
                row.shares = shares;
                true
            }
            None => false,
        },
        Column::Extra => false,
    };
    if !understood {
        row.extra.push((named.name.clone(), cell.into()));
    }
    Ok(())
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let understood = value.is_some();
    *place = value;
    understood
}

/// An amount, in the unit behind its column's name, else in the bill's.
fn amount(line: u64, cell: &str, named: &Named, amounts: &mut Amounts) -> Result<Option<Fen>, BillError> {
    let read = match named.unit {
        Some(unit) => Amounts::of(unit).read(cell),
        None => amounts.read(cell),
    };
    let column = || Box::from(&*named.name);
    read.map_err(|wrong| match wrong {
        NoAmount::OtherUnit => BillError::MixedUnits { line, column: column() },
        NoAmount::Problem(problem) => BillError::Amount { line, column: column(), problem },
    })
}

fn empty(kind: BillKind, line: u64) -> Row {
    Row {
        line,
        kind,
        at: None,
        merchant_uid: None,
        out_order_no: None,
        order_id: None,
        channel_no: Box::from(""),
        amount: None,
        way: None,
        status: RowStatus::Other(Box::from("")),
        out_no: None,
        platform_no: None,
        op_amount: None,
        fee: None,
        commission: None,
        shares: Vec::new(),
        finished_at: None,
        extra: Vec::new(),
    }
}
