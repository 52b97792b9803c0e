//! All fourteen calls, under each convention of the platform.

use douyin_pay::protocol::trade::{
    Bills, ChannelType, FulfillPushStatus, FundBills, MerchantWithdraw, OrderQuery, QueryCps,
    QueryMerchantBalance, QueryWithdrawOrder, RefundAuditCallback, RefundCreate, RefundQuery, RefundReason,
    RefundReasonCode, RefundText, Schema, SettleCreate, SettleQuery, TagQuery, ToStatus,
};
use douyin_pay::protocol::{
    Fen, MerchantUid, OutNo, OutOrderNo, OutRefundNo, OutSettleNo, PlatformNo, SettleDesc,
};
use douyin_pay::{Error, Outcome};
use douyin_pay_mock::{DEFAULT_SELLER_UID, Switches};

use crate::world::{ADVICE, World, app_id};

/// Fails with what the platform said.
fn code(error: &Error) -> i64 {
    error.platform_error().unwrap_or_else(|| panic!("{error}")).err_no.get()
}

async fn all_calls(world: &World) -> Result<(), Box<dyn std::error::Error>> {
    let client = world.client();
    let order_id = world.paid(ADVICE, "O1", 1_000).await;
    let number = || OutOrderNo::new("O1");
    let merchant = || MerchantUid::new(DEFAULT_SELLER_UID);

    assert!(!client.tag_query(&TagQuery::all()).await?.tag_detail_list.is_empty());
    let order = client.order_query(&OrderQuery::by_order_id(order_id.clone())).await?;
    assert_eq!(order.total_amount.get(), 1_000);
    assert_eq!(client.query_cps(&QueryCps::by_out_order_no(number()?)).await?.order_id, order_id);
    let item = order.item_order_list[0].item_order_id.clone();
    let push = FulfillPushStatus::new(order_id.clone(), vec![item], ToStatus::fulfill_done())?;
    client.fulfill_push_status(&push).await?;

    let reason = RefundReason { code: RefundReasonCode::Another, text: RefundText::new("other")? };
    let page = Schema::new("pages/refund")?;
    let other = world.paid(ADVICE, "O2", 500).await;
    let number_of_refund = OutRefundNo::new("R1")?;
    let ask = RefundCreate::all(other.clone(), number_of_refund, page, vec![reason], Fen::new(500)?)?;
    let taken = client.refund_create(&ask).await?;
    let audit = client.refund_audit_callback(&RefundAuditCallback::agree(taken.reply.refund_id)).await;
    assert_eq!(code(&audit.expect_err("nobody asked")), 22_006);
    assert_eq!(client.refund_query(&RefundQuery::by_order_id(other)).await?.refund_list.len(), 1);

    let ask = SettleCreate::new(app_id(), number()?, OutSettleNo::new("S1")?, SettleDesc::new("monthly")?);
    let settled = client.settle_create(&ask).await?;
    world.later(3_600).await;
    let found = client.settle_query(&SettleQuery::by_settle_id(app_id(), settled.reply.settle_id)).await?;
    assert_eq!(found.0.len(), 1);
    let none = SettleQuery::by_out_settle_no(app_id(), OutSettleNo::new("S2")?);
    assert!(client.settle_query(&none).await?.0.is_empty());

    let ask = QueryMerchantBalance::new(merchant()?, ChannelType::Yzt).app_id(app_id());
    client.query_merchant_balance(&ask).await?;
    let withdrawal = || OutNo::new("W1");
    let (amount, channel) = (Fen::new(10)?, ChannelType::Yzt);
    let ask = MerchantWithdraw::new(merchant()?, channel, amount, withdrawal()?)?.app_id(app_id());
    client.merchant_withdraw(&ask).await?;
    let ask = QueryWithdrawOrder::new(app_id(), merchant()?, ChannelType::Yzt, withdrawal()?);
    client.query_withdraw_order(&ask).await?;

    let bills = Bills::new(app_id(), merchant()?, "20260101", "1")?;
    assert_eq!(client.bills(&bills).await?.bill_list.len(), 1);
    let bills = FundBills::new(app_id(), merchant()?, "20260101", "1", "2", "3")?;
    assert_eq!(client.fund_bills(&bills).await?.fund_bill_list.len(), 1);

    let unknown = OrderQuery::by_order_id(PlatformNo::new("motb404")?);
    let missing = client.order_query(&unknown).await.expect_err("there is none");
    assert_eq!((code(&missing), missing.is_not_found(), missing.outcome()), (20_000, true, Outcome::NotSent));
    Ok(())
}

#[tokio::test]
async fn refusals_with_status_200_and_numbers_as_numbers() {
    all_calls(&World::new().await).await.unwrap();
}

#[tokio::test]
async fn refusals_with_status_400() {
    all_calls(&World::with(Switches { http_400_for_errors: true, ..Switches::default() }).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn numbers_as_texts() {
    all_calls(&World::with(Switches { numbers_as_strings: true, ..Switches::default() }).await)
        .await
        .unwrap();
}
