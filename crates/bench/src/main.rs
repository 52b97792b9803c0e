//! `douyin-pay-bench`: measurements, each beside a naive counterpart in the same run.

use std::process::ExitCode;

const USAGE: &str = "usage: douyin-pay-bench callbacks [--short]\n       douyin-pay-bench signing\n       \
    douyin-pay-bench reconciling [--short]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let measured = match words.as_slice() {
        ["callbacks"] => douyin_pay_bench::callbacks::run(3),
        ["callbacks", "--short"] => douyin_pay_bench::callbacks::run(1),
        ["signing"] => douyin_pay_bench::signing::run(),
        ["reconciling"] => douyin_pay_bench::reconciling::run(false),
        ["reconciling", "--short"] => douyin_pay_bench::reconciling::run(true),
        // What the two above start.
        ["reconciling-side", side, folder] => douyin_pay_bench::reconciling::side(side, folder.as_ref()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("{cause:#}");
            ExitCode::FAILURE
        }
    }
}
