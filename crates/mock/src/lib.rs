//! The platform pretended: Douyin's two payment systems for tests and development.
//!
//! ```text
//!  merchant ──signed calls──► http ──► platform (pure: orders, money, rules, schedule)
//!  cashier  ──pay───────────► http ──►    │ due callbacks
//!  merchant ◄──signed callbacks── sender ◄┘      control: /mock/*
//! ```
//!
//! The mock shares no code with the SDK and the ledger, so that it is a second opinion. It needs no
//! credentials, runs on a clock that can be moved, and goes wrong on purpose when asked.
//!
//! In a test, start it on a free port and point the SDK at its URL:
//!
//! ```
//! use bytes::Bytes;
//! use douyin_pay_mock::{DEFAULT_SALT, PayAsk};
//! use douyin_pay_protocol::ecpay::{self, CreateOrder, Endpoint, ValidTime};
//! use douyin_pay_protocol::{AppId, OrderAmount, OutOrderNo, Fen, Salt, Subject, OrderBody, NotifyUrl};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mock = douyin_pay_mock::start().await?;
//!
//! let order = CreateOrder::new(
//!     OutOrderNo::new("O1")?,
//!     OrderAmount::new(Fen::from_yuan("12.80")?)?,
//!     Subject::new("Latte")?,
//!     OrderBody::new("Latte large")?,
//!     ValidTime::new(900)?,
//! )
//! .notify_url(NotifyUrl::new("http://127.0.0.1:9/callbacks")?);
//! let body = ecpay::signed_body(&AppId::new("tt0000000000000001")?, None, &order, &Salt::new(DEFAULT_SALT)?);
//! let request = http::Request::post(format!("{}{}", mock.url(), Endpoint::CreateOrder.path()))
//!     .header("content-type", "application/json")
//!     .body(Bytes::from(body))?;
//! let answer = mock.env().net.send(request, std::time::Duration::from_secs(5)).await.map_err(|e| e.problem)?;
//! let reply = ecpay::parse_reply::<CreateOrder>(answer.body())?;
//!
//! mock.pay(&PayAsk::new(reply.order_id.as_str()))?;
//! assert_eq!(mock.books().totals.paid_fen, 1280);
//! mock.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! The default app has the general trade system as well: secret [`DEFAULT_APP_SECRET`], key pairs in [`keys`].
//! The merchant signs order data, and the mock plays the phone that hands it over:
//!
//! ```
//! use douyin_pay_env::Env;
//! use douyin_pay_mock::{DEFAULT_APP_ID, Mock, MockConfig, PayAsk, keys};
//! use douyin_pay_protocol::AppId;
//! use douyin_pay_protocol::trade::{ApplicationKey, KeyVersion, Nonce, REQUEST_ORDER_URI, authorize};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mock = Mock::new(Env::real(), MockConfig::default());
//! let data = r#"{"skuList":[{"skuId":"1","price":1280,"quantity":1,"title":"Latte","imageList":["https://example.com/a.png"],
//!     "type":301,"tagGroupId":"tag_group_7272625659888058380"}],"outOrderNo":"O1","totalAmount":1280,
//!     "orderEntrySchema":{"path":"pages/order"}}"#;
//! let (app_id, key) = (AppId::new(DEFAULT_APP_ID)?, ApplicationKey::parse(keys::APPLICATION_KEY_PEM)?);
//! let (version, nonce) = (KeyVersion::new("1")?, Nonce::of_random([7; 16]));
//! let now = mock.env().now();
//! let signed = authorize(&app_id, &key, &version, "POST", REQUEST_ORDER_URI, data.as_bytes(), now, &nonce);
//!
//! let placed = mock.request_order(data, &signed.to_string(), "open-id-1");
//! mock.pay(&PayAsk::new(placed["orderId"].as_str().ok_or("refused")?))?;
//! assert_eq!(mock.books().totals.paid_fen, 1280);
//! # Ok(())
//! # }
//! ```

mod config;
mod dice;
mod faults;
pub mod keys;
mod mock;
mod platform;
mod sender;
mod signer;
mod socket;
mod state_file;
mod web;

pub use config::{
    BillForm, ConfigError, DEFAULT_APP_ID, DEFAULT_APP_SECRET, DEFAULT_COMPONENT_TOKEN, DEFAULT_SALT,
    DEFAULT_SELLER_UID, DEFAULT_TOKEN, MockApp, MockConfig, MockProvider, MockTrade, NegativeTest,
    ProviderSalt, Published, SettleFrom, Switches,
};
pub use faults::{CallFault, CallbackFault, Faults, NextCall, NextCallback, NextOperation, OperationFault};
pub use mock::{AdvanceError, Callbacks, Calls, Mock};
pub use platform::{
    AuditStatus, Balance, BankAsk, BankError, BankOutcome, Books, CallRecord, CommissionAsk, CommissionError,
    ConsoleChange, ConsoleError, DeliveryRecord, Fulfilment, ItemBook, LimitWatch, MerchantBook, OnboardAsk,
    OnboardingStatus, OperationStatus, OrderBook, OrderStatus, Paid, PayAsk, PayError, PayOutcome, PushBook,
    RefundBook, RefundItemBook, RefundSource, ReturnBook, SettlementBook, ShareBook, System, Totals,
    WaitingCallback, Way, WithdrawalBook, WithdrawalStatus,
};
pub use signer::{CallbackSigner, SignedCallback, TradeCallbackSigner};
pub use socket::{Running, start};
pub use state_file::StateError;
pub use web::Vanish;
