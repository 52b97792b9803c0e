//! The service beside the mock platform: both in one process, on one clock.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_mock::keys::{
    APPLICATION_KEY_PEM, PLATFORM_PUBLIC_KEY_PEM, SECOND_APPLICATION_KEY_PEM, SECOND_PLATFORM_PUBLIC_KEY_PEM,
};
use douyin_pay_mock::{Mock, MockConfig, OrderBook, PayAsk};
use douyin_pay_server::config::Config;
use http::Request;
use serde_json::{Value, json};

use crate::world::{World, frame};

/// Where the service takes the app's callbacks.
pub(crate) const CALLBACKS: &str = "https://pay.test/callbacks/coffee";
/// Product type and tag group whose fulfilment the platform wants to know.
pub(crate) const CONSULTING: (u16, &str) = (201, "tag_group_7272625659888009228");

/// A service, and the mock as its platform.
pub(crate) struct Mocked {
    pub(crate) world: World,
    pub(crate) mock: Mock,
}

/// What differs from one configuration to the next.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    pub(crate) new_orders: &'static str,
    pub(crate) sections: &'static [&'static str],
    pub(crate) key: &'static str,
    pub(crate) key_version: &'static str,
    pub(crate) platform_keys: &'static str,
    /// More settings of the app, and of its section of guaranteed payment.
    pub(crate) app: &'static str,
    pub(crate) ecpay: &'static str,
    pub(crate) more: &'static str,
}

impl Setting {
    /// Both sections, new orders in the general trade system.
    pub(crate) const TRADE: Self = Self {
        new_orders: "trade",
        sections: &["ecpay", "trade"],
        key: "KEY",
        key_version: "1",
        platform_keys: "{ env = \"PLATFORM\" }",
        app: "",
        ecpay: "",
        more: "",
    };
    /// The same before the move.
    pub(crate) const ECPAY: Self = Self { new_orders: "ecpay", ..Self::TRADE };

    pub(crate) fn config(self, database: &str) -> Config {
        let mut text = format!(
            "{}[[apps]]\nname = \"coffee\"\napp_id = \"tt0000000000000001\"\nnew_orders = \"{}\"\n\
             webhook = {{ url = \"https://shop.test/coffee\", secrets = [{{ env = \"HOOK\" }}] }}\n{}\n",
            frame(database),
            self.new_orders,
            self.app,
        );
        if self.sections.contains(&"ecpay") {
            text.push_str(
                "[apps.ecpay]\nplatform = \"https://mock.test\"\nsalt = { env = \"SALT\" }\n\
                 callback_tokens = [{ env = \"TOKEN\" }]\n",
            );
            text.push_str(self.ecpay);
            text.push('\n');
        }
        if self.sections.contains(&"trade") {
            text.push_str(&format!(
                "[apps.trade]\nplatform = \"https://mock.test\"\napp_secret = {{ env = \"SECRET\" }}\n\
                 private_key = {{ env = \"{}\" }}\nkey_version = \"{}\"\nplatform_public_keys = [{}]\n\
                 entry = {{ path = \"pages/order\" }}\n\
                 sku_defaults = {{ type = 301, tag_group_id = \"tag_group_7272625659888058380\", image = \"https://shop.test/a.png\" }}\n",
                self.key, self.key_version, self.platform_keys
            ));
        }
        text.push_str(self.more);
        let hook = format!("whsec_{}", data_encoding::BASE64.encode(&[7; 32]));
        let variables = [
            ("SALT", "mock_salt"),
            ("TOKEN", "mocktoken"),
            ("HOOK", hook.as_str()),
            ("SECRET", "mock_app_secret"),
            ("KEY", APPLICATION_KEY_PEM),
            ("NEXT_KEY", SECOND_APPLICATION_KEY_PEM),
            ("PLATFORM", PLATFORM_PUBLIC_KEY_PEM),
            ("NEXT_PLATFORM", SECOND_PLATFORM_PUBLIC_KEY_PEM),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Config::parse_with(&text, BTreeMap::from(variables)).expect("the test gives good values")
    }
}

/// The mock with callback addresses published in its console.
pub(crate) fn console() -> MockConfig {
    let mut config = MockConfig::default();
    let trade = config.apps[0].trade.take().unwrap_or_default();
    config.apps[0].trade = Some(trade.with_callbacks(CALLBACKS));
    config
}

impl Mocked {
    /// Both running; the app is `coffee`.
    pub(crate) fn new(setting: Setting, mock: MockConfig) -> Self {
        let world = World::with(|database| setting.config(database));
        let mock = Mock::new(world.env.clone(), mock);
        world.others.connect("mock.test", mock.router());
        world.others.connect("pay.test", world.server.router());
        mock.start();
        world.server.start_workers();
        Self { world, mock }
    }

    pub(crate) fn trade() -> Self {
        Self::new(Setting::TRADE, console())
    }

    pub(crate) fn reload(&self, setting: Setting) {
        self.world.server.reload(&setting.config("/unused")).expect("a configuration that can be used");
    }

    /// Says something to the mock, as the phone or the console does.
    pub(crate) async fn say(&self, path: &str, body: &Value) -> Value {
        let request = Request::post(format!("https://mock.test{path}"))
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .expect("the test gives good values");
        let sent = self.world.env.net.send(request, Duration::from_secs(5));
        let answer = self.world.drive(sent).await.expect("the mock answers");
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {} {text}", answer.status()))
    }

    /// An order of 1280 fen that is signed; its `pay`.
    pub(crate) async fn signed(&self, out_order_no: &str) -> Value {
        let came = self.world.post("/v1/apps/coffee/orders", &order(out_order_no)).await.expect(201);
        came["pay"].clone()
    }

    /// The phone hands `pay` to `tt.requestOrder`; the platform's number.
    pub(crate) fn place(&self, pay: &Value) -> String {
        let text = |name: &str| pay[name].as_str().expect("a text").to_owned();
        let answer = self.mock.request_order(&text("data"), &text("byteAuthorization"), "payer");
        answer["orderId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// An order of 1280 fen that is paid, with its callback delivered; the platform's number.
    pub(crate) async fn paid(&self, out_order_no: &str) -> String {
        let order_id = self.place(&self.signed(out_order_no).await);
        self.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
        self.world.pass(3).await;
        assert_eq!(self.world.order(out_order_no).await["state"], "paid");
        order_id
    }

    pub(crate) fn book(&self, out_order_no: &str) -> OrderBook {
        let mut orders = self.mock.books().orders.into_iter();
        orders.find(|order| order.out_order_no == out_order_no).expect("the platform has it")
    }

    /// The types of all events that were delivered.
    pub(crate) fn events(&self) -> Vec<String> {
        let deliveries = self.world.others.deliveries();
        let kind = |body: &Bytes| {
            let body: Value = serde_json::from_slice(body).expect("an event");
            body["type"].as_str().expect("a word").to_owned()
        };
        deliveries.iter().map(|(_, body)| kind(body)).collect()
    }
}

pub(crate) fn order(out_order_no: &str) -> Value {
    json!({ "out_order_no": out_order_no, "amount_fen": 1280, "subject": "Latte" })
}
