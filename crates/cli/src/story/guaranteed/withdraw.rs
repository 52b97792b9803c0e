//! Withdraws to the bank with the SDK: the service leaves that to people.

use std::time::Duration;

use anyhow::{Context, bail};
use douyin_pay::protocol::ecpay::{MerchantWithdraw, QueryWithdrawOrder};
use douyin_pay::protocol::{
    AppId, ChannelType, Fen, MerchantUid, OutWithdrawNo, Salt, WithdrawAmount, WithdrawStatus, WithdrawUrl,
};
use douyin_pay::{Client, Platform};

use super::Plot;
use crate::lang::say;
use crate::story::Stage;
use crate::story::telling::yuan;

/// Banks take one to three days.
const ARRIVES_WITHIN: Duration = Duration::from_secs(5 * 24 * 3600);
/// A call whose outcome is unknown is made again under the same number.
const TRIES_MAX: u32 = 200;
const PAUSE: Duration = Duration::from_secs(5);

pub(super) async fn withdraw(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let order = stage.ask("GET", &format!("orders/{}", plot.order_no()), None).await?;
    let text = |field: &str| order[field].as_str().with_context(|| format!("`{field}` is missing: {order}"));
    let client = Client::builder(AppId::new(text("app_id")?)?, Salt::new(douyin_pay_mock::DEFAULT_SALT)?)
        .platform(Platform::Url(stage.platform.clone()))
        .env(stage.env.clone())
        .build()?;
    let account = (MerchantUid::new(text("seller_uid")?)?, channel(plot.way));
    let number = OutWithdrawNo::new(plot.withdrawal_no())?;
    let callback = WithdrawUrl::new(format!("{}/callbacks/{}", stage.service, stage.app))?;
    let amount = WithdrawAmount::new(Fen::new(plot.withdraw_fen)?)?;
    let ask = MerchantWithdraw::new(account.0.clone(), account.1.clone(), amount, number.clone());
    let ask = ask.callback(callback);
    accepted(stage, &client, &ask).await?;
    stage.say(format!(
        "{} {} {} → {}",
        say("提现", "withdraw"),
        plot.withdrawal_no(),
        yuan(plot.withdraw_fen),
        say("已受理", "taken on")
    ));
    let look = QueryWithdrawOrder::new(account.0, account.1, number);
    let arrived = || async {
        match client.query_withdraw_order(&look).await {
            Ok(told) if told.status == WithdrawStatus::Success => Ok(Some(())),
            Ok(told) if told.status != WithdrawStatus::Processing => {
                bail!("the withdrawal ended otherwise: {:?}", told.reply)
            }
            // It is under way, or the question was lost: time passes either way.
            Ok(_) | Err(_) => Ok(None),
        }
    };
    stage.until("the withdrawal", ARRIVES_WITHIN, arrived).await?;
    stage.say(format!("{} {}", say("提现到账", "withdrawn"), yuan(plot.withdraw_fen)));
    Ok(())
}

async fn accepted(stage: &Stage, client: &Client, ask: &MerchantWithdraw) -> anyhow::Result<()> {
    let mut last = String::new();
    for _ in 0..TRIES_MAX {
        match client.merchant_withdraw(ask).await {
            Ok(_) => return Ok(()),
            Err(error) if error.outcome() == douyin_pay::Outcome::Refused => return Err(error.into()),
            Err(error) => last = error.to_string(),
        }
        stage.time.pass(PAUSE).await?;
    }
    bail!("no withdrawal after {TRIES_MAX} tries: {last}")
}

/// The account that collects what was paid this way.
fn channel(way: i64) -> ChannelType {
    match way {
        1 => ChannelType::WeChat,
        2 => ChannelType::Alipay,
        _ => ChannelType::Hz,
    }
}
