//! A statement as it comes: counted, perhaps saved, and told.

mod saved;
mod tally;
mod unreadable;

use std::path::{Path, PathBuf};
use std::time::Duration;

use douyin_pay::{Answer, BillFile, BillFileError};
use douyin_pay_env::{Env, Mono};
use douyin_pay_protocol::ecpay::bill::{BillKind, Encoding, Unit};
use serde_json::json;

use self::saved::Saved;
use self::tally::Tally;
pub(super) use self::unreadable::sentence;
use super::columns::{As, Column};
use super::ending::show;
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form, printable};

/// Which statement it is, and where it is saved.
pub(super) struct About {
    pub(super) kind: BillKind,
    pub(super) date: String,
    pub(super) out: Option<PathBuf>,
    pub(super) unit: Option<Unit>,
}

/// So many rows that cannot be read are told one by one.
const UNREADABLE_SHOWN_MAX: u64 = 10;

const SUMS: &[Column] = &[
    Column("状态", "state", "status", As::Plain),
    Column("笔数", "rows", "rows", As::Plain),
    Column("订单金额", "orders", "amount", As::Yuan),
    Column("操作金额", "operations", "op_amount", As::Yuan),
    Column("技术服务费", "fee", "fee", As::Yuan),
    Column("佣金", "commission", "commission", As::Yuan),
];

const COLUMNS: &[Column] = &[
    Column("账单", "bill", "bill_type", As::Plain),
    Column("日期", "date", "date", As::Plain),
    Column("行数", "rows", "rows", As::Plain),
    Column("无法读取", "unreadable", "unreadable", As::Plain),
    Column("非数据行", "other lines", "skipped", As::Plain),
    Column("编码", "encoding", "encoding", As::Plain),
    Column("金额单位", "amounts in", "amounts_in", As::Plain),
    Column("已保存", "saved to", "file", As::Plain),
    Column("", "", "sums", As::List(SUMS)),
];

/// Takes the whole statement, says how far it is, and tells what was in it.
pub(super) async fn take(answer: Answer<BillFile>, about: &About, form: Form) -> Ended {
    let (bill, log_id) = (answer.reply, answer.log_id);
    let mut bill = about.unit.into_iter().fold(bill, BillFile::in_unit);
    let saved = about.out.as_deref().map(Saved::begin).transpose()?;
    if let Some(saved) = &saved {
        bill.copy_to(saved.copy());
    }
    let mut tally = Tally::default();
    let mut progress = Progress::begin(Env::real(), form);
    while let Some(row) = bill.next().await {
        progress.tick(&bill);
        match row {
            Ok(row) => tally.add(&row),
            Err(BillFileError::Bill(error)) if error.is_of_one_row() => {
                if bill.lines().unreadable <= UNREADABLE_SHOWN_MAX {
                    out::remark(form, sentence(&error));
                }
            }
            Err(BillFileError::Bill(error)) => return Err(Failure::told(1, "unreadable", sentence(&error))),
            Err(BillFileError::BrokeOff { rows, problem }) => {
                let problem = printable(&problem.to_string());
                return Err(Failure::told(
                    3,
                    "incomplete",
                    tell!(
                        "账单在 {rows} 行之后中断，不完整：{problem}；请重新下载",
                        "the bill broke off after {rows} rows and is not complete: {problem}; get it again"
                    ),
                ));
            }
        }
    }
    let file = saved.map(Saved::complete).transpose()?;
    let lines = bill.lines();
    let told = json!({
        "bill_type": about.kind.as_str(),
        "date": about.date,
        "rows": lines.rows,
        "unreadable": lines.unreadable,
        "skipped": lines.skipped,
        "encoding": bill.encoding().map(|encoding| match encoding {
            Encoding::Utf8 => "UTF-8",
            Encoding::Gb18030 => "GB18030",
        }),
        "amounts_in": bill.amounts_in().map(Unit::as_str),
        "file": file.map(|path| path.display().to_string()),
        "sums": tally.to_json(),
    });
    show(form, &told, log_id.as_deref(), COLUMNS);
    match lines.unreadable {
        0 => Ok(()),
        unreadable => Err(Failure::told(
            1,
            "unreadable_rows",
            tell!(
                "{unreadable} 行无法读取，合计中不含这些行",
                "{unreadable} rows could not be read and are not in the sums"
            ),
        )),
    }
}

/// General trade only tells addresses.
pub(super) fn no_file(out: Option<&Path>, unit: Option<Unit>) -> Ended {
    match out {
        None if unit.is_some() => Err(Failure::usage(say(
            "`--unit`：通用交易系统只给下载地址；去掉它，或加 `--system ecpay`",
            "`--unit`: the general trade system only tells addresses; leave it out, or add `--system ecpay`",
        ))),
        None => Ok(()),
        Some(_) => Err(Failure::usage(say(
            "`--out`：通用交易系统只给下载地址，没有文件可存；去掉它，或加 `--system ecpay`",
            "`--out`: the general trade system only tells addresses, there is no file to save; leave it out, or add `--system ecpay`",
        ))),
    }
}

/// A person begins to wonder after this long.
const FIRST_AFTER: Duration = Duration::from_secs(2);
/// From then on.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Signs of life while a long statement comes.
struct Progress {
    env: Env,
    form: Form,
    begun: Mono,
    next: Mono,
}

impl Progress {
    fn begin(env: Env, form: Form) -> Self {
        let begun = env.mono();
        Self { form, begun, next: begun.plus(FIRST_AFTER), env }
    }

    fn tick(&mut self, bill: &BillFile) {
        let now = self.env.mono();
        if now < self.next {
            return;
        }
        self.next = now.plus(AGAIN_AFTER);
        let (rows, read) = (bill.lines().rows, bill.bytes_read());
        let elapsed_s = u64::try_from(now.since(self.begun)).unwrap_or(0) / 1000;
        let left_s = bill.bytes_total().map(|total| elapsed_s * total.saturating_sub(read) / read.max(1));
        out::remark(
            self.form,
            match left_s {
                Some(left_s) => tell!(
                    "… 已读 {rows} 行，约还需 {left_s} 秒",
                    "… {rows} rows so far, about {left_s} s left"
                ),
                None => tell!("… 已读 {rows} 行，用时 {elapsed_s} 秒", "… {rows} rows after {elapsed_s} s"),
            },
        );
    }
}
