//! `settle`: takes money out of transit, shares parts of it, charges the fee.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::Deserialize;
use serde_json::Value;

use super::answers::{ACCEPTED, Denial, SettlementAccepted, to_json};
use super::call::{Ask, Reply};
use super::create_order::{no_callback_url, repeated};
use super::fields::{Checked, Fields, wrong};
use super::objects::{OperationStatus, Order, OrderStatus, Settlement, Share};
use super::settlements::{Charges, FeeTerms};
use super::timers::DAY_MS;
use super::{Platform, key};
use crate::config::Switches;
use crate::faults::OperationFault;

/// Receivers per settlement.
const RECEIVERS_MAX: usize = 4;
/// Settlements per order; the last is final whatever it says.
const SETTLEMENTS_MAX: u32 = 50;
/// 2022-06-01 00:00:00 in Beijing: older orders are settled once, whatever the request says.
const SEVERAL_SETTLEMENTS_FROM: UnixMs = UnixMs::new(1_654_012_800_000);
/// The largest share the field can hold, in fen.
const SHARE_MAX: i64 = 99_999_999_999;

impl Platform {
    pub(super) fn settle(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let fields = ask.fields;
        let out_settle_no = fields.merchant_number("out_settle_no")?;
        let out_order_no = fields.merchant_number("out_order_no")?;
        fields.characters("settle_desc", 80)?;
        let shares = read_shares(fields)?;
        let finish = read_finish(fields, &self.switches)?;
        let (cp_extra, notify_url) = (fields.cp_extra()?, ask.notify_url()?);

        let settlement_key = key(ask.app_id(), out_settle_no);
        if let Some(settlement) = self.settlements.get(&settlement_key) {
            if settlement.status == OperationStatus::Fail {
                let why =
                    format!("settlement `{out_settle_no}` has failed; its number is used up, take a new one");
                return Err(Denial::NumberFailed.because(why));
            }
            let warning = repeated(ask, out_settle_no, &settlement.first_request);
            return Ok(Reply { body: accepted(settlement), warning });
        }

        let order = self.orders.get(&key(ask.app_id(), out_order_no));
        let order =
            order.ok_or_else(|| Denial::NoPayment.because(format!("there is no order `{out_order_no}`")))?;
        may_settle(order, ask, self.switches.sandbox)?;
        self.check_receivers(order, &shares)?;
        if notify_url.is_none() && ask.app.notify_url.is_none() {
            return Err(no_callback_url());
        }
        let finish =
            finish || order.settlements + 1 == SETTLEMENTS_MAX || order.created_at < SEVERAL_SETTLEMENTS_FROM;
        let terms = self.fee_terms(ask.app.fee_rate_per_10000);
        let (base, Charges { rake, commission }) = sums(order, ask, &shares, finish, terms)?;

        let settlement = Settlement {
            app_id: ask.app_id().to_owned(),
            out_order_no: out_order_no.to_owned(),
            out_settle_no: out_settle_no.to_owned(),
            settle_no: self.platform_number(),
            base,
            rake,
            commission,
            shares,
            finish,
            automatic: false,
            cp_extra,
            notify_url,
            status: OperationStatus::Processing,
            doomed: self.faults.draw_operation(OperationFault::SettlementFails, &mut self.fault_dice),
            message: String::new(),
            requested_at: ask.now,
            finished_at: None,
            first_request: fields.canonical(),
            returns: Default::default(),
        };
        let body = accepted(&settlement);
        self.open_settlement(settlement);
        Ok(body.into())
    }

    fn check_receivers(&self, order: &Order, shares: &[Share]) -> Checked<()> {
        if shares.len() > RECEIVERS_MAX {
            let why = format!("{} receivers; at most {RECEIVERS_MAX} are allowed", shares.len());
            return Err(Denial::Receivers.because(why));
        }
        for Share { merchant_uid, .. } in shares {
            if *merchant_uid == order.seller_uid {
                return Err(Denial::Receivers
                    .because(format!("`{merchant_uid}` is the seller, who gets the rest anyway")));
            }
            if self.receivers.as_ref().is_some_and(|known| !known.contains(merchant_uid)) {
                return Err(
                    Denial::Receivers.because(format!("merchant `{merchant_uid}` has not been onboarded"))
                );
            }
        }
        Ok(())
    }
}

fn may_settle(order: &Order, ask: &Ask<'_>, sandbox: bool) -> Checked<()> {
    let paid_at = order.paid_at.filter(|_| order.status == OrderStatus::Success);
    let Some(paid_at) = paid_at else {
        return Err(Denial::OrderUnpaid.because(format!("order `{}` is not paid", order.out_order_no)));
    };
    if ask.app.automatic_settlement {
        return Err(Denial::AutomaticSettlement.because("this app is settled by the platform itself"));
    }
    let from = paid_at.plus_ms(i64::from(ask.app.settle_period_days) * DAY_MS);
    if !sandbox && ask.now < from {
        let why = format!("the settlement period ends at {} (Beijing time)", from.beijing_text());
        return Err(Denial::PeriodNotOver.because(why));
    }
    if order.settlement_under_way {
        return Err(
            Denial::SettlementUnderWay.because("the order's last settlement has not finished; wait for it")
        );
    }
    if order.closed_for_settling {
        return Err(Denial::NothingToSettle.because("the order has had its final settlement"));
    }
    if order.settlements >= SETTLEMENTS_MAX {
        return Err(
            Denial::NothingToSettle.because(format!("the order has had {SETTLEMENTS_MAX} settlements"))
        );
    }
    Ok(())
}

/// What leaves transit and what of it the platform keeps.
fn sums(
    order: &Order,
    ask: &Ask<'_>,
    shares: &[Share],
    finish: bool,
    terms: FeeTerms,
) -> Checked<(Fen, Charges)> {
    let available = order.available().unwrap_or(Fen::ZERO);
    if available == Fen::ZERO {
        return Err(Denial::NothingToSettle.because("nothing of the order is left in transit"));
    }
    let too_much = |why: String| Denial::NothingToSettle.because(why);
    let shared = Fen::sum(shares.iter().map(|share| share.amount))
        .ok_or_else(|| too_much("the shares exceed every possible amount".to_owned()))?;
    let charges = order.charges_of_final(available, terms);
    let room = available.checked_sub(charges.sum()).unwrap_or(Fen::ZERO);
    if shared > room {
        let why = format!(
            "shares of {} fen, but {} fen are left after the fee and the commission",
            shared.get(),
            room.get()
        );
        return Err(too_much(why));
    }
    let limit = percent(order.total, ask.app.share_limit_percent);
    let all_shared = Fen::sum([order.money.shared, shared]);
    if all_shared.is_none_or(|all| all.get() > limit) {
        let share = ask.app.share_limit_percent;
        let why = format!(
            "all shares may take {limit} fen, {share} % of the order; {} fen are shared already",
            order.money.shared.get()
        );
        return Err(too_much(why));
    }
    if finish {
        return Ok((available, charges));
    }
    if shared == Fen::ZERO {
        return Err(wrong(
            "settle_params",
            "is empty, and `finish` is not true: this settlement would move nothing",
        ));
    }
    Ok((shared, Charges::NONE))
}

fn percent(amount: Fen, percent: u32) -> i64 {
    amount.get().saturating_mul(i64::from(percent)) / 100
}

fn read_finish(fields: Fields<'_>, switches: &Switches) -> Checked<bool> {
    if let (true, Some(Value::Bool(finish))) = (switches.finish_as_boolean, fields.0.get("finish")) {
        return Ok(*finish);
    }
    match fields.optional_text("finish", 16)? {
        None => Ok(!switches.finish_defaults_to_false),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(other) => Err(wrong("finish", format!("is `{other}`; send the text `true` or `false`"))),
    }
}

#[derive(Deserialize)]
struct WireShare {
    merchant_uid: String,
    amount: i64,
}

fn read_shares(fields: Fields<'_>) -> Checked<Vec<Share>> {
    let text = fields.optional_text("settle_params", 2_048)?.unwrap_or_default();
    if text.is_empty() || text == "null" {
        return Ok(Vec::new());
    }
    let wire: Vec<WireShare> = serde_json::from_str(text).map_err(|cause| {
        wrong(
            "settle_params",
            format!("is not the JSON text of [{{\"merchant_uid\": text, \"amount\": fen}}]: {cause}"),
        )
    })?;
    wire.into_iter().map(read_share).collect()
}

fn read_share(wire: WireShare) -> Checked<Share> {
    if !(1..=SHARE_MAX).contains(&wire.amount) {
        return Err(wrong("settle_params", format!("has an amount of {} fen; the least is 1", wire.amount)));
    }
    if wire.merchant_uid.is_empty() || wire.merchant_uid.len() > 32 {
        return Err(wrong("settle_params", "has a `merchant_uid` that is empty or longer than 32 bytes"));
    }
    let amount = Fen::new(wire.amount).map_err(|cause| wrong("settle_params", cause.to_string()))?;
    Ok(Share { merchant_uid: wire.merchant_uid, amount })
}

fn accepted(settlement: &Settlement) -> Vec<u8> {
    to_json(&SettlementAccepted { err_no: ACCEPTED, err_tips: "success", settle_no: &settlement.settle_no })
}

#[cfg(test)]
mod tests {
    use super::percent;
    use douyin_pay_protocol::Fen;

    #[test]
    fn a_share_of_a_fen_is_no_fen() {
        assert_eq!(percent(Fen::new(1280).unwrap(), 30), 384);
        assert_eq!(percent(Fen::new(3).unwrap(), 30), 0);
    }
}
