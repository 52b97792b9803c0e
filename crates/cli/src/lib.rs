//! The operator's hand: every command of `douyin-pay`, one file each.

pub mod commands;
pub mod dev;
mod exit;
pub mod lang;
mod out;
pub mod shop;
pub mod story;

use clap::{Parser, Subcommand};

pub use exit::{Ended, Failure};

/// 抖音小程序支付 · payments in Douyin mini-programs: service, mock platform and tools.
#[derive(Debug, Parser)]
#[command(name = "douyin-pay", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done; 1 the answer is no; 2 usage or input; 3 platform, network or machine."
)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 本地一站式体验 · mock platform, service and a merchant on loopback, with one shared clock
    Dev(dev::Args),
    /// 启动支付服务 · run the service
    Serve(commands::serve::Args),
    /// 启动模拟平台 · run the mock platform
    Mock(commands::mock::Args),
    /// 服务是否就绪 · ask a running service whether it is ready
    Health(commands::health::Args),
    /// 体检 · find what is wrong with an installation, with the remedy
    Doctor(commands::doctor::Args),
    /// 请求签名 · sign a request read from standard input
    Sign(commands::sign::Args),
    /// 回调验签 · verify a callback read from standard input
    Verify(commands::verify::Args),
    /// 配置文件 · check a configuration, or print a commented example
    #[command(subcommand)]
    Config(commands::config::What),
}

/// Runs one command to its end.
///
/// # Errors
/// A [`Failure`], whose code the process should exit with.
pub fn run(command: Command) -> Ended {
    match command.what {
        What::Dev(args) => dev::run(args),
        What::Serve(args) => commands::serve::run(args),
        What::Mock(args) => commands::mock::run(args),
        What::Health(args) => commands::health::run(args),
        What::Doctor(args) => commands::doctor::run(args),
        What::Sign(args) => commands::sign::run(args),
        What::Verify(args) => commands::verify::run(args),
        What::Config(what) => commands::config::run(what),
    }
}
