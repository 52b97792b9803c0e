//! `douyin-pay config`: check a configuration, or print an example.

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use douyin_pay_env::OsEntropy;
use douyin_pay_server::{api_key, config};
use serde_json::{Value, json};

use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};

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
pub fn run(what: What, form: Form) -> Ended {
    match what {
        What::Check { config } => check(&config, form),
        What::Example => {
            match form {
                Form::Text => out::text(config::example()),
                Form::Json => out::line(json!({ "toml": config::example().to_string() })),
            }
            Ok(())
        }
        What::NewKey => {
            let key = api_key::generate(&OsEntropy);
            let sha256 = api_key::sha256_hex(&key);
            match form {
                Form::Text => {
                    out::line(format_args!(
                        "{}  {key}",
                        say("密钥（只显示这一次）", "key (shown only this once)")
                    ));
                    out::line(format_args!("sha256 = \"{sha256}\""));
                }
                Form::Json => out::line(json!({ "key": key, "sha256": sha256 })),
            }
            Ok(())
        }
    }
}

fn check(path: &std::path::Path, form: Form) -> Ended {
    let loaded = config::load(path).map_err(|cause| {
        if form == Form::Json {
            out::line(json!({ "usable": false, "problems": cause.problems(), "warnings": [] }));
        }
        Failure::usage(cause.to_string())
    })?;
    if form == Form::Json {
        // What is printed for people is TOML without secrets; the same for programs.
        let effective: Value =
            toml::from_str(&loaded.effective().to_string()).context("reading our own TOML")?;
        let warnings = loaded.warnings();
        out::line(json!({ "usable": true, "problems": [], "warnings": warnings, "effective": effective }));
        return Ok(());
    }
    out::text(format_args!("{}", loaded.effective()));
    for warning in loaded.warnings() {
        eprintln!("{}: {warning}", say("注意", "warning"));
    }
    out::line(format_args!("# {}", say("配置可用", "the configuration is usable")));
    Ok(())
}
