//! The platform's error codes: what each means and what to do about it.

use std::fmt;

/// What a code means for whoever called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// Accepted.
    Accepted,
    /// An error inside the platform: it may have acted. Repeat with the same number.
    Internal,
    /// Too many calls: it has not acted. Repeat later with the same number.
    Throttled,
    /// The signature is wrong: salt, environment or signing.
    Signature,
    /// An id or a grant is wrong: a matter of configuration.
    Config,
    /// A field is wrong, or the operation is not possible.
    Parameter,
    /// The number is not known to the platform.
    NotFound,
    /// Nothing is left to share, or the share is above the authorised ratio.
    SettleExhausted,
    /// The access token is not valid.
    Token,
    /// A code that is not documented.
    Other,
}

/// A code of the platform; 0 is success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrNo(i64);

/// One documented code.
struct Entry {
    code: i64,
    meaning: Meaning,
    zh: &'static str,
    en: &'static str,
    remedy_zh: &'static str,
    remedy_en: &'static str,
}

macro_rules! entries {
    ($($code:literal $meaning:ident $zh:literal, $en:literal; $remedy_zh:literal, $remedy_en:literal)*) => {
        &[$(Entry {
            code: $code, meaning: Meaning::$meaning, zh: $zh, en: $en, remedy_zh: $remedy_zh, remedy_en: $remedy_en,
        }),*]
    };
}

const ENTRIES: &[Entry] = entries! {
    0 Accepted "受理成功", "accepted"; "无需处理，结果以回调或查询为准", "nothing to do; callback or query give the outcome"
    1000 Internal "平台内部错误，操作可能已执行", "internal error of the platform; it may have acted";
        "用原单号、原参数重试，再用查询接口确认", "repeat with the same number and fields, then query"
    1001 Throttled "请求过于频繁", "too many calls";
        "稍后用原单号重试，并降低调用频率", "repeat later with the same number, and call less often"
    2000 NotFound "支付记录不存在", "no such payment";
        "核对订单号与环境；刚下单可稍后再查", "check the number and the environment; right after creation try again later"
    2008 Signature "签名校验失败", "the signature is wrong";
        "核对 SALT 与环境（沙盒与正式不同），用 `douyin-pay sign --explain` 对照签名", "check the SALT and the environment (sandbox and production differ); compare with `douyin-pay sign --explain`"
    2010 Parameter "参数错误", "a parameter is wrong";
        "按字段限制逐项核对；回调地址必须配置", "check each field against its limits; a callback URL must be set"
    2014 SettleExhausted "分账超过授权比例，或已无可分账金额", "the share exceeds the authorised ratio, or nothing is left";
        "减少分账金额，或确认订单是否已结算完", "share less, or check whether the order is already settled"
    2020 Config "app_id 不合法", "the app id is not legal"; "核对 app_id", "check `app_id`"
    2042 Config "小程序 app_id 无效", "the app id is not known"; "核对 app_id 与环境", "check `app_id` and the environment"
    2047 Config "服务商 thirdparty_id 无效", "the provider id is not known"; "核对 thirdparty_id", "check `thirdparty_id`"
    2048 Config "服务商与小程序没有授权关系", "the provider is not authorised for the app";
        "在服务商平台完成授权", "have the app authorise the provider"
    2102 Parameter "退分账单号长度不符", "the return number has a wrong length"; "单号为 1–64 个字符", "use 1–64 characters"
    3101 NotFound "退款记录不存在", "no such refund";
        "核对退款单号；刚发起可稍后再查", "check the number; right after creation try again later"
    4000 Config "商户号与小程序不匹配", "merchant and app do not belong together"; "核对商户号", "check the merchant number"
    4408 NotFound "退分账记录不存在", "no such return"; "核对退分账单号", "check the number"
    40014 Token "access_token 无效", "the access token is not valid"; "刷新 access_token 后重试", "refresh the token and repeat"
};

impl ErrNo {
    /// The code for success.
    pub const OK: Self = Self(0);
    /// An internal error.
    pub const INTERNAL: Self = Self(1000);
    /// Too many calls.
    pub const THROTTLED: Self = Self(1001);
    /// No such payment.
    pub const NO_PAYMENT: Self = Self(2000);
    /// A wrong signature.
    pub const SIGNATURE: Self = Self(2008);
    /// A wrong parameter.
    pub const PARAMETER: Self = Self(2010);
    /// Nothing left to share.
    pub const SETTLE_EXHAUSTED: Self = Self(2014);
    /// An unknown app.
    pub const UNKNOWN_APP: Self = Self(2042);
    /// No such refund.
    pub const NO_REFUND: Self = Self(3101);

    /// A code as the platform gave it.
    pub const fn new(code: i64) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// All documented codes.
    pub fn documented() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(|entry| Self(entry.code))
    }

    fn entry(self) -> Option<&'static Entry> {
        ENTRIES.iter().find(|entry| entry.code == self.0)
    }

    /// What it means for whoever called.
    pub fn meaning(self) -> Meaning {
        self.entry().map_or(Meaning::Other, |entry| entry.meaning)
    }

    /// What it means, in Chinese.
    pub fn zh(self) -> &'static str {
        self.entry().map_or("文档未列出的错误码", |entry| entry.zh)
    }

    /// What it means, in English.
    pub fn en(self) -> &'static str {
        self.entry().map_or("a code that is not documented", |entry| entry.en)
    }

    /// What to do, in Chinese.
    pub fn remedy_zh(self) -> &'static str {
        self.entry().map_or("以 err_tips 为准，必要时带 log id 联系平台", |entry| entry.remedy_zh)
    }

    /// What to do, in English.
    pub fn remedy_en(self) -> &'static str {
        self.entry()
            .map_or("read `err_tips`; if that does not help, ask the platform with the log id", |entry| {
                entry.remedy_en
            })
    }
}

impl fmt::Display for ErrNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
