//! `platform withdrawal`: what became of a withdrawal.

use clap::Args as ClapArgs;
use douyin_pay_protocol::OutNo;
use douyin_pay_protocol::trade::QueryWithdrawOrder;
use serde_json::json;

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::merchant::Account;
use super::open::{At, converse};
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
    at: At,
}

const COLUMNS: &[Column] = &[
    Column("提现", "withdrawal", "out_order_id", As::Plain),
    Column("状态", "state", "status", As::Plain),
    Column("说明", "says", "status_msg", As::Plain),
];

pub(super) fn run(args: &Withdrawal, form: Form) -> Ended {
    let opened = args.at.open()?;
    let number = value("--number", OutNo::new(&args.number))?;
    let (uid, channel) = (args.account.merchant_uid()?, args.account.channel_type());
    let ask = QueryWithdrawOrder::new(opened.app.app_id.clone(), uid, channel, number.clone());
    let client = opened.trade()?;
    converse(async {
        let answer = client.query_withdraw_order(&ask).await.map_err(|error| not_learnt(&error))?;
        let told = json!({
            "out_order_id": number, "status": answer.status.as_str(), "status_msg": answer.status_msg,
        });
        show(form, &told, answer.log_id.as_deref(), COLUMNS);
        Ok(())
    })
}
