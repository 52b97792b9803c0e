//! `platform withdraw`: takes money out of a merchant's account.

use clap::Args as ClapArgs;
use douyin_pay_protocol::OutNo;
use douyin_pay_protocol::trade::MerchantWithdraw;
use serde_json::json;

use super::confirm::{Yes, confirm};
use super::ending::{done, not_done};
use super::merchant::Account;
use super::open::{At, converse};
use super::value;
use crate::exit::Ended;
use crate::lang::tell;
use crate::out::Form;
use crate::remote::input;
use crate::story::yuan;

/// A withdrawal.
#[derive(Debug, ClapArgs)]
pub struct Withdraw {
    /// 商户提现号；不要换号重试 · a number of your own; never try again with another one
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// 金额（元） · amount in yuan, such as 100.00
    #[arg(long, value_name = "YUAN")]
    amount: String,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    at: At,
}

pub(super) fn run(args: &Withdraw, form: Form) -> Ended {
    let opened = args.at.open()?;
    let number = value("--number", OutNo::new(&args.number))?;
    let amount = input::yuan("--amount", &args.amount)?;
    let (uid, channel) = (args.account.merchant_uid()?, args.account.channel_type());
    let ask = value("--amount", MerchantWithdraw::new(uid.clone(), channel.clone(), amount, number.clone()))?;
    let ask = ask.app_id(opened.app.app_id.clone());
    let client = opened.trade()?;
    let (shown, channel) = (yuan(amount.get()), channel.as_str());
    let what = tell!(
        "从商户 {uid} 的 {channel} 账户提现 {shown}，提现号 {number}",
        "withdraw {shown} from account {channel} of merchant {uid}, number {number}"
    );
    confirm(&args.yes, &what)?;
    converse(async {
        let query =
            format!("douyin-pay platform withdrawal --number {number} --merchant {uid} --channel {channel}");
        let answer = client.merchant_withdraw(&ask).await.map_err(|error| not_done(&error, &query))?;
        let told = json!({
            "out_order_id": number, "order_id": answer.order_id, "withdraw_amount": amount,
            "merchant_entity": answer.merchant_entity,
        });
        let next = tell!(
            "{what}：平台已受理，结果用 `{query}` 查询",
            "{what}: taken on; `{query}` tells the outcome"
        );
        done(form, &told, answer.log_id.as_deref(), &next);
        Ok(())
    })
}
