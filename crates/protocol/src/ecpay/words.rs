//! The platform's words for states and channels; unknown ones are kept.

use crate::word::word;

word!(
    /// What became of an order.
    OrderStatus {
        /// Not paid yet; it may still be.
        Processing = "PROCESSING",
        /// Paid.
        Success = "SUCCESS",
        /// The payment failed for good.
        Fail = "FAIL",
        /// Not paid within its time.
        Timeout = "TIMEOUT",
    }
);

word!(
    /// What became of a refund or a settlement.
    ResultStatus {
        /// Under way.
        Processing = "PROCESSING",
        /// Done.
        Success = "SUCCESS",
        /// Failed for good; another try needs a new number.
        Fail = "FAIL",
    }
);

/// How the user paid. Queries give a number, callbacks a text: both are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayWay {
    /// 1, 微信.
    WeChat,
    /// 2, 支付宝.
    Alipay,
    /// 3, a bank card; 2021 only.
    BankCard,
    /// 10, 抖音支付.
    DouyinPay,
    /// A channel added later.
    Other(i64),
}

impl PayWay {
    /// The platform's number of the channel.
    pub const fn number(self) -> i64 {
        match self {
            Self::WeChat => 1,
            Self::Alipay => 2,
            Self::BankCard => 3,
            Self::DouyinPay => 10,
            Self::Other(number) => number,
        }
    }

    /// The channel of that number.
    pub const fn of_number(number: i64) -> Self {
        match number {
            1 => Self::WeChat,
            2 => Self::Alipay,
            3 => Self::BankCard,
            10 => Self::DouyinPay,
            other => Self::Other(other),
        }
    }
}
