//! Chores of the workspace: `cargo xtask test`, `ci`, `tidy`, `deny`.

mod ci;
mod command;
mod deny;
mod needs;
mod stage;
mod test;
mod tidy;

use std::process::ExitCode;

/// One subcommand; each lives in the file of its name.
struct Chore {
    name: &'static str,
    does: &'static str,
    run: fn() -> anyhow::Result<Ending>,
}

/// How a chore ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Everything held.
    Good,
    /// Something does not hold; what, is printed.
    Bad,
    /// The machine lacks something; what, is printed.
    Missing,
}

const CHORES: &[Chore] = &[
    Chore { name: "test", does: "install what tests need, then run all of them", run: test::run },
    Chore { name: "ci", does: "exactly what CI runs: fmt, clippy, docs, deny, tidy, tests", run: ci::run },
    Chore { name: "tidy", does: "check by reading what STYLE says is absent", run: tidy::run },
    Chore {
        name: "deny",
        does: "check licences, bans, duplicates and sources of dependencies",
        run: deny::run,
    },
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let asked = arguments.next();
    let chore = CHORES.iter().find(|chore| Some(chore.name) == asked.as_deref());
    let (Some(chore), None) = (chore, arguments.next()) else {
        print_usage();
        return if asked.as_deref() == Some("--help") { ExitCode::SUCCESS } else { ExitCode::from(2) };
    };
    match (chore.run)() {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::Bad) => ExitCode::FAILURE,
        Ok(Ending::Missing) => ExitCode::from(2),
        Err(problem) => {
            eprintln!("xtask {}: {problem:#}", chore.name);
            ExitCode::FAILURE
        }
    }
}

fn print_usage() {
    println!("usage: cargo xtask COMMAND\n");
    for chore in CHORES {
        println!("  {:<6} {}", chore.name, chore.does);
    }
}
