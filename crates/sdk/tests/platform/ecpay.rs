//! Every call of guaranteed payment that is no bill, by app and by provider.

use std::time::Duration;

use douyin_pay::env::OffsetClock;
use douyin_pay::protocol::ecpay::{
    AddMerchant, AddSubMerchant, AppAddSubMerchant, CreateOrder, CreateRefund, CreateReturn, GetAppMerchant,
    MerchantPage, MerchantWithdraw, OnboardingState, OrderPush, OrderStatus, PushDetail, PushItem,
    PushStatus, QueryMerchantBalance, QueryMerchantStatus, QueryOrder, QueryPlatformOrder, QueryRefund,
    QueryReturn, QuerySettle, QueryWithdrawOrder, ResultStatus, Settle, Share, UnsettleAmount, ValidTime,
};
use douyin_pay::protocol::{
    AppSecret, ChannelType, ComponentToken, MerchantUid, OpenId, OrderAmount, OrderBody, OutOrderNo,
    OutRefundNo, OutReturnNo, OutSettleNo, OutWithdrawNo, Reason, RefundAmount, ReturnAmount, ReturnDesc,
    SettleDesc, ShareAmount, SubMerchantId, Subject, UnixMs, WithdrawAmount, WithdrawStatus,
};
use douyin_pay::{AppId, Client, ClientBuilder, Env, Fen, Outcome, Platform, ProviderClient, Salt, Token};
use douyin_pay_mock::{
    DEFAULT_APP_SECRET, DEFAULT_COMPONENT_TOKEN, DEFAULT_SALT, DEFAULT_SELLER_UID, DEFAULT_TOKEN, Mock,
    MockApp, MockConfig, MockProvider, PayAsk, Running,
};

use crate::world::app_id;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const RECEIVER: &str = "69645835031835936200";

async fn platform() -> Result<Running> {
    let app = MockApp::new(app_id(), Salt::new(DEFAULT_SALT)?, Token::new(DEFAULT_TOKEN)?);
    let mut app = app.with_notify_url("http://127.0.0.1:9/nobody");
    (app.settle_period_days, app.app_secret) = (0, Some(secret()?));
    let provider = MockProvider::new(provider()?, provider_salt()?).granted(app_id());
    let config = MockConfig { apps: vec![app], providers: vec![provider], ..MockConfig::default() };
    let env = Env::real();
    let clock = OffsetClock::new(std::sync::Arc::clone(&env.clock));
    Ok(Mock::with_clock(env, clock, config).listen(([127, 0, 0, 1], 0).into()).await?)
}

fn secret() -> Result<AppSecret> {
    Ok(AppSecret::new(DEFAULT_APP_SECRET)?)
}

fn provider() -> Result<AppId> {
    Ok(AppId::new("tt00000000000000ff")?)
}

fn provider_salt() -> Result<Salt> {
    Ok(Salt::new("salt_of_the_provider")?)
}

fn builder(mock: &Running) -> Result<ClientBuilder> {
    let builder = Client::builder(app_id(), Salt::new(DEFAULT_SALT)?).env(mock.env().clone());
    Ok(builder.platform(Platform::Url(mock.url())).app_secret(secret()?))
}

async fn later(mock: &Running, seconds: u64) {
    mock.advance(Duration::from_secs(seconds)).await.expect("its clock can be moved");
}

fn order_no() -> Result<OutOrderNo> {
    Ok(OutOrderNo::new("O1")?)
}

fn seller() -> Result<MerchantUid> {
    Ok(MerchantUid::new(DEFAULT_SELLER_UID)?)
}

/// An order of ten yuan is paid, one yuan of it refunded.
async fn sell(mock: &Running, client: &Client) -> Result<()> {
    let amount = OrderAmount::new(Fen::new(1_000)?)?;
    let (subject, body) = (Subject::new("拿铁")?, OrderBody::new("拿铁 大杯")?);
    let ask = CreateOrder::new(order_no()?, amount, subject, body, ValidTime::new(900)?);
    let opened = client.create_order(&ask).await?;
    mock.pay(&PayAsk::new(opened.order_id.as_str())).expect("it can be paid");
    later(mock, 5).await;
    let seen = client.query_order(&QueryOrder::new(order_no()?)).await?;
    assert_eq!(seen.payment_info.order_status, OrderStatus::Success);

    let number = OutRefundNo::new("R1")?;
    let amount = RefundAmount::new(Fen::new(100)?)?;
    let ask = CreateRefund::new(order_no()?, number.clone(), amount, Reason::new("cold")?);
    client.create_refund(&ask).await?;
    later(mock, 60).await;
    assert_eq!(client.query_refund(&QueryRefund::new(number)).await?.refund_status, ResultStatus::Success);
    Ok(())
}

/// The rest is settled with a share, and a part of the share returned.
async fn settle(mock: &Running, client: &Client) -> Result<()> {
    let left = client.unsettle_amount(&UnsettleAmount::new(order_no()?)).await?;
    assert_eq!(left.detail.refund_info[0].amount, Some(Fen::new(100)?));
    assert!(left.unsettle_amount > Fen::new(880)? && left.unsettle_amount < Fen::new(900)?, "{left:?}");
    let share =
        Share { merchant_uid: MerchantUid::new(RECEIVER)?, amount: ShareAmount::new(Fen::new(200)?)? };
    let number = OutSettleNo::new("S1")?;
    let ask = Settle::new(number.clone(), order_no()?, SettleDesc::new("monthly")?).shares(&[share])?;
    client.settle(&ask.finish(true)).await?;
    later(mock, 60).await;
    let seen = client.query_settle(&QuerySettle::new(number.clone())).await?;
    assert_eq!(seen.settle_status, ResultStatus::Success);
    let own = client.query_platform_order(&QueryPlatformOrder::new(order_no()?)).await?;
    assert!(own.settle_info_list.is_empty(), "nothing was settled by the platform itself");

    let ask = CreateReturn::by_out_settle_no(
        number,
        OutReturnNo::new("T1")?,
        MerchantUid::new(RECEIVER)?,
        ReturnAmount::new(Fen::new(50)?)?,
        ReturnDesc::new("分账回退")?,
    );
    let taken = client.create_return(&ask).await?;
    assert_eq!(taken.return_status, ResultStatus::Processing);
    later(mock, 60).await;
    let found = client.query_return(&QueryReturn::by_out_return_no(OutReturnNo::new("T1")?)).await?;
    assert_eq!((&found.return_status, found.return_amount), (&ResultStatus::Success, Some(Fen::new(50)?)));
    let again = client.create_return(&ask).await?;
    assert_eq!(again.return_no, found.return_no, "the same number returns once");
    let none = client.query_return(&QueryReturn::by_out_return_no(OutReturnNo::new("T2")?)).await;
    assert!(none.expect_err("there is none").is_not_found());
    Ok(())
}

async fn withdraw(mock: &Running, client: &Client) -> Result<()> {
    let channel = || ChannelType::WeChat;
    let ask = QueryMerchantBalance::new(seller()?, channel());
    let before = client.query_merchant_balance(&ask).await?.reply.account_info;
    let free = before.withdrawable_balance.expect("a balance");
    assert!(free > Fen::new(700)?, "{before:?}");
    let number = OutWithdrawNo::new("W1")?;
    let amount = WithdrawAmount::new(Fen::new(100)?)?;
    let withdraw = MerchantWithdraw::new(seller()?, channel(), amount, number.clone());
    let taken = client.merchant_withdraw(&withdraw).await?;
    assert_eq!(
        client.merchant_withdraw(&withdraw).await?.reply,
        taken.reply,
        "the same number withdraws once"
    );
    later(mock, 4 * 86_400).await;
    let found = client.query_withdraw_order(&QueryWithdrawOrder::new(seller()?, channel(), number)).await?;
    assert_eq!(found.status, WithdrawStatus::Success);
    let after = client.query_merchant_balance(&ask).await?.reply.account_info.withdrawable_balance;
    assert_eq!(after, free.checked_sub(Fen::new(100)?));
    let too_much = WithdrawAmount::new(Fen::new(1_000_000)?)?;
    let ask = MerchantWithdraw::new(seller()?, channel(), too_much, OutWithdrawNo::new("W2")?);
    assert_eq!(client.merchant_withdraw(&ask).await.expect_err("too much").outcome(), Outcome::Refused);
    Ok(())
}

#[tokio::test]
async fn an_app_sells_settles_takes_back_and_withdraws() -> Result<()> {
    let mock = platform().await?;
    let client = builder(&mock)?.build()?;
    sell(&mock, &client).await?;
    settle(&mock, &client).await?;
    withdraw(&mock, &client).await?;
    mock.verify().expect("the books add up");
    Ok(())
}

#[tokio::test]
async fn the_same_through_a_provider_with_either_salt() -> Result<()> {
    for salt in [None, Some(provider_salt()?)] {
        let mock = platform().await?;
        let through = builder(&mock)?.thirdparty_id(provider()?);
        let client = salt.into_iter().fold(through, ClientBuilder::provider_salt).build()?;
        sell(&mock, &client).await?;
        settle(&mock, &client).await?;
        withdraw(&mock, &client).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_order_is_pushed_with_a_token() -> Result<()> {
    let mock = platform().await?;
    let client = builder(&mock)?.build()?;
    let now = mock.env().now();
    let price = Fen::new(1_000)?;
    let push = |status, at: UnixMs| -> Result<OrderPush> {
        let item = PushItem::new("latte", "https://m.example.com/latte.png", "拿铁", 1, price)?;
        let detail = PushDetail::new(order_no()?, now, status, price, "pages/order?id=1", vec![item])?;
        Ok(OrderPush::new(OpenId::new("open-1")?, at, &detail))
    };
    client.order_push(&push(PushStatus::Paid, now)?).await?;
    let first = client.access_token().await?;
    client.order_push(&push(PushStatus::Redeemed, now.plus_ms(1_000))?).await?;
    assert_eq!(client.access_token().await?, first, "one token for all");
    later(&mock, 3 * 3_600).await;
    client.order_push(&push(PushStatus::Refunding, now.plus_ms(2_000))?).await?;
    assert_ne!(client.access_token().await?, first, "the old one has expired");
    assert_eq!(mock.books().pushes.len(), 3);
    Ok(())
}

#[tokio::test]
async fn accounts_are_opened_by_app_and_by_provider() -> Result<()> {
    let mock = platform().await?;
    let client = builder(&mock)?.build()?;
    let key = || SubMerchantId::new("coffee-1");
    let link = client.app_add_sub_merchant(&AppAddSubMerchant::new(key()?, MerchantPage::Onboarding)).await?;
    let uid = link.reply.merchant_id.expect("usable as a receiver");
    assert!(link.reply.url.is_some());
    let status = client.query_merchant_status(&QueryMerchantStatus::by_merchant_id(uid)).await?;
    assert!(
        status.at(&ChannelType::WeChat).is_some_and(|state| state != OnboardingState::None),
        "{status:?}"
    );

    let builder = ProviderClient::builder(provider()?, provider_salt()?).env(mock.env().clone());
    let client = builder.platform(Platform::Url(mock.url())).build()?;
    let token = ComponentToken::new(DEFAULT_COMPONENT_TOKEN)?;
    client.add_merchant(&AddMerchant::new(token, MerchantPage::Onboarding)).await?;
    client.get_app_merchant(&GetAppMerchant::new(app_id(), MerchantPage::Balance)).await?;
    let link = client.add_sub_merchant(&AddSubMerchant::new(key()?, MerchantPage::Onboarding)).await?;
    let uid = link.reply.merchant_id.expect("usable as a receiver");
    client.query_merchant_status(&QueryMerchantStatus::by_merchant_id(uid)).await?;
    let foreign = GetAppMerchant::new(AppId::new("tt0000000000000009")?, MerchantPage::Onboarding);
    assert!(client.get_app_merchant(&foreign).await.expect_err("not its app").is_config());
    Ok(())
}
