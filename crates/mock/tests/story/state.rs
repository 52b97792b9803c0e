//! The state file: books survive a restart, broken ones are refused.

use std::time::Duration;

use douyin_pay_mock::{Mock, StateError};
use serde_json::json;

use crate::world::{DAY, World, config, order, surroundings};

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
