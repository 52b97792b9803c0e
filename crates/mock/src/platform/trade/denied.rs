//! The one table of refusals of the general trade system.

use crate::platform::answers::Denied as EcpayDenied;

/// Why the platform says no.
///
/// The table of the refund codes is published for a sister system, the settlement codes for both (open
/// question 5); the token codes are the general Open API's (open question 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    Parameter,
    Busy,
    Internal,
    NoOrder,
    OrderNotRefundable,
    ItemNotRefundable,
    NothingToRefund,
    RefundNumberUsed,
    AuditNotPossible,
    TooManyItems,
    MoreThanRefundable,
    AlreadyRefunded,
    ItemUnknown,
    ItemOfAnother,
    SettleNoOrder,
    SettleUnpaid,
    NotFulfilled,
    SettleNumberUsed,
    NothingToSettle,
    NotSettleable,
    AutomaticSettlement,
    NotWhole,
    TokenInvalid,
    TokenExpired,
    NoCapability,
    SignatureParameter,
    Signature,
    WrongIndustry,
    TokenParameter,
    UnknownClient,
    WrongSecret,
    TokenTooOften,
}

impl Denial {
    /// Code and text.
    pub(crate) fn row(self) -> (i64, &'static str) {
        match self {
            Self::Parameter => (10_000, "参数错误"),
            Self::Busy => (12_001, "操作太频繁，请稍后重试"),
            Self::Internal => (13_000, "系统错误，请稍后重试"),
            Self::NoOrder => (20_000, "订单不存在"),
            Self::OrderNotRefundable => (22_000, "订单状态不允许退款"),
            Self::ItemNotRefundable => (22_001, "商品单状态不允许退款"),
            Self::NothingToRefund => (22_002, "订单没有可退款的商品单"),
            Self::RefundNumberUsed => (22_004, "out_refund_no 已存在"),
            Self::AuditNotPossible => (22_006, "退款单状态不允许回传审核结果"),
            Self::TooManyItems => (22_007, "单次退款的商品单过多"),
            Self::MoreThanRefundable => (22_008, "退款超过可退"),
            Self::AlreadyRefunded => (22_013, "订单已退款"),
            Self::ItemUnknown => (23_024, "item_order_id not exist"),
            Self::ItemOfAnother => (23_025, "item_order_id not match out_order_no"),
            Self::SettleNoOrder => (23_101, "order does not exist"),
            Self::SettleUnpaid => (23_102, "order not pay"),
            Self::NotFulfilled => (23_107, "order not finish"),
            Self::SettleNumberUsed => (23_111, "out_settle_no has existed"),
            Self::NothingToSettle => (23_112, "no money to settle"),
            Self::NotSettleable => (23_113, "order not allow settle"),
            Self::AutomaticSettlement => (23_117, "this appID is configured with automatic settlement"),
            Self::NotWhole => (23_118, "not allow entire settle"),
            Self::TokenInvalid => (28_001_003, "access_token 无效"),
            Self::TokenExpired => (28_001_008, "access_token 已过期"),
            Self::NoCapability => (28_001_018, "应用未获得该能力"),
            Self::SignatureParameter => (11_004, "签名参数异常"),
            Self::Signature => (11_004, "签名校验异常"),
            Self::WrongIndustry => (10_000, "商品不符合行业要求"),
            Self::TokenParameter => (10_002, "参数缺失或错误"),
            Self::UnknownClient => (10_003, "client_key 不存在"),
            Self::WrongSecret => (10_013, "client_key 或 client_secret 错误"),
            Self::TokenTooOften => (10_020, "调用过于频繁"),
        }
    }

    /// A refusal with the reason for the developer, which only the mock tells.
    pub(crate) fn because(self, why: impl Into<String>) -> Denied {
        Denied { denial: self, field: None, why: why.into() }
    }
}

/// A refusal and what exactly was wrong, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denied {
    pub(crate) denial: Denial,
    /// The wrong field, which the platform names in its text.
    pub(crate) field: Option<String>,
    pub(crate) why: String,
}

pub(crate) type Checked<T> = Result<T, Denied>;

impl Denied {
    pub(crate) fn err_no(&self) -> i64 {
        self.denial.row().0
    }

    pub(crate) fn err_msg(&self) -> String {
        let text = self.denial.row().1;
        self.field.as_ref().map_or_else(|| text.to_owned(), |field| format!("{text}: {field}"))
    }
}

impl From<EcpayDenied> for Denied {
    fn from(denied: EcpayDenied) -> Self {
        Denial::Parameter.because(denied.why)
    }
}

/// Code 10000 for one field.
pub(crate) fn wrong(field: &str, problem: impl AsRef<str>) -> Denied {
    Denied {
        denial: Denial::Parameter,
        field: Some(field.to_owned()),
        why: format!("`{field}` {}", problem.as_ref()),
    }
}
