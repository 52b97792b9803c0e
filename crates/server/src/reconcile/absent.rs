//! What the books have on a day and the day's bill does not.
//!
//! ```text
//!           midnight                               midnight
//!  ··········│··········───────── always ─────────··········│··········
//!   grace: looked at once the neighbouring day's bill was matched as well, by whichever run is the later
//! ```

use douyin_pay_protocol::ecpay::bill::BillKind;

use super::begin::{Begun, Halt};
use super::matching::{GRACE_MS, Matched, Matching};
use super::pages::Pages;
use super::{Day, RunError};
use crate::store::{DifferenceType, Ours, Span};

/// Finds what only the books have of these merchants; `None` is everybody.
pub(super) async fn find(
    matching: &mut Matching,
    begun: &mut Begun,
    kind: BillKind,
    matched: &Matched,
    merchants: Option<&[String]>,
) -> Result<(), Halt> {
    let span = looked_at(begun, kind, merchants).await?;
    let is_theirs = |ours: &Ours| {
        let seller = ours.seller_uid.as_deref();
        merchants.is_none_or(|of| of.iter().any(|uid| Some(uid.as_str()) == seller))
    };
    let mut pages = Pages::new(begun.run.app_id.clone(), kind, span, true);
    loop {
        begun.still_wanted()?;
        let Some(page) = pages.next(begun.server.reads()).await? else { return Ok(()) };
        let missing: Vec<Ours> =
            page.into_iter().filter(|ours| is_theirs(ours) && !matched.has(ours)).collect();
        if missing.is_empty() {
            continue;
        }
        let places = missing.iter().map(|ours| (ours.order, ours.place)).collect();
        let elsewhere = begun.server.reads().on_an_edge(places).await.map_err(RunError::from)?;
        for (ours, _) in missing.iter().zip(elsewhere).filter(|(_, elsewhere)| !elsewhere) {
            matching.found(begun, kind, ours, DifferenceType::OursOnly, None);
        }
        matching.write_full(begun).await?;
    }
}

/// The day, with or without the grace at its midnights.
async fn looked_at(begun: &Begun, kind: BillKind, of: Option<&[String]>) -> Result<Span, RunError> {
    let day = Day::of_midnight(begun.run.day);
    let span = day.span();
    let reads = begun.server.reads();
    let app_id = &begun.run.app_id;
    let matched =
        |day: Day| reads.was_matched(app_id.clone(), day.midnight(), kind, of.map(<[String]>::to_vec));
    let before = if matched(day.previous()).await? { -GRACE_MS } else { GRACE_MS };
    let after = if matched(day.next()).await? { GRACE_MS } else { -GRACE_MS };
    Ok(Span { from: span.from.plus_ms(before), to: span.to.plus_ms(after) })
}
