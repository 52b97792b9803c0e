//! A service provider calls for the app.

use douyin_pay_mock::MockProvider;
use douyin_pay_protocol::{AppId, Salt};
use serde_json::json;

use super::world::{ORDERS, mock, pay, with};

const PROVIDER: &str = "thirdparty_id = \"tt00000000000000ff\"\nprovider_salt = { env = \"SECRET\" }\n";

#[tokio::test]
async fn every_call_names_the_provider_and_its_salt_signs() {
    let app_id = AppId::new("tt0000000000000001").expect("an app id");
    let thirdparty_id = AppId::new("tt00000000000000ff").expect("an app id");
    let provider = MockProvider::new(thirdparty_id, Salt::new("mock_app_secret").expect("a salt"));
    let provider = provider.granted(app_id);
    let it = with("", PROVIDER, mock(|config| config.providers.push(provider)));
    let opened = it.world.open("O1").await;
    pay(&it, &opened).await;
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 100, "reason": "x" });
    it.world.post(&format!("{ORDERS}/O1/refunds"), &refund).await.expect(201);
    it.world.pass(60).await;
    assert_eq!(it.world.order("O1").await["refunded_fen"], 100);
    // A provider that the platform does not know is a matter of the configuration: nothing is lost.
    let it = with("", PROVIDER, mock(|_| {}));
    let came = it.world.post(ORDERS, &crate::world::order("O1")).await;
    came.problem(502, "platform_refuses_configuration");
}
