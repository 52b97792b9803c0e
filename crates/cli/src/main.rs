//! The `douyin-pay` binary: reads the command line, runs one command, exits with its code.

use std::process::ExitCode;

use clap::Parser;
use douyin_pay_cli::{Command, run};

fn main() -> ExitCode {
    match run(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("douyin-pay: {failure}");
            ExitCode::from(failure.code())
        }
    }
}
