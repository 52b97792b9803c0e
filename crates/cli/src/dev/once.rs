//! `dev --once`: the whole story headless, then the ledger beside the platform's books.

mod faults;
mod inside;
mod kills;
mod split;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use douyin_pay_env::BoxFuture;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use super::Args;
use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out;
use crate::story::{self, Comparison, PassTime, Plot, Stage};

/// How many seeds `--faults` tells the story with when none is named.
const FAULT_SEEDS: u64 = 20;

/// Tells the story and compares the books.
///
/// # Errors
/// [`Failure::No`] when the books differ, [`Failure::Outside`] when the story does not come to its end.
pub(super) fn run(runtime: &Runtime, args: &Args) -> Ended {
    let seeds = match (args.seed, args.faults && !args.split) {
        (Some(seed), _) => seed..seed + 1,
        (None, true) => 1..FAULT_SEEDS + 1,
        (None, false) => 1..2,
    };
    let started = Instant::now();
    let count = seeds.end - seeds.start;
    for seed in seeds {
        if count > 1 {
            out::line(format_args!("── {} {seed}/{count} ──", say("种子", "seed")));
        }
        let told = runtime.block_on(tell_unless_interrupted(seed, args))?;
        conclude(&told)?;
    }
    out::line(format_args!("{} {:.1?}", say("全部一致，用时", "all agree, in"), started.elapsed()));
    Ok(())
}

/// An interrupted telling still ends its child processes.
async fn tell_unless_interrupted(seed: u64, args: &Args) -> anyhow::Result<Comparison> {
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let telling = async {
        match args.split {
            true => split::tell(seed, args.faults).await,
            false => inside::tell(seed, args.faults).await,
        }
    };
    tokio::select! {
        told = telling => told,
        _ = tokio::signal::ctrl_c() => bail!("{}", say("已中断", "interrupted")),
        _ = terminate.recv() => bail!("{}", say("已中断", "interrupted")),
    }
}

fn conclude(told: &Comparison) -> Ended {
    out::line(format_args!("{told}"));
    if told.agrees() {
        out::line(format_args!("{}", say("✔ 账本与平台分文不差", "✔ ledger and platform agree to the fen")));
        return Ok(());
    }
    Err(Failure::No(
        say("账本与平台不一致，见上表", "ledger and platform differ, see the table above").to_owned(),
    ))
}

/// The story's time on loopback: the mock moves the shared clock.
struct MovedByMock {
    stage: Arc<std::sync::OnceLock<Stage>>,
}

impl PassTime for MovedByMock {
    fn pass(&self, time: Duration) -> BoxFuture<anyhow::Result<()>> {
        let stage = self.stage.get().expect("the stage is set before the story begins").clone();
        Box::pin(async move {
            let ask = json!({ "advance_seconds": time.as_secs().max(1) });
            stage.control("POST", "/mock/clock", Some(&ask)).await?;
            Ok(())
        })
    }

    fn settle(&self) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(SETTLE))
    }
}

/// Real time in which requests under way on loopback finish.
const SETTLE: Duration = Duration::from_millis(15);

fn print_line(line: String) {
    out::line(format_args!("  {line}"));
}

/// Sets the stage and tells the story with it.
async fn tell_on(build: impl FnOnce(Arc<dyn PassTime>) -> Stage, plot: &Plot) -> anyhow::Result<Comparison> {
    let slot = Arc::new(std::sync::OnceLock::new());
    let stage = build(Arc::new(MovedByMock { stage: Arc::clone(&slot) }));
    slot.get_or_init(|| stage.clone());
    story::tell(&stage, plot).await
}
