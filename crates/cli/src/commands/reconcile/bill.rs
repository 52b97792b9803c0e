//! `reconcile bill`: a day's bills against the books.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::ecpay::bill::{BillKind, Unit};
use douyin_pay_server::reconcile::{Ask, Day, KINDS, QUERIES_MAX};

use super::{Books, Place, can_save, here, outcome, save, there};
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::{Form, printable};

/// Which bills.
#[derive(Debug, ClapArgs)]
pub struct Bill {
    /// 账单日（北京时间，已过完） · the bills' day in Beijing; it must be over
    #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "resume")]
    date: Option<String>,
    /// 账单类型：payment、refund、settle、return、withdraw 或 all（前四种），可用逗号分隔 · what they list; `all` is the first four
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// 用已下载的对账单，如 payment=bill.csv，可重复；同一类型的几份（如几个商户的）合在一起核对 · a bill that was downloaded, may be
    /// repeated; several of one kind, such as those of several merchants, are one
    #[arg(long, value_name = "KIND=PATH")]
    file: Vec<String>,
    /// 只核对这些商户号，可重复 · only the bills of this merchant, may be repeated
    #[arg(long, value_name = "UID", conflicts_with = "file")]
    merchant: Vec<String>,
    /// 账单里所有金额的单位：yuan（元）或 fen（分），默认由小数点判断 · what every amount of the bills is in: yuan or fen; if left out, the
    /// decimal point tells
    #[arg(long, value_name = "UNIT")]
    unit: Option<Unit>,
    /// 差异保存为 CSV · save the differences as CSV
    #[arg(long, value_name = "OUT")]
    csv: Option<PathBuf>,
    /// 对有差异的最多向平台查询几次 · live queries about what differs, at most
    #[arg(long, value_name = "N", default_value_t = QUERIES_MAX, value_parser = clap::value_parser!(u32).range(0..=1000))]
    queries: u32,
    /// 接着查询某次核对的差异 · go on with the queries of an earlier run
    #[arg(long, value_name = "RUN", conflicts_with_all = ["date", "kind", "file", "merchant", "unit"])]
    resume: Option<i64>,
    #[command(flatten)]
    books: Books,
}

/// What is wanted of a run.
pub(super) enum Wanted {
    /// A new one, with bills that were downloaded.
    Run(Ask, Vec<(BillKind, PathBuf)>),
    /// The rest of the queries of an earlier one, and how many at most.
    Resume(i64, u32),
}

pub(super) fn run(mut args: Bill, form: Form) -> Ended {
    let wanted = wanted(&args)?;
    args.csv.as_deref().map_or(Ok(()), can_save)?;
    let want_csv = args.csv.is_some();
    let outcome = match args.books.place()? {
        Place::Here(config) => here::bill(*config, args.books.target.app(), wanted, want_csv, form)?,
        Place::There => there::bill(args.books.target, wanted, want_csv, form)?,
    };
    if let (Some(path), Some(table)) = (&args.csv, &outcome.csv) {
        save(path, table, form)?;
    }
    outcome::end(&outcome, form)
}

fn wanted(args: &Bill) -> Result<Wanted, Failure> {
    if let Some(run) = args.resume {
        return Ok(Wanted::Resume(run, args.queries));
    }
    let date = args.date.as_deref().unwrap_or_default();
    let day: Day = date.parse().map_err(|_| {
        let date = printable(date);
        Failure::usage(tell!(
            "`--date {date}`：不是日期；请写成 2026-01-05",
            "`--date {date}` is not a day; write 2026-01-05"
        ))
    })?;
    let files = args.file.iter().map(|given| file(given)).collect::<Result<Vec<_>, _>>()?;
    let kinds = match (args.kind.as_slice(), files.as_slice()) {
        ([], []) => KINDS[..4].to_vec(),
        ([], files) => of_files(files),
        ([all], _) if all == "all" => KINDS[..4].to_vec(),
        (words, _) => words.iter().map(|word| kind("--kind", word)).collect::<Result<_, _>>()?,
    };
    if !files.is_empty() {
        check_files(&kinds, &files)?;
    }
    let merchants = args.merchant.iter().map(|uid| {
        MerchantUid::new(uid).map_err(|refused| Failure::usage(format!("`--merchant`: {refused}")))
    });
    let merchants = merchants.collect::<Result<_, _>>()?;
    let ask = Ask {
        merchants,
        queries_max: args.queries,
        unit: args.unit,
        ..Ask::new(args.books.target.app(), day, kinds)
    };
    Ok(Wanted::Run(ask, files))
}

/// The kinds of these bills, each once.
fn of_files(files: &[(BillKind, PathBuf)]) -> Vec<BillKind> {
    KINDS.into_iter().filter(|kind| files.iter().any(|(of, _)| of == kind)).collect()
}

/// Downloaded bills are compared, or fetched ones, not both in one run.
fn check_files(kinds: &[BillKind], files: &[(BillKind, PathBuf)]) -> Ended {
    let given = of_files(files);
    if let Some(kind) = kinds.iter().find(|kind| !given.contains(kind)) {
        return Err(Failure::usage(tell!(
            "`--kind {kind}`：没有这种账单的 `--file`；一次核对要么全用已下载的账单，要么全由平台下载。补上它的 `--file`，或去掉 `--kind`",
            "`--kind {kind}`: no `--file` of that kind; one run compares downloaded bills or fetches them, not both. Add its \
             `--file`, or leave `--kind` out"
        )));
    }
    if let Some(kind) = given.iter().find(|kind| !kinds.contains(kind)) {
        return Err(Failure::usage(tell!(
            "`--file {kind}=…`：`--kind` 里没有 {kind}；加上它，或去掉 `--kind`",
            "`--file {kind}=…`: `--kind` does not name {kind}; add it, or leave `--kind` out"
        )));
    }
    Ok(())
}

fn kind(option: &str, word: &str) -> Result<BillKind, Failure> {
    BillKind::of_word(word).filter(|kind| KINDS.contains(kind)).ok_or_else(|| {
        let word = printable(word);
        Failure::usage(tell!(
            "`{option} {word}`：没有这种账单；有 payment、refund、settle、return、withdraw",
            "`{option} {word}`: there is no such bill; there are payment, refund, settle, return, withdraw"
        ))
    })
}

/// A bill that was downloaded: it must be there.
fn file(given: &str) -> Result<(BillKind, PathBuf), Failure> {
    let Some((word, path)) = given.split_once('=') else {
        let given = printable(given);
        return Err(Failure::usage(tell!(
            "`--file {given}`：请写成 类型=路径，如 payment=bill.csv",
            "`--file {given}`: write KIND=PATH, such as payment=bill.csv"
        )));
    };
    let (kind, path) = (kind("--file", word)?, PathBuf::from(path));
    match std::fs::metadata(&path) {
        Ok(data) if data.is_file() => Ok((kind, path)),
        found => {
            let (path, why) = (
                path.display(),
                found.err().map_or_else(|| "not a file".to_owned(), |cause| cause.to_string()),
            );
            Err(Failure::usage(tell!(
                "`--file`：读不了 {path}：{why}",
                "`--file`: {path} cannot be read: {why}"
            )))
        }
    }
}
