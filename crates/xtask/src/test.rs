//! `cargo xtask test`: tests, the story, the simulation, a short load run.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::command::Line;
use crate::stage::{Stage, run_all};
use crate::{Ending, needs, tidy};

/// Seeds of the story with faults.
const STORY_SEEDS: u64 = 20;
/// Seeds of the simulation; the deep run is `douyin-pay-sim --seeds 1000000`.
const SIMULATION_SEEDS: u64 = 100;
/// A story that takes longer hangs.
const STORY_SECONDS_MAX: u64 = 120;
/// A simulation or load run that takes longer hangs.
const RUN_SECONDS_MAX: u64 = 900;

/// Provides what is missing on the machine, then runs all stages.
pub(crate) fn run() -> Result<Ending> {
    let folder = tidy::root();
    if needs::provide(&folder)? != Ending::Good {
        return Ok(Ending::Missing);
    }
    Ok(run_all(&stages(&folder)?, &folder))
}

/// The stages of `cargo xtask test`.
///
/// Programs are built once with the same features as the tests and then started directly: a `cargo run -p` would
/// unite fewer features and compile many dependencies a second time.
pub(crate) fn stages(folder: &Path) -> Result<Vec<Stage>> {
    let bin = target_folder(folder)?.join("ci");
    let bin = bin.strip_prefix(folder).unwrap_or(&bin).display().to_string();
    let story = |options: &str| {
        Line::new(&format!("{bin}/douyin-pay dev --once{options}")).within(STORY_SECONDS_MAX).quiet()
    };
    let seeded =
        |options: &'static str| (1..=STORY_SEEDS).map(move |seed| story(&format!(" --seed {seed}{options}")));
    Ok(vec![
        Stage::line("build", "cargo build --profile ci --workspace --all-targets --all-features --locked")
            .gate(),
        Stage::line("tests", "cargo test --profile ci --workspace --all-features --locked"),
        Stage::lines("story", vec![story("")]),
        Stage::lines("story, faults", seeded(" --faults").collect()),
        Stage::lines("story, split", vec![story(" --seed 1 --split --faults")]),
        Stage::lines(
            "simulation",
            vec![
                Line::new(&format!("{bin}/douyin-pay-sim --seeds {SIMULATION_SEEDS}"))
                    .within(RUN_SECONDS_MAX),
            ],
        ),
        Stage::lines(
            "load, short",
            vec![Line::new(&format!("{bin}/douyin-pay-bench callbacks --short")).within(RUN_SECONDS_MAX)],
        ),
    ])
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: std::path::PathBuf,
}

fn target_folder(folder: &Path) -> Result<std::path::PathBuf> {
    let output = std::process::Command::new("cargo")
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(folder)
        .output()
        .context("cannot start `cargo metadata`")?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("`cargo metadata`: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(metadata.target_directory)
}
