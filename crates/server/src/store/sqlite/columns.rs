//! Orders and operations as columns: read into types, checked on the way.
//!
//! SQLite plans a cached statement anew when its planner has looked at the value of a parameter, which
//! costs more than running it. So the statements of the hot paths have one table each, limits that are
//! written out, and `+ 0` or `|| ''` behind a parameter where the planner would look.

use std::fmt::Display;
use std::str::FromStr;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Alarms, Failure, Operation, Order, OrderId, Schedule, Share};
use douyin_pay_protocol::Fen;
use rusqlite::Row;
use rusqlite::types::FromSql;

use super::open::failed;
use crate::store::StoreError;

/// A statement that selects orders; continues after the list of columns, with `FROM orders o`.
macro_rules! select_orders {
    ($($rest:literal)+) => {
        concat!(
            "SELECT o.id, (SELECT app_id FROM apps WHERE n = o.app), o.out_order_no, o.system, o.state, o.total_fen, o.discount_fen, ",
            "o.created_at, o.expires_at, o.platform_order_id, o.order_token, o.open_id, o.metadata, ",
            "o.cp_extra, o.paid_at, o.way, o.channel_no, o.payment_order_no, o.seller_uid, ",
            "o.failure_code, o.failure_message, o.maybe_acted, o.imported, o.if_paid, o.request_sha256, o.alarms, o.seq, ",
            "o.events, o.due_at, o.tries, o.trade, o.plan, o.platform_settleable, o.operations ",
            $($rest),+
        )
    };
}
pub(super) use select_orders;

/// The operations of one order, in their order.
pub(super) const SELECT_OPERATIONS: &str = "SELECT kind, out_no, origin, state, amount_fen, platform_no, text, \
    request_sha256, requested_at, finished_at, source, shares, finish, settle_amount_fen, rake_fen, commission_fen, \
    basis, detail, failure_code, failure_message, maybe_acted, alarms, due_at, tries, trade, ecpay FROM operations \
    WHERE order_id = ?1 + 0 ORDER BY position";

/// Reads the columns of one row in turn; a value that does not fit names its column.
pub(super) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    table: &'static str,
    id: i64,
    order: Option<OrderId>,
    next: usize,
}

impl<'r, 's> Columns<'r, 's> {
    /// The columns after the first `skip`; `id` is the row's, for messages.
    pub(super) fn new(row: &'r Row<'s>, table: &'static str, id: i64, skip: usize) -> Self {
        Self { row, table, id, order: None, next: skip }
    }

    /// Names the order to which a value that does not fit belongs.
    pub(super) fn of_order(mut self, order: Option<OrderId>) -> Self {
        self.order = order;
        self
    }

    pub(super) fn raw<T: FromSql>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let value = self.row.get(self.next);
        self.next += 1;
        value.map_err(|cause| self.corrupt(column, &cause))
    }

    fn str(&mut self, column: &'static str) -> Result<Option<&'r str>, StoreError> {
        let value = self.row.get_ref(self.next).map_err(failed)?;
        self.next += 1;
        value.as_str_or_null().map_err(|cause| self.corrupt(column, &cause))
    }

    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let text = self.str(column)?.unwrap_or_default();
        text.parse().map_err(|cause: T::Err| self.corrupt(column, &cause))
    }

    /// A column that counts.
    pub(super) fn count(&mut self, column: &'static str) -> Result<u64, StoreError> {
        let number: i64 = self.raw(column)?;
        u64::try_from(number).map_err(|cause| self.corrupt(column, &cause))
    }

    /// A column of words that stand for something.
    pub(super) fn words<T>(
        &mut self,
        column: &'static str,
        meaning: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text = self.str(column)?.unwrap_or_default();
        meaning(text).ok_or_else(|| self.corrupt(column, &format_args!("`{text}` is unknown")))
    }

    fn parsed_option<T: FromStr<Err: Display>>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.str(column)?;
        text.map(|text| text.parse().map_err(|cause: T::Err| self.corrupt(column, &cause))).transpose()
    }

    pub(super) fn fen(&mut self, column: &'static str) -> Result<Fen, StoreError> {
        let amount = self.raw(column)?;
        Fen::new(amount).map_err(|cause| self.corrupt(column, &cause))
    }

    pub(super) fn fen_option(&mut self, column: &'static str) -> Result<Option<Fen>, StoreError> {
        let amount: Option<i64> = self.raw(column)?;
        amount.map(|amount| Fen::new(amount).map_err(|cause| self.corrupt(column, &cause))).transpose()
    }

    pub(super) fn text(&mut self, column: &'static str) -> Result<Option<Box<str>>, StoreError> {
        Ok(self.str(column)?.map(Into::into))
    }

    pub(super) fn time(&mut self, column: &'static str) -> Result<UnixMs, StoreError> {
        self.raw(column).map(UnixMs::new)
    }

    pub(super) fn time_option(&mut self, column: &'static str) -> Result<Option<UnixMs>, StoreError> {
        Ok(self.raw::<Option<i64>>(column)?.map(UnixMs::new))
    }

    /// A column that holds JSON.
    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.str(column)?;
        text.map(|text| serde_json::from_str(text).map_err(|cause| self.corrupt(column, &cause))).transpose()
    }

    fn failure(&mut self) -> Result<Option<Failure>, StoreError> {
        let code: Option<i64> = self.raw("failure_code")?;
        let message = self.text("failure_message")?;
        Ok(code.map(|code| Failure { code, message: message.unwrap_or_default() }))
    }

    fn alarms(&mut self) -> Result<Alarms, StoreError> {
        self.raw("alarms").map(Alarms::from_bits)
    }

    fn schedule(&mut self) -> Result<Schedule, StoreError> {
        Ok(Schedule { due_at: self.time_option("due_at")?, tries: self.raw("tries")? })
    }

    pub(super) fn corrupt(&self, column: &'static str, cause: &dyn Display) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
            id: self.id,
            problem: cause.to_string(),
            order: self.order,
        }
    }
}

/// An order without its operations, and how many those are.
pub(super) fn order(row: &Row<'_>) -> Result<(Order, usize), StoreError> {
    let id: i64 = row.get(0).map_err(failed)?;
    let columns = Columns::new(row, "orders", id, 1);
    let order_id = OrderId::from_i64(id).map_err(|cause| columns.corrupt("id", &cause))?;
    let mut columns = columns.of_order(Some(order_id));
    let order = Order {
        id: order_id,
        app_id: columns.parsed("app")?,
        out_order_no: columns.parsed("out_order_no")?,
        system: columns.parsed("system")?,
        state: columns.parsed("state")?,
        total: columns.fen("total_fen")?,
        discount: columns.fen("discount_fen")?,
        created_at: columns.time("created_at")?,
        expires_at: columns.time("expires_at")?,
        platform_order_id: columns.parsed_option("platform_order_id")?,
        order_token: columns.parsed_option("order_token")?,
        open_id: columns.text("open_id")?,
        metadata: columns.text("metadata")?,
        cp_extra: columns.text("cp_extra")?,
        paid_at: columns.time_option("paid_at")?,
        way: columns.raw("way")?,
        channel_no: columns.text("channel_no")?,
        payment_order_no: columns.text("payment_order_no")?,
        seller_uid: columns.text("seller_uid")?,
        failure: columns.failure()?,
        maybe_acted: columns.raw("maybe_acted")?,
        imported: columns.raw("imported")?,
        if_paid: columns.parsed("if_paid")?,
        request_sha256: columns.raw("request_sha256")?,
        alarms: columns.alarms()?,
        seq: columns.raw("seq")?,
        events: columns.raw("events")?,
        schedule: columns.schedule()?,
        trade: columns.json("trade")?,
        plan: columns.json("plan")?,
        platform_settleable: columns.json("platform_settleable")?,
        operations: Vec::new(),
    };
    let operations: u32 = columns.raw("operations")?;
    Ok((order, usize::try_from(operations).map_err(|cause| columns.corrupt("operations", &cause))?))
}

/// An operation of order `id`, from the columns of [`SELECT_OPERATIONS`].
pub(super) fn operation(row: &Row<'_>, id: OrderId) -> Result<Operation, StoreError> {
    let mut columns = Columns::new(row, "operations", id.get(), 0).of_order(Some(id));
    Ok(Operation {
        kind: columns.parsed("kind")?,
        out_no: columns.parsed("out_no")?,
        origin: columns.parsed("origin")?,
        state: columns.parsed("state")?,
        amount: columns.fen("amount_fen")?,
        platform_no: columns.parsed_option("platform_no")?,
        text: columns.text("text")?.unwrap_or_default(),
        request_sha256: columns.raw("request_sha256")?,
        requested_at: columns.time("requested_at")?,
        finished_at: columns.time_option("finished_at")?,
        source: columns.parsed("source")?,
        shares: columns.json::<Vec<Share>>("shares")?.unwrap_or_default(),
        finish: columns.raw("finish")?,
        settle_amount: columns.fen_option("settle_amount_fen")?,
        rake: columns.fen_option("rake_fen")?,
        commission: columns.fen_option("commission_fen")?,
        basis: columns.parsed("basis")?,
        detail: columns.text("detail")?,
        failure: columns.failure()?,
        maybe_acted: columns.raw("maybe_acted")?,
        alarms: columns.alarms()?,
        schedule: columns.schedule()?,
        trade: columns.json("trade")?,
        ecpay: columns.json("ecpay")?,
    })
}
