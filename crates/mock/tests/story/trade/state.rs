//! The state file keeps the general trade system, too, without its tokens.

use std::time::Duration;

use douyin_pay_mock::{Mock, WithdrawalStatus};
use serde_json::json;

use super::shop::{Shop, refund, service, settle};
use crate::world::{DAY, World, config, surroundings};

fn shop_at(path: &std::path::Path) -> Shop {
    let (env, clock, merchant) = surroundings();
    let mock = Mock::with_state_file(env, clock.clone(), config(), path).unwrap();
    Shop::of(World { mock, clock, merchant })
}

#[tokio::test]
async fn trade_books_survive_a_restart() {
    let folder = std::env::temp_dir().join(format!("douyin-pay-mock-trade-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("state.json");

    let shop = shop_at(&path);
    shop.world.merchant.always(500, "not now");
    let first = shop.paid(&service("O1", 1_000)).await;
    shop.call("refund_create", refund(&first, "R1", &[(&first, 100)])).await;
    shop.seconds(60).await;
    shop.call("settle_create", settle("O1", "S1", &json!([]))).await;
    shop.apply(json!({ "order_id": first, "amount": 50 })).await;
    let open = shop.placed(&service("O2", 5)).await;
    let token = shop.fetch_token().await;
    let before = shop.world.mock.books();
    shop.world.mock.stop().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&token) && !text.contains("mock_app_secret") && !text.contains("PRIVATE KEY"));

    let again = shop_at(&path);
    again.world.advance(Duration::from_secs(60)).await;
    let after = again.world.mock.books();
    assert_eq!(after.orders.len(), before.orders.len());
    assert_eq!(after.refunds[0], before.refunds[0]);
    assert_eq!(again.placed(&service("O2", 5)).await, open);
    assert_eq!(again.call("refund_create", refund(&first, "R1", &[(&first, 1)])).await["err_no"], 22_004);
    assert_eq!(again.call("settle_create", settle("O1", "S1", &json!([]))).await["err_no"], 23_111);
    again.world.advance(DAY * 4).await;
    assert!(!again.told("pre_create_refund").is_empty() && !again.told("settle").is_empty());
    assert!(again.world.mock.books().refunds.iter().all(|one| one.finished_at.is_some()));
    assert_eq!(again.world.mock.verify(), Ok(()));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn files_that_name_withdrawals_without_their_system_are_still_read() {
    let folder = std::env::temp_dir().join(format!("douyin-pay-mock-named-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("state.json");
    let shop = shop_at(&path);
    shop.paid(&service("O1", 1_000)).await;
    shop.call("settle_create", settle("O1", "S1", &json!([]))).await;
    shop.seconds(60).await;
    let ask = json!({
        "merchant_uid": "70775300146143419322", "channel_type": "wx", "withdraw_amount": 900, "out_order_id": "W1",
    });
    let taken = shop.call_path("/api/apps/ecpay/saas/merchant_withdraw", ask).await;
    assert_eq!(taken["err_no"], 0, "{taken}");
    shop.world.mock.stop().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let older = text.replace("trade/tt0000000000000001/W1", "tt0000000000000001/W1");
    assert_ne!(older, text);
    std::fs::write(&path, older).unwrap();

    let again = shop_at(&path);
    again.world.advance(DAY).await;
    assert_eq!(again.world.mock.books().withdrawals[0].status, WithdrawalStatus::Success);
    assert_eq!(again.world.mock.verify(), Ok(()));
    std::fs::remove_dir_all(folder).unwrap();
}
