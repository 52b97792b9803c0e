//! `platform balance`: a merchant's balance in one account.

use clap::Args as ClapArgs;
use douyin_pay_protocol::{MerchantBalance, ecpay, trade};
use serde_json::{Value, json};

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::merchant::Account;
use super::open::{At, Either, Which, converse};
use crate::exit::Ended;
use crate::out::Form;

/// Of which account.
#[derive(Debug, ClapArgs)]
pub struct Balance {
    #[command(flatten)]
    account: Account,
    /// 签约主体：0 或 1 抖音信息，2 光合信号 · the contracting company: 0 or 1 the first, 2 the second
    #[arg(long, value_name = "N")]
    entity: Option<u8>,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

const COLUMNS: &[Column] = &[
    Column("可提现", "to withdraw", "withdrawable_balance", As::Yuan),
    Column("在途", "in transit", "online_balance", As::Yuan),
    Column("冻结", "frozen", "freeze_balance", As::Yuan),
    Column("结算方式（1 银行卡，2 支付宝）", "paid out to (1 card, 2 Alipay)", "settle_type", As::Plain),
    Column("结算账户", "account", "settle_account", As::Plain),
    Column("银行", "bank", "bank_name", As::Plain),
    Column("卡号", "card", "bankcard_no", As::Plain),
    Column("签约主体", "contracting company", "merchant_entity", As::Plain),
];

pub(super) fn run(args: &Balance, form: Form) -> Ended {
    let opened = args.at.open()?;
    let (uid, channel) = (args.account.merchant_uid()?, args.account.channel_type());
    let entity = args.entity.map(Into::into);
    match opened.either(&args.which)? {
        Either::Ecpay(client) => {
            let ask = ecpay::QueryMerchantBalance::new(uid, channel);
            let ask = entity.into_iter().fold(ask, ecpay::QueryMerchantBalance::merchant_entity);
            converse(async {
                let answer = client.query_merchant_balance(&ask).await.map_err(|error| not_learnt(&error))?;
                show(form, &facts(&answer), answer.log_id.as_deref(), COLUMNS);
                Ok(())
            })
        }
        Either::Trade(client) => {
            let ask = trade::QueryMerchantBalance::new(uid, channel).app_id(opened.app.app_id.clone());
            let ask = entity.into_iter().fold(ask, trade::QueryMerchantBalance::merchant_entity);
            converse(async {
                let answer = client.query_merchant_balance(&ask).await.map_err(|error| not_learnt(&error))?;
                show(form, &facts(&answer), answer.log_id.as_deref(), COLUMNS);
                Ok(())
            })
        }
    }
}

fn facts(balance: &MerchantBalance) -> Value {
    let (money, account) = (&balance.account_info, balance.settle_info.as_ref());
    json!({
        "withdrawable_balance": money.withdrawable_balance, "online_balance": money.online_balance,
        "freeze_balance": money.freeze_balance,
        "merchant_entity": balance.merchant_entity,
        "settle_type": account.and_then(|account| account.settle_type),
        "settle_account": account.and_then(|account| account.settle_account.as_deref()),
        "bank_name": account.and_then(|account| account.bank_name.as_deref()),
        "bankcard_no": account.and_then(|account| account.bankcard_no.as_deref()),
    })
}
