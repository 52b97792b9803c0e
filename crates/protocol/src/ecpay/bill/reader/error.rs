//! Why a bill, or one row of it, cannot be read.

use crate::PlatformError;
use crate::ecpay::bill::BillKind;

/// Why a bill, or one row of it, cannot be read. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BillError {
    /// The platform refused, with status 200 as always.
    #[error("the platform answered {0}")]
    Platform(PlatformError),
    /// Neither a bill nor a refusal.
    #[error(
        "this is not a bill: it begins with {begins:?}; a bill's first line names its columns, such as `订单号`"
    )]
    NotABill {
        /// Its first line, shortened.
        begins: String,
    },
    /// Much came, and no line that names columns.
    #[error(
        "this is not a bill: no line within its first 256 KiB names its columns, such as `订单号`; get the bill again"
    )]
    NoHeader,
    /// An encoding that is not read.
    #[error("this is UTF-16; save the bill as CSV in UTF-8")]
    Utf16,
    /// A bill of another kind than was asked for.
    #[error("this is a bill of kind `{found}`, not of kind `{asked}`; give the bill that was asked for")]
    OtherKind {
        /// The kind that was asked for.
        asked: BillKind,
        /// The kind its columns show.
        found: BillKind,
    },
    /// Without this column nothing can be compared.
    #[error("the bill has no column for {what}; its columns are {columns}")]
    NoColumn {
        /// What is missing, with a name it usually has.
        what: &'static str,
        /// The columns that are there, shortened.
        columns: String,
    },
    /// Some amounts have a decimal point and some have none.
    #[error(
        "line {line}, `{column}`: amounts with and without a decimal point; say whether they are yuan or fen, or get the bill again"
    )]
    MixedUnits {
        /// The first line that differs.
        line: u64,
        /// The column's name.
        column: Box<str>,
    },
    /// A line longer than any row, or with more cells than any row has.
    #[error("line {line} is too long for a row; a quote may have been left open there")]
    LineTooLong {
        /// Where it begins.
        line: u64,
    },
    /// One row: bytes that are no text.
    #[error("line {line} is not text in the encoding of the lines before; get the bill again")]
    NoText {
        /// Where it begins.
        line: u64,
    },
    /// One row: another number of cells than columns.
    #[error("line {line} has {found} cells where the bill has {columns} columns; get the bill again")]
    Cells {
        /// Where it begins.
        line: u64,
        /// How many cells it has.
        found: usize,
        /// How many columns the bill has.
        columns: usize,
    },
    /// One row: an amount that is none.
    #[error("line {line}, `{column}`: {problem}")]
    Amount {
        /// Where it begins.
        line: u64,
        /// The column's name.
        column: Box<str>,
        /// What is wrong with it.
        problem: String,
    },
}

impl BillError {
    /// Whether only one row is concerned and the next one may be fine.
    pub fn is_of_one_row(&self) -> bool {
        matches!(self, Self::NoText { .. } | Self::Cells { .. } | Self::Amount { .. })
    }

    /// The line it is about, if it is about one.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::MixedUnits { line, .. }
            | Self::LineTooLong { line }
            | Self::NoText { line }
            | Self::Cells { line, .. }
            | Self::Amount { line, .. } => Some(*line),
            Self::Platform(_)
            | Self::NotABill { .. }
            | Self::NoHeader
            | Self::Utf16
            | Self::OtherKind { .. }
            | Self::NoColumn { .. } => None,
        }
    }
}
