//! What people do wrong when they sign and verify, by name, in Chinese and English.

use crate::mistakes::mistakes;

mistakes! {
    /// The text ends after its last line's content.
    MissingLastLf
        "签名串少了最后一个换行符：每一行（包括最后一行）都要以 \\n 结尾",
        "the last line feed is missing: every line of the signed text, the last one too, ends with \\n";
    /// CR and LF between the lines.
    CarriageReturns
        "签名串的行以 \\r\\n 结尾；应只用 \\n",
        "the lines of the signed text end with \\r\\n; use \\n alone";
    /// Nothing between the lines.
    NoLineFeeds
        "签名串的各部分直接相连；每部分之后都要有 \\n",
        "the parts of the signed text stand without line feeds; each is followed by \\n";
    /// A backslash and an n instead of LF.
    EscapedLineFeeds
        "签名串里写的是反斜杠加 n 两个字符；应是换行符本身（0x0A）",
        "the signed text has a backslash and an n where the line feed itself (0x0A) belongs";
    /// The request's form for a callback.
    FiveLines
        "回调用了请求的五行签名串；回调只有三行：时间戳、随机串、请求体",
        "the five lines of a request were used for a callback; a callback has three: timestamp, nonce, body";
    /// The callback's form for a request.
    ThreeLines
        "请求用了回调的三行签名串；请求有五行：方法、URI、时间戳、随机串、请求体",
        "the three lines of a callback were used for a request; a request has five: method, URI, timestamp, nonce, body";
    /// Nonce before timestamp.
    Swapped
        "时间戳与随机串的顺序颠倒了；时间戳在前",
        "timestamp and nonce are swapped; the timestamp comes first";
    /// The body was written again.
    Reserialised
        "请求体被解析后重新序列化了：键的顺序、空格或转义已变；必须逐字节使用原文",
        "the body was parsed and written again, so its order, spacing or escapes differ; use the original bytes";
    /// The body was quoted once more.
    EscapedBody
        "签名的是再次转义、带引号的请求体；应签名文本本身",
        "the body was signed with quotes and escapes around it; sign the text itself";
    /// The inner text instead of the whole.
    OnlyMsg
        "只用了 msg；应使用完整的原始请求体",
        "only `msg` was used; take the whole raw body";
    /// A line break at the end that was not there when it was signed.
    LineFeedAdded
        "请求体末尾多了换行，通常是按行读取所致；请读取原始字节",
        "a line break was added to the body's end, as readers of lines do; read the raw bytes";
    /// A line break at the end was lost.
    LineFeedLost
        "请求体末尾的换行丢失了；请读取原始字节，不要去除空白",
        "a line break at the body's end was lost; read the raw bytes and trim nothing";
    /// Line breaks inside the body were converted.
    LineBreaksConverted
        "请求体内部的换行被转换了（\\n 与 \\r\\n）；请按二进制传递",
        "line breaks inside the body were converted (\\n and \\r\\n); pass it on as binary";
    /// A byte order mark was added or lost.
    ByteOrderMark
        "请求体开头多了或少了字节顺序标记（BOM）；请使用原始字节",
        "a byte order mark was added to the body's beginning, or lost; use the raw bytes";
    /// The body was decoded with another charset than UTF-8.
    Charset
        "请求体未按 UTF-8 解码，文字已损坏；请使用原始字节，或明确指定 UTF-8",
        "the body was decoded with another charset than UTF-8 and is damaged; use the raw bytes, or name UTF-8";
    /// The body did not take part.
    BodyLeftOut
        "请求体没有参与签名；第五行应是请求体",
        "the body was not signed; it is the last line";
    /// Another timestamp than the one that is sent.
    Timestamp(String)
        "签名用的时间戳是 {}，与发送的不同；两处必须是同一段文本",
        "the timestamp that was signed is {}, not the one that is sent; both must be the same text";
    /// The nonce was signed with its quotes.
    QuotedNonce
        "随机串连同引号一起签名了；引号不参与签名",
        "the nonce was signed with its quotes; quotes take no part";
    /// Another method.
    Method(String)
        "签名用的方法是 {}；应为大写的实际方法",
        "the method that was signed is {}; it is the real one, in upper case";
    /// Another URI.
    Uri(String)
        "签名用的 URI 是 {}；下单应为 /requestOrder，HTTP 请求应为实际路径，均不含域名",
        "the URI that was signed is {}; it is /requestOrder for an order and the path as sent for HTTP, without a host";
    /// The key is uploaded, under another version.
    KeyVersion(String)
        "签名所用密钥的 key_version 是 {}，与声明的不同；换用新密钥后要同时更换 key_version",
        "the key that signed has key_version {}, not the one that is named; change both together when a new key is uploaded";
    /// No key was uploaded under this version.
    UnknownKeyVersion(String)
        "没有 key_version 为 {} 的已上传公钥；请以控制台显示的版本为准",
        "no public key with key_version {} was uploaded; take the version that the console shows";
    /// The key that is configured as the platform's is the application's.
    ApplicationKeyConfigured
        "配置的平台公钥其实是应用公钥；请到控制台复制平台公钥",
        "the configured platform key is the application's public key; copy the platform's public key from the console";
    /// The application's key made the signature.
    ApplicationKey
        "签名是用应用私钥生成的；回调由平台私钥签名，用平台公钥验证",
        "the signature was made with the application's key; callbacks are signed with the platform's";
    /// The platform's key made the signature.
    PlatformKey
        "签名是用平台私钥生成的；请求要用应用私钥签名",
        "the signature was made with the platform's key; requests are signed with the application's";
    /// Another algorithm.
    Algorithm(String)
        "签名算法是 {}；应为 SHA256-RSA2048（PKCS#1 v1.5）",
        "the signature's algorithm is {}; it must be SHA256-RSA2048 (PKCS#1 v1.5)";
    /// The signature's text was changed on the way.
    SignatureChanged(String)
        "签名文本在途中被改动：{}",
        "the signature's text was changed on the way: {}";
    /// The signature's text cannot be one.
    SignatureMalformed
        "签名不是 256 字节的标准 base64；请完整复制",
        "the signature is not the standard base64 of 256 bytes; copy it completely";
    /// A field that must be a text holds an object.
    ObjectForText(String)
        "{} 是对象；它必须是字符串，内容为 JSON",
        "{} is an object; it must be a text that holds JSON";
    /// The callback belongs to guaranteed payment.
    OtherSystem
        "这是担保支付（ecpay）的回调，用令牌（token）验证",
        "this is a callback of guaranteed payment (ecpay); verify it with the token";
    /// No key was tried.
    NoKey
        "没有可用的公钥；请先配置",
        "no public key was tried; configure one";
    /// None of the known mistakes.
    Unknown
        "签名之后内容被改动（常见：前端把 data 解析后又重新序列化，应逐字节原样传递），或者密钥不是这个小程序的",
        "what was signed was changed afterwards (often: `data` parsed and written again; pass it on byte for byte), \
         or the key is another mini-program's";
}

#[cfg(test)]
mod tests {
    use super::Mistake;

    #[test]
    fn a_detail_is_in_both_sentences_and_in_the_json() {
        let detail = "‹here›".to_owned();
        for (mistake, name) in [
            (Mistake::Timestamp(detail.clone()), "timestamp"),
            (Mistake::Method(detail.clone()), "method"),
            (Mistake::Uri(detail.clone()), "uri"),
            (Mistake::KeyVersion(detail.clone()), "key_version"),
            (Mistake::UnknownKeyVersion(detail.clone()), "unknown_key_version"),
            (Mistake::Algorithm(detail.clone()), "algorithm"),
            (Mistake::SignatureChanged(detail.clone()), "signature_changed"),
            (Mistake::ObjectForText(detail.clone()), "object_for_text"),
        ] {
            assert!(mistake.zh().contains("‹here›") && mistake.en().contains("‹here›"), "{mistake:?}");
            let json = serde_json::to_string(&mistake).expect("plain data");
            assert_eq!(json, format!(r#"{{"{name}":"‹here›"}}"#));
        }
        let json = serde_json::to_string(&[Mistake::MissingLastLf, Mistake::OnlyMsg]).expect("plain data");
        assert_eq!(json, r#"["missing_last_lf","only_msg"]"#);
    }
}
