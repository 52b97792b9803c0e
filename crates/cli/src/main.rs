//! The `douyin-pay` binary: reads the command line, runs one command, exits with its code.

use std::process::ExitCode;

use clap::Parser;
use douyin_pay_cli::{Command, Failure, Form, run};

/// The flag that asks for JSON, also where the rest of the command line cannot be read.
const JSON_FLAG: &str = "--json";

fn main() -> ExitCode {
    let command = match Command::try_parse() {
        Ok(command) => command,
        Err(refused) if refused.use_stderr() && std::env::args_os().any(|word| word == JSON_FLAG) => {
            return end(
                Form::Json,
                &Failure::Usage(refused.to_string().trim_start_matches("error: ").trim_end().to_owned()),
            );
        }
        Err(told) => told.exit(),
    };
    let form = command.form();
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => end(form, &failure),
    }
}

fn end(form: Form, failure: &Failure) -> ExitCode {
    match form {
        Form::Text => eprintln!("douyin-pay: {failure}"),
        Form::Json => eprintln!("{}", failure.to_json()),
    }
    ExitCode::from(failure.code())
}
