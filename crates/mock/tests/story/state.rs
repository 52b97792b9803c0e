//! The state file: books survive a restart, broken ones are refused.

use std::time::Duration;

use douyin_pay_mock::{CommissionAsk, Mock, OperationStatus, StateError, WithdrawalStatus};
use douyin_pay_protocol::Fen;
use serde_json::json;

use crate::world::{DAY, World, config, order, share, surroundings};

fn world_at(path: &std::path::Path) -> Result<World, StateError> {
    let (env, clock, merchant) = surroundings();
    let mock = Mock::with_state_file(env, clock.clone(), config(), path)?;
    Ok(World { mock, clock, merchant })
}

#[tokio::test]
async fn books_survive_a_restart() {
    let folder = std::env::temp_dir().join(format!("douyin-pay-mock-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("state.json");

    let world = world_at(&path).unwrap();
    world.merchant.always(500, "not now");
    let first = world.paid("O1", 1280).await;
    world.refund("O1", "R1", 100).await;
    world.advance(Duration::from_secs(60)).await;
    world.paid("O2", 500).await;
    let before = world.mock.books();
    let waiting = world.mock.callbacks().waiting;
    assert_eq!(waiting.len(), 3);
    world.mock.stop().unwrap();

    let again = world_at(&path).unwrap();
    again.advance(Duration::from_secs(60)).await;
    let after = again.mock.books();
    assert_eq!((after.orders, after.refunds, after.totals), (before.orders, before.refunds, before.totals));
    assert_eq!(again.call("create_order", order("O1", 1280)).await["data"]["order_id"], first);
    again.advance(DAY).await;
    assert!(again.merchant.heard().len() >= 3, "callbacks go on after the restart");
    let third = again.open("O3", 5).await;
    assert!(third > first, "platform numbers go on, too");

    let mut broken: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    broken["accounts"]["refunded"] = json!(99);
    std::fs::write(&path, broken.to_string()).unwrap();
    let refused = world_at(&path).err().unwrap().to_string();
    assert!(refused.contains("not sound") && refused.contains("99"), "{refused}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// Written by a mock that counted commissions among the fees and knew withdrawals of one system only.
const OF_VERSION_1: &str = include_str!("state-1.json");

#[tokio::test]
async fn books_of_an_older_mock_are_still_read() {
    let folder = std::env::temp_dir().join(format!("douyin-pay-mock-old-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("state.json");
    std::fs::write(&path, OF_VERSION_1).unwrap();

    let world = world_at(&path).unwrap();
    let books = world.mock.books();
    assert_eq!((books.totals.rake_fen, books.totals.commission_fen), (14, 25));
    let withdrawn: Vec<_> = books.withdrawals.iter().map(|one| (&*one.out_order_id, one.status)).collect();
    assert_eq!(withdrawn, [("W1", WithdrawalStatus::Success), ("W2", WithdrawalStatus::Processing)]);
    assert_eq!(world.mock.verify(), Ok(()));

    world.advance(DAY * 16).await;
    let books = world.mock.books();
    assert_eq!((books.withdrawals[1].status, books.totals.frozen_fen), (WithdrawalStatus::Success, 0));
    assert!(books.refunds.iter().all(|one| one.finished_at.is_some()));
    assert_eq!(world.settle("E2", "ES2", json!([])).await["err_no"], 0, "its orders go on");
    let give_back = json!({
        "out_return_no": "T1", "out_settle_no": "ES1", "merchant_uid": "601", "return_amount": 60, "return_desc": "x",
    });
    assert_eq!(world.call("create_return", give_back).await["err_no"], 0);
    world.advance(Duration::from_secs(60)).await;
    assert_eq!(world.mock.books().returns[0].status, OperationStatus::Success);
    world.mock.stop().unwrap();
    let again = world_at(&path).unwrap();
    assert_eq!(again.mock.books().totals, world.mock.books().totals, "and are kept in the new form");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn returns_and_withdrawals_survive_a_restart() {
    let folder = std::env::temp_dir().join(format!("douyin-pay-mock-money-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("state.json");
    let world = world_at(&path).unwrap();
    let order_id = world.paid("O1", 1_000).await;
    let commission = CommissionAsk::new(order_id, Fen::new(50).unwrap());
    world.mock.give_commission(&commission).unwrap();
    world.advance(DAY * 7).await;
    world.settle("O1", "S1", json!([share("601", 100)])).await;
    world.advance(Duration::from_secs(60)).await;
    let give_back = json!({
        "out_return_no": "T1", "out_settle_no": "S1", "merchant_uid": "601", "return_amount": 60, "return_desc": "x",
    });
    let accepted = world.call("create_return", give_back.clone()).await;
    let withdraw = json!({
        "merchant_uid": "601", "channel_type": "wx", "withdraw_amount": 40, "out_order_id": "W1",
    });
    let path_of = "/api/apps/ecpay/saas/merchant_withdraw";
    let frozen = world.call_path(path_of, withdraw.clone()).await;
    world.mock.stop().unwrap();

    let again = world_at(&path).unwrap();
    again.advance(DAY * 7).await;
    again.advance(Duration::from_secs(120)).await;
    let books = again.mock.books();
    assert_eq!(books.returns[0].status, OperationStatus::Success);
    assert_eq!(books.withdrawals[0].status, WithdrawalStatus::Success);
    assert_eq!((books.totals.commission_fen, books.totals.withdrawn_fen), (50, 40));
    let repeated = again.call("create_return", give_back).await;
    assert_eq!(repeated["return_info"]["return_no"], accepted["return_info"]["return_no"]);
    assert_eq!(again.call_path(path_of, withdraw).await, frozen);
    assert_eq!(again.mock.verify(), Ok(()));
    std::fs::remove_dir_all(folder).unwrap();
}
