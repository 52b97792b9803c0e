//! `douyin-pay backup`: a checked copy of the books, while the service goes on.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args as ClapArgs;
use douyin_pay_server::config::{self, Database};
use douyin_pay_server::store::sqlite;
use serde_json::json;

use super::books::{Checking, failure};
use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};

/// Options of `backup`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 配置文件 · configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// 备份写到这个文件 · the backup becomes this file
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// 覆盖已有的文件 · replace a file of that name
    #[arg(long)]
    force: bool,
}

/// Copies and checks; a running service is not disturbed.
///
/// # Errors
/// [`Failure::Usage`] when the configuration or the target cannot be used, [`Failure::No`] when the books do not add
/// up, [`Failure::Outside`] when a disk fails.
#[expect(clippy::disallowed_methods, reason = "how long it took is real time")]
pub fn run(args: Args, form: Form) -> Ended {
    let loaded = config::load(&args.config).map_err(|cause| Failure::usage(cause.to_string()))?;
    let Database::Sqlite(database) = &loaded.database;
    if args.to.exists() && !args.force {
        let to = args.to.display();
        return Err(Failure::usage(format!(
            "`--to {to}`: {}",
            say(
                "文件已存在；换个名字，或加 `--force` 覆盖",
                "the file exists; choose another name, or replace it with `--force`"
            )
        )));
    }
    let (begun, mut checking) = (Instant::now(), Checking::new(form));
    let copied = sqlite::back_up(database, &args.to, args.force, &mut |orders| checking.checked(orders));
    let copied = copied.map_err(failure)?;
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match form {
        Form::Json => out::line(json!({
            "file": args.to, "bytes": copied.bytes, "sha256": copied.sha256, "orders": copied.orders, "facts": copied.facts,
            "millis": millis,
        })),
        Form::Text => {
            out::line(format_args!("{}: {}", say("备份完成", "backed up"), args.to.display()));
            out::line(super::books::summary(&copied));
            out::line(format_args!("{} {millis} ms", say("用时", "took")));
        }
    }
    Ok(())
}
