//! Faults of calls: what the client sees, and whether the platform acted.

use std::time::Duration;

use douyin_pay_mock::{CallFault, Faults, NextCall};
use serde_json::{Value, json};

use crate::world::{World, order, signed};

async fn under(fault: CallFault) -> (Option<(u16, String)>, bool, World) {
    let world = World::new();
    let faults =
        Faults { next: vec![NextCall::new("create_order", fault, 1)], delay_ms_max: 0, ..Faults::default() };
    world.mock.set_faults(faults);
    let body = signed(order("O1", 1280), "mock_salt").to_string();
    let calling = world.send("create_order", body);
    let moving = async {
        for _ in 0..10 {
            tokio::task::yield_now().await;
            world.clock.advance(Duration::from_secs(10));
        }
    };
    let (response, ()) = futures_util::future::join(calling, moving).await;
    let answer = match response {
        Some(response) => Some(crate::world::text(response).await),
        None => None,
    };
    let acted = !world.mock.books().orders.is_empty();
    (answer, acted, world)
}

#[tokio::test]
async fn each_fault_does_what_it_says() {
    let table = [
        (CallFault::LoseRequest, None, false),
        (CallFault::LoseResponse, None, true),
        (CallFault::InternalBefore, Some((200, "1000")), false),
        (CallFault::InternalAfter, Some((200, "1000")), true),
        (CallFault::GatewayBefore, Some((502, "Bad Gateway")), false),
        (CallFault::GatewayAfter, Some((502, "Bad Gateway")), true),
        (CallFault::Hang, None, false),
        (CallFault::HangAfter, None, true),
        (CallFault::Delay, Some((200, "\"err_no\":0")), true),
        (CallFault::Throttle, Some((200, "1001")), false),
    ];
    for (fault, expected, effect) in table {
        let (answer, acted, world) = under(fault).await;
        match (&answer, expected) {
            (None, None) => {}
            (Some((status, text)), Some((wanted, part))) => {
                assert_eq!(*status, wanted, "{fault:?}");
                assert!(text.contains(part), "{fault:?}: {text}");
            }
            _ => panic!("{fault:?}: {answer:?}"),
        }
        assert_eq!(acted, effect, "{fault:?}");
        let record = world.mock.calls().calls.remove(0);
        assert_eq!(record.fault, Some(fault));
        let repeat: Value = world.call("create_order", order("O1", 1280)).await;
        assert_eq!(repeat["err_no"], 0, "{fault:?}: the same number can be repeated");
        assert_eq!(world.mock.books().orders.len(), 1);
        assert_eq!(world.mock.faults().next[0].times, 0);
    }
}

#[tokio::test]
async fn the_same_seed_goes_wrong_the_same_way() {
    let run = |seed| async move {
        let world = World::with(douyin_pay_mock::MockConfig { seed, ..crate::world::config() });
        let odds = "{\"calls\":{\"lose_response\":200,\"internal_before\":200,\"throttle\":100}}";
        assert_eq!(world.control("PUT", "/mock/faults", odds).await.0, 200);
        for n in 0..60 {
            world.raw("create_order", signed(order(&format!("O{n}"), 5), "mock_salt").to_string()).await;
        }
        world.mock.calls().calls.into_iter().map(|call| call.fault).collect::<Vec<_>>()
    };
    let first = run(1).await;
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
    let hit = first.iter().flatten().count();
    assert!((15..45).contains(&hit), "{hit}");
}

#[tokio::test]
async fn an_answer_carries_the_log_id_of_its_record() {
    let world = World::new();
    let body = signed(json!({ "out_order_no": "O1" }), "mock_salt").to_string();
    let response = world.send("query_order", body).await.unwrap();
    let log_id = response.headers()["x-tt-logid"].to_str().unwrap().to_owned();
    assert!(log_id.len() == 34 && log_id.starts_with("20240101000000"), "{log_id}");
    assert_eq!(world.mock.calls().calls[0].log_id, Some(log_id));
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
}
