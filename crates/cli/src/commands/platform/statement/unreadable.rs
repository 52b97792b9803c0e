//! Why a bill cannot be read, in the reader's language.

use douyin_pay_protocol::ecpay::bill::BillError;

use crate::lang::{Lang, tell};
use crate::out::printable;

/// The sentence, with the next step.
pub(in super::super) fn sentence(error: &BillError) -> String {
    if let BillError::MixedUnits { line, column } = error {
        let column = printable(column);
        return tell!(
            "第 {line} 行 `{column}`：金额有的带小数点，有的不带；请用 `--unit yuan` 或 `--unit fen` 说明单位，或重新下载",
            "line {line}, `{column}`: amounts with and without a decimal point; say `--unit yuan` or `--unit fen`, or get the \
             bill again"
        );
    }
    match Lang::current() {
        Lang::Zh => chinese(error),
        Lang::En => printable(&error.to_string()),
    }
}

fn chinese(error: &BillError) -> String {
    match error {
        BillError::Platform(refusal) => {
            let said = printable(&refusal.err_tips);
            format!(
                "平台拒绝：{}，{}（平台原文：{said}）；{}",
                refusal.err_no,
                refusal.err_no.zh(),
                refusal.err_no.remedy_zh()
            )
        }
        BillError::NotABill { begins } => {
            let begins = printable(begins);
            format!("这不是对账单，开头是“{begins}”；对账单的首行是列名，如 `订单号`")
        }
        BillError::NoHeader => "这不是对账单：前 256 KiB 里没有列名，如 `订单号`；请重新下载".to_owned(),
        BillError::Utf16 => "这是 UTF-16 编码；请另存为 UTF-8 的 CSV".to_owned(),
        BillError::OtherKind { asked, found } => {
            format!("这是 `{found}` 账单，不是 `{asked}`；请换成对应类型的账单")
        }
        BillError::NoColumn { what, columns } => {
            let columns = printable(columns);
            format!("账单缺少必需的一列（{what}）；现有的列：{columns}")
        }
        BillError::LineTooLong { line } => format!("第 {line} 行太长，不像一行数据；可能有引号没有闭合"),
        BillError::NoText { line } => format!("第 {line} 行与前面各行的编码不同；请重新下载账单"),
        BillError::Cells { line, found, columns } => {
            format!("第 {line} 行有 {found} 格，而账单有 {columns} 列；请重新下载账单")
        }
        BillError::MixedUnits { line, column } | BillError::Amount { line, column, .. } => {
            let column = printable(column);
            let said = printable(&error.to_string());
            format!("第 {line} 行 `{column}`：不是正确的金额（{said}）")
        }
    }
}
