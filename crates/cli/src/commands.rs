//! One file per command: its arguments, then what it does.

pub mod backup;
mod books;
pub mod completions;
pub mod config;
pub mod doctor;
pub mod health;
mod key_file;
pub mod mock;
pub mod order;
pub mod refund;
pub mod restore;
pub mod serve;
pub mod settlement;
pub mod sign;
mod signed_text;
pub mod trigger;
pub mod verify;

use std::io::Read;

use crate::exit::Failure;
use crate::lang::say;

/// Signing and verifying tools read at most this much.
const INPUT_BYTES_MAX: u64 = 4 << 20;

/// The whole of standard input, within a limit.
fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut input = Vec::new();
    let read = std::io::stdin().lock().take(INPUT_BYTES_MAX + 1).read_to_end(&mut input);
    read.map_err(|cause| Failure::usage(format!("standard input: {cause}")))?;
    if input.len() as u64 > INPUT_BYTES_MAX {
        return Err(Failure::usage(say("标准输入超过 4 MiB", "standard input is larger than 4 MiB")));
    }
    if input.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::usage(say(
            "标准输入为空：请用管道传入 JSON，例如 `douyin-pay sign … < request.json`",
            "standard input is empty: pipe the JSON in, for example `douyin-pay sign … < request.json`",
        )));
    }
    Ok(input)
}

/// A secret from the environment variable `name`; its value is never shown.
fn secret_from_env(option: &str, name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|_| {
        Failure::usage(match crate::lang::Lang::current() {
            crate::lang::Lang::Zh => format!("`{option} {name}`：环境变量 `{name}` 没有设置（或不是 UTF-8）；请先 `export {name}=…`"),
            crate::lang::Lang::En => {
                format!("`{option} {name}`: the environment variable `{name}` is not set (or not UTF-8); run `export {name}=…` first")
            }
        })
    })
}
