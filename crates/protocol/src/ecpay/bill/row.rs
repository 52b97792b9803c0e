//! One row of a bill, whatever kind of bill it is from.

use std::fmt;
use std::sync::Arc;

use crate::{Fen, MerchantUid, OutOrderNo, PlatformNo, UnixMs};

/// What a bill lists; the platform's `bill_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BillKind {
    /// 支付: payments.
    Payment,
    /// 分账: settlements and their shares.
    Settle,
    /// 退款: refunds.
    Refund,
    /// 退分账: shares that were taken back.
    Return,
    /// 提现: withdrawals.
    Withdraw,
    /// 返佣: commission paid back, of a month.
    Rebate,
    /// 年返: commission paid back, of a year.
    AnnualRebate,
    /// 资金账单: movements of an account, from a call of its own.
    Fund,
}

impl BillKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Payment,
        Self::Settle,
        Self::Refund,
        Self::Return,
        Self::Withdraw,
        Self::Rebate,
        Self::AnnualRebate,
        Self::Fund,
    ];

    /// The platform's word, such as `payment`; for movements of an account, which have none, `fund`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Settle => "settle",
            Self::Refund => "refund",
            Self::Return => "return",
            Self::Withdraw => "withdraw",
            Self::Rebate => "rebate",
            Self::AnnualRebate => "annual_rebate",
            Self::Fund => "fund",
        }
    }

    /// The kind of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for BillKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a row says became of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowStatus {
    /// Done.
    Success,
    /// Under way.
    Processing,
    /// Failed for good.
    Failed,
    /// Another text, kept as it stands; empty when the bill has no such column.
    Other(Box<str>),
}

/// One row of a bill. What its bill has no column for is `None` or empty.
///
/// A value that only informs (a time, a channel, a number with a character that we do not allow) never makes a row
/// unreadable: it is left out, and its text stays in `extra`. A wrong amount does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file; the first is 1.
    pub line: u64,
    /// What the bill lists.
    pub kind: BillKind,
    /// When the operation happened.
    pub at: Option<UnixMs>,
    /// The merchant who received the payment.
    pub merchant_uid: Option<MerchantUid>,
    /// The merchant's number of the order.
    pub out_order_no: Option<OutOrderNo>,
    /// The platform's number of the order.
    pub order_id: Option<PlatformNo>,
    /// The payment channel's number; empty when there is none.
    pub channel_no: Box<str>,
    /// What the order costs.
    pub amount: Option<Fen>,
    /// How the user paid, as the platform counts: see [`PayWay::of_number`](crate::ecpay::PayWay::of_number).
    pub way: Option<i64>,
    /// What became of the operation.
    pub status: RowStatus,
    /// The merchant's number of the refund, settlement, return or withdrawal (which may have 128 characters).
    pub out_no: Option<Box<str>>,
    /// The platform's number of the refund, settlement, return or withdrawal.
    pub platform_no: Option<PlatformNo>,
    /// How much was refunded, settled, returned or withdrawn.
    pub op_amount: Option<Fen>,
    /// 技术服务费: the platform's fee.
    pub fee: Option<Fen>,
    /// 抽佣金额: the commission.
    pub commission: Option<Fen>,
    /// Who shared in a settlement and how much each got.
    pub shares: Vec<(MerchantUid, Fen)>,
    /// When the operation was over.
    pub finished_at: Option<UnixMs>,
    /// Columns without a place of their own, by their header, and values that could not be read.
    pub extra: Vec<(Arc<str>, Box<str>)>,
}
