//! `douyin-pay reconcile`: the platform's bills against the books, and a month of the books.
//!
//! ```text
//! books free     ──▶ here: opens them in this process, nothing listens
//! a service runs ──▶ there: asks that service over REST
//! ```

mod bill;
mod here;
mod month;
mod outcome;
mod there;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, Subcommand};
use douyin_pay_server::config::{self, Config, Database};
use douyin_pay_server::store::sqlite;

use super::listening_at;
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::{self, Form};
use crate::remote::Target;

/// What to reconcile.
#[derive(Debug, Subcommand)]
pub enum What {
    /// 逐笔核对某一天的对账单 · compare a day's bills with the books, row by row
    Bill(bill::Bill),
    /// 账本的月报，按商户号 · a month of the books by merchant
    Month(month::Month),
}

/// Where the books are.
#[derive(Debug, ClapArgs)]
struct Books {
    /// 配置文件；账本空闲时直接打开，否则向运行中的服务请求 · configuration file: the books are opened here if they are free, else the
    /// running service is asked
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

/// Whose hands the books are in.
enum Place {
    /// In nobody's: they can be opened here.
    Here(Box<Config>),
    /// In a service's.
    There,
}

/// Runs one of the commands.
///
/// # Errors
/// Exit 1 when the sides differ, 2 for input that cannot be used, 3 when the platform, the network or the machine failed.
pub fn run(what: What, form: Form) -> Ended {
    match what {
        What::Bill(args) => bill::run(args, form),
        What::Month(args) => month::run(args, form),
    }
}

impl Books {
    /// Whose hands they are in; a service is looked for where the configuration says that it listens.
    fn place(&mut self) -> Result<Place, Failure> {
        let Some(path) = &self.config else { return Ok(Place::There) };
        let config = config::load(path).map_err(|cause| Failure::usage(cause.to_string()))?;
        let Database::Sqlite(database) = &config.database;
        if sqlite::is_in_use(database) {
            self.target.url_if_unsaid(|| listening_at(&config));
            return Ok(Place::There);
        }
        Ok(Place::Here(Box::new(config)))
    }
}

/// Learns before the work whether a table can be written there.
fn can_save(path: &Path) -> Ended {
    let was_there = path.exists();
    let opened = OpenOptions::new().append(true).create(true).open(path);
    if opened.is_ok() && !was_there {
        // Nothing was written yet; a run that fails leaves nothing behind.
        let _gone_already = std::fs::remove_file(path);
    }
    opened.map(drop).map_err(|cause| {
        let shown = path.display();
        Failure::usage(tell!(
            "`--csv`：无法写入 {shown}：{cause}；请换个位置",
            "`--csv`: cannot write {shown}: {cause}; choose another place"
        ))
    })
}

/// Writes a table where it was wished.
fn save(path: &Path, table: &[u8], form: Form) -> Ended {
    let shown = path.display();
    std::fs::write(path, table).map_err(|cause| {
        Failure::told(
            3,
            "cannot_write",
            tell!(
                "无法写入 {shown}：{cause}；请换个位置",
                "cannot write {shown}: {cause}; choose another place"
            ),
        )
    })?;
    out::remark(form, tell!("已保存到 {shown}", "saved to {shown}"));
    Ok(())
}
