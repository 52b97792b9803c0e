//! The ledger keeps CNY: amounts in anything else are noticed and never summed.

use super::Draft;
use crate::Alarm;

const OURS: &str = "CNY";

/// Whether a report is in something else than CNY.
pub(super) fn is_foreign(currency: &Option<Box<str>>) -> bool {
    currency.as_ref().is_some_and(|currency| !currency.is_empty() && !currency.eq_ignore_ascii_case(OURS))
}

/// Remembers that an order is in something else than CNY; says whether that was new.
pub(super) fn take_over(draft: &mut Draft<'_>, told: &Option<Box<str>>) -> bool {
    let Some(currency) = told.as_ref().filter(|_| is_foreign(told)) else { return false };
    let Some(trade) = &mut draft.order.trade else { return false };
    // Of two the one that sorts first, whichever is told first.
    let new = trade.currency.as_ref().is_none_or(|known| currency < known);
    if new {
        trade.currency = Some(currency.clone());
    }
    draft.alarm(Alarm::Currency, None, || {
        format!("it is in `{currency}`, and this ledger keeps CNY: nothing of it is summed; see to it in the platform's console")
    });
    new
}
