//! The codes that the mini-program gets from `tt.requestOrder` and its sisters.

use std::fmt;

/// An `errNo` of the client: not a code of the server, though 10000 means the same in both. Only a part of
/// the platform's list is published.
///
/// ```
/// use douyin_pay_protocol::trade::ClientErrNo;
///
/// let wrong = ClientErrNo::new(11_004);
/// assert!(wrong.remedy_en().contains("key_version"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientErrNo(i64);

struct Entry {
    number: i64,
    zh: &'static str,
    en: &'static str,
    remedy_zh: &'static str,
    remedy_en: &'static str,
}

const ENTRIES: [Entry; 4] = [
    Entry {
        number: 10_000,
        zh: "参数错误，或商品不符合行业要求",
        en: "a parameter is wrong, or the goods do not fit the app's trade",
        remedy_zh: "核对 data 的每个字段，并确认商品类型属于小程序的行业",
        remedy_en: "check each field of `data`, and that the product type belongs to the app's trade",
    },
    Entry {
        number: 10_401,
        zh: "客户端内部错误",
        en: "internal error of the client",
        remedy_zh: "重试，或提示用户更新抖音",
        remedy_en: "try again, or ask the user to update the app",
    },
    Entry {
        number: 11_004,
        zh: "签名参数异常",
        en: "something about the signature is wrong",
        remedy_zh: "核对 byteAuthorization 的 key_version、应用私钥、时间戳（一小时内），并确认 data 原样交给前端",
        remedy_en: "check key_version, the application's private key and the timestamp (within an hour) of `byteAuthorization`, and that the front end hands `data` on unchanged",
    },
    Entry {
        number: 21_550,
        zh: "用户未登录",
        en: "the user is not logged in",
        remedy_zh: "先调用 tt.login 再支付",
        remedy_en: "call `tt.login` before paying",
    },
];

impl ClientErrNo {
    /// A parameter is wrong.
    pub const PARAMETER: Self = Self(10_000);
    /// An internal error of the client.
    pub const INTERNAL: Self = Self(10_401);
    /// Something about the signature is wrong.
    pub const SIGNATURE: Self = Self(11_004);
    /// The user is not logged in.
    pub const NOT_LOGGED_IN: Self = Self(21_550);

    /// A code as the client gave it.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// All that are published.
    pub fn documented() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(|entry| Self(entry.number))
    }

    fn entry(self) -> Option<&'static Entry> {
        ENTRIES.iter().find(|entry| entry.number == self.0)
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
        self.entry().map_or("以 errMsg 为准，必要时带 errLogId 联系平台", |entry| entry.remedy_zh)
    }

    /// What to do, in English.
    pub fn remedy_en(self) -> &'static str {
        self.entry()
            .map_or("read `errMsg`; if that does not help, ask the platform with `errLogId`", |entry| {
                entry.remedy_en
            })
    }
}

impl fmt::Display for ClientErrNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
