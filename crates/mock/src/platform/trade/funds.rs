//! Balance and withdrawal, as the general trade system asks for them.

use serde_json::{Value, json};

use super::Trade;
use super::call::Ask;
use super::denied::{Checked, Denial, wrong};
use super::fields::Reader;
use crate::platform::withdrawals::{Channel, NewWithdrawal, NoWithdrawal, withdrawal_key};
use crate::platform::{Platform, System};

fn channel(body: &Reader<'_>) -> Checked<Channel> {
    let name = body.text("channel_type", 16)?;
    let channel = Channel::of_name(name).filter(|channel| channel.name != "yeepay");
    channel.ok_or_else(|| body.wrong("channel_type", format!("is `{name}`; use alipay, wx, hz or yzt")))
}

/// The company that keeps the account: passed through.
fn entity(body: &Reader<'_>) -> Checked<i64> {
    body.optional_integer("merchant_entity", false).map(|entity| entity.unwrap_or(1))
}

impl Trade {
    /// Whether a settlement of the app names the merchant as a receiver.
    pub(in crate::platform) fn has_shared_with(&self, app_id: &str, uid: &str) -> bool {
        let mut own = self.settlements.values().filter(|one| one.app_id == app_id);
        own.any(|one| one.shares.iter().any(|share| share.merchant_uid == uid))
    }
}

impl Platform {
    fn own_merchant<'a>(&self, ask: &Ask<'a>) -> Checked<&'a str> {
        let uid = ask.body.text("merchant_uid", 64)?;
        if self.knows_merchant(&ask.app, uid) {
            return Ok(uid);
        }
        Err(ask.body.wrong("merchant_uid", format!("`{uid}` does not belong to this app")))
    }

    pub(super) fn query_merchant_balance(&self, ask: &Ask<'_>) -> Checked<Value> {
        ask.check_optional_app_id()?;
        let uid = self.own_merchant(ask)?;
        let balance = self.channel_balance(uid, channel(&ask.body)?);
        // The platform spells the second name with two letters exchanged.
        Ok(json!({
            "account_info": {
                "online_balance": balance.in_transit,
                "withdrawable_balacne": balance.withdrawable,
                "freeze_balance": balance.frozen,
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
        let merchant_uid = self.own_merchant(ask)?;
        let channel = channel(body)?;
        let amount = body.amount("withdraw_amount", false)?;
        let number = body.text("out_order_id", 128)?;
        let cp_extra = body.optional_text("cp_extra", 2_048)?.unwrap_or_default().to_owned();
        let callback = body.notify_url("callback")?;
        let merchant_entity = entity(body)?;
        if self.withdrawals.contains_key(&withdrawal_key(System::Trade, ask.app_id(), number)) {
            return Err(body.wrong("out_order_id", format!("`{number}` was used before; query it")));
        }
        let new = NewWithdrawal {
            system: System::Trade,
            app_id: ask.app_id(),
            out_order_id: number,
            merchant_uid,
            channel,
            amount,
            merchant_entity,
            cp_extra,
            callback,
            first_request: String::new(),
        };
        let opened = self.open_withdrawal(ask.now, new).map_err(|no| match no {
            NoWithdrawal::TooMuch(_) => wrong("withdraw_amount", no.problem(amount)),
            NoWithdrawal::TooOften => Denial::Busy.because(no.problem(amount)),
        })?;
        let order_id = &self.withdrawals.get(&opened).expect("just opened").order_id;
        Ok(json!({ "order_id": order_id, "merchant_entity": merchant_entity }))
    }

    pub(super) fn query_withdraw_order(&self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        ask.check_app_id()?;
        let uid = self.own_merchant(ask)?;
        let channel = channel(body)?;
        let number = body.text("out_order_id", 128)?;
        let found = self.withdrawals.get(&withdrawal_key(System::Trade, ask.app_id(), number));
        let found = found.filter(|one| one.merchant_uid == uid && one.channel_type == channel.name);
        let found = found.ok_or_else(|| body.wrong("out_order_id", format!("`{number}` does not exist")))?;
        Ok(json!({ "status": found.status, "status_msg": found.message }))
    }
}
