//! The lines that the general trade system signs, checked and made visible.

use std::fmt;
use std::io::Read;

use super::INPUT_BYTES_MAX;
use crate::exit::Failure;
use crate::lang::{say, tell};
use crate::out::{self, Form, printable};

/// The platform's own have 32.
const NONCE_BYTES_MAX: usize = 128;

/// The first line: upper case, as it is signed.
pub(super) fn method(text: &str) -> Result<String, Failure> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    let text = printable(text);
    Err(Failure::usage(tell!(
        "`--method {text}`：不是 HTTP 方法；通常是 POST",
        "`--method {text}`: not an HTTP method; it is usually POST"
    )))
}

/// The second line: a path without a host.
pub(super) fn uri(text: &str) -> Result<String, Failure> {
    if text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    let text = printable(text);
    Err(Failure::usage(tell!(
        "`--uri {text}`：只写以 / 开头的路径，不带域名；下单是 /requestOrder",
        "`--uri {text}`: write the path alone, beginning with / and without a host; for an order it is /requestOrder"
    )))
}

/// The timestamp line: Unix seconds.
pub(super) fn timestamp(text: &str) -> Result<String, Failure> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && text.len() < 13 {
        return Ok(text.to_owned());
    }
    let text = printable(text);
    Err(Failure::usage(match digits {
        true => tell!(
            "`--timestamp {text}`：这是毫秒；签名里用秒（10 位数字）",
            "`--timestamp {text}`: these are milliseconds; what is signed has seconds, ten digits"
        ),
        false => tell!(
            "`--timestamp {text}`：请写 Unix 秒，例如 1767225600",
            "`--timestamp {text}`: write Unix seconds, such as 1767225600"
        ),
    }))
}

/// The nonce line: what can be read back out of a byteAuthorization.
pub(super) fn nonce(text: &str) -> Result<String, Failure> {
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b'"');
    if (1..=NONCE_BYTES_MAX).contains(&text.len()) && text.bytes().all(fits) {
        return Ok(text.to_owned());
    }
    let text = printable(text);
    Err(Failure::usage(tell!(
        "`--nonce {text}`：只能用可见 ASCII 字符，不能有逗号和双引号；建议 16–32 位字母或数字",
        "`--nonce {text}`: use visible ASCII characters without comma and double quote; 16–32 letters or digits are best"
    )))
}

/// The whole of standard input, byte for byte; an empty body is a body.
///
/// A line end at its end is part of it, which is seldom meant: people are told.
pub(super) fn read_body(form: Form) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let read = std::io::stdin().lock().take(INPUT_BYTES_MAX + 1).read_to_end(&mut body);
    read.map_err(|cause| Failure::usage(format!("standard input: {cause}")))?;
    if body.len() as u64 > INPUT_BYTES_MAX {
        return Err(Failure::usage(say("标准输入超过 4 MiB", "standard input is larger than 4 MiB")));
    }
    if body.ends_with(b"\n") {
        out::remark(
            form,
            say(
                "注意：标准输入以换行结尾，它算作请求体的一部分；若不该有，请用 `printf %s` 代替 `echo`",
                "warning: standard input ends with a line end, which counts as part of the body; if it should not, use `printf %s` instead of `echo`",
            ),
        );
    }
    Ok(body)
}

/// A text whose line ends can be seen: `␊` for LF, `␍` for CR.
pub(super) struct Visible<'a>(pub(super) &'a [u8]);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(self.0);
        for c in text.chars() {
            match c {
                '\n' => f.write_str("␊\n")?,
                '\r' => f.write_str("␍")?,
                c if c.is_control() => f.write_str("\u{fffd}")?,
                c => write!(f, "{c}")?,
            }
        }
        if text.ends_with('\n') { Ok(()) } else { f.write_str("\n") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Visible, method, nonce, timestamp, uri};

    #[test]
    fn line_ends_can_be_seen() {
        assert_eq!(Visible(b"POST\n/x\n{\"a\":1}\n").to_string(), "POST␊\n/x␊\n{\"a\":1}␊\n");
        assert_eq!(Visible(b"a\r\n\x1b[2J").to_string(), "a␍␊\n\u{fffd}[2J\n");
    }

    #[test]
    fn lines_are_checked_before_they_are_signed() {
        assert_eq!(method("post").ok().as_deref(), Some("POST"));
        assert_eq!(uri("/requestOrder").ok().as_deref(), Some("/requestOrder"));
        assert_eq!(nonce("Zm9vYmFyYmF6MTIzNA==").ok().as_deref(), Some("Zm9vYmFyYmF6MTIzNA=="));
        assert_eq!(timestamp("1767225600").ok().as_deref(), Some("1767225600"));
        for refused in [
            method(""),
            method("PO ST"),
            uri("requestOrder"),
            uri("https://open.douyin.com/x"),
            uri("/a\nb"),
            nonce("a,b"),
            nonce("a b"),
            nonce(""),
            timestamp("now"),
            timestamp("1767225600000"),
        ] {
            assert_eq!(refused.expect_err("refused").code(), 2);
        }
    }
}
