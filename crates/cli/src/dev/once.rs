//! `dev --once`: the whole story headless, then the ledger beside the platform's books.

mod apps;
mod faults;
mod hangup;
mod inside;
mod kills;
mod programme;
mod split;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use douyin_pay_env::BoxFuture;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use super::Args;
use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};
use crate::story::{Comparison, PassTime, Stage};

/// How many seeds `--faults` tells the story with when none is named.
const FAULT_SEEDS: u64 = 20;

/// One telling of the story.
#[derive(Debug, Clone, Copy)]
struct Telling {
    seed: u64,
    faults: bool,
    split: bool,
    form: Form,
}

impl Telling {
    /// A line for people; a program that reads the output finds only JSON in it.
    fn print(self, line: impl std::fmt::Display) {
        match self.form {
            Form::Json => eprintln!("{line}"),
            Form::Text => out::line(line),
        }
    }

    /// A step of the story.
    fn step(self, line: impl std::fmt::Display) {
        self.print(format_args!("  {line}"));
    }

    /// An interrupted telling still ends its child processes.
    async fn tell_unless_interrupted(self) -> anyhow::Result<Told> {
        let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
        let telling = async {
            match self.split {
                true => split::tell(self).await,
                false => inside::tell(self).await,
            }
        };
        tokio::select! {
            told = telling => told,
            _ = tokio::signal::ctrl_c() => bail!("{}", say("已中断", "interrupted")),
            _ = terminate.recv() => bail!("{}", say("已中断", "interrupted")),
        }
    }

    fn conclude(self, told: &[Chapter]) -> Ended {
        let agrees = told.iter().all(|chapter| chapter.books.agrees());
        if self.form == Form::Json {
            let figures: BTreeMap<_, _> =
                told.iter().map(|chapter| (&chapter.out_order_no, &chapter.books)).collect();
            out::line(json!({ "seed": self.seed, "agrees": agrees, "figures": figures }));
        } else {
            for chapter in told {
                out::line(format_args!("── {} {} ──", chapter.title, chapter.out_order_no));
                out::line(&chapter.books);
            }
        }
        if !agrees {
            let problem = say("账本与平台不一致，见上表", "ledger and platform differ, see the table above");
            return Err(Failure::No(problem.to_owned()));
        }
        self.print(say("✔ 账本与平台分文不差", "✔ ledger and platform agree to the fen"));
        Ok(())
    }
}

/// One order at the end of its story.
struct Chapter {
    title: &'static str,
    out_order_no: String,
    books: Comparison,
}

/// All orders, in the order in which they were told of.
type Told = Vec<Chapter>;

/// Tells the story and compares the books.
///
/// # Errors
/// [`Failure::No`] when the books differ, [`Failure::Outside`] when the story does not come to its end.
pub(super) fn run(runtime: &Runtime, args: &Args, form: Form) -> Ended {
    let seeds = match (args.seed, args.faults && !args.split) {
        (Some(seed), _) => seed..seed + 1,
        (None, true) => 1..FAULT_SEEDS + 1,
        (None, false) => 1..2,
    };
    let started = Instant::now();
    let count = seeds.end - seeds.start;
    let told = |seed| Telling { seed, faults: args.faults, split: args.split, form };
    for telling in seeds.map(told) {
        if count > 1 {
            telling.print(format_args!("── {} {}/{count} ──", say("种子", "seed"), telling.seed));
        }
        let comparison = runtime.block_on(telling.tell_unless_interrupted())?;
        telling.conclude(&comparison)?;
    }
    told(0).print(format_args!("{} {:.1?}", say("全部一致，用时", "all agree, in"), started.elapsed()));
    Ok(())
}

/// The story's time on loopback: the mock moves the shared clock.
struct MovedByMock {
    /// Emptied at the end: a stage holds its time, which must not hold it for ever.
    stage: Arc<Mutex<Option<Stage>>>,
}

impl PassTime for MovedByMock {
    fn pass(&self, time: Duration) -> BoxFuture<anyhow::Result<()>> {
        let stage = self.stage.lock().expect("no panic while locked").clone();
        Box::pin(async move {
            let stage = stage.context("the story has ended")?;
            let ask = json!({ "advance_seconds": time.as_secs().max(1) });
            stage.control("POST", "/mock/clock", Some(&ask)).await?;
            Ok(())
        })
    }

    fn settle(&self) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(SETTLE))
    }

    fn hurry(&self) -> BoxFuture<()> {
        let passing = self.pass(HURRY_BY);
        Box::pin(async move {
            tokio::time::sleep(HURRY_AFTER).await;
            if let Err(cause) = passing.await {
                tracing::debug!("the clock did not move: {cause:#}");
            }
        })
    }
}

/// Real time in which requests under way on loopback finish.
const SETTLE: Duration = Duration::from_millis(15);
/// An answer that takes longer waits for the clock: so much of it goes by then.
const HURRY_AFTER: Duration = Duration::from_millis(80);
const HURRY_BY: Duration = Duration::from_secs(1);

/// Sets the stage and tells all stories on it, one after the other.
async fn tell_on(build: impl FnOnce(Arc<dyn PassTime>) -> Stage, seed: u64) -> anyhow::Result<Told> {
    let slot = Arc::new(Mutex::new(None));
    let stage = build(Arc::new(MovedByMock { stage: Arc::clone(&slot) }));
    *slot.lock().expect("no panic while locked") = Some(stage.clone());
    let told = programme::tell_all(&stage, seed).await;
    *slot.lock().expect("no panic while locked") = None;
    told
}
