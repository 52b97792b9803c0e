//! What people do wrong when they sign a request, in Chinese and English.

use crate::mistakes::mistakes;

mistakes! {
    /// The right digits, in upper case.
    UpperCase
        "签名写成了大写；要用小写十六进制",
        "it is written in upper case; write it in plain lower case hex";
    /// White space or quotes around the right digits.
    Wrapped
        "签名两端多了空白或引号；只发送 32 个小写十六进制字符",
        "there is white space or a quote around it; send the 32 lower case hex digits alone";
    /// Not MD5, or not written as hex.
    Algorithm(String)
        "签名用的是 {}；应为 MD5，写成 32 个小写十六进制字符",
        "the digest is {}; it must be MD5, written as 32 lower case hex digits";
    /// The token in the salt's place.
    TokenForSalt
        "用回调令牌（token）代替了 SALT；请求用 SALT 签名，令牌只用来验证回调",
        "signed with the callback token; requests are signed with the salt, the token only verifies callbacks";
    /// The salt of something else.
    OtherSalt(String)
        "用了 {} 的 SALT 签名；每个小程序、服务商的 SALT 各不相同，沙盒与生产也不同",
        "signed with the salt of {}; each app and provider has its own, and sandbox and production differ";
    /// The salt did not take part.
    SaltLeftOut
        "SALT 没有参与签名；要把它作为一个值与其他值一起排序",
        "the SALT was left out; it is sorted with the other values";
    /// The salt behind the sorted values.
    SaltLast
        "SALT 被直接接在末尾；要把它作为一个值与其他值一起排序",
        "the SALT was put at the end; it must be sorted with the rest";
    /// The salt before the sorted values.
    SaltFirst
        "SALT 被直接放在最前；要把它作为一个值与其他值一起排序",
        "the SALT was put first; it must be sorted with the rest";
    /// `&key=` and the salt behind the sorted pairs.
    SaltAsKey
        "按微信支付的做法在末尾接了 `key=SALT`；担保支付只把 SALT 作为一个值参与排序",
        "`key=` and the SALT were put at the end, as WeChat Pay wants it; here the SALT is one of the sorted values";
    /// 0 did not take part.
    ZeroDropped
        "值为 0 的数字被漏掉了；0 要按 `0` 参与签名（例如 `disable_msg`）",
        "zeros were left out; 0 is signed as `0` (`disable_msg`, for example)";
    /// 0 as number and as text did not take part.
    TextZeroDropped
        "值为 0 的数字和文本 `0` 被漏掉了（PHP 的 `empty` 把它们当作空）；0 要按 `0` 参与签名",
        "zeros were left out, as number and as text (PHP's `empty` takes them for nothing); 0 is signed as `0`";
    /// 1000000 as `1e+06`.
    Exponent
        "大数写成了科学计数法（例如 1000000 成了 `1e+06`）：JSON 数字被解码成浮点数；金额要按整数原样参与签名",
        "large numbers were signed with an exponent (1000000 as `1e+06`), as a float prints them; sign plain integers";
    /// Java's, JavaScript's and C#'s order.
    Utf16Order
        "按 UTF-16 排序了（Java、JavaScript、C# 的默认）；要按 UTF-8 字节排序，含表情等字符时结果不同",
        "the texts were sorted by UTF-16 units instead of bytes; emoji and the like come elsewhere then";
    /// Quotes around a value took part.
    QuotesKept
        "值两端的双引号参与了签名；平台会去掉一对，最好不要发送这样的值",
        "wrapping quotes were signed; the platform takes one pair off, so better send no such values";
    /// The opening quote went, the closing one stayed.
    OpeningQuoteOnly
        "值两端的双引号只去掉了前一个（少截一位）；要去掉一对，最好不要发送这样的值",
        "of the wrapping quotes only the first was taken off (off by one); both go, so better send no such values";
    /// The text `null` took part.
    NullTextSigned
        "文本 `null` 参与了签名；平台会跳过它，最好不要发送（空列表请写 `[]` 或不发送该字段）",
        "the text `null` was signed; the platform skips it, so leave such a field out (an empty list is `[]`)";
    /// JSON's null was skipped.
    NullDropped
        "值为 null 的字段被跳过了；平台按 `<nil>` 参与签名，请不要发送 null",
        "`null` was skipped; the platform signs it as `<nil>`, so leave such a field out";
    /// `other_settle_params` took part.
    OtherSettleParamsSigned
        "`other_settle_params` 参与了签名；它不参与签名",
        "`other_settle_params` was signed; it takes no part";
    /// `app_id` took part.
    AppIdSigned
        "`app_id` 参与了签名；它不参与签名",
        "`app_id` was signed; it takes no part";
    /// `thirdparty_id` took part.
    ProviderSigned
        "`thirdparty_id` 参与了签名；它不参与签名",
        "`thirdparty_id` was signed; it takes no part";
    /// `appid` for `app_id`.
    AppIdMisspelt
        "`appid` 拼写错误：请求里是 `app_id`（只有回调里是 `appid`）",
        "`appid` is misspelt: requests say `app_id` (only callbacks say `appid`)";
    /// Objects as JavaScript prints them.
    NestedAsJavaScript
        "对象被写成了 `[object Object]`、数组被写成了 `a,b`（JavaScript 的 `String()`）；请把 JSON 作为文本发送",
        "nested values were signed as `[object Object]` or `a,b`, as JavaScript prints them; send JSON as text";
    /// Objects as Java prints them.
    NestedAsJava
        "对象被写成了 `{k=v}`、数组被写成了 `[a, b]`（Java 的 `toString`）；请把 JSON 作为文本发送",
        "nested values were signed as `{k=v}` or `[a, b]`, as Java prints them; send JSON as text";
    /// Objects as PHP prints them.
    NestedAsWord
        "对象和数组被写成了 `Array`（PHP 的字符串转换）；请把 JSON 作为文本发送",
        "nested values were signed as the word `Array`, as PHP prints them; send JSON as text";
    /// Objects as JSON.
    NestedAsJson
        "对象和数组按 JSON 文本参与了签名，发送的却不是文本；请把同一段 JSON 作为文本发送",
        "nested values were signed as JSON, but not sent as text; send that JSON as text";
    /// Maps without sorted keys.
    NestedUnsorted
        "对象按 Go 的写法参与签名，但键没有排序；`map[…]` 里的键按字节排序",
        "nested values were signed as Go prints them, but with unsorted keys; the keys of `map[…]` are sorted";
    /// `true` as 1, `false` as nothing.
    BooleanAsPhp
        "`true` 被写成了 1、`false` 被跳过（PHP 的转换）；请发送 0 或 1",
        "`true` was signed as 1 and `false` skipped, as PHP does; send 0 or 1";
    /// `True` and `False`.
    BooleanCapital
        "布尔值被写成了 `True`/`False`（C#、Python）；请发送 0 或 1",
        "booleans were signed as `True` and `False`, as C# and Python print them; send 0 or 1";
    /// Only ASCII white space went.
    TrimAscii
        "只去掉了 ASCII 空白（PHP 的 `trim`），全角空格等留下了；最好不要发送两端有空白的值",
        "only ASCII white space was trimmed, as PHP does; better send no values with white space at the ends";
    /// Control characters went, other white space stayed.
    TrimControls
        "按 Java 的 `trim` 去掉了控制字符，而不是 Unicode 空白；最好不要发送两端有空白或控制字符的值",
        "control characters were trimmed instead of Unicode white space, as Java does; better send neither at the ends";
    /// A byte order mark went.
    TrimByteOrderMark
        "去掉了两端的 U+FEFF（JavaScript 的 `trim`）；最好不要发送这样的值",
        "a byte order mark was trimmed, as JavaScript does; better send no such values";
    /// White space took part.
    NotTrimmed
        "值两端的空白参与了签名（原样）；平台会去掉，最好不要发送这样的值",
        "white space at the ends was signed as it stands; the platform trims it, so better send no such values";
    /// Trimmed after sorting.
    TrimmedAfterSorting
        "先排序、后去掉空白；要先去掉空白再排序，最好不要发送两端有空白的值",
        "white space was trimmed after sorting; trim before, or better send no white space at the ends";
    /// Empty values took part.
    EmptySigned
        "空值参与了签名；空文本要跳过",
        "empty values were signed; they are skipped";
    /// JavaScript's `undefined` took part.
    Undefined
        "`undefined` 作为文本参与了签名，而 JSON 里没有这个字段；签名前先去掉未定义的字段",
        "the word `undefined` was signed, for a field that JSON leaves out; drop undefined fields before signing";
    /// Equal values took part once.
    EqualOnce
        "相同的值只签了一次；每个字段的值都要参与，重复的要保留",
        "equal values were signed once; each takes part, repeats are kept";
    /// Percent-encoded values.
    UrlEncoded
        "值被 URL 编码后才签名；签名用未编码的原文",
        "the values were percent-encoded before signing; sign them as they are";
    /// JSON's escapes took part.
    Escaped
        "签名的是带转义的 JSON 文本（例如 `\\u4e2d`、`\\/`）；要签名解码后的值",
        "the values were signed with JSON's escapes (such as `\\u4e2d` or `\\/`); sign them decoded";
    /// Nothing was sorted.
    NotSorted
        "值没有排序；连同 SALT 一起按字节升序排序",
        "the texts were not sorted; sort them by bytes, together with the SALT";
    /// Sorted by name.
    SortedByName
        "按字段名排序了；要按值排序，字段名不参与签名",
        "the texts were sorted by their field's name; sort the values, names take no part";
    /// `name=value`.
    Pairs
        "签名用了 `字段名=值`；字段名不参与签名，只用值",
        "`name=value` pairs were signed; names take no part, only values do";
    /// Joined with nothing.
    NoAmpersand
        "各值之间没有 `&`；要用 `&` 连接",
        "the texts were joined without `&`; join them with it";
    /// A text with JSON was written anew.
    Reserialised(String)
        "`{}` 签名时与发送时的写法不同（空格、键的顺序或转义）；序列化一次，签名和请求体用同一段文本",
        "`{}` was written differently when it was signed; serialise it once and use that text for both";
    /// A field did not take part.
    FieldLeftOut(String)
        "`{}` 没有参与签名，却发送了；先放进全部字段，最后再签名",
        "`{}` was left out of the signature, but is sent; put all fields in, then sign";
    /// None of the known mistakes.
    Unknown
        "不是任何已知的错误算法：SALT 不对（沙盒与生产的 SALT 不同），或签名之后内容被改动；\
         用 `douyin-pay sign --system ecpay --explain` 查看应签的内容，逐项对照",
        "no well-known mistake gives it: wrong salt (sandbox and production have different ones), or a field was \
         changed after signing; `douyin-pay sign --system ecpay --explain` shows what has to be signed";
}

#[cfg(test)]
mod tests {
    use super::Mistake;

    #[test]
    fn a_detail_is_in_both_sentences_and_in_the_json() {
        let detail = "‹here›".to_owned();
        for (mistake, name) in [
            (Mistake::Algorithm(detail.clone()), "algorithm"),
            (Mistake::OtherSalt(detail.clone()), "other_salt"),
            (Mistake::Reserialised(detail.clone()), "reserialised"),
            (Mistake::FieldLeftOut(detail.clone()), "field_left_out"),
        ] {
            assert!(mistake.zh().contains("‹here›") && mistake.en().contains("‹here›"), "{mistake:?}");
            let json = serde_json::to_string(&mistake).expect("plain data");
            assert_eq!(json, format!(r#"{{"{name}":"‹here›"}}"#));
        }
        assert_eq!(serde_json::to_string(&Mistake::Utf16Order).expect("plain data"), r#""utf16_order""#);
    }
}
