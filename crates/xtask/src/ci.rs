//! `cargo xtask ci`: exactly what CI runs, cheapest first.

use anyhow::Result;

use crate::command::Line;
use crate::stage::{Stage, run_all};
use crate::{Ending, deny, needs, test, tidy};

/// Runs every check, then everything of `cargo xtask test`.
pub(crate) fn run() -> Result<Ending> {
    let folder = tidy::root();
    if needs::provide(&folder)? != Ending::Good {
        return Ok(Ending::Missing);
    }
    let mut stages = checks();
    stages.extend(test::stages(&folder)?);
    Ok(run_all(&stages, &folder))
}

/// All of it under one profile and one set of features: dependencies are compiled once for checking
/// (clippy, docs) and once for running (tests, stories, simulation), and C code once for both.
fn checks() -> Vec<Stage> {
    vec![
        Stage::line("fmt", "cargo fmt --all --check"),
        Stage::check("tidy", tidy::check, "cargo xtask tidy"),
        Stage::line(
            "clippy",
            "cargo clippy --profile ci --workspace --all-targets --all-features --locked -- -D warnings",
        ),
        Stage::check("deny", deny::check, "cargo xtask deny"),
        Stage::lines("features", feature_checks()),
        Stage::lines("docs", vec![docs()]),
    ]
}

/// Features must also build alone: `--workspace` unites them and would hide a missing one.
fn feature_checks() -> Vec<Line> {
    ["douyin-pay-protocol", "douyin-pay-env", "douyin-pay"]
        .map(|package| {
            Line::new(&format!("cargo check --profile ci --locked -p {package} --no-default-features"))
        })
        .into()
}

fn docs() -> Line {
    Line::new("cargo doc --profile ci --workspace --all-features --no-deps --locked")
        .with("RUSTDOCFLAGS", "-D warnings")
}
