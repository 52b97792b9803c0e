//! Stages of a chore: run in order, timed, and summed up in a table.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::Ending;
use crate::command::{Line, now};

/// One step of a chore with a name for the closing table.
pub(crate) struct Stage {
    /// One or two words.
    pub(crate) name: &'static str,
    /// What is run.
    pub(crate) work: Work,
    /// Whether the later stages make no sense when this one fails.
    pub(crate) gate: bool,
}

/// What a stage does.
pub(crate) enum Work {
    /// Commands in order; the first bad one ends the stage.
    Lines(Vec<Line>),
    /// Our own check, and the command that repeats it.
    Check(fn(&Path) -> Result<()>, &'static str),
}

impl Stage {
    /// A stage of one command.
    pub(crate) fn line(name: &'static str, words: &str) -> Self {
        Self::lines(name, vec![Line::new(words)])
    }

    /// A stage of several commands.
    pub(crate) fn lines(name: &'static str, lines: Vec<Line>) -> Self {
        Self { name, work: Work::Lines(lines), gate: false }
    }

    /// A stage of our own.
    pub(crate) fn check(name: &'static str, check: fn(&Path) -> Result<()>, repeat: &'static str) -> Self {
        Self { name, work: Work::Check(check, repeat), gate: false }
    }

    /// Marks the stage: when it fails, the later ones are left out.
    pub(crate) fn gate(mut self) -> Self {
        self.gate = true;
        self
    }
}

/// How a stage went, as a row of the closing table.
struct Row {
    name: &'static str,
    took: Option<Duration>,
    repeat: Option<String>,
}

/// Runs all stages, prints each one's seconds and the closing table.
///
/// A failing stage does not hide the later ones unless it is a gate: one run names everything that is wrong.
pub(crate) fn run_all(stages: &[Stage], folder: &Path) -> Ending {
    let mut rows: Vec<Row> = Vec::with_capacity(stages.len());
    let mut closed = false;
    for stage in stages {
        if closed {
            rows.push(Row { name: stage.name, took: None, repeat: None });
            continue;
        }
        println!("\n== {}", stage.name);
        let started = now();
        let repeat = run_one(stage, folder);
        let took = now().duration_since(started);
        let word = if repeat.is_none() { "ok" } else { "FAILED" };
        println!("== {}: {word} in {:.1} s", stage.name, took.as_secs_f64());
        closed = stage.gate && repeat.is_some();
        rows.push(Row { name: stage.name, took: Some(took), repeat });
    }
    println!("\n{}", table(&rows));
    if rows.iter().all(|row| row.took.is_some() && row.repeat.is_none()) { Ending::Good } else { Ending::Bad }
}

/// Runs one stage; the command that repeats it when it failed.
fn run_one(stage: &Stage, folder: &Path) -> Option<String> {
    let (problem, repeat) = match &stage.work {
        Work::Check(check, repeat) => (check(folder).err()?, (*repeat).to_owned()),
        Work::Lines(lines) => {
            lines.iter().find_map(|line| line.run(folder).err().map(|problem| (problem, line.to_string())))?
        }
    };
    eprintln!("{problem:#}");
    Some(repeat)
}

fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for row in rows {
        let seconds = row.took.map_or_else(|| "-".to_owned(), |took| format!("{:.1}", took.as_secs_f64()));
        let word = match (&row.took, &row.repeat) {
            (None, _) => "not run".to_owned(),
            (Some(_), None) => "ok".to_owned(),
            (Some(_), Some(repeat)) => format!("FAILED; repeat it: {repeat}"),
        };
        writeln!(text, "{:<width$}  {seconds:>8} s  {word}", row.name).expect("a String takes any text");
    }
    let total: f64 = rows.iter().filter_map(|row| row.took).map(|took| took.as_secs_f64()).sum();
    writeln!(text, "{:<width$}  {total:>8.1} s", "all").expect("a String takes any text");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = ".";

    #[test]
    fn all_stages_run_even_after_a_failure() {
        let stages = [Stage::line("bad", "false"), Stage::line("good", "true")];
        assert_eq!(run_all(&stages, Path::new(HERE)), Ending::Bad);
        assert_eq!(run_all(&stages[1..], Path::new(HERE)), Ending::Good);
    }

    #[test]
    fn a_failed_gate_leaves_the_rest_out() {
        let never = Stage::check("never", |_| unreachable!("the gate is closed"), "");
        assert_eq!(run_all(&[Stage::line("build", "false").gate(), never], Path::new(HERE)), Ending::Bad);
    }

    #[test]
    fn the_table_names_what_to_repeat() {
        let took = Some(Duration::from_millis(1500));
        let text = table(&[
            Row { name: "fmt", took, repeat: None },
            Row { name: "clippy", took, repeat: Some("cargo clippy".to_owned()) },
            Row { name: "tests", took: None, repeat: None },
        ]);
        assert_eq!(
            text,
            "fmt          1.5 s  ok\nclippy       1.5 s  FAILED; repeat it: cargo clippy\n\
             tests          - s  not run\nall          3.0 s\n"
        );
    }

    #[test]
    fn the_failing_one_of_several_lines_is_the_one_to_repeat() {
        let stage =
            Stage::lines("seeds", vec![Line::new("true"), Line::new("false --seed 7"), Line::new("true")]);
        assert_eq!(run_one(&stage, Path::new(HERE)).as_deref(), Some("false --seed 7"));
    }
}
