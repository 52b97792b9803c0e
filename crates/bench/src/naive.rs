//! The obvious handler: one transaction per request, the same tables and rows.

use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use douyin_pay_env::{Clock, Entropy, OsEntropy, RealClock};
use douyin_pay_ledger as ledger;
use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback::{self, Notice, Unverified};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::world::TOKEN;

struct Naive {
    connection: Mutex<Connection>,
    tokens: Vec<Token>,
}

/// A router over the database at `path`.
pub(crate) fn router(path: &Path) -> anyhow::Result<Router> {
    let connection = Connection::open(path).context("opening the books")?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;")?;
    connection.set_prepared_statement_cache_capacity(32);
    let naive = Naive { connection: Mutex::new(connection), tokens: vec![Token::new(TOKEN)?] };
    Ok(Router::new().route("/callbacks/coffee", post(receive)).with_state(Arc::new(naive)))
}

async fn receive(State(naive): State<Arc<Naive>>, body: Bytes) -> String {
    let handled = tokio::task::spawn_blocking(move || handle(&naive, &body)).await;
    match handled {
        Ok(Ok(())) => callback::SUCCESS.to_owned(),
        Ok(Err(cause)) => callback::failure(1, &cause.to_string()),
        Err(_) => callback::failure(1, "the handler panicked"),
    }
}

fn handle(naive: &Naive, body: &[u8]) -> anyhow::Result<()> {
    let verified = Unverified::parse(body)?.verify(&naive.tokens)?;
    let notice = verified.notice()?;
    let Notice::Payment(payment) = &notice else { anyhow::bail!("only payments") };
    let now = RealClock.now();
    let fact = ledger::of_notice(&notice, now).context("a payment is a fact")?;
    let mut id = [0; 8];
    OsEntropy.fill(&mut id);
    let callback_id = (now.get() << 20) | i64::from(u32::from_le_bytes([id[0], id[1], id[2] & 15, 0]));
    let mut connection = naive.connection.lock().expect("no panic while locked");
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = transaction
        .prepare_cached(
            "SELECT o.id, o.app, o.state, o.total_fen, o.seq, o.events FROM orders o JOIN apps a ON a.n = o.app \
             WHERE a.app_id = ?1 AND o.out_order_no = ?2",
        )?
        .query_row(params![payment.app_id.as_str(), payment.cp_orderno.as_str()], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, u32>(4)?,
                row.get::<_, u32>(5)?,
            ))
        })
        .optional()?;
    let (order, app, state, total, seq, events) = found.context("an unknown number")?;
    anyhow::ensure!(total == payment.total_amount.get(), "another amount");
    let fresh = state != "paid";
    transaction
        .prepare_cached(
            "INSERT INTO callbacks (id, app, kind, number, received_at, body, verdict, order_id) VALUES (?1, ?2, 'payment', ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![callback_id, app, payment.cp_orderno.as_str(), now.get(), body, if fresh { "changed" } else { "duplicate" }, order])?;
    if fresh {
        transaction
            .prepare_cached(
                "UPDATE orders SET state = 'paid', paid_at = ?2, way = ?3, channel_no = ?4, payment_order_no = ?5, \
                 seller_uid = ?6, seq = ?7, events = ?8, due_at = NULL, next_due = NULL WHERE id = ?1",
            )?
            .execute(params![
                order,
                payment.paid_at.map(|at| at.get()),
                payment.way.map(|way| way.number()),
                payment.channel_no,
                payment.payment_order_no,
                payment.seller_uid,
                seq + 1,
                events + 1
            ])?;
        transaction
            .prepare_cached(
                "INSERT INTO facts (order_id, seq, at, source, what, callback) VALUES (?1, ?2, ?3, 'callback', ?4, ?5)",
            )?
            .execute(params![order, seq + 1, now.get(), serde_json::to_string(&fact.what)?, callback_id])?;
        transaction
            .prepare_cached(
                "INSERT INTO events (order_id, n, app, kind, body, created_at, state) VALUES (?1, ?2, ?3, 'order.paid', ?4, ?5, 'silent')",
            )?
            .execute(params![order, events + 1, app, event_body(order, payment.cp_orderno.as_str()).into_bytes(), now.get()])?;
    }
    transaction.commit()?;
    Ok(())
}

/// As long as the product's own event, so that both write the same bytes.
fn event_body(order: i64, number: &str) -> String {
    let filler = "x".repeat(600);
    format!(
        r#"{{"type":"order.paid","data":{{"id":"{order}","out_order_no":"{number}","order":"{filler}"}}}}"#
    )
}
