//! A platform, a client, a signer, and an entrance that keeps what it hears.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::post;
use bytes::Bytes;
use douyin_pay::env::OffsetClock;
use douyin_pay::protocol::trade::callback::Notice;
use douyin_pay::protocol::trade::{
    ApplicationKey, ImageUrl, KeyVersion, OrderData, PlatformPublicKey, ProductType, Schema, Sku, SkuId,
    TagGroupId, Title,
};
use douyin_pay::protocol::{AppSecret, OrderAmount, OutOrderNo, OutRefundNo, PlatformNo};
use douyin_pay::{
    AnyCallback, AppId, CallbackAnswer, CallbackTokens, Fen, OrderSigner, Platform, PlatformKeys,
    SignedOrder, Token, TradeClient, TradeClientBuilder,
};
use douyin_pay_mock::{
    DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_SALT, DEFAULT_TOKEN, Mock, MockApp, MockConfig, MockTrade,
    PayAsk, Running, Switches, keys,
};
use serde_json::{Value, json};

pub(crate) struct World {
    pub(crate) mock: Running,
    pub(crate) signer: OrderSigner,
    heard: Heard,
}

type Heard = Arc<Mutex<Vec<AnyCallback>>>;

#[derive(Clone)]
struct Entrance {
    tokens: CallbackTokens,
    keys: PlatformKeys,
    heard: Heard,
}

impl FromRef<Entrance> for CallbackTokens {
    fn from_ref(entrance: &Entrance) -> Self {
        entrance.tokens.clone()
    }
}

impl FromRef<Entrance> for PlatformKeys {
    fn from_ref(entrance: &Entrance) -> Self {
        entrance.keys.clone()
    }
}

/// Keeps the callback; a refund that the user began gets a number and a page.
async fn hear(State(entrance): State<Entrance>, callback: AnyCallback) -> CallbackAnswer {
    let answer = match &callback {
        AnyCallback::Trade(verified) => match verified.notice() {
            Ok(Notice::PreCreateRefund(asked)) => {
                let number = OutRefundNo::new(format!("dy-{}", asked.refund_id.as_str())).expect("short");
                CallbackAnswer::refund(&number, &Schema::new("pages/refund").expect("a page"), None)
            }
            Ok(_) => CallbackAnswer::done(),
            Err(problem) => CallbackAnswer::again(&problem.to_string()),
        },
        AnyCallback::Ecpay(_) => CallbackAnswer::done(),
    };
    entrance.heard.lock().expect("nobody panics with it").push(callback);
    answer
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Switches::default()).await
    }

    pub(crate) async fn with(switches: Switches) -> Self {
        let env = douyin_pay::Env::real();
        let heard = Heard::default();
        let key = PlatformPublicKey::parse(keys::PLATFORM_PUBLIC_KEY_PEM).expect("the test key");
        let earlier = PlatformPublicKey::parse(keys::SECOND_PLATFORM_PUBLIC_KEY_PEM).expect("the test key");
        let entrance = Entrance {
            tokens: CallbackTokens::new([Token::new(DEFAULT_TOKEN).expect("a token")]),
            keys: PlatformKeys::new([earlier, key]),
            heard: Arc::clone(&heard),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/callbacks", listener.local_addr().expect("an address"));
        let router = Router::new().route("/callbacks", post(hear)).with_state(entrance);
        let serve = async move { axum::serve(listener, router).await.expect("it serves until the end") };
        env.tasks.spawn("entrance", Box::pin(serve));

        let app = MockApp::new(app_id(), salt(), Token::new(DEFAULT_TOKEN).expect("a token"));
        let app = app.with_trade(MockTrade::default().with_callbacks(url));
        let config = MockConfig { apps: vec![app], switches, ..MockConfig::default() };
        let clock = OffsetClock::new(Arc::clone(&env.clock));
        let mock = Mock::with_clock(env, clock, config);
        let mock = mock.listen(([127, 0, 0, 1], 0).into()).await.expect("a free port");
        let key = ApplicationKey::parse(keys::APPLICATION_KEY_PEM).expect("the test key");
        let signer = OrderSigner::new(app_id(), key, KeyVersion::new("1").expect("a version"));
        Self { mock, signer, heard }
    }

    pub(crate) fn builder(&self) -> TradeClientBuilder {
        let secret = AppSecret::new(DEFAULT_APP_SECRET).expect("a secret");
        let builder = TradeClient::builder(app_id(), secret).env(self.mock.env().clone());
        builder.platform(Platform::Url(self.mock.url()))
    }

    pub(crate) fn client(&self) -> TradeClient {
        self.builder().build().expect("everything is given")
    }

    /// Signs an order and places it as the mini-program does; gives the platform's number and what was signed.
    pub(crate) fn place(&self, goods: Goods, number: &str, fen: i64) -> (PlatformNo, SignedOrder) {
        let signed = self.signer.sign(self.mock.env(), &order(goods, number, fen));
        let placed = self.mock.request_order(&signed.data, &signed.byte_authorization, "open-1");
        assert_eq!(placed["errNo"], 0, "{placed}");
        (PlatformNo::new(placed["orderId"].as_str().expect("a number")).expect("a number"), signed)
    }

    /// Places an order and pays it.
    pub(crate) async fn paid(&self, goods: Goods, number: &str, fen: i64) -> PlatformNo {
        let (order_id, _) = self.place(goods, number, fen);
        self.mock.pay(&PayAsk::new(order_id.as_str())).expect("it can be paid");
        self.later(1).await;
        order_id
    }

    /// The user asks for the money back.
    pub(crate) async fn apply_refund(&self, order_id: &PlatformNo) -> Value {
        let ask = json!({ "order_id": order_id.as_str(), "reason": "不想要了", "source": 1 });
        let request = http::Request::post(format!("{}/mock/apply_refund", self.mock.url()));
        let request = request.header("content-type", "application/json").body(Bytes::from(ask.to_string()));
        let sent = self.mock.env().net.send(request.expect("a request"), std::time::Duration::from_secs(5));
        serde_json::from_slice(sent.await.expect("an answer").body()).expect("JSON")
    }

    /// Lets so many seconds pass; what is due meanwhile has happened.
    pub(crate) async fn later(&self, seconds: u64) {
        self.mock.advance(std::time::Duration::from_secs(seconds)).await.expect("its clock can be moved");
    }

    /// The kinds of the callbacks so far.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let heard = self.heard.lock().expect("nobody panics with it");
        let kind = |callback: &AnyCallback| match callback {
            AnyCallback::Ecpay(old) => format!("ecpay {}", old.kind()),
            AnyCallback::Trade(new) => format!("{} by key {}", new.kind(), new.key_index()),
        };
        heard.iter().map(kind).collect()
    }
}

pub(crate) fn app_id() -> AppId {
    AppId::new(DEFAULT_APP_ID).expect("a good id")
}

fn salt() -> douyin_pay::Salt {
    douyin_pay::Salt::new(DEFAULT_SALT).expect("a salt")
}

/// A product type with one of its tag groups.
pub(crate) type Goods = (u16, &'static str);

/// Done as soon as it is paid.
pub(crate) const TOOL: Goods = (301, "tag_group_7272625659888058380");
/// The platform wants to know when it is done.
pub(crate) const ADVICE: Goods = (201, "tag_group_7272625659888009228");

fn order((kind, group): Goods, number: &str, fen: i64) -> OrderData {
    let (id, title) = (SkuId::new("sku-1").expect("an id"), Title::new("拿铁").expect("a title"));
    let image = ImageUrl::new("https://example.com/a.png").expect("a URL");
    let group = TagGroupId::new(group).expect("a group");
    let (kind, price) = (ProductType::new(kind).expect("a type"), Fen::new(fen).expect("an amount"));
    let sku = Sku::new(id, title, image, kind, group, price, 1).expect("a sku");
    let page = Schema::new("pages/order/detail").expect("a page");
    let number = OutOrderNo::new(number).expect("a number");
    OrderData::new(number, OrderAmount::new(price).expect("an amount"), sku, page).expect("an order")
}
