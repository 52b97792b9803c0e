//! Runs seeds, each twice, and says which one broke a promise.

use std::process::ExitCode;
use std::time::Instant;

use douyin_pay_sim::{Cast, Options, run};

const USAGE: &str = "usage: douyin-pay-sim [--seeds N] [--from SEED] [--system ecpay|trade] [--trace SEED]";

/// What the command line asks for.
struct Asked {
    seeds: u64,
    from: u64,
    cast: Cast,
    traced: Option<u64>,
}

impl Asked {
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut asked = Self { seeds: 100, from: 1, cast: Cast::Mixed, traced: None };
        while let Some(name) = arguments.next() {
            let value = arguments.next()?;
            match name.as_str() {
                "--seeds" => asked.seeds = value.parse().ok()?,
                "--from" => asked.from = value.parse().ok()?,
                "--trace" => asked.traced = Some(value.parse().ok()?),
                "--system" => {
                    asked.cast = match value.as_str() {
                        "ecpay" => Cast::Ecpay,
                        "trade" => Cast::Trade,
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
        Some(asked)
    }

    fn options(&self) -> Options {
        Options { cast: self.cast, ..Options::default() }
    }
}

fn main() -> ExitCode {
    let Some(asked) = Asked::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match asked.traced {
        Some(seed) => show(seed, &asked),
        None => sweep(&asked),
    }
}

/// Each seed runs twice: the same seed must give the same trace.
#[expect(
    clippy::disallowed_methods,
    reason = "how long the sweep took is real time, outside of every simulation"
)]
fn sweep(asked: &Asked) -> ExitCode {
    let (seeds, options) = (asked.seeds, asked.options());
    let started = Instant::now();
    let (mut stories, mut crashes, mut virtual_hours) = (0, 0, 0);
    for seed in asked.from..asked.from + seeds {
        let first = match run(seed, options) {
            Ok(outcome) => outcome,
            Err(broken) => return fail(seed, asked, &format!("{:#}", broken.cause)),
        };
        match run(seed, options) {
            Ok(second) if second.hash == first.hash => {}
            Ok(second) => {
                return fail(
                    seed,
                    asked,
                    &format!("two runs, two traces: {} and {}", first.hash, second.hash),
                );
            }
            Err(broken) => {
                return fail(seed, asked, &format!("only the second run failed: {:#}", broken.cause));
            }
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

fn show(seed: u64, asked: &Asked) -> ExitCode {
    match run(seed, Options { keep_trace: true, ..asked.options() }) {
        Ok(outcome) => {
            outcome.trace.iter().for_each(|line| println!("{line}"));
            println!("{}", outcome.hash);
            ExitCode::SUCCESS
        }
        Err(broken) => {
            broken.trace.iter().for_each(|line| println!("{line}"));
            fail(seed, asked, &format!("{:#}", broken.cause))
        }
    }
}

fn fail(seed: u64, asked: &Asked, why: &str) -> ExitCode {
    let system = match asked.cast {
        Cast::Mixed => "",
        Cast::Ecpay => " --system ecpay",
        Cast::Trade => " --system trade",
    };
    eprintln!("seed {seed}: {why}");
    eprintln!("look closely: cargo run --profile ci --package douyin-pay-sim -- --trace {seed}{system}");
    ExitCode::FAILURE
}
