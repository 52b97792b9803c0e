//! The platform's words and numbers of the general trade system; unknown ones are kept.

use crate::word::{code, word};

word!(
    /// What became of an order, as a query says it.
    PayStatus {
        /// Not paid yet; it may still be.
        Process = "PROCESS",
        /// Paid. Refunds do not change it.
        Success = "SUCCESS",
        /// The payment failed for good; documented as not occurring at present.
        Fail = "FAIL" | "FAILED",
        /// Not paid within its time, or given up by the user.
        Timeout = "TIMEOUT",
    }
);

word!(
    /// How a payment ended, as a callback says it.
    PaymentResult {
        /// Paid.
        Success = "SUCCESS",
        /// Not paid: the user gave up, or the time was over.
        Cancel = "CANCEL",
    }
);

word!(
    /// What became of a refund.
    RefundStatus {
        /// Under way, or waiting for the merchant's decision.
        Processing = "PROCESSING",
        /// The money went back.
        Success = "SUCCESS",
        /// Failed or refused for good; another try needs a new number.
        Fail = "FAIL",
    }
);

word!(
    /// How far the merchant's decision on a refund is.
    AuditStatus {
        /// The platform is still asking for our refund number.
        Init = "INIT",
        /// Waiting for the merchant until the deadline.
        ToAudit = "TOAUDIT",
        /// The merchant agreed.
        Agree = "AGREE",
        /// The merchant refused.
        Deny = "DENY",
        /// The deadline passed; the platform agreed in the merchant's place.
        Overtime = "OVERTIME",
    }
);

word!(
    /// What became of a settlement.
    SettleStatus {
        /// Taken, not begun.
        Init = "INIT",
        /// Under way.
        Processing = "PROCESSING",
        /// Done.
        Success = "SUCCESS",
        /// Failed for good; another try needs a new number.
        Fail = "FAIL",
    }
);

word!(
    /// What an amount counts.
    Currency {
        /// Fen of renminbi.
        Cny = "CNY",
        /// Diamonds (钻石), for virtual goods on iOS.
        Diamond = "DIAMOND",
    }
);

code!(
    /// How the user paid.
    PayChannel {
        /// 1, 微信.
        WeChat = 1,
        /// 2, 支付宝.
        Alipay = 2,
        /// 3, a bank card; on one page only.
        BankCard = 3,
        /// 10, 抖音支付.
        DouyinPay = 10,
        /// 20, 钻石.
        Diamond = 20,
    }
);

code!(
    /// Who or what started a refund: `refund_source`.
    RefundOrigin {
        /// 1, the user.
        User = 1,
        /// 2, the merchant's server.
        Developer = 2,
        /// 3, the goods expired.
        Expiry = 3,
        /// 4, the customer service of Douyin.
        CustomerService = 4,
        /// 5, a booking failed.
        BookingFailed = 5,
        /// 6, the merchant refused the order.
        DeveloperRefused = 6,
        /// 7, an order of a later booking gave the earlier purchase back.
        LaterBooking = 7,
    }
);

code!(
    /// Why money goes back, as the platform counts reasons.
    RefundReasonCode {
        /// 101, 不想要了: no longer wanted.
        NotWanted = 101,
        /// 102, 商家服务原因: the merchant's service.
        Service = 102,
        /// 103, 商品质量问题: the quality.
        Quality = 103,
        /// 999, 其他: anything else.
        Another = 999,
    }
);

code!(
    /// What a tag group's rule allows the user: `refund_type`.
    RefundRule {
        /// 1: no refund.
        NotRefundable = 1,
        /// 2: a refund if the merchant agrees.
        ByAgreement = 2,
        /// 3: a full refund at will.
        AtWill = 3,
    }
);

impl RefundOrigin {
    /// Whether the platform asks for the merchant's number and page (`pre_create_refund`): the user or the
    /// customer service started it.
    pub const fn is_asked_about(self) -> bool {
        matches!(self, Self::User | Self::CustomerService)
    }
}
