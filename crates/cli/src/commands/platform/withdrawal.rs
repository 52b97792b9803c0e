//! `platform withdrawal`: what became of a withdrawal.

use clap::Args as ClapArgs;
use douyin_pay_protocol::{OutNo, OutWithdrawNo, WithdrawOrder, ecpay, trade};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{decided, not_learnt, show};
use super::merchant::Account;
use super::open::{At, Either, Which, converse};
use super::value;
use crate::exit::Ended;
use crate::out::Form;

/// Which withdrawal.
#[derive(Debug, ClapArgs)]
pub struct Withdrawal {
    /// 商户提现号 · the number of the withdrawal
    #[arg(long, value_name = "NUMBER")]
    number: String,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

const COLUMNS: &[Column] = &[
    Column("提现", "withdrawal", "out_order_id", As::Plain),
    Column("状态", "state", "status", As::Plain),
    Column("说明", "says", "status_msg", As::Plain),
];

pub(super) fn run(args: &Withdrawal, form: Form) -> Ended {
    let opened = args.at.open()?;
    let (uid, channel) = (args.account.merchant_uid()?, args.account.channel_type());
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let number = value("--number", OutWithdrawNo::new(&args.number))?;
            let ask = ecpay::QueryWithdrawOrder::new(uid, channel, number);
            converse(async {
                let answer = client.query_withdraw_order(&ask).await.map_err(|error| not_learnt(&error))?;
                show(form, &facts(&args.number, &answer), answer.log_id.as_deref(), COLUMNS);
                decided(answer.status.as_str(), answer.status_msg.as_deref())
            })
        }
        Either::Trade(client) => {
            let number = value("--number", OutNo::new(&args.number))?;
            let ask = trade::QueryWithdrawOrder::new(opened.app.app_id.clone(), uid, channel, number);
            converse(async {
                let answer = client.query_withdraw_order(&ask).await.map_err(|error| not_learnt(&error))?;
                show(form, &facts(&args.number, &answer), answer.log_id.as_deref(), COLUMNS);
                decided(answer.status.as_str(), answer.status_msg.as_deref())
            })
        }
    }
}

fn facts(number: &str, withdrawal: &WithdrawOrder) -> Value {
    json!({
        "out_order_id": number, "status": withdrawal.status.as_str(), "status_msg": withdrawal.status_msg,
    })
}
