//! The service beside the mock platform: both in one process, on one clock.

use std::collections::BTreeMap;

use douyin_pay_mock::{Mock, MockConfig, PayAsk};
use douyin_pay_server::config::Config;
use serde_json::json;

use crate::world::{World, frame};

/// A service, and the mock as its platform.
pub(crate) struct Mocked {
    pub(crate) world: World,
    pub(crate) mock: Mock,
}

impl Mocked {
    /// Both running; the app is `coffee`.
    pub(crate) fn new(mock: MockConfig) -> Self {
        let world = World::with(config);
        let mock = Mock::new(world.env.clone(), mock);
        world.others.connect("mock.test", mock.router());
        world.others.connect("pay.test", world.server.router());
        mock.start();
        world.server.start_workers();
        Self { world, mock }
    }
}

/// The configuration of `coffee` at the mock.
fn config(database: &str) -> Config {
    let text = format!(
        "{}[[apps]]\nname = \"coffee\"\napp_id = \"tt0000000000000001\"\n\
         webhook = {{ url = \"https://shop.test/coffee\", secrets = [{{ env = \"HOOK\" }}] }}\n\
         [apps.ecpay]\nplatform = \"https://mock.test\"\nsalt = {{ env = \"SALT\" }}\n\
         callback_tokens = [{{ env = \"TOKEN\" }}]\n",
        frame(database)
    );
    let hook = format!("whsec_{}", data_encoding::BASE64.encode(&[7; 32]));
    let variables = [("SALT", "mock_salt"), ("TOKEN", "mocktoken"), ("HOOK", hook.as_str())];
    let variables: BTreeMap<_, _> = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Config::parse_with(&text, variables).expect("the test gives good values")
}

#[tokio::test]
async fn a_payment_at_the_mock_reaches_the_shop() {
    let Mocked { world, mock } = Mocked::new(MockConfig::default());
    let order = world.open("O1").await;
    mock.pay(&PayAsk::new(order["pay"]["order_id"].as_str().expect("a number"))).expect("it can be paid");
    world.pass(3).await;
    assert_eq!(world.order("O1").await["state"], "paid");
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 280, "reason": "x" });
    world.post("/v1/apps/coffee/orders/O1/refunds", &refund).await.expect(201);
    world.pass(30).await;
    let order = world.order("O1").await;
    assert_eq!((&order["refunded_fen"], &order["refundable_fen"]), (&json!(280), &json!(1000)), "{order}");
    assert_eq!(mock.books().totals.refunded_fen, 280);
    assert_eq!(world.others.deliveries().len(), 2, "order.paid and refund.succeeded");
}
