//! The one table of refusals, and the shape of a refusing answer.

mod payloads;
mod variants;

use douyin_pay_protocol::ecpay::Endpoint;
use serde::Serialize;
use serde_json::json;

pub(crate) use payloads::*;
pub(crate) use variants::{varied, varied_settlement};

use crate::config::Switches;

/// Why the platform says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    Internal,
    Busy,
    NoPayment,
    NotJson,
    Signature,
    Parameter,
    NothingToSettle,
    UnknownApp,
    UnknownProvider,
    NoGrant,
    NoRefund,
    IllegalApp,
    ReturnNumber,
    NoReturn,
    NoCallbackUrl,
    OrderUnpaid,
    RefundTooMuch,
    NotRefundable,
    NumberFailed,
    PeriodNotOver,
    Receivers,
    AutomaticSettlement,
    SettlementUnderWay,
    NoSettlement,
    SettlementNotDone,
    ReturnTooMuch,
    ReturnTooLate,
    ReturnsTooMany,
    BalanceTooSmall,
    NoWithdrawal,
    MerchantOfAnother,
    BadToken,
    BadAppId,
    BadSecret,
    BadGrant,
    BillDates,
    BillNotReady,
    NotInSandbox,
    Retired,
    PaidNumber,
    NegativeTest,
}

/// The text the platform used for a bad signature until 2025, and still for a body that is no JSON.
const SIGNATURE_TEXT_OLD: &str = "签名校验异常,请使用正确的签名和 json 传参";

impl Denial {
    /// Code and text. The first block is published; the codes of the second are guesses
    /// (nobody published one), so no client may depend on them.
    pub(crate) fn row(self) -> (i64, &'static str) {
        match self {
            Self::Internal => (1000, "系统异常,请原单号重试"),
            Self::Busy => (1001, "业务繁忙,请稍后重试"),
            Self::NoPayment => (2000, "支付记录不存在"),
            Self::NotJson => (2008, SIGNATURE_TEXT_OLD),
            Self::Signature => (2008, "签名校验异常,请使用正确的签名"),
            Self::Parameter => (2010, "参数错误"),
            Self::NothingToSettle => (2014, "分账超过授权比例,或已无可分账金额"),
            Self::UnknownApp => (2042, "小程序appid无效,请检查app_id字段"),
            Self::UnknownProvider => (2047, "服务商id无效,请检查thirdparty_id字段"),
            Self::NoGrant => (2048, "未查询到服务商与小程序的授权关系"),
            Self::NoRefund => (3101, "退款记录不存在"),
            Self::IllegalApp => (2020, "非法 app_id"),
            Self::ReturnNumber => (2102, "回退单号长度必须在0-64之间"),
            Self::NoReturn => (4408, "退分账记录不存在"),

            Self::NoCallbackUrl => (2010, "参数错误:未配置回调地址"),
            Self::OrderUnpaid => (2010, "订单未支付"),
            Self::RefundTooMuch => (2010, "退款金额超过可退金额"),
            Self::NotRefundable => (2010, "订单不可退款"),
            Self::NumberFailed => (2010, "该单号已失败,请更换单号重试"),
            Self::PeriodNotOver => (2010, "未到结算周期"),
            Self::Receivers => (2010, "分账方不合法"),
            Self::AutomaticSettlement => (2010, "已开启自动结算"),
            Self::SettlementUnderWay => (2010, "存在处理中的结算单"),
            Self::NoSettlement => (2010, "结算记录不存在"),
            Self::SettlementNotDone => (2010, "结算未完成,不可回退"),
            Self::ReturnTooMuch => (2010, "回退金额超限"),
            Self::ReturnTooLate => (2010, "超过可回退期限"),
            Self::ReturnsTooMany => (2010, "回退次数超限"),
            Self::BalanceTooSmall => (2010, "可提现余额不足"),
            Self::NoWithdrawal => (2010, "提现记录不存在"),
            // The number is published, for another call; its text is not.
            Self::MerchantOfAnother => (4000, "商户号与小程序不匹配"),
            Self::BadToken => (40_014, "bad access token"),
            Self::BadAppId => (40_015, "bad appid"),
            Self::BadSecret => (40_017, "bad secret"),
            Self::BadGrant => (40_020, "bad grant_type"),
            Self::BillDates => (1, "end_date is before start_date"),
            Self::BillNotReady => (2010, "账单尚未生成"),
            Self::NotInSandbox => (2010, "沙盒环境不支持该接口"),
            Self::Retired => (2010, "担保支付已下线,不支持新建订单"),
            Self::PaidNumber => (2010, "订单已支付"),
            // Configured case by case.
            Self::NegativeTest => (2010, "参数错误"),
        }
    }

    /// A refusal with the reason for the developer, which only the mock tells.
    pub(crate) fn because(self, why: impl Into<String>) -> Denied {
        Denied { denial: self, why: why.into(), zh: None, instead: None }
    }
}

/// A refusal and what exactly was wrong, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denied {
    pub(crate) denial: Denial,
    pub(crate) why: String,
    /// The same in Chinese, where it is told in both languages.
    pub(crate) zh: Option<String>,
    /// Another code and text than the table's.
    pub(crate) instead: Option<(i64, String)>,
}

impl Denied {
    /// Code and text as this call words them.
    pub(crate) fn code(&self, endpoint: Endpoint, old_signature_text: bool) -> (i64, String) {
        if let Some(instead) = &self.instead {
            return instead.clone();
        }
        let (err_no, text) = self.denial.row();
        match (endpoint, self.denial) {
            (Endpoint::Bill, Denial::Signature) => (1, "invalid sign".to_owned()),
            (Endpoint::Bills | Endpoint::FundBills, Denial::Signature) => (err_no, "invalid sign".to_owned()),
            // The old bill knows two codes: 1 for whatever is wrong with the request, -1 for the system.
            (Endpoint::Bill, Denial::Internal) => (-1, "system error".to_owned()),
            (Endpoint::Bill, Denial::Busy) => (-1, text.to_owned()),
            (Endpoint::Bill, Denial::Parameter) => (1, self.why.clone()),
            (Endpoint::Bill, _) => (1, text.to_owned()),
            (Endpoint::Token, Denial::Internal | Denial::Busy) => (-1, "system error".to_owned()),
            (_, Denial::Signature) if old_signature_text => (err_no, SIGNATURE_TEXT_OLD.to_owned()),
            _ => (err_no, text.to_owned()),
        }
    }

    /// The bytes the client gets: HTTP 200, no payload.
    pub(crate) fn body(&self, endpoint: Endpoint, switches: &Switches) -> Vec<u8> {
        let (err_no, err_tips) = self.code(endpoint, switches.old_signature_text);
        let err_tips = err_tips.as_str();
        match endpoint {
            Endpoint::CreateOrder => to_json(&NullData { err_no, err_tips, data: None }),
            Endpoint::OrderPush => to_json(&PushAnswered { err_code: err_no, err_msg: err_tips, body: "" }),
            Endpoint::Token => {
                let data = json!({ "access_token": "", "expires_in": 0 });
                to_json(&json!({ "err_no": err_no, "err_tips": err_tips, "data": data }))
            }
            Endpoint::Bill | Endpoint::Bills | Endpoint::FundBills if switches.bill_error_no => {
                to_json(&json!({ "error_no": err_no, "error_msg": err_tips }))
            }
            _ => to_json(&Bare { err_no, err_tips }),
        }
    }
}

#[derive(Serialize)]
struct Bare<'a> {
    err_no: i64,
    err_tips: &'a str,
}

#[derive(Serialize)]
struct NullData<'a> {
    err_no: i64,
    err_tips: &'a str,
    data: Option<()>,
}

/// The form of order pushes alone.
#[derive(Serialize)]
pub(crate) struct PushAnswered<'a> {
    pub(crate) err_code: i64,
    pub(crate) err_msg: &'a str,
    pub(crate) body: &'a str,
}

/// The code every accepting answer starts with.
pub(crate) const ACCEPTED: i64 = 0;

/// Compact JSON of an answer.
pub(crate) fn to_json(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).expect("answers hold only texts, numbers and booleans")
}
