//! Payments or done operations of a span, page by page.

use douyin_pay_env::UnixMs;
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::bill::BillKind;

use super::compare;
use crate::store::{DonePage, Ours, PAID_WITHIN_MS, PaidAmong, PaidPage, Reads, Span, StoreError};

/// Clocks differ: those of the platform and of whoever opened the order.
const CLOCKS_MS: i64 = 3_600_000;
/// Orders are looked through by the hour of their creation, so that no reader is held up for long.
const CREATED_AT_ONCE_MS: i64 = 3_600_000;
const AT_ONCE: usize = 1000;

/// When the orders were created that are paid in a span, but for [`PaidAmong::Odd`] ones.
pub(super) const fn created_for(paid: Span) -> Span {
    Span { from: paid.from.plus_ms(-PAID_WITHIN_MS - CLOCKS_MS), to: paid.to.plus_ms(CLOCKS_MS) }
}

/// What comes next.
enum Next {
    /// Payments of orders created in the hour from then.
    Created(UnixMs),
    /// Payments of imported orders, and those at other times.
    Odd,
    /// Payments without a time.
    Untold,
    /// Operations; of which the platform told no time.
    Done {
        untold: bool,
    },
    Nothing,
}

/// Reads a span without holding it in memory.
pub(super) struct Pages {
    app_id: AppId,
    kind: BillKind,
    span: Span,
    ecpay_only: bool,
    next: Next,
    /// The last one of a page that was full.
    last: Option<Ours>,
}

impl Pages {
    /// What the books have of a kind that was paid or done in a span.
    pub(super) fn new(app_id: AppId, kind: BillKind, span: Span, ecpay_only: bool) -> Self {
        let next = match compare::operation_kind(kind) {
            Some(_) => Next::Done { untold: false },
            None => Next::Created(created_for(span).from),
        };
        Self { app_id, kind, span, ecpay_only, next, last: None }
    }

    /// The next page, perhaps an empty one; `None` after the last.
    pub(super) async fn next(&mut self, reads: &dyn Reads) -> Result<Option<Vec<Ours>>, StoreError> {
        let page = match self.next {
            Next::Nothing => return Ok(None),
            Next::Created(from) => {
                let to = from.plus_ms(CREATED_AT_ONCE_MS);
                let page = reads.paid_page(self.paid(PaidAmong::Created(Span { from, to }))).await?;
                if page.len() < AT_ONCE {
                    let over = to >= created_for(self.span).to;
                    self.next = if over { Next::Odd } else { Next::Created(to) };
                }
                page
            }
            Next::Odd => {
                let page = reads.paid_page(self.paid(PaidAmong::Odd)).await?;
                if page.len() < AT_ONCE {
                    self.next = Next::Untold;
                }
                page
            }
            Next::Untold => {
                let page = reads.paid_page(self.paid(PaidAmong::Untold)).await?;
                if page.len() < AT_ONCE {
                    self.next = Next::Nothing;
                }
                page
            }
            Next::Done { untold } => {
                let Some(done) = self.done(untold) else { return Ok(None) };
                let page = reads.done_page(done).await?;
                if page.len() < AT_ONCE {
                    self.next = if untold { Next::Nothing } else { Next::Done { untold: true } };
                }
                page
            }
        };
        self.last = page.last().filter(|_| page.len() == AT_ONCE).cloned();
        Ok(Some(page))
    }

    fn paid(&self, among: PaidAmong) -> PaidPage {
        PaidPage {
            app_id: self.app_id.clone(),
            among,
            paid: self.span,
            ecpay_only: self.ecpay_only,
            after: self.last.as_ref().map(|last| last.order),
            limit: AT_ONCE,
        }
    }

    fn done(&self, untold: bool) -> Option<DonePage> {
        let after = self.last.as_ref().and_then(|last| Some((last.at?, last.order, last.place?)));
        Some(DonePage {
            app_id: self.app_id.clone(),
            kind: compare::operation_kind(self.kind)?,
            done: self.span,
            untold,
            ecpay_only: self.ecpay_only,
            after,
            limit: AT_ONCE,
        })
    }
}
