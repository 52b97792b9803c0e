//! The operator's hand: every command of `douyin-pay`, one file each.

pub mod commands;
pub mod dev;
mod exit;
pub mod lang;
mod out;
mod remote;
pub mod shop;
pub mod story;

use clap::{Parser, Subcommand};

pub use exit::{Ended, Failure, Told};
pub use out::Form;

/// 抖音小程序支付 · payments in Douyin mini-programs: service, mock platform and tools.
#[derive(Debug, Parser)]
#[command(name = "douyin-pay", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "退出码：0 完成；1 答案是“不”；2 用法或输入有误；3 平台、网络或机器的问题\n\
                  Exit codes: 0 done; 1 the answer is no; 2 usage or input; 3 platform, network or machine.")]
pub struct Command {
    /// 输出 JSON，错误也是 · machine output, failures too
    #[arg(long, global = true)]
    json: bool,
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
    /// 订单 · create, show and list orders of a running service
    #[command(subcommand)]
    Order(commands::order::What),
    /// 退款 · ask a running service for a refund, or show it
    #[command(subcommand)]
    Refund(commands::refund::What),
    /// 结算分账 · ask a running service to settle with shares, or show it
    #[command(subcommand)]
    Settlement(commands::settlement::What),
    /// 退分账 · ask a running service to take a share back, or show it
    #[command(subcommand)]
    Return(commands::returns::What),
    /// 对账单核对与月报 · the platform's bills against the books, and a month of the books
    #[command(subcommand)]
    Reconcile(commands::reconcile::What),
    /// 直接与平台对话（不经过服务和账本） · talk to the platform directly, without service and books
    #[command(subcommand)]
    Platform(commands::platform::What),
    /// 错误码的含义与处理 · what a code of the platform means, and what to do about it
    Error(commands::error::Args),
    /// 发送一个签名正确的回调 · send a correctly signed callback for my order to my endpoint
    Trigger(commands::trigger::Args),
    /// 备份账本 · make a checked copy of the books while the service goes on
    Backup(commands::backup::Args),
    /// 恢复账本 · put a checked backup in the place of the books
    Restore(commands::restore::Args),
    /// 请求签名 · sign a request read from standard input
    Sign(commands::sign::Args),
    /// 回调验签 · verify a callback read from standard input
    Verify(commands::verify::Args),
    /// 配置文件 · check a configuration, or print a commented example
    #[command(subcommand)]
    Config(commands::config::What),
    /// 命令补全脚本 · print the completion script of a shell
    Completions(commands::completions::Args),
    /// 生成手册页 · write the manual pages
    Man(commands::completions::ManArgs),
}

impl Command {
    /// Who reads the output.
    pub fn form(&self) -> Form {
        Form::of_flag(self.json)
    }
}

/// Runs one command to its end.
///
/// # Errors
/// A [`Failure`], whose code the process should exit with.
pub fn run(command: Command) -> Ended {
    let form = command.form();
    match command.what {
        What::Dev(args) => dev::run(args, form),
        What::Serve(args) => commands::serve::run(args, form),
        What::Mock(args) => commands::mock::run(args, form),
        What::Health(args) => commands::health::run(args, form),
        What::Doctor(args) => commands::doctor::run(args, form),
        What::Order(what) => commands::order::run(what, form),
        What::Refund(what) => commands::refund::run(what, form),
        What::Settlement(what) => commands::settlement::run(what, form),
        What::Return(what) => commands::returns::run(what, form),
        What::Reconcile(what) => commands::reconcile::run(what, form),
        What::Platform(what) => commands::platform::run(what, form),
        What::Error(args) => commands::error::run(&args, form),
        What::Trigger(args) => commands::trigger::run(args, form),
        What::Backup(args) => commands::backup::run(args, form),
        What::Restore(args) => commands::restore::run(args, form),
        What::Sign(args) => commands::sign::run(args, form),
        What::Verify(args) => commands::verify::run(args, form),
        What::Config(what) => commands::config::run(what, form),
        What::Completions(args) => commands::completions::run(args),
        What::Man(args) => commands::completions::run_man(args),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        super::Command::command().debug_assert();
    }
}
