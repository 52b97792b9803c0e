//! Durable callbacks per second: the service beside the naive handler, in the same run.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use axum::Router;
use bytes::Bytes;
use douyin_pay_env::Env;
use rusqlite::Connection;
use tokio::net::TcpListener;

use crate::load::{Run, post_all};
use crate::{naive, world};

const CALLBACKS: usize = 10_000;
const CONNECTIONS: usize = 64;
const PATH: &str = "/callbacks/coffee";

/// Ten thousand callbacks, one in twenty a repeat, over 64 connections; `rounds` times, both handlers in turn.
///
/// # Errors
/// When a run loses or doubles anything: rows stored, orders moved and unique acknowledgements must be equal.
pub fn run(rounds: usize) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    println!(
        "{CALLBACKS} callbacks, 5 % of them repeats, {CONNECTIONS} connections, SQLite, synchronous = FULL"
    );
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        let ours = runtime.block_on(ours()).context("the service")?;
        let naive = runtime.block_on(naive()).context("the naive handler")?;
        print_run(round, "batched", &ours);
        print_run(round, "naive", &naive);
        ratios.push(ours.rate() * 100 / naive.rate().max(1));
    }
    ratios.sort_unstable();
    let median = ratios[ratios.len() / 2];
    println!("batched / naive: {}.{:02} (median of {rounds})", median / 100, median % 100);
    Ok(())
}

fn print_run(round: usize, name: &str, run: &Run) {
    println!(
        "  round {round} {name:<8} {:>7}/s   p50 {:>9.1?}   p99 {:>9.1?}",
        run.rate(),
        run.latency(500),
        run.latency(990),
    );
}

async fn ours() -> anyhow::Result<Run> {
    let folder = tempfile::tempdir()?;
    let (server, writer) = world::service(folder.path())?;
    // The thread ends with the last handle to the journal.
    let _ends_with_the_service = writer.run_on_thread()?;
    let (bodies, unique) = world::callbacks(CALLBACKS);
    world::prepare(server.journal(), &Env::real(), unique).await?;
    let address = serve(server.router()).await?;
    let run = post_all(address, PATH, Arc::clone(&bodies), CONNECTIONS).await?;
    check(&folder.path().join("books.db"), &run, &bodies, unique)?;
    Ok(run)
}

async fn naive() -> anyhow::Result<Run> {
    let folder = tempfile::tempdir()?;
    let (server, writer) = world::service(folder.path())?;
    // The thread ends with the last handle to the journal.
    let _ends_with_the_service = writer.run_on_thread()?;
    let (bodies, unique) = world::callbacks(CALLBACKS);
    world::prepare(server.journal(), &Env::real(), unique).await?;
    let address = serve(naive::router(&folder.path().join("books.db"))?).await?;
    let run = post_all(address, PATH, Arc::clone(&bodies), CONNECTIONS).await?;
    check(&folder.path().join("books.db"), &run, &bodies, unique)?;
    Ok(run)
}

async fn serve(router: Router) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Rows stored == orders moved == unique callbacks acknowledged.
fn check(path: &Path, run: &Run, bodies: &[Bytes], unique: usize) -> anyhow::Result<()> {
    let connection = Connection::open(path)?;
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let rows = count("SELECT count(*) FROM callbacks WHERE verdict = 'changed'")?;
    let moved = count("SELECT count(*) FROM orders WHERE state = 'paid'")?;
    let facts = count("SELECT count(*) FROM facts WHERE callback IS NOT NULL")?;
    let mut acknowledged: Vec<&Bytes> = run.acknowledged.iter().map(|index| &bodies[*index]).collect();
    acknowledged.sort_unstable();
    acknowledged.dedup();
    let expected = i64::try_from(unique)?;
    let seen = (rows, moved, facts, i64::try_from(acknowledged.len())?);
    ensure!(
        seen == (expected, expected, expected, expected),
        "rows stored, orders moved, facts, unique acknowledged: {seen:?}, expected {expected} each"
    );
    Ok(())
}
