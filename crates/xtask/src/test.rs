//! `cargo xtask test`: tests, the story, the simulation, a short load run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::command::Line;
use crate::stage::{Stage, run_all};
use crate::{Ending, needs, package_test, tidy};

/// Seeds of the simulation; a deep run is `douyin-pay-sim --seeds 1000000`.
const SIMULATION_SEEDS: u64 = 100;
/// Seeds that tell stories of one payment system only, for each of the two.
const SEEDS_OF_ONE: u64 = 200;
/// A run that takes longer hangs.
const SECONDS_MAX: u64 = 900;

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
    let target = target_folder(folder)?;
    let bin = target.strip_prefix(folder).unwrap_or(&target).join("ci");
    let run = |program: &str, words: &str| Line::program(&bin.join(program), words).within(SECONDS_MAX);
    let simulate = [
        run("douyin-pay-sim", &format!("--seeds {SIMULATION_SEEDS}")),
        run("douyin-pay-sim", &format!("--system ecpay --seeds {SEEDS_OF_ONE}")),
        run("douyin-pay-sim", &format!("--system trade --seeds {SEEDS_OF_ONE}")),
    ];
    Ok(vec![
        Stage::line("build", "cargo build --profile ci --workspace --all-targets --all-features --locked")
            .gate(),
        Stage::line("tests", "cargo test --profile ci --workspace --all-features --locked --no-fail-fast"),
        Stage::lines("recipes", vec![recipes(&target)]),
        Stage::lines("story", vec![run("douyin-pay", "dev --once")]),
        Stage::lines("story, 20 seeds of faults", vec![run("douyin-pay", "dev --once --faults").quiet()]),
        Stage::lines(
            "story, killed and restarted",
            vec![run("douyin-pay", "dev --once --split --faults").quiet()],
        ),
        Stage::lines("simulation", simulate.into()),
        Stage::lines("load, short", vec![run("douyin-pay-bench", "callbacks --short")]),
        Stage::check("packages", package_test::stage, "cargo xtask package-test"),
    ])
}

/// A workspace of its own, in a folder of its own: its frameworks bring other versions of the same libraries.
fn recipes(target: &Path) -> Line {
    let target = target.join("recipes");
    Line::new("cargo test --quiet --locked --manifest-path examples/recipes/Cargo.toml")
        .with("CARGO_TARGET_DIR", &target.to_string_lossy())
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder(folder: &Path) -> Result<PathBuf> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(folder)
        .output()
        .context("cannot start `cargo metadata`")?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("`cargo metadata`: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(metadata.target_directory)
}
