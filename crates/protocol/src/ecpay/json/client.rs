//! Kinds of clients whose signers are known to be wrong, and where each goes wrong.

use serde::Serialize;

use super::Mistake;

/// A kind of client that is in use and signs some requests wrongly. As JSON it is its name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// Go, with numbers that became `float64` on the way.
    GoFloat,
    /// The platform's own sample in Java.
    Java,
    /// JavaScript with `String(value).trim()` and the default sort.
    JavaScript,
    /// The sample in PHP that is passed around.
    PhpSample,
    /// A PHP package that takes zeros for nothing.
    PhpEmpty,
    /// A PHP package that signs `other_settle_params`.
    PhpJson,
    /// A package in C#.
    CSharp,
}

impl Client {
    /// All of them, the likeliest first.
    pub const ALL: [Self; 7] = [
        Self::GoFloat,
        Self::Java,
        Self::JavaScript,
        Self::PhpSample,
        Self::PhpEmpty,
        Self::PhpJson,
        Self::CSharp,
    ];

    /// Who it is, in Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::GoFloat => "先把 JSON 解码成 float64 的 Go 客户端",
            Self::Java => "官方 Java 示例",
            Self::JavaScript => "Node.js 写法（`String(v).trim()` 加默认排序）",
            Self::PhpSample => "流传的 PHP 示例",
            Self::PhpEmpty => "会丢掉 0 的 PHP 包（用 `empty` 判断空值）",
            Self::PhpJson => "会签 `other_settle_params` 的 PHP 包",
            Self::CSharp => "C# 包（只去掉前引号）",
        }
    }

    /// Who it is, in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::GoFloat => "a Go client that decodes JSON into float64 first",
            Self::Java => "the official Java sample",
            Self::JavaScript => "the usual Node.js code (`String(v).trim()`, default sort)",
            Self::PhpSample => "the PHP sample that is passed around",
            Self::PhpEmpty => "a PHP package that drops zeros (`empty`)",
            Self::PhpJson => "a PHP package that signs `other_settle_params`",
            Self::CSharp => "a C# package (takes only the opening quote off)",
        }
    }

    /// Everything it does differently.
    pub(super) const fn mistakes(self) -> &'static [Mistake] {
        match self {
            Self::GoFloat => &[Mistake::Exponent],
            Self::Java => &[Mistake::Utf16Order, Mistake::NestedAsJava, Mistake::TrimControls],
            Self::JavaScript => &[
                Mistake::Utf16Order,
                Mistake::NestedAsJavaScript,
                Mistake::TrimByteOrderMark,
                Mistake::NullDropped,
            ],
            Self::PhpSample => &[
                Mistake::QuotesKept,
                Mistake::NestedAsWord,
                Mistake::TrimAscii,
                Mistake::BooleanAsPhp,
                Mistake::NullDropped,
            ],
            Self::PhpEmpty => &[
                Mistake::TextZeroDropped,
                Mistake::QuotesKept,
                Mistake::NestedUnsorted,
                Mistake::TrimAscii,
                Mistake::BooleanAsPhp,
                Mistake::NullDropped,
            ],
            Self::PhpJson => &[
                Mistake::OtherSettleParamsSigned,
                Mistake::QuotesKept,
                Mistake::NullTextSigned,
                Mistake::TrimmedAfterSorting,
                Mistake::NestedAsJson,
                Mistake::BooleanAsPhp,
                Mistake::NullDropped,
            ],
            Self::CSharp => &[
                Mistake::OpeningQuoteOnly,
                Mistake::Utf16Order,
                Mistake::BooleanCapital,
                Mistake::NestedAsJson,
                Mistake::NullDropped,
            ],
        }
    }
}
