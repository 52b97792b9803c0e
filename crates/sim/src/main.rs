//! Runs seeds, each twice, and says which one broke a promise.

use std::process::ExitCode;
use std::time::Instant;

use douyin_pay_sim::{Options, run};

const USAGE: &str = "usage: douyin-pay-sim [--seeds N] [--from SEED] [--trace SEED]";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut seeds, mut from, mut traced) = (100, 1, None);
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|text| text.parse::<u64>().ok());
        match (name.as_str(), value) {
            ("--seeds", Some(count)) => seeds = count,
            ("--from", Some(seed)) => from = seed,
            ("--trace", Some(seed)) => traced = Some(seed),
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    match traced {
        Some(seed) => show(seed),
        None => sweep(from, seeds),
    }
}

/// Each seed runs twice: the same seed must give the same trace.
#[expect(
    clippy::disallowed_methods,
    reason = "how long the sweep took is real time, outside of every simulation"
)]
fn sweep(from: u64, seeds: u64) -> ExitCode {
    let started = Instant::now();
    let (mut stories, mut crashes, mut virtual_hours) = (0, 0, 0);
    for seed in from..from + seeds {
        let first = match run(seed, Options::default()) {
            Ok(outcome) => outcome,
            Err(broken) => return fail(seed, &format!("{:#}", broken.cause)),
        };
        match run(seed, Options::default()) {
            Ok(second) if second.hash == first.hash => {}
            Ok(second) => {
                return fail(seed, &format!("two runs, two traces: {} and {}", first.hash, second.hash));
            }
            Err(broken) => return fail(seed, &format!("only the second run failed: {:#}", broken.cause)),
        }
        stories += first.stories;
        crashes += first.crashes;
        virtual_hours += first.virtual_time.as_secs() / 3600;
    }
    println!(
        "{seeds} seeds, each twice with the same trace: {stories} stories, {crashes} kills, {virtual_hours} virtual hours in {:.1?}",
        started.elapsed()
    );
    println!("{seeds} passed, 0 failed");
    ExitCode::SUCCESS
}

fn show(seed: u64) -> ExitCode {
    match run(seed, Options { keep_trace: true, ..Options::default() }) {
        Ok(outcome) => {
            outcome.trace.iter().for_each(|line| println!("{line}"));
            println!("{}", outcome.hash);
            ExitCode::SUCCESS
        }
        Err(broken) => {
            broken.trace.iter().for_each(|line| println!("{line}"));
            fail(seed, &format!("{:#}", broken.cause))
        }
    }
}

fn fail(seed: u64, why: &str) -> ExitCode {
    eprintln!("seed {seed}: {why}");
    eprintln!("look closely: cargo run --profile ci --package douyin-pay-sim -- --trace {seed}");
    ExitCode::FAILURE
}
