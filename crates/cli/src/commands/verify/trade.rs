//! `verify --system trade`: a callback of the platform, or a byteAuthorization of an application.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use douyin_pay_protocol::trade::callback::{CallbackError, Headers, Unverified};
use douyin_pay_protocol::trade::{ApplicationPublicKey, ByteAuthorization, KeyError, PlatformPublicKey};
use serde_json::{Value, json};

use crate::commands::{key_file, signed_text};
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form};

/// Options of the general trade system.
#[derive(Debug, ClapArgs)]
pub(super) struct TradeArgs {
    /// 公钥文件：回调用平台公钥（可重复），byteAuthorization 用应用公钥 · public key: the platform's for a callback (may be
    /// repeated), the application's for a byteAuthorization
    #[arg(long, value_name = "FILE", required_if_eq("system", "trade"))]
    public_key: Vec<PathBuf>,
    /// 请求头 Byte-Timestamp · the header Byte-Timestamp
    #[arg(long, value_name = "SECONDS", conflicts_with = "authorization")]
    timestamp: Option<String>,
    /// 请求头 Byte-Nonce-Str · the header Byte-Nonce-Str
    #[arg(long, conflicts_with = "authorization")]
    nonce: Option<String>,
    /// 请求头 Byte-Signature · the header Byte-Signature
    #[arg(long, value_name = "BASE64", conflicts_with = "authorization")]
    signature: Option<String>,
    /// 要检查的 byteAuthorization（输入为 data 原文） · a byteAuthorization to check; standard input is then `data`, byte for byte
    #[arg(long, value_name = "VALUE", requires = "uri")]
    authorization: Option<String>,
    /// byteAuthorization 的第二行，例如 /requestOrder · the second line of a byteAuthorization
    #[arg(long, value_name = "PATH", requires = "authorization")]
    uri: Option<String>,
    /// byteAuthorization 的第一行 · the first line of a byteAuthorization
    #[arg(long, default_value = "POST")]
    method: String,
}

pub(super) fn run(args: &TradeArgs, form: Form) -> Ended {
    match &args.authorization {
        Some(value) => authorization(args, value, form),
        None => callback(args, form),
    }
}

/// A callback: three lines, the platform's key.
fn callback(args: &TradeArgs, form: Form) -> Ended {
    let missing = |option: &str| {
        Failure::usage(tell!(
            "缺少 `{option}`：验证回调需要三个请求头 Byte-Timestamp、Byte-Nonce-Str、Byte-Signature 的值；验证 byteAuthorization 请用 `--authorization` 和 `--uri`",
            "`{option}` is missing: a callback is verified with the values of its headers Byte-Timestamp, Byte-Nonce-Str and \
             Byte-Signature; a byteAuthorization with `--authorization` and `--uri`"
        ))
    };
    let given = |option: &str, text: &Option<String>| text.clone().ok_or_else(|| missing(option));
    let timestamp = given("--timestamp", &args.timestamp)?;
    let nonce = given("--nonce", &args.nonce)?;
    let signature = given("--signature", &args.signature)?;
    let keys = keys(&args.public_key, PlatformPublicKey::parse)?;
    let body = signed_text::read_body(form)?;
    let headers = Headers { timestamp: &timestamp, nonce: &nonce, signature: &signature };
    let parsed = Unverified::parse(headers, &body).map_err(|cause| Failure::usage(cause.to_string()))?;
    match parsed.verify(&keys) {
        Ok(verified) => {
            let key = keys[verified.key_index()].fingerprint();
            let facts =
                json!({ "valid": true, "type": verified.kind(), "version": verified.version(), "key": key });
            let (kind, version) =
                (out::printable(verified.kind()), verified.version().map_or("-".to_owned(), out::printable));
            said(
                form,
                &facts,
                &tell!("{kind}，版本 {version}，公钥 {key}", "{kind}, version {version}, public key {key}"),
            );
            Ok(())
        }
        Err(CallbackError::BadSignature) => Err(refused(form)),
        Err(genuine) => Err(Failure::usage(genuine.to_string())),
    }
}

/// A byteAuthorization: five lines, the application's key.
fn authorization(args: &TradeArgs, value: &str, form: Form) -> Ended {
    let method = signed_text::method(&args.method)?;
    let uri = signed_text::uri(args.uri.as_deref().unwrap_or_default())?;
    let read = ByteAuthorization::parse(value.trim()).map_err(|cause| Failure::usage(cause.to_string()))?;
    let keys = keys(&args.public_key, ApplicationPublicKey::parse)?;
    let body = signed_text::read_body(form)?;
    match keys.iter().find(|key| read.verify(&method, &uri, &body, key)) {
        Some(key) => {
            let (key, version, at) = (key.fingerprint(), read.key_version(), read.timestamp());
            let facts = json!({
                "valid": true, "appid": read.appid(), "key_version": version, "timestamp": at, "nonce": read.nonce_str(), "key": key,
            });
            said(
                form,
                &facts,
                &tell!(
                    "key_version {version}，时间戳 {at}，公钥 {key}",
                    "key_version {version}, timestamp {at}, public key {key}"
                ),
            );
            Ok(())
        }
        None => Err(refused(form)),
    }
}

fn keys<K>(paths: &[PathBuf], parse: fn(Vec<u8>) -> Result<K, KeyError>) -> Result<Vec<K>, Failure> {
    let one = |path: &PathBuf| {
        let path: &Path = path;
        parse(key_file::read("--public-key", path)?)
            .map_err(|cause| key_file::refused("--public-key", path, &cause))
    };
    paths.iter().map(one).collect()
}

fn said(form: Form, facts: &Value, text: &str) {
    match form {
        Form::Json => out::line(facts),
        Form::Text => out::line(format_args!("{}: {text}", say("签名正确", "valid"))),
    }
}

fn refused(form: Form) -> Failure {
    if form == Form::Json {
        out::line(json!({ "valid": false }));
    }
    Failure::No(say("签名不正确", "the signature is not valid").to_owned())
}
