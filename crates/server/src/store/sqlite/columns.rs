//! Orders and operations as columns: read into types, checked on the way.

use std::str::FromStr;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Alarms, Failure, Operation, Order, OrderId, Schedule, Share};
use douyin_pay_protocol::Fen;
use rusqlite::Row;
use rusqlite::types::FromSql;

use crate::store::StoreError;

/// The columns of `orders` that make an order, joined with its app.
pub(super) const ORDER: &str = "o.id, a.app_id, o.out_order_no, o.system, o.state, o.total, o.discount, o.created_at, \
    o.expires_at, o.platform_order_id, o.order_token, o.open_id, o.metadata, o.cp_extra, o.paid_at, o.way, \
    o.channel_no, o.payment_order_no, o.seller_uid, o.failure_code, o.failure_message, o.maybe_acted, \
    o.request_sha256, o.alarms, o.seq, o.events, o.due_at, o.tries";

/// The columns of `operations` that make an operation.
pub(super) const OPERATION: &str = "kind, out_no, origin, state, amount, platform_no, text, request_sha256, \
    requested_at, finished_at, source, shares, finish, settle_amount, rake, commission, basis, detail, failure_code, \
    failure_message, maybe_acted, alarms, due_at, tries";

/// Reads the columns of one row in turn; a value that does not fit names its column.
struct Columns<'r, 's> {
    row: &'r Row<'s>,
    table: &'static str,
    id: i64,
    next: usize,
}

impl Columns<'_, '_> {
    fn raw<T: FromSql>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let value = self.row.get(self.next);
        self.next += 1;
        value.map_err(|cause| self.corrupt(column, &cause))
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let text: String = self.raw(column)?;
        text.parse().map_err(|cause: T::Err| self.corrupt(column, &cause))
    }

    fn parsed_option<T: FromStr<Err: std::fmt::Display>>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.raw(column)?;
        text.map(|text| text.parse().map_err(|cause: T::Err| self.corrupt(column, &cause))).transpose()
    }

    fn fen(&mut self, column: &'static str) -> Result<Fen, StoreError> {
        let amount: i64 = self.raw(column)?;
        Fen::new(amount).map_err(|cause| self.corrupt(column, &cause))
    }

    fn fen_option(&mut self, column: &'static str) -> Result<Option<Fen>, StoreError> {
        let amount: Option<i64> = self.raw(column)?;
        amount.map(|amount| Fen::new(amount).map_err(|cause| self.corrupt(column, &cause))).transpose()
    }

    fn text(&mut self, column: &'static str) -> Result<Option<Box<str>>, StoreError> {
        Ok(self.raw::<Option<String>>(column)?.map(String::into_boxed_str))
    }

    fn time(&mut self, column: &'static str) -> Result<Option<UnixMs>, StoreError> {
        Ok(self.raw::<Option<i64>>(column)?.map(UnixMs::new))
    }

    fn failure(&mut self) -> Result<Option<Failure>, StoreError> {
        let code: Option<i64> = self.raw("failure_code")?;
        let message = self.text("failure_message")?;
        Ok(code.map(|code| Failure { code, message: message.unwrap_or_default() }))
    }

    fn alarms(&mut self) -> Result<Alarms, StoreError> {
        Ok(Alarms::from_bits(self.raw("alarms")?))
    }

    fn schedule(&mut self) -> Result<Schedule, StoreError> {
        Ok(Schedule { due_at: self.time("due_at")?, tries: self.raw("tries")? })
    }

    fn corrupt(&self, column: &'static str, cause: &dyn std::fmt::Display) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
            id: self.id,
            problem: cause.to_string(),
            order: OrderId::from_i64(self.id).ok(),
        }
    }
}

/// An order without its operations, from the columns of [`ORDER`].
pub(super) fn order(row: &Row<'_>) -> Result<Order, StoreError> {
    let id: i64 = row.get(0).map_err(super::failed)?;
    let mut columns = Columns { row, table: "orders", id, next: 1 };
    let order_id = OrderId::from_i64(id).map_err(|cause| columns.corrupt("id", &cause))?;
    Ok(Order {
        id: order_id,
        app_id: columns.parsed("app_id")?,
        out_order_no: columns.parsed("out_order_no")?,
        system: columns.parsed("system")?,
        state: columns.parsed("state")?,
        total: columns.fen("total")?,
        discount: columns.fen("discount")?,
        created_at: UnixMs::new(columns.raw("created_at")?),
        expires_at: UnixMs::new(columns.raw("expires_at")?),
        platform_order_id: columns.parsed_option("platform_order_id")?,
        order_token: columns.parsed_option("order_token")?,
        open_id: columns.text("open_id")?,
        metadata: columns.text("metadata")?,
        cp_extra: columns.text("cp_extra")?,
        paid_at: columns.time("paid_at")?,
        way: columns.raw("way")?,
        channel_no: columns.text("channel_no")?,
        payment_order_no: columns.text("payment_order_no")?,
        seller_uid: columns.text("seller_uid")?,
        failure: columns.failure()?,
        maybe_acted: columns.raw("maybe_acted")?,
        request_sha256: columns.raw("request_sha256")?,
        alarms: columns.alarms()?,
        seq: columns.raw("seq")?,
        events: columns.raw("events")?,
        schedule: columns.schedule()?,
        operations: Vec::new(),
    })
}

/// An operation of order `id`, from the columns of [`OPERATION`].
pub(super) fn operation(row: &Row<'_>, id: OrderId) -> Result<Operation, StoreError> {
    let mut columns = Columns { row, table: "operations", id: id.get(), next: 0 };
    Ok(Operation {
        kind: columns.parsed("kind")?,
        out_no: columns.parsed("out_no")?,
        origin: columns.parsed("origin")?,
        state: columns.parsed("state")?,
        amount: columns.fen("amount")?,
        platform_no: columns.parsed_option("platform_no")?,
        text: columns.text("text")?.unwrap_or_default(),
        request_sha256: columns.raw("request_sha256")?,
        requested_at: UnixMs::new(columns.raw("requested_at")?),
        finished_at: columns.time("finished_at")?,
        source: columns.parsed("source")?,
        shares: shares(&mut columns)?,
        finish: columns.raw("finish")?,
        settle_amount: columns.fen_option("settle_amount")?,
        rake: columns.fen_option("rake")?,
        commission: columns.fen_option("commission")?,
        basis: columns.parsed("basis")?,
        detail: columns.text("detail")?,
        failure: columns.failure()?,
        maybe_acted: columns.raw("maybe_acted")?,
        alarms: columns.alarms()?,
        schedule: columns.schedule()?,
    })
}

fn shares(columns: &mut Columns<'_, '_>) -> Result<Vec<Share>, StoreError> {
    let text: Option<String> = columns.raw("shares")?;
    let read = |text: String| serde_json::from_str(&text).map_err(|cause| columns.corrupt("shares", &cause));
    text.map_or_else(|| Ok(Vec::new()), read)
}
