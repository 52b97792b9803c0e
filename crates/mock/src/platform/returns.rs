//! 退分账: a receiver gives its share of a settlement back to the seller.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::accounts::{Place, holder};
use super::answers::{ACCEPTED, Denial, ReturnAnswered, ReturnInfo, to_json};
use super::call::{Ask, Reply};
use super::create_order::repeated;
use super::fields::{Checked, Fields, wrong};
use super::objects::{OperationStatus, Order, Settlement};
use super::timers::{DAY_MS, RETURN_MS, Timer, add};
use super::{Key, Platform, key, messages};
use crate::faults::OperationFault;

/// The largest return the field can hold, in fen.
const AMOUNT_MAX: i64 = 10_000_000_000;
/// Returns of one receiver within one settlement of an order paid through WeChat.
const RETURNS_MAX_WECHAT: u32 = 20;
/// How long after the settlement a share can be taken back, through WeChat and otherwise, in days.
const RETURNABLE_DAYS_WECHAT: i64 = 180;
const RETURNABLE_DAYS: i64 = 365;

/// One return of a share, or of a part of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Return {
    pub(crate) app_id: String,
    pub(crate) thirdparty_id: String,
    pub(crate) out_order_no: String,
    pub(crate) out_settle_no: String,
    pub(crate) settle_no: String,
    pub(crate) out_return_no: String,
    pub(crate) return_no: String,
    pub(crate) merchant_uid: String,
    pub(crate) amount: Fen,
    pub(crate) cp_extra: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) status: OperationStatus,
    pub(crate) doomed: bool,
    pub(crate) message: String,
    pub(crate) requested_at: UnixMs,
    pub(crate) finished_at: Option<UnixMs>,
    pub(crate) first_request: String,
}

impl Return {
    /// `return_info` as both calls and the callback give it.
    pub(crate) fn info(&self) -> ReturnInfo<'_> {
        ReturnInfo {
            app_id: &self.app_id,
            thirdparty_id: &self.thirdparty_id,
            settle_no: &self.settle_no,
            out_settle_no: &self.out_settle_no,
            out_return_no: &self.out_return_no,
            return_no: &self.return_no,
            merchant_uid: &self.merchant_uid,
            return_amount: self.amount.get(),
            return_status: self.status,
            fail_reason: &self.message,
            finish_time: self.finished_at.map_or(0, |at| at.seconds()),
            cp_extra: &self.cp_extra,
        }
    }

    fn answer(&self) -> Vec<u8> {
        to_json(&ReturnAnswered { err_no: ACCEPTED, err_tips: "success", return_info: self.info() })
    }
}

impl Platform {
    pub(super) fn create_return(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let fields = ask.fields;
        let out_return_no = return_number(fields, "out_return_no")?
            .ok_or_else(|| wrong("out_return_no", "is missing or empty; it is required"))?;
        let merchant_uid = fields.text("merchant_uid", 32)?;
        let amount = fields.amount("return_amount", AMOUNT_MAX)?;
        fields.characters("return_desc", 100)?;
        let (cp_extra, notify_url) = (fields.cp_extra()?, ask.notify_url()?);
        let thirdparty_id = fields.optional_text("thirdparty_id", 64)?.unwrap_or_default().to_owned();

        let return_key = key(ask.app_id(), out_return_no);
        if let Some(one) = self.returns.get(&return_key) {
            if one.status == OperationStatus::Fail {
                let why =
                    format!("return `{out_return_no}` has failed; its number is used up, take a new one");
                return Err(Denial::NumberFailed.because(why));
            }
            let warning = repeated(ask, out_return_no, &one.first_request);
            return Ok(Reply { body: one.answer(), warning });
        }

        let settlement = self.settlement_meant(ask)?;
        let order = self.orders.get(&key(&settlement.app_id, &settlement.out_order_no));
        may_return(settlement, order.expect("a settlement has its order"), merchant_uid, amount, ask.now)?;
        let one = Return {
            app_id: ask.app_id().to_owned(),
            thirdparty_id,
            out_order_no: settlement.out_order_no.clone(),
            out_settle_no: settlement.out_settle_no.clone(),
            settle_no: settlement.settle_no.clone(),
            out_return_no: out_return_no.to_owned(),
            return_no: self.platform_number(),
            merchant_uid: merchant_uid.to_owned(),
            amount,
            cp_extra,
            notify_url,
            status: OperationStatus::Processing,
            doomed: self.faults.draw_operation(OperationFault::ReturnFails, &mut self.fault_dice),
            message: String::new(),
            requested_at: ask.now,
            finished_at: None,
            first_request: fields.canonical(),
        };
        let body = one.answer();
        self.open_return(return_key, one);
        Ok(body.into())
    }

    fn open_return(&mut self, return_key: Key, one: Return) {
        let settlement = self.settlements.get_mut(&key(&one.app_id, &one.out_settle_no));
        let returns = &mut settlement.expect("a return has its settlement").returns;
        let returned = returns.entry(one.merchant_uid.clone()).or_default();
        returned.count += 1;
        returned.under_way = add(returned.under_way, one.amount);
        let takes = self.dice.millis(RETURN_MS.0, RETURN_MS.1);
        self.set_timer(one.requested_at.plus_ms(takes), Timer::FinishReturn(return_key.clone()));
        let order_key = key(&one.app_id, &one.out_order_no);
        self.returns.insert(return_key, one);
        self.check_order(&order_key);
    }

    /// The settlement that `settle_no`, `out_settle_no` or both name.
    fn settlement_meant(&self, ask: &Ask<'_>) -> Checked<&Settlement> {
        let settle_no = ask.fields.optional_text("settle_no", 64)?;
        let out_settle_no = ask.fields.optional_text("out_settle_no", 64)?;
        let found = match (out_settle_no, settle_no) {
            (Some(ours), _) => self.settlements.get(&key(ask.app_id(), ours)),
            (None, Some(theirs)) => {
                self.settlements.values().find(|one| one.settle_no == theirs && one.app_id == ask.app_id())
            }
            (None, None) => {
                return Err(wrong("settle_no", "and `out_settle_no` are both missing; name one of them"));
            }
        };
        let found = found.ok_or_else(|| {
            let named = out_settle_no.or(settle_no).unwrap_or_default();
            Denial::NoSettlement.because(format!("there is no settlement `{named}`"))
        })?;
        match settle_no.filter(|no| *no != found.settle_no) {
            Some(other) => {
                Err(wrong("settle_no", format!("`{other}` and `out_settle_no` name different settlements")))
            }
            None => Ok(found),
        }
    }

    pub(super) fn query_return(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let ours = return_number(ask.fields, "out_return_no")?;
        let theirs = return_number(ask.fields, "return_no")?;
        let found = match (ours, theirs) {
            (Some(ours), _) => self.returns.get(&key(ask.app_id(), ours)),
            (None, Some(theirs)) => {
                self.returns.values().find(|one| one.return_no == theirs && one.app_id == ask.app_id())
            }
            (None, None) => {
                return Err(wrong("return_no", "and `out_return_no` are both missing; name one of them"));
            }
        };
        let named = ours.or(theirs).unwrap_or_default();
        let found = found.ok_or_else(|| Denial::NoReturn.because(format!("there is no return `{named}`")))?;
        match theirs.filter(|no| *no != found.return_no) {
            Some(other) => {
                Err(wrong("return_no", format!("`{other}` and `out_return_no` name different returns")))
            }
            None => Ok(found.answer().into()),
        }
    }

    /// The receiver's money reaches the seller, if the receiver still has it.
    pub(super) fn finish_return(&mut self, return_key: &str, at: UnixMs) {
        let one = self.returns.get_mut(return_key).expect("returns are never deleted");
        let settlement = self.settlements.get_mut(&key(&one.app_id, &one.out_settle_no));
        let returned = settlement.and_then(|settlement| settlement.returns.get_mut(&one.merchant_uid));
        let returned = returned.expect("it was counted when it was accepted");
        let reserved = returned.under_way.checked_sub(one.amount);
        returned.under_way = reserved.expect("it was counted when it was accepted");
        let order_key = key(&one.app_id, &one.out_order_no);
        let order = self.orders.get(&order_key).expect("a return has its order");
        let (receiver, seller) = (holder(&one.merchant_uid, order.way), holder(&order.seller_uid, order.way));
        let poor = self.accounts.withdrawable(&receiver) < one.amount.get();
        one.finished_at = Some(at);
        if one.doomed || poor {
            one.status = OperationStatus::Fail;
            one.message = if poor { "分账方可提现余额不足" } else { "渠道回退失败" }.to_owned();
        } else {
            one.status = OperationStatus::Success;
            returned.done = add(returned.done, one.amount);
            self.accounts.transfer(Place::Withdrawable(&receiver), Place::Withdrawable(&seller), one.amount);
        }
        let told = self.switches.return_callback.then(|| messages::returned(one));
        let (app_id, number, url) = (one.app_id.clone(), one.out_return_no.clone(), one.notify_url.clone());
        self.check_order(&order_key);
        if let Some(msg) = told {
            self.notify(&app_id, "return", &number, url, msg, at);
        }
    }
}

fn may_return(
    settlement: &Settlement,
    order: &Order,
    merchant_uid: &str,
    amount: Fen,
    now: UnixMs,
) -> Checked<()> {
    let number = &settlement.out_settle_no;
    let done_at = settlement.finished_at.filter(|_| settlement.status == OperationStatus::Success);
    let done_at = done_at.ok_or_else(|| {
        Denial::SettlementNotDone.because(format!("settlement `{number}` has not succeeded"))
    })?;
    let share = settlement.share_of(merchant_uid).ok_or_else(|| {
        Denial::Receivers.because(format!("`{merchant_uid}` got no share of settlement `{number}`"))
    })?;
    let wechat = order.way == 1;
    let days = if wechat { RETURNABLE_DAYS_WECHAT } else { RETURNABLE_DAYS };
    if now.since(done_at) > days * DAY_MS {
        let why = format!("settlement `{number}` is older than {days} days");
        return Err(Denial::ReturnTooLate.because(why));
    }
    let before = settlement.returns.get(merchant_uid).copied().unwrap_or_default();
    if wechat && before.count >= RETURNS_MAX_WECHAT {
        let why =
            format!("`{merchant_uid}` has {RETURNS_MAX_WECHAT} returns of settlement `{number}` already");
        return Err(Denial::ReturnsTooMany.because(why));
    }
    let given = add(before.done, before.under_way);
    let left = share.checked_sub(given).unwrap_or(Fen::ZERO);
    if amount > left {
        let why = format!(
            "{} fen asked back, {} of the share of {} fen are left",
            amount.get(),
            left.get(),
            share.get()
        );
        return Err(Denial::ReturnTooMuch.because(why));
    }
    Ok(())
}

/// A return's number: too long has a code of its own.
fn return_number<'a>(fields: Fields<'a>, name: &str) -> Checked<Option<&'a str>> {
    let Some(text) = fields.optional_text(name, usize::MAX)? else { return Ok(None) };
    if text.len() > 64 {
        let why = format!("`{name}` has {} bytes; at most 64 are allowed", text.len());
        return Err(Denial::ReturnNumber.because(why));
    }
    fields.merchant_number(name).map(Some)
}
