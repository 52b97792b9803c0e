//! The mock's answers about money, asked and read by the protocol's own types.

use std::time::Duration;

use douyin_pay_mock::{CommissionAsk, DEFAULT_APP_ID, DEFAULT_SALT, DEFAULT_TOKEN, Switches};
use douyin_pay_protocol::ecpay::callback::{Notice, Unverified};
use douyin_pay_protocol::ecpay::{
    CreateReturn, MerchantWithdraw, QueryMerchantBalance, QueryPlatformOrder, QueryReturn,
    QueryWithdrawOrder, Request, ResultStatus, UnsettleAmount, parse_reply, signed_body,
};
use douyin_pay_protocol::{
    AppId, ChannelType, CpExtra, Fen, MerchantUid, OutOrderNo, OutReturnNo, OutSettleNo, OutWithdrawNo,
    ReturnAmount, ReturnDesc, Salt, Token, WithdrawAmount, WithdrawStatus, WithdrawUrl,
};
use http::Request as HttpRequest;

use crate::world::{DAY, World, config, without_period};

const MINUTE: Duration = Duration::from_secs(60);
const SELLER: &str = "70775300146143419322";

async fn ask<R: Request>(world: &World, request: &R) -> R::Reply {
    let body =
        signed_body(&AppId::new(DEFAULT_APP_ID).unwrap(), None, request, &Salt::new(DEFAULT_SALT).unwrap());
    let sent = HttpRequest::post(R::ENDPOINT.path()).body(body.into()).unwrap();
    let answer = world.exchange(sent).await.1.to_string();
    parse_reply::<R>(answer.as_bytes()).unwrap_or_else(|cause| panic!("{}: {cause}: {answer}", R::ENDPOINT))
}

fn fen(fen: i64) -> Fen {
    Fen::new(fen).unwrap()
}

fn seller() -> MerchantUid {
    MerchantUid::new(SELLER).unwrap()
}

/// The last callback of a kind, verified and read.
fn last_told<T>(world: &World, kind: &str, read: impl Fn(&Notice<'_>) -> T) -> T {
    let heard = world.merchant.heard();
    let last = heard.iter().rfind(|one| one.envelope()["type"] == kind).expect("it was told");
    let verified =
        Unverified::parse(&last.body).unwrap().verify(&[Token::new(DEFAULT_TOKEN).unwrap()]).unwrap();
    read(&verified.notice().unwrap())
}

#[tokio::test]
async fn a_return_by_either_number() {
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    config.switches = Switches { return_callback: true, ..Switches::default() };
    let world = World::with(config);
    world.settled("O1", 1_000, "S1", "601", 300).await;
    let asked = CreateReturn::by_out_settle_no(
        OutSettleNo::new("S1").unwrap(),
        OutReturnNo::new("T1").unwrap(),
        MerchantUid::new("601").unwrap(),
        ReturnAmount::new(fen(30)).unwrap(),
        ReturnDesc::new("分账回退").unwrap(),
    );
    let accepted = ask(&world, &asked).await;
    assert_eq!((accepted.return_status, accepted.finish_time), (ResultStatus::Processing, None));
    world.advance(MINUTE).await;
    let done = ask(&world, &QueryReturn::by_out_return_no(OutReturnNo::new("T1").unwrap())).await;
    assert_eq!((done.return_status.clone(), done.return_amount), (ResultStatus::Success, Some(fen(30))));
    assert!(done.finish_time.is_some() && done.extra.is_empty(), "{done:?}");
    let by_theirs = ask(&world, &QueryReturn::by_return_no(done.return_no.clone().unwrap())).await;
    assert_eq!(by_theirs, done);
    let told = last_told(&world, "return", |notice| matches!(notice, Notice::Return(_)));
    assert!(told);
    let again = CreateReturn::by_settle_no(
        done.settle_no.unwrap(),
        OutReturnNo::new("T2").unwrap(),
        MerchantUid::new("601").unwrap(),
        ReturnAmount::new(fen(270)).unwrap(),
        ReturnDesc::new("rest").unwrap(),
    );
    assert_eq!(ask(&world, &again).await.out_settle_no.unwrap().as_str(), "S1");
}

#[tokio::test]
async fn a_balance_and_a_withdrawal() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    let balance = ask(&world, &QueryMerchantBalance::new(seller(), ChannelType::WeChat)).await;
    let account = balance.account_info;
    assert_eq!((account.online_balance, account.withdrawable_balance), (Some(fen(0)), Some(fen(694))));
    assert!(balance.settle_info.is_some() && balance.extra.keys().eq(["err_no", "err_tips"]));
    let number = || OutWithdrawNo::new("W1").unwrap();
    let amount = WithdrawAmount::new(fen(694)).unwrap();
    let asked = MerchantWithdraw::new(seller(), ChannelType::WeChat, amount, number())
        .callback(WithdrawUrl::new("https://shop.example.com/withdrawn?to=bank").unwrap())
        .cp_extra(CpExtra::new("mine").unwrap());
    let accepted = ask(&world, &asked).await;
    let query = QueryWithdrawOrder::new(seller(), ChannelType::WeChat, number());
    assert_eq!(ask(&world, &query).await.status, WithdrawStatus::Processing);
    world.advance(MINUTE).await;
    assert_eq!(ask(&world, &query).await.status, WithdrawStatus::Success);
    last_told(&world, "withdraw", |notice| {
        let Notice::Withdraw(told) = notice else { panic!("{notice:?}") };
        assert_eq!(
            (&told.status, &told.order_id),
            (&WithdrawStatus::Success, &Some(accepted.order_id.clone()))
        );
        assert_eq!((told.out_order_id.as_deref(), told.extra.as_deref()), (Some("W1"), Some("mine")));
        assert!(told.withdraw_at.is_some());
    });
}

#[tokio::test]
async fn what_can_be_settled_and_what_was() {
    let world = World::new();
    let order_id = world.paid("O1", 1_280).await;
    world.mock.give_commission(&CommissionAsk::new(order_id, fen(72))).unwrap();
    world.refund("O1", "R1", 80).await;
    let number = || OutOrderNo::new("O1").unwrap();
    let said = ask(&world, &UnsettleAmount::new(number())).await;
    assert_eq!(said.unsettle_amount, fen(1_280 - 80 - 7 - 72));
    let detail = &said.detail;
    assert_eq!((detail.payment_rake, detail.commission), (Some(fen(7)), Some(fen(72))));
    assert_eq!(detail.refund_info[0].amount, Some(fen(80)));
    assert!(said.extra.is_empty());
    assert!(ask(&world, &QueryPlatformOrder::new(number())).await.settle_info_list.is_empty());
    world.advance(DAY * 151).await;
    let found = ask(&world, &QueryPlatformOrder::new(number())).await.settle_info_list.remove(0);
    assert_eq!(
        (found.settle_status, found.cps, found.service_charge),
        (ResultStatus::Success, Some(fen(72)), Some(fen(7)))
    );
    assert_eq!(
        (&found.settle_param_list[0].merchant_uid, found.settle_param_list[0].amount),
        (&seller(), fen(1_121))
    );
    assert!(found.created_at < found.settled_at && found.extra.is_empty());
}
