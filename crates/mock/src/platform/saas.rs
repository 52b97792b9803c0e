//! Balance and withdrawal, as guaranteed payment's signed calls ask for them.

use serde_json::Value;

use super::answers::{
    ACCEPTED, AccountInfo, BalanceQueried, Denial, SettleAccount, WithdrawalAccepted, WithdrawalQueried,
    to_json,
};
use super::call::{Ask, Reply};
use super::create_order::repeated;
use super::fields::{Checked, Fields, wrong};
use super::withdrawals::{
    Channel, NewWithdrawal, NoWithdrawal, Withdrawal, WithdrawalStatus, withdrawal_key,
};
use super::{Platform, System};

/// The largest withdrawal the field can hold, in fen.
const AMOUNT_MAX: i64 = 2_147_483_647;
/// The longest number of a withdrawal; other numbers of the merchant's are shorter.
const NUMBER_BYTES_MAX: usize = 128;

fn channel(fields: Fields<'_>) -> Checked<Channel> {
    let name = fields.text("channel_type", 16)?;
    Channel::of_name(name)
        .ok_or_else(|| wrong("channel_type", format!("is `{name}`; use alipay, wx, hz, yzt or yeepay")))
}

/// The company that keeps the account: 0 and 1 are the first, 2 is the second; it is passed through.
fn entity(fields: Fields<'_>) -> Checked<i64> {
    match fields.0.get("merchant_entity") {
        None | Some(Value::Null) => Ok(1),
        Some(_) => match fields.whole_number("merchant_entity")? {
            0 | 1 => Ok(1),
            2 => Ok(2),
            other => Err(wrong("merchant_entity", format!("is {other}; use 0, 1 or 2"))),
        },
    }
}

impl Platform {
    fn merchant_asked<'a>(&self, ask: &Ask<'a>) -> Checked<&'a str> {
        let uid = ask.fields.text("merchant_uid", 64)?;
        if self.knows_merchant(&ask.app, uid) {
            return Ok(uid);
        }
        Err(Denial::MerchantOfAnother.because(format!("merchant `{uid}` does not belong to this app")))
    }

    pub(super) fn saas_balance(&self, ask: &Ask<'_>) -> Checked<Reply> {
        let (uid, channel) = (self.merchant_asked(ask)?, channel(ask.fields)?);
        let merchant_entity = entity(ask.fields)?;
        let balance = self.channel_balance(uid, channel);
        let alipay = channel.name == "alipay";
        let account = if alipay { "m***@example.com" } else { "621700******0001" };
        Ok(to_json(&BalanceQueried {
            err_no: ACCEPTED,
            err_tips: "",
            account_info: AccountInfo {
                online_balance: balance.in_transit,
                withdrawable_balance: balance.withdrawable,
                freeze_balance: balance.frozen,
            },
            settle_info: SettleAccount {
                settle_type: if alipay { 2 } else { 1 },
                settle_account: account,
                bankcard_no: if alipay { "" } else { account },
                bank_name: if alipay { "" } else { "模拟银行" },
            },
            merchant_entity,
        })
        .into())
    }

    pub(super) fn saas_withdraw(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let fields = ask.fields;
        let number = fields.number_of("out_order_id", NUMBER_BYTES_MAX)?;
        let (merchant_uid, channel) = (self.merchant_asked(ask)?, channel(fields)?);
        let amount = fields.amount("withdraw_amount", AMOUNT_MAX)?;
        let callback = if self.switches.withdraw_callback_url { "callback_url" } else { "callback" };
        let callback = ask.or_providers_url(fields.callback_url(callback, 1_024)?);
        let cp_extra = fields.cp_extra()?;
        let merchant_entity = entity(fields)?;
        let withdrawal_key = withdrawal_key(System::Ecpay, ask.app_id(), number);
        if let Some(one) = self.withdrawals.get(&withdrawal_key) {
            if one.status == WithdrawalStatus::Fail {
                let why = format!("withdrawal `{number}` has failed; its number is used up, take a new one");
                return Err(Denial::NumberFailed.because(why));
            }
            let warning = repeated(ask, number, &one.first_request);
            return Ok(Reply { body: accepted(one), warning });
        }
        let new = NewWithdrawal {
            system: System::Ecpay,
            app_id: ask.app_id(),
            out_order_id: number,
            merchant_uid,
            channel,
            amount,
            merchant_entity,
            cp_extra,
            callback,
            first_request: fields.canonical(),
        };
        let opened = self.open_withdrawal(ask.now, new).map_err(|no| {
            let denial = match no {
                NoWithdrawal::TooMuch(_) => Denial::BalanceTooSmall,
                NoWithdrawal::TooOften => Denial::Busy,
            };
            denial.because(format!("`withdraw_amount` {}", no.problem(amount)))
        })?;
        Ok(accepted(self.withdrawals.get(&opened).expect("just opened")).into())
    }

    pub(super) fn saas_query_withdrawal(&self, ask: &Ask<'_>) -> Checked<Reply> {
        let number = ask.fields.number_of("out_order_id", NUMBER_BYTES_MAX)?;
        let (uid, channel) = (self.merchant_asked(ask)?, channel(ask.fields)?);
        let found = self.withdrawals.get(&withdrawal_key(System::Ecpay, ask.app_id(), number));
        let found = found.filter(|one| one.merchant_uid == uid && one.channel_type == channel.name);
        let found = found.ok_or_else(|| {
            let why = format!("merchant `{uid}` has no withdrawal `{number}` through {}", channel.name);
            Denial::NoWithdrawal.because(why)
        })?;
        Ok(to_json(&WithdrawalQueried {
            err_no: ACCEPTED,
            err_tips: "",
            status: found.status,
            status_msg: &found.message,
        })
        .into())
    }
}

fn accepted(withdrawal: &Withdrawal) -> Vec<u8> {
    to_json(&WithdrawalAccepted {
        err_no: ACCEPTED,
        err_tips: "",
        order_id: &withdrawal.order_id,
        merchant_entity: withdrawal.merchant_entity,
    })
}
