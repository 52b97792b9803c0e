//! `douyin-pay restore`: puts a checked backup in the place of the books.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use douyin_pay_env::{Clock as _, RealClock};
use douyin_pay_server::config::{self, Database};
use douyin_pay_server::store::sqlite;
use serde_json::json;

use super::books::{Checking, failure, summary};
use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};

/// Options of `restore`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 配置文件 · configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// 备份文件 · the backup
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// 替换现有账本（旧的会改名保留） · replace the books that are there (they are kept under another name)
    #[arg(long)]
    force: bool,
}

/// Checks the backup, keeps the present books, and puts the backup in their place.
///
/// # Errors
/// [`Failure::Usage`] when something cannot be used, [`Failure::No`] when the backup does not add up,
/// [`Failure::Outside`] when a service runs or a disk fails.
pub fn run(args: Args, form: Form) -> Ended {
    let loaded = config::load(&args.config).map_err(|cause| Failure::usage(cause.to_string()))?;
    let Database::Sqlite(database) = &loaded.database;
    if database.exists() && !args.force {
        return Err(Failure::usage(format!(
            "{}: {}",
            database.display(),
            say(
                "账本已存在；加 `--force` 替换，旧账本会改名保留",
                "there are books already; replace them with `--force`, they are kept under another name"
            )
        )));
    }
    let stamp = RealClock.now().beijing_text().replace([' ', ':'], "-");
    let mut checking = Checking::new(form);
    let restored = sqlite::restore(database, &args.from, &stamp, &mut |orders| checking.checked(orders));
    let (copied, kept) = restored.map_err(failure)?;
    if form == Form::Json {
        out::line(json!({
            "database": database, "orders": copied.orders, "facts": copied.facts, "kept": kept,
        }));
        return Ok(());
    }
    out::line(format_args!("{}: {}", say("已恢复", "restored"), database.display()));
    out::line(summary(&copied));
    if let Some(kept) = kept {
        out::line(format_args!("{}: {}", say("旧账本保留为", "the old books are kept as"), kept.display()));
    }
    out::line(say(
        "下一步：启动 `douyin-pay serve`。备份里还没结果的订单会自动向平台查询；备份之后新建的订单不在账本里，请用 `POST /v1/apps/{app}/orders/import` 补录，它们的回调会作为异常列出。",
        "Next: start `douyin-pay serve`. It asks the platform about every order that was open in the backup by itself; orders \
         made after the backup are not in the books: import them with `POST /v1/apps/{app}/orders/import`; their callbacks are listed as exceptions.",
    ));
    Ok(())
}
