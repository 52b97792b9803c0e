//! What a shop does, whatever its framework: open an order, hear of its payment.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use douyin_pay::protocol::ecpay::callback::Notice;
use douyin_pay::protocol::ecpay::{CreateOrder, OrderStatus, ValidTime};
use douyin_pay::protocol::{AppId, Fen, NotifyUrl, OrderAmount, OrderBody, OutOrderNo, Salt, Subject, Token};
use douyin_pay::{CallbackAnswer, Client, Outcome, Platform, verify_callback};

/// A shop that sells one thing. Its books are in memory: yours are in a database, and `paid` is a unique key there.
#[derive(Clone)]
pub struct Shop {
    client: Client,
    /// The current token, then earlier ones.
    tokens: Arc<[Token]>,
    notify_url: NotifyUrl,
    paid: Arc<Mutex<BTreeSet<String>>>,
}

type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Shop {
    /// A shop at this platform; SALT signs requests, the token verifies callbacks.
    pub fn new(
        platform: Platform,
        app_id: &str,
        salt: &str,
        token: &str,
        notify_url: &str,
    ) -> Fallible<Self> {
        let client = Client::builder(AppId::new(app_id)?, Salt::new(salt)?).platform(platform).build()?;
        let tokens = Arc::from([Token::new(token)?]);
        Ok(Self { client, tokens, notify_url: NotifyUrl::new(notify_url)?, paid: Arc::default() })
    }

    /// Opens an order: status and JSON for the mini-program, whose `pay` goes to `tt.pay`.
    pub async fn open(&self, number: &str) -> (u16, String) {
        let made = || -> Fallible<CreateOrder> {
            let price = OrderAmount::new(Fen::from_yuan("12.80")?)?;
            let (subject, body) = (Subject::new("Latte")?, OrderBody::new("Latte, large")?);
            let ask = CreateOrder::new(OutOrderNo::new(number)?, price, subject, body, ValidTime::new(900)?);
            Ok(ask.notify_url(self.notify_url.clone()))
        };
        let ask = match made() {
            Ok(ask) => ask,
            Err(wrong) => return (400, serde_json::json!({ "error": wrong.to_string() }).to_string()),
        };
        match self.client.create_order(&ask).await {
            Ok(answer) => {
                let pay = serde_json::json!({
                    "order_id": answer.order_id.as_str(), "order_token": answer.order_token.as_str(), "service": 5,
                });
                (201, pay.to_string())
            }
            // The platform may have acted: the same number again is safe, a new one is not.
            Err(error) if error.outcome() == Outcome::Unknown => (503, r#"{"error":"try again"}"#.to_owned()),
            Err(error) => (502, serde_json::json!({ "error": error.to_string() }).to_string()),
        }
    }

    /// Hears a callback: its raw body in, the answer's text out. Always status 200: the text decides.
    pub fn hear(&self, body: &[u8]) -> String {
        let Ok(callback) = verify_callback(&self.tokens, body) else {
            return CallbackAnswer::again("bad signature").to_string();
        };
        match callback.notice() {
            Ok(Notice::Payment(payment)) if payment.status == OrderStatus::Success => {
                // Compare the amount with your order's here. Once per number: the platform repeats itself.
                let mut paid = self.paid.lock().expect("no panic while locked");
                paid.insert(payment.cp_orderno.to_string());
                CallbackAnswer::done().to_string()
            }
            Ok(_) => CallbackAnswer::done().to_string(),
            Err(_) => CallbackAnswer::again("unreadable").to_string(),
        }
    }

    /// The orders that are paid.
    pub fn paid(&self) -> Vec<String> {
        self.paid.lock().expect("no panic while locked").iter().cloned().collect()
    }
}
