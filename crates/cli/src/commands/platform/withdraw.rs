//! `platform withdraw`: takes money out of a merchant's account.

use clap::Args as ClapArgs;
use douyin_pay_protocol::{
    CpExtra, Fen, OutNo, OutWithdrawNo, WithdrawAmount, WithdrawReply, WithdrawUrl, ecpay, trade,
};
use serde_json::json;

use super::confirm::{Yes, confirm};
use super::ending::{done, not_done};
use super::merchant::Account;
use super::open::{At, Either, Opened, Which, converse};
use super::value;
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
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
    /// 担保支付：结果通知地址，默认控制台的 · guaranteed payment: where the outcome is told; the console's address if left out
    #[arg(long, value_name = "URL")]
    callback: Option<String>,
    /// 担保支付：透传字段 · guaranteed payment: a text that comes back with the outcome
    #[arg(long, value_name = "TEXT")]
    cp_extra: Option<String>,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

pub(super) fn run(args: &Withdraw, form: Form) -> Ended {
    let opened = args.at.open()?;
    let amount = input::yuan("--amount", &args.amount)?;
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let ask = of_ecpay(args, amount)?;
            let told = agreed(args, amount)?;
            converse(async {
                let answer =
                    client.merchant_withdraw(&ask).await.map_err(|error| not_done(&error, &told.query))?;
                told.taken_on(form, &answer, answer.log_id.as_deref());
                Ok(())
            })
        }
        Either::Trade(client) => {
            let ask = of_trade(args, amount, &opened)?;
            let told = agreed(args, amount)?;
            converse(async {
                let answer = client.merchant_withdraw(&ask).await;
                let answer = answer.map_err(|error| not_done(&error, &told.query))?;
                told.taken_on(form, &answer, answer.log_id.as_deref());
                Ok(())
            })
        }
    }
}

fn of_ecpay(args: &Withdraw, amount: Fen) -> Result<ecpay::MerchantWithdraw, Failure> {
    let number = value("--number", OutWithdrawNo::new(&args.number))?;
    let amount = WithdrawAmount::new(amount)
        .map_err(|refused| Failure::usage(format!("`--amount {}`: {refused}", args.amount)))?;
    let (uid, channel) = (args.account.merchant_uid()?, args.account.channel_type());
    let ask = ecpay::MerchantWithdraw::new(uid, channel, amount, number);
    let url = args.callback.as_ref().map(|url| value("--callback", WithdrawUrl::new(url))).transpose()?;
    let extra = args.cp_extra.as_ref().map(|text| value("--cp-extra", CpExtra::new(text))).transpose()?;
    let ask = url.into_iter().fold(ask, ecpay::MerchantWithdraw::callback);
    Ok(extra.into_iter().fold(ask, ecpay::MerchantWithdraw::cp_extra))
}

fn of_trade(args: &Withdraw, amount: Fen, opened: &Opened) -> Result<trade::MerchantWithdraw, Failure> {
    if args.callback.is_some() || args.cp_extra.is_some() {
        return Err(Failure::usage(say(
            "`--callback`、`--cp-extra` 只用于担保支付；请去掉，或加 `--system ecpay`",
            "`--callback` and `--cp-extra` are for guaranteed payment; leave them out, or add `--system ecpay`",
        )));
    }
    let number = value("--number", OutNo::new(&args.number))?;
    let (uid, channel) = (args.account.merchant_uid()?, args.account.channel_type());
    let ask = value("--amount", trade::MerchantWithdraw::new(uid, channel, amount, number))?;
    Ok(ask.app_id(opened.app.app_id.clone()))
}

/// What somebody said yes to, and how to ask what became of it.
struct Agreed<'a> {
    number: &'a str,
    amount: Fen,
    what: String,
    query: String,
}

/// Asks for a yes.
fn agreed(args: &Withdraw, amount: Fen) -> Result<Agreed<'_>, Failure> {
    let number = args.number.as_str();
    let (uid, channel) = (args.account.merchant_uid()?, args.account.channel_type());
    let (shown, channel) = (yuan(amount.get()), channel.as_str());
    let what = tell!(
        "从商户 {uid} 的 {channel} 账户提现 {shown}，提现号 {number}",
        "withdraw {shown} from account {channel} of merchant {uid}, number {number}"
    );
    confirm(&args.yes, &what)?;
    let (at, system) = (args.at.again(), args.which.again());
    let query = format!(
        "douyin-pay platform withdrawal --number {number} --merchant {uid} --channel {channel}{at}{system}"
    );
    Ok(Agreed { number, amount, what, query })
}

impl Agreed<'_> {
    fn taken_on(&self, form: Form, reply: &WithdrawReply, log_id: Option<&str>) {
        let told = json!({
            "out_order_id": self.number, "order_id": reply.order_id, "withdraw_amount": self.amount,
            "merchant_entity": reply.merchant_entity,
        });
        let Self { what, query, .. } = self;
        let next = tell!(
            "{what}：平台已受理，结果用 `{query}` 查询。若这个号码以前用过，仍是当时那一笔、当时的金额",
            "{what}: taken on; `{query}` tells the outcome. If the number was used before, it is still that withdrawal, of the \
             amount given then"
        );
        done(form, &told, log_id, &next);
    }
}
