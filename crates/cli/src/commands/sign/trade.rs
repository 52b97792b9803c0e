//! `sign --system trade`: the byteAuthorization over five lines.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use douyin_pay_env::Env;
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::trade::{ApplicationKey, ByteAuthorization, KeyVersion, request_text};
use douyin_pay_server::probe::sha256_hex;
use serde_json::json;

use crate::commands::key_file;
use crate::commands::signed_text::{self, Visible};
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form};

/// As long as the platform's own.
const NONCE_DIGITS: usize = 32;

/// Options of the general trade system.
#[derive(Debug, ClapArgs)]
pub(super) struct TradeArgs {
    /// 应用私钥文件，任何格式 · file with the application's private key, in any format
    #[arg(long, value_name = "FILE", required_if_eq("system", "trade"))]
    key: Option<PathBuf>,
    /// 小程序 app_id · the app's id
    #[arg(long, value_name = "ID", required_if_eq("system", "trade"))]
    app_id: Option<String>,
    /// 控制台里公钥的版本号 · the version that the console shows beside the public key
    #[arg(long, value_name = "N", required_if_eq("system", "trade"))]
    key_version: Option<String>,
    /// 第二行，例如 /requestOrder · the second line, such as /requestOrder
    #[arg(long, value_name = "PATH", required_if_eq("system", "trade"))]
    uri: Option<String>,
    /// 第一行 · the first line
    #[arg(long, default_value = "POST")]
    method: String,
    /// 第三行，默认现在 · the third line, Unix seconds; now if left out
    #[arg(long, value_name = "SECONDS")]
    timestamp: Option<String>,
    /// 第四行，默认随机 · the fourth line; random if left out
    #[arg(long)]
    nonce: Option<String>,
    /// 值加双引号（HTTP 请求头的写法） · values in double quotes, as the HTTP header has them
    #[arg(long)]
    quoted: bool,
}

pub(super) fn run(args: &TradeArgs, explain: bool, form: Form) -> Ended {
    let path = args.key.as_deref().unwrap_or_else(|| std::path::Path::new(""));
    let key = ApplicationKey::parse(key_file::read("--key", path)?)
        .map_err(|cause| key_file::refused("--key", path, &cause))?;
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let app_id = AppId::new(given(&args.app_id)).map_err(|cause| option("--app-id", &cause))?;
    let version =
        KeyVersion::new(given(&args.key_version)).map_err(|cause| option("--key-version", &cause))?;
    let method = signed_text::method(&args.method)?;
    let uri = signed_text::uri(args.uri.as_deref().unwrap_or_default())?;
    let env = Env::real();
    let timestamp = match &args.timestamp {
        None => env.now().seconds().to_string(),
        Some(text) => signed_text::timestamp(text)?,
    };
    let nonce = match &args.nonce {
        None => env.random_hex(NONCE_DIGITS),
        Some(text) => signed_text::nonce(text)?,
    };

    let body = signed_text::read_body(form)?;
    let text = request_text(&method, &uri, &timestamp, &nonce, &body);
    let signature = key.sign(&text);
    let value = format!(
        "SHA256-RSA2048 appid={app_id},nonce_str={nonce},timestamp={timestamp},key_version={version},signature={signature}"
    );
    // Read back as the platform reads it: what it would not understand is not handed out.
    let authorization =
        ByteAuthorization::parse(&value).map_err(|cause| Failure::usage(cause.to_string()))?;
    let written = if args.quoted { authorization.quoted() } else { authorization.to_string() };
    match (explain, form) {
        (false, Form::Text) => out::line(written),
        (true, Form::Text) => {
            let (length, sha256) = (text.len(), sha256_hex(&text));
            out::text(Visible(&text));
            out::line(tell!("{length} 字节，sha256 {sha256}", "{length} bytes, sha256 {sha256}"));
            out::line(format_args!("{} {}", say("公钥指纹", "public key"), key.public().fingerprint()));
            out::line(format_args!("{} {signature}", say("签名", "signature")));
            out::line(written);
        }
        (_, Form::Json) => out::line(json!({
            "authorization": written, "signature": signature, "timestamp": timestamp, "nonce": nonce,
            "public_key_fingerprint": key.public().fingerprint(),
            "text": String::from_utf8_lossy(&text), "text_bytes": text.len(), "text_sha256": sha256_hex(&text),
            "body_ends_with_newline": body.ends_with(b"\n"),
        })),
    }
    Ok(())
}

fn option(name: &str, cause: &impl std::fmt::Display) -> Failure {
    Failure::usage(format!("`{name}`: {cause}"))
}
