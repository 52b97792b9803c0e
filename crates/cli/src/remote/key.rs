//! The API key: from the environment or a file, never from the command line.

use std::io::Read;
use std::path::Path;

use http::HeaderValue;

use crate::exit::Failure;
use crate::lang::tell;

/// A key has some fifty characters.
const KEY_BYTES_MAX: u64 = 4096;
/// How keys made by `config new-key` begin.
const KEY_PREFIX: &str = "dpk_";

/// The header that proves who asks.
pub(super) fn read(variable: &str, file: Option<&Path>) -> Result<HeaderValue, Failure> {
    let (key, origin) = match file {
        Some(path) => (of_file(path)?, format!("`--key-file {}`", path.display())),
        None => (of_environment(variable)?, format!("`{variable}`")),
    };
    let key = key.trim();
    if key.is_empty() {
        return Err(Failure::usage(tell!(
            "{origin}：里面没有 API 密钥；请放入 `douyin-pay config new-key` 生成的密钥",
            "{origin}: there is no API key in it; put the key in that `douyin-pay config new-key` made"
        )));
    }
    let header = HeaderValue::from_str(&format!("Bearer {key}")).ok().filter(|_| key.is_ascii());
    let Some(mut header) = header else {
        return Err(Failure::usage(tell!(
            "{origin}：API 密钥只能由一行可见 ASCII 字符组成；请检查是否多复制了内容",
            "{origin}: an API key is one line of visible ASCII characters; check what was copied with it"
        )));
    };
    header.set_sensitive(true);
    Ok(header)
}

fn of_file(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(KEY_BYTES_MAX).read_to_string(&mut text));
    match read {
        Ok(_) => Ok(text),
        Err(cause) => {
            let path = path.display();
            Err(Failure::usage(tell!(
                "`--key-file {path}`：无法读取：{cause}；请检查路径和权限",
                "`--key-file {path}`: cannot be read: {cause}; check the path and the permissions"
            )))
        }
    }
}

fn of_environment(variable: &str) -> Result<String, Failure> {
    // Whoever writes the key itself here should not find it on the screen and in logs as well.
    let is_name = variable.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if variable.starts_with(KEY_PREFIX) || !is_name {
        return Err(Failure::usage(tell!(
            "`--key-env`：这里要写环境变量的名字，不是密钥本身；密钥请先 `export DOUYIN_PAY_KEY=…`，若已暴露请换新",
            "`--key-env`: this takes the name of an environment variable, not the key; run `export DOUYIN_PAY_KEY=…` first, \
             and make a new key if others could read this command line"
        )));
    }
    std::env::var(variable).map_err(|_| {
        Failure::usage(tell!(
            "缺少 API 密钥：环境变量 `{variable}` 没有设置；请先 `export {variable}=dpk_…`，或用 `--key-file FILE`",
            "the API key is missing: the environment variable `{variable}` is not set; run `export {variable}=dpk_…` first, \
             or use `--key-file FILE`"
        ))
    })
}
