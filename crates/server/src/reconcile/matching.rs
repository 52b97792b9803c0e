//! Every row of a day's bills against the books.

use std::collections::BTreeMap;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::OrderId;
use douyin_pay_protocol::Fen;
use douyin_pay_protocol::ecpay::bill::{BillKind, Row};
use futures_util::future::join;

use super::begin::{Begun, Halt};
use super::whose::Whose;
use super::{Day, Rows, RunError, absent, compare};
use crate::store::{
    BillWrite, DifferenceFilter, DifferenceType, Found, KindFigures, NewDifference, Ours, Side,
};

/// Rows that are looked up at once.
const ROWS_AT_ONCE: usize = 1000;
/// Writes that go into the journal together: small, so that nobody waits behind them.
const WRITES_AT_ONCE: usize = 200;
/// Differences that one run keeps; more are counted only. So many mean a wrong bill, or orders never imported.
pub(super) const DIFFERENCES_MAX: u64 = 10_000;
/// Differences of other days that may turn out to be in this bill.
const STRAYS_MAX: usize = 100_000;
const STRAYS_AT_ONCE: usize = 1000;
/// Clocks differ: what the books have this near to a midnight may stand in the neighbouring day's bill.
pub(super) const GRACE_MS: i64 = 10 * 60_000;

/// What is kept of the rows between two bills of one run.
pub(super) struct Matching {
    day: Day,
    /// Open `ours_only` of other days, by bill and number.
    strays: BTreeMap<(BillKind, String), i64>,
    writes: Vec<BillWrite>,
    /// The first row that cannot be read, and how many there are.
    unreadable: Option<(String, u64)>,
}

/// What a bill had, compactly: orders and places, in the order of the rows until [`Matched::sorted`].
#[derive(Default)]
pub(super) struct Matched {
    payments: Vec<OrderId>,
    operations: Vec<(OrderId, u32)>,
}

impl Matched {
    fn push(&mut self, ours: &Ours) {
        match ours.place {
            None => self.payments.push(ours.order),
            Some(place) => self.operations.push((ours.order, place)),
        }
    }

    /// Sorts, and gives how many came more than once.
    fn sorted(&mut self) -> usize {
        let before = self.payments.len() + self.operations.len();
        self.payments.sort_unstable();
        self.payments.dedup();
        self.operations.sort_unstable();
        self.operations.dedup();
        before - self.payments.len() - self.operations.len()
    }

    /// Whether a sorted list has it.
    pub(super) fn has(&self, ours: &Ours) -> bool {
        match ours.place {
            None => self.payments.binary_search(&ours.order).is_ok(),
            Some(place) => self.operations.binary_search(&(ours.order, place)).is_ok(),
        }
    }
}

impl Matching {
    pub(super) async fn begin(begun: &Begun) -> Result<Self, Halt> {
        let day = Day::of_midnight(begun.run.day);
        let mut strays = BTreeMap::new();
        let mut after = 0;
        loop {
            let filter = DifferenceFilter {
                kinds: begun.run.kinds.clone(),
                differs: Some(DifferenceType::OursOnly),
                open_only: true,
                after,
                ..DifferenceFilter::of(begun.run.app_id.clone(), STRAYS_AT_ONCE)
            };
            let page = begun.server.reads().differences(filter).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let elsewhere = page.into_iter().filter(|one| one.found.day != begun.run.day);
            strays.extend(elsewhere.map(|one| ((one.found.kind, one.found.number), one.id)));
            if strays.len() > STRAYS_MAX {
                break;
            }
        }
        Ok(Self { day, strays, writes: Vec::new(), unreadable: None })
    }

    /// One bill from its first row to its last, then what the books have besides.
    pub(super) async fn bill(
        &mut self,
        begun: &mut Begun,
        kind: BillKind,
        mut rows: Box<dyn Rows>,
    ) -> Result<(), Halt> {
        begun.run.figures.push(KindFigures {
            kind,
            rows: 0,
            matched: 0,
            repeated: 0,
            amount_fen: 0,
            fee_fen: 0,
            commission_fen: 0,
            merchants: None,
        });
        let mut whose = Whose::default();
        let mut matched = Matched::default();
        let mut batch = self.readable(rows.next_rows(ROWS_AT_ONCE).await.map_err(Halt::Problem)?);
        while !batch.is_empty() {
            begun.still_wanted()?;
            let compared = compare::is_compared(kind);
            let keys = if compared { batch.iter().map(compare::key).collect() } else { Vec::new() };
            let ours = begun.server.reads().bill_sides(begun.run.app_id.clone(), keys);
            // The next rows are read while the books are asked.
            let (ours, next) = join(ours, rows.next_rows(ROWS_AT_ONCE)).await;
            for row in &batch {
                add_up(figures(begun), row)?;
            }
            for (row, found) in batch.iter().zip(ours?) {
                whose.see(row.merchant_uid.as_ref().map(|uid| uid.as_str()));
                if let Found::Ours(ours) = &found {
                    whose.see(ours.seller_uid.as_deref());
                }
                self.take(begun, row, found, &mut matched);
            }
            self.write_full(begun).await?;
            begun.progress.show(&begun.run, rows.bytes());
            batch = self.readable(next.map_err(Halt::Problem)?);
        }
        figures(begun).repeated = u64::try_from(matched.sorted()).unwrap_or(u64::MAX);
        let merchants = whose.decided(begun).await?;
        figures(begun).merchants.clone_from(&merchants);
        // What cannot be read may be anything: nobody is accused then.
        if compare::is_compared(kind) && self.unreadable.is_none() {
            absent::find(self, begun, kind, &matched, merchants.as_deref()).await?;
        }
        Ok(())
    }

    /// Writes the rest; what an earlier run found and this one did not is resolved.
    pub(super) async fn end(&mut self, begun: &mut Begun) -> Result<(), Halt> {
        if let Some((first, count)) = &self.unreadable {
            let problem = format!(
                "{count} rows cannot be read, the first: {first}; the others were compared, but what only the books have was not looked for"
            );
            self.write_all(begun).await?;
            return Err(Halt::Problem(problem));
        }
        let at = begun.server.env().now();
        if begun.run.left_out == 0 {
            self.writes.extend(begun.run.figures.iter().map(|figures| BillWrite::Swept {
                app_id: begun.run.app_id.clone(),
                day: begun.run.day,
                kind: figures.kind,
                merchants: figures.merchants.clone(),
                run: begun.run.id,
                at,
            }));
        }
        self.write_all(begun).await?;
        begun.run.matched_at = Some(at);
        Ok(begun.keep().await?)
    }

    fn readable(&mut self, batch: Vec<Result<Row, String>>) -> Vec<Row> {
        let mut rows = Vec::with_capacity(batch.len());
        for row in batch {
            match row {
                Ok(row) => rows.push(row),
                Err(problem) => self.unreadable.get_or_insert((problem, 0)).1 += 1,
            }
        }
        rows
    }

    fn take(&mut self, begun: &mut Begun, row: &Row, found: Found, matched: &mut Matched) {
        let ours = match found {
            Found::Ours(ours) => ours,
            Found::OrderOnly(order) => return self.only_theirs(begun, row, Some(order)),
            Found::Nothing => return self.only_theirs(begun, row, None),
        };
        figures(begun).matched += 1;
        matched.push(&ours);
        let theirs = compare::their_side(row);
        for differs in compare::differs(row.kind, &ours, &theirs) {
            self.found(begun, row.kind, &ours, differs, Some((row, theirs.clone())));
        }
        if !self.is_inside(ours.at) {
            self.writes.push(BillWrite::Edge { order: ours.order, place: ours.place, day: begun.run.day });
        }
        if !self.strays.is_empty()
            && let Some(id) = self.strays.remove(&(row.kind, ours.number.to_string()))
        {
            self.writes.push(BillWrite::Agrees { id, by: "run", at: begun.server.env().now() });
        }
    }

    /// Whether the books have it so far inside the day that no other day's bill can be meant.
    fn is_inside(&self, at: Option<UnixMs>) -> bool {
        let span = self.day.span();
        at.is_some_and(|at| at >= span.from.plus_ms(GRACE_MS) && at < span.to.plus_ms(-GRACE_MS))
    }

    fn only_theirs(&mut self, begun: &mut Begun, row: &Row, order: Option<OrderId>) {
        let difference = NewDifference {
            app_id: begun.run.app_id.clone(),
            kind: row.kind,
            number: compare::number(row, self.day),
            differs: DifferenceType::TheirsOnly,
            day: begun.run.day,
            run: begun.run.id,
            order,
            out_order_no: row.out_order_no.as_ref().map(|number| number.as_str().to_owned()),
            merchant_uid: merchant(begun, None, Some(row)),
            ours: None,
            theirs: Some(compare::their_side(row)),
            at: begun.server.env().now(),
        };
        self.keep(begun, difference);
    }

    /// Something that the books have and that differs.
    pub(super) fn found(
        &mut self,
        begun: &mut Begun,
        kind: BillKind,
        ours: &Ours,
        differs: DifferenceType,
        theirs: Option<(&Row, Side)>,
    ) {
        let (row, theirs) = theirs.unzip();
        let difference = NewDifference {
            app_id: begun.run.app_id.clone(),
            kind,
            number: ours.number.to_string(),
            differs,
            day: begun.run.day,
            run: begun.run.id,
            order: Some(ours.order),
            out_order_no: Some(ours.out_order_no.to_string()),
            merchant_uid: merchant(begun, Some(ours), row),
            ours: Some(compare::our_side(ours)),
            theirs,
            at: begun.server.env().now(),
        };
        self.keep(begun, difference);
    }

    fn keep(&mut self, begun: &mut Begun, difference: NewDifference) {
        begun.run.differences += 1;
        if begun.run.differences > DIFFERENCES_MAX {
            begun.run.left_out += 1;
        } else {
            self.writes.push(BillWrite::Found(difference.into()));
        }
    }

    /// Writes once enough has gathered.
    pub(super) async fn write_full(&mut self, begun: &Begun) -> Result<(), RunError> {
        if self.writes.len() < WRITES_AT_ONCE {
            return Ok(());
        }
        self.write_all(begun).await
    }

    async fn write_all(&mut self, begun: &Begun) -> Result<(), RunError> {
        let mut rest = std::mem::take(&mut self.writes).into_iter();
        loop {
            let some: Vec<BillWrite> = rest.by_ref().take(WRITES_AT_ONCE).collect();
            if some.is_empty() {
                return Ok(());
            }
            begun.server.journal().write_bills(some).await?;
        }
    }
}

/// Whose bill a difference is of: by the books, by what the run was told, by the row.
fn merchant(begun: &Begun, ours: Option<&Ours>, row: Option<&Row>) -> Option<String> {
    let seller = ours.and_then(|ours| ours.seller_uid.as_deref()).filter(|uid| !uid.is_empty());
    let named = || match begun.named.as_slice() {
        [one] => Some(one.as_str()),
        _ => None,
    };
    let told = || row.and_then(|row| row.merchant_uid.as_ref()).map(|uid| uid.as_str());
    seller.or_else(named).or_else(told).map(str::to_owned)
}

/// The figures of the bill that is being read.
fn figures(begun: &mut Begun) -> &mut KindFigures {
    begun.run.figures.last_mut().expect("a bill has begun")
}

fn add_up(figures: &mut KindFigures, row: &Row) -> Result<(), Halt> {
    figures.rows += 1;
    let add = |sum: &mut i64, amount: Option<Fen>| match sum.checked_add(amount.map_or(0, Fen::get)) {
        Some(total) => {
            *sum = total;
            true
        }
        None => false,
    };
    let added = add(&mut figures.amount_fen, compare::amount(row))
        && add(&mut figures.fee_fen, row.fee)
        && add(&mut figures.commission_fen, row.commission);
    if added { Ok(()) } else { Err(Halt::Problem(format!("line {}: the sums become too large", row.line))) }
}
