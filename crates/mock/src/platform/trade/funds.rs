//! Balance and withdrawal: the funds layer that both systems share.

use douyin_pay_protocol::{Fen, UnixMs};
use serde_json::{Value, json};

use super::call::Ask;
use super::denied::Checked;
use super::fields::Reader;
use super::objects::Withdrawal;
use super::{Timer, denied::wrong};
use crate::platform::accounts::{Place, holder};
use crate::platform::timers::{self, WITHDRAWAL_MS};
use crate::platform::{Key, OperationStatus, Platform, key};

/// The ways of each channel; `yzt` is the aggregate account.
fn ways(body: &Reader<'_>) -> Checked<(&'static str, &'static [i64])> {
    match body.text("channel_type", 16)? {
        "wx" => Ok(("wx", &[1])),
        "alipay" => Ok(("alipay", &[2])),
        "hz" => Ok(("hz", &[10])),
        "yzt" => Ok(("yzt", &[1, 2, 10])),
        other => Err(body.wrong("channel_type", format!("is `{other}`; use alipay, wx, hz or yzt"))),
    }
}

/// The company that keeps the account: passed through.
fn entity(body: &Reader<'_>) -> Checked<i64> {
    body.optional_integer("merchant_entity", false).map(|entity| entity.unwrap_or(1))
}

fn withdrawal_key(app_id: &str, number: &str) -> Key {
    key(app_id, number)
}

impl Platform {
    /// The merchant must belong to the app, unless the mock knows it as a receiver.
    fn own_merchant(&self, ask: &Ask<'_>) -> Checked<String> {
        let uid = ask.body.text("merchant_uid", 64)?;
        let own = uid == ask.app.seller_uid.as_str()
            || ask.terms().merchant_uids.iter().any(|known| known.as_str() == uid)
            || ask.app.store_uids.iter().any(|known| known.as_str() == uid);
        let receiver = self.receivers.as_ref().is_some_and(|known| known.contains(uid));
        if own || receiver {
            return Ok(uid.to_owned());
        }
        Err(ask.body.wrong("merchant_uid", format!("`{uid}` does not belong to this app")))
    }

    pub(super) fn query_merchant_balance(&self, ask: &Ask<'_>) -> Checked<Value> {
        ask.check_optional_app_id()?;
        let uid = self.own_merchant(ask)?;
        let (_, ways) = ways(&ask.body)?;
        let held = ways.iter().filter_map(|way| self.accounts.holders.get(&holder(&uid, *way)));
        let (mut transit, mut withdrawable, mut frozen) = (0_i64, 0_i64, 0_i64);
        for balance in held {
            transit += balance.in_transit;
            withdrawable += balance.withdrawable;
            frozen += balance.frozen;
        }
        // The platform spells the second name with two letters exchanged.
        Ok(json!({
            "account_info": {
                "online_balance": transit,
                "withdrawable_balacne": withdrawable,
                "freeze_balance": frozen,
            },
            "settle_info": {
                "settle_type": 1,
                "settle_account": "621700******0001",
                "bankcard_no": "621700******0001",
                "bank_name": "模拟银行",
            },
            "merchant_entity": entity(&ask.body)?,
        }))
    }

    pub(super) fn merchant_withdraw(&mut self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        ask.check_optional_app_id()?;
        let uid = self.own_merchant(ask)?;
        let (channel_type, ways) = ways(body)?;
        let amount = body.amount("withdraw_amount", false)?;
        let number = body.text("out_order_id", 64)?;
        body.optional_text("cp_extra", 2_048)?;
        body.notify_url("callback")?;
        let merchant_entity = entity(body)?;
        let withdrawal_key = withdrawal_key(ask.app_id(), number);
        if self.trade.withdrawals.contains_key(&withdrawal_key) {
            return Err(body.wrong("out_order_id", format!("`{number}` was used before; query it")));
        }
        let parts = self.parts_of(&uid, ways, amount)?;
        for (holder, part) in &parts {
            self.accounts.transfer(Place::Withdrawable(holder), Place::Frozen(holder), *part);
        }
        let order_id = self.trade_number("");
        let withdrawal = Withdrawal {
            app_id: ask.app_id().to_owned(),
            out_order_id: number.to_owned(),
            order_id: order_id.clone(),
            merchant_uid: uid,
            channel_type: channel_type.to_owned(),
            amount,
            parts,
            merchant_entity,
            status: OperationStatus::Processing,
        };
        self.trade.withdrawals.insert(withdrawal_key.clone(), withdrawal);
        self.changes += 1;
        let takes = self.dice.millis(WITHDRAWAL_MS.0, WITHDRAWAL_MS.1);
        self.set_timer(ask.now.plus_ms(takes), timers::Timer::Trade(Timer::FinishWithdrawal(withdrawal_key)));
        Ok(json!({ "order_id": order_id, "merchant_entity": merchant_entity }))
    }

    /// Which balances the amount is taken from, in the order of the channels' numbers.
    fn parts_of(&self, uid: &str, ways: &[i64], amount: Fen) -> Checked<Vec<(Key, Fen)>> {
        let mut rest = amount;
        let mut parts = Vec::new();
        for way in ways {
            let holder = holder(uid, *way);
            let there = Fen::new(self.accounts.withdrawable(&holder)).unwrap_or(Fen::ZERO).min(rest);
            if there > Fen::ZERO {
                rest = rest.checked_sub(there).expect("a part of it");
                parts.push((holder, there));
            }
        }
        if rest > Fen::ZERO {
            let problem = format!("is {}, {} fen more than is withdrawable", amount.get(), rest.get());
            return Err(wrong("withdraw_amount", problem));
        }
        Ok(parts)
    }

    pub(super) fn finish_withdrawal(&mut self, withdrawal_key: &str, _at: UnixMs) {
        let withdrawal =
            self.trade.withdrawals.get_mut(withdrawal_key).expect("withdrawals are never deleted");
        withdrawal.status = OperationStatus::Success;
        for (holder, part) in &withdrawal.parts {
            self.accounts.transfer(Place::Frozen(holder), Place::Bank, *part);
        }
        self.changes += 1;
    }

    pub(super) fn query_withdraw_order(&self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        ask.check_app_id()?;
        let uid = self.own_merchant(ask)?;
        let (channel_type, _) = ways(body)?;
        let number = body.text("out_order_id", 64)?;
        let found = self.trade.withdrawals.get(&withdrawal_key(ask.app_id(), number));
        let found = found.filter(|one| one.merchant_uid == uid && one.channel_type == channel_type);
        let found = found.ok_or_else(|| body.wrong("out_order_id", format!("`{number}` does not exist")))?;
        Ok(json!({ "status": found.status, "status_msg": "" }))
    }
}
