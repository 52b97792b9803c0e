//! Books with orders that wait for their payment, and the callbacks that report it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use bytes::Bytes;
use douyin_pay_env::{Env, UnixMs};
use douyin_pay_ledger::{CallOutcome, Fact, Open, OrderId, Source, System, Target, What};
use douyin_pay_protocol::ecpay::callback;
use douyin_pay_protocol::{AppId, Fen, OrderToken, OutOrderNo, PlatformNo, Token};
use douyin_pay_server::Server;
use douyin_pay_server::config::Config;
use douyin_pay_server::journal::{Journal, JournalWriter, Key, Submission};

pub(crate) const APP_ID: &str = "tt0000000000000001";
pub(crate) const TOKEN: &str = "mocktoken";
const ORDER_FEN: i64 = 1280;
/// Submissions under way at once while the orders are prepared.
const PREPARING_AT_ONCE: usize = 1000;

pub(crate) fn order_no(index: usize) -> String {
    format!("O{index:08}")
}

/// A service over a new database in `folder`, without workers: only the way in is measured.
pub(crate) fn service(folder: &Path) -> anyhow::Result<(Server, JournalWriter)> {
    std::fs::write(folder.join("salt"), "mock_salt")?;
    std::fs::write(folder.join("token"), TOKEN)?;
    let folder = folder.display();
    let text = format!(
        r#"
listen = "127.0.0.1:0"
public_url = "http://127.0.0.1:1"
database = "sqlite://{folder}/books.db"

[[apps]]
name = "coffee"
app_id = "{APP_ID}"

[apps.ecpay]
platform = "http://127.0.0.1:1"
salt = {{ file = "{folder}/salt" }}
callback_tokens = [{{ file = "{folder}/token" }}]
"#
    );
    let config = Config::parse(&text).context("the configuration")?;
    Server::open(config, Env::real()).context("opening the books")
}

/// Opens `count` orders through the journal, as a platform that answers at once would.
pub(crate) async fn prepare(journal: &Journal, env: &Env, count: usize) -> anyhow::Result<()> {
    for start in (0..count).step_by(PREPARING_AT_ONCE) {
        let indexes = start..count.min(start + PREPARING_AT_ONCE);
        let opening = indexes.map(|index| open_one(journal.clone(), env.clone(), index));
        for opened in futures_util::future::join_all(opening).await {
            opened?;
        }
    }
    Ok(())
}

async fn open_one(journal: Journal, env: Env, index: usize) -> anyhow::Result<()> {
    let app_id = AppId::new(APP_ID)?;
    let out_order_no = OutOrderNo::new(order_no(index))?;
    let at = env.now();
    let open = Open {
        id: OrderId::new(at, env.random_u64()),
        app_id: app_id.clone(),
        system: System::Ecpay,
        out_order_no: out_order_no.clone(),
        amount: Fen::new(ORDER_FEN)?,
        subject: "Latte".into(),
        body: "Latte large".into(),
        valid_seconds: 3600,
        cp_extra: None,
        open_id: None,
        metadata: None,
        opened_elsewhere_at: None,
        refund_late: false,
        trade: None,
        ecpay: None,
        settle_after_days: None,
        order_push: None,
        request_sha256: [1; 32],
    };
    let outcome = CallOutcome::Accepted {
        platform_no: Some(PlatformNo::new(format!("N73{index:017}"))?),
        order_token: Some(OrderToken::new("CgsIARDiDRgCIAEoARJOCkw".repeat(6))?),
    };
    let facts = [
        (Key::New, Source::Merchant, What::Open(Box::new(open))),
        (Key::Order(app_id, out_order_no), Source::Answer, What::Answered { target: Target::Order, outcome }),
    ];
    for (key, source, what) in facts {
        let decided =
            journal.submit(Submission { key, fact: Fact { at, source, what }, callback: None }).await?;
        ensure!(decided.verdict.is_ok(), "order {index}: {:?}", decided.verdict);
    }
    Ok(())
}

/// Signed payment callbacks: one for each order, and every twentieth of the run twice.
pub(crate) fn callbacks(count: usize) -> (Arc<Vec<Bytes>>, usize) {
    let token = Token::new(TOKEN).expect("a token");
    let unique = count - count / 20;
    let at = UnixMs::new(1_767_225_600_000);
    let body = |index: usize| {
        let number = order_no(index);
        let msg = format!(
            r#"{{"appid":"{APP_ID}","cp_orderno":"{number}","cp_extra":"","way":"1","channel_no":"42000000002024010100{index:08}","channel_gateway_no":"","payment_order_no":"PCP20240101000000000000{index:08}","out_channel_order_no":"42000000002024010100{index:08}","total_amount":{ORDER_FEN},"status":"SUCCESS","seller_uid":"70775300146143419322","extra":"","item_id":"","paid_at":{},"message":"","order_id":"N73{index:017}"}}"#,
            at.seconds()
        );
        Bytes::from(callback::body(&token, "payment", &at.seconds().to_string(), "2345", &msg))
    };
    let mut bodies: Vec<Bytes> = (0..unique).map(body).collect();
    // A repeated callback follows its first one closely, as the platform's do.
    for repeated in 0..count / 20 {
        let first = repeated * 20;
        let again = bodies[first].clone();
        bodies.insert((first + repeated + 3).min(bodies.len()), again);
    }
    (Arc::new(bodies), unique)
}
