//! Chores of the workspace: `cargo xtask test`, `ci`, `tidy`, `deny`, `dist`, `package-test`.

mod ci;
mod command;
mod deny;
mod dist;
mod needs;
mod package_test;
mod stage;
mod test;
mod tidy;

use std::process::ExitCode;

/// One subcommand; each lives in the file of its name.
struct Chore {
    name: &'static str,
    does: &'static str,
    run: Run,
}

/// What a chore does; most have no options.
enum Run {
    Plain(fn() -> anyhow::Result<Ending>),
    WithOptions(fn(&[String]) -> anyhow::Result<Ending>),
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
    Chore { name: "test", does: "install what tests need, then run all of them", run: Run::Plain(test::run) },
    Chore {
        name: "ci",
        does: "exactly what CI runs: fmt, clippy, docs, deny, tidy, tests",
        run: Run::Plain(ci::run),
    },
    Chore { name: "tidy", does: "check by reading what STYLE says is absent", run: Run::Plain(tidy::run) },
    Chore {
        name: "deny",
        does: "check licences, bans, duplicates and sources of dependencies",
        run: Run::Plain(deny::run),
    },
    Chore {
        name: "dist",
        does: "make the self-contained binary, its archive and its Debian package [--to DIR]",
        run: Run::WithOptions(dist::run),
    },
    Chore {
        name: "package-test",
        does: "install the package in a Debian root and take a payment there; needs root",
        run: Run::Plain(package_test::run),
    },
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let asked = arguments.next();
    let options: Vec<String> = arguments.collect();
    let chore = CHORES.iter().find(|chore| Some(chore.name) == asked.as_deref());
    let fits = |chore: &&Chore| options.is_empty() || matches!(chore.run, Run::WithOptions(_));
    let Some(chore) = chore.filter(fits) else {
        print_usage();
        return if asked.as_deref() == Some("--help") { ExitCode::SUCCESS } else { ExitCode::from(2) };
    };
    let ending = match chore.run {
        Run::Plain(run) => run(),
        Run::WithOptions(run) => run(&options),
    };
    match ending {
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
        println!("  {:<13} {}", chore.name, chore.does);
    }
}
