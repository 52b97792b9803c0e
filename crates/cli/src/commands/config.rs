//! `douyin-pay config`: check a configuration, or print an example.

use std::path::PathBuf;

use clap::Subcommand;
use douyin_pay_env::OsEntropy;
use douyin_pay_server::{api_key, config};

use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out;

/// What to do with a configuration.
#[derive(Debug, Subcommand)]
pub enum What {
    /// 检查配置并打印生效值（不含密钥） · check, and print the effective configuration without secrets
    Check {
        /// 配置文件 · configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// 打印带注释的示例 · print a commented example
    Example,
    /// 生成 API 密钥及其哈希 · make an API key, and the hash to configure
    NewKey,
}

/// Runs one of the configuration commands.
///
/// # Errors
/// [`Failure::Usage`] when the configuration cannot be used; the message lists every problem.
pub fn run(what: What) -> Ended {
    match what {
        What::Check { config } => check(&config),
        What::Example => {
            out::text(format_args!("{}", config::example()));
            Ok(())
        }
        What::NewKey => {
            let key = api_key::generate(&OsEntropy);
            out::line(format_args!("{}  {key}", say("密钥（只显示这一次）", "key (shown only this once)")));
            out::line(format_args!("sha256 = \"{}\"", api_key::sha256_hex(&key)));
            Ok(())
        }
    }
}

fn check(path: &std::path::Path) -> Ended {
    let loaded = config::load(path).map_err(|cause| Failure::usage(cause.to_string()))?;
    out::text(format_args!("{}", loaded.effective()));
    for warning in loaded.warnings() {
        eprintln!("{}: {warning}", say("注意", "warning"));
    }
    out::line(format_args!("# {}", say("配置可用", "the configuration is usable")));
    Ok(())
}
