//! One file per command: its arguments, then what it does.

pub mod backup;
mod books;
pub mod completions;
pub mod config;
pub mod doctor;
pub mod error;
pub mod health;
mod key_file;
pub mod mock;
pub mod order;
pub mod platform;
pub mod reconcile;
pub mod refund;
pub mod restore;
pub mod returns;
pub mod serve;
pub mod settlement;
pub mod sign;
mod signed_text;
pub mod trigger;
pub mod verify;

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use douyin_pay_server::config::{AppConfig, Config};

use self::sign::System;
use crate::exit::Failure;
use crate::lang::{say, tell};
use crate::out::printable;

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

/// The app of this name or alias.
fn find_app<'a>(config: &'a Config, name: &str) -> Result<&'a AppConfig, Failure> {
    let named = |app: &&AppConfig| app.name == name || app.aliases.iter().any(|alias| alias == name);
    config.apps.iter().find(named).ok_or_else(|| {
        let known: Vec<&str> = config.apps.iter().map(|app| app.name.as_str()).collect();
        let (name, known) = (printable(name), known.join(", "));
        Failure::usage(tell!(
            "`--app {name}`：配置里没有这个小程序；有 {known}",
            "`--app {name}`: there is no such app in the configuration; there are {known}"
        ))
    })
}

/// Where the service of this configuration listens, as it is reached from this machine.
fn listening_at(config: &Config) -> String {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    format!("http://{address}")
}

/// The app is not configured for this system.
fn no_section(app: &AppConfig, system: System) -> Failure {
    let (name, section) = (&app.name, system.section());
    Failure::usage(tell!(
        "小程序 `{name}` 的配置里没有 `[apps.{section}]`；请补上，或用 `--system` 选另一个系统",
        "the app `{name}` has no `[apps.{section}]` in the configuration; add it, or choose the other system with `--system`"
    ))
}
