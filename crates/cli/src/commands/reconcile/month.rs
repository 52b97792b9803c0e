//! `reconcile month`: a month of the books by merchant.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use douyin_pay_server::config::{Config, Database};
use douyin_pay_server::reconcile::Month as Span;
use serde_json::Value;

use super::{Books, Place, can_save, here, save, there};
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form, printable};
use crate::remote::report::Rows;
use crate::story::yuan;

/// Which month.
#[derive(Debug, ClapArgs)]
pub struct Month {
    /// 月份（北京时间） · the month in Beijing
    #[arg(long, value_name = "YYYY-MM")]
    month: String,
    /// 保存为 CSV · save it as CSV
    #[arg(long, value_name = "OUT")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    books: Books,
}

pub(super) fn run(mut args: Month, form: Form) -> Ended {
    let span: Span = args.month.parse().map_err(|_| {
        let month = printable(&args.month);
        Failure::usage(tell!(
            "`--month {month}`：不是月份；请写成 2026-01",
            "`--month {month}` is not a month; write 2026-01"
        ))
    })?;
    args.csv.as_deref().map_or(Ok(()), can_save)?;
    let (value, table) = match args.books.place()? {
        Place::Here(config) if !is_there(&config) => return Err(no_books(&config)),
        Place::Here(config) => here::month(*config, args.books.target.app(), span)?,
        Place::There => there::month(args.books.target, span, args.csv.is_some())?,
    };
    match form {
        Form::Json => out::line(&value),
        Form::Text => out::text(text(&value)),
    }
    args.csv.map_or(Ok(()), |path| save(&path, &table, form))
}

fn is_there(config: &Config) -> bool {
    let Database::Sqlite(path) = &config.database;
    path.exists()
}

/// Nothing is made where only something is to be read.
fn no_books(config: &Config) -> Failure {
    let Database::Sqlite(path) = &config.database;
    let path = path.display();
    Failure::told(
        2,
        "no_books",
        tell!(
            "没有账本 {path}；请检查配置里的 `database`",
            "there are no books at {path}; check `database` in the configuration"
        ),
    )
}

fn text(value: &Value) -> String {
    let mut text = format!("{}\n", printable(value["month"].as_str().unwrap_or_default()));
    let merchants = value["merchants"].as_array().map(Vec::as_slice).unwrap_or_default();
    if merchants.is_empty() {
        text.push_str(say("这个月没有收付\n", "nothing was paid in this month\n"));
    }
    for one in merchants {
        let mut rows = Rows::default();
        let uid = one["merchant_uid"].as_str().map_or_else(|| say("未知", "unknown").to_owned(), printable);
        rows.add("商户号", "merchant", uid);
        for (zh, en, name) in [
            ("收款", "gross", "gross_fen"),
            ("退款", "refunds", "refund_fen"),
            ("技术服务费", "fee", "fee_fen"),
            ("佣金", "commission", "commission_fen"),
            ("分出", "shared out", "shared_out_fen"),
            ("分入", "shared in", "shared_in_fen"),
            ("净额", "net", "net_fen"),
        ] {
            rows.add(zh, en, yuan(one[name].as_i64().unwrap_or_default()));
        }
        rows.add("支付笔数", "payments", one["payments"].as_u64().unwrap_or_default().to_string());
        if one["fees_unknown"].as_u64().is_some_and(|unknown| unknown > 0) {
            rows.add("费用未知的笔数", "fees not known yet", one["fees_unknown"].to_string());
        }
        text.push('\n');
        text.push_str(&rows.write("  "));
    }
    text
}
