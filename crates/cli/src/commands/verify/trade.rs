//! `verify --system trade`: a callback of the platform, or a byteAuthorization of an application.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use douyin_pay_protocol::trade::callback::{self, Headers, Unverified};
use douyin_pay_protocol::trade::{
    ApplicationKey, ApplicationPublicKey, ByteAuthorization, KeyError, KeyVersion, PlatformPublicKey,
    explain_request,
};
use serde::Serialize;

use crate::commands::{key_file, signed_text};
use crate::exit::{Ended, Failure};
use crate::lang::{Lang, say, tell};
use crate::out::{self, Form};

/// Options of the general trade system.
#[derive(Debug, ClapArgs)]
pub(super) struct TradeArgs {
    /// 公钥文件，可重复：回调用平台公钥，byteAuthorization 用应用公钥（可写 版本=文件） · public key, may be repeated: the
    /// platform's for a callback, the application's for a byteAuthorization (`VERSION=FILE` if its version matters)
    #[arg(long, value_name = "FILE", required_if_eq("system", "trade"))]
    public_key: Vec<String>,
    /// 应用的私钥或公钥，用来查明它是否被误当作平台密钥 · the application's own key, private or public, to see whether it was
    /// taken for the platform's
    #[arg(long, value_name = "FILE", conflicts_with = "authorization")]
    application_key: Option<PathBuf>,
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
    /// byteAuthorization 的第二行，例如 /requestOrder；回调时为接收路径 · the second line of a byteAuthorization; with a callback
    /// the path that received it, if known
    #[arg(long, value_name = "PATH")]
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
    let read = |path: &String| {
        let path = Path::new(path);
        let key = PlatformPublicKey::parse(key_file::read("--public-key", path)?);
        key.map_err(|cause| key_file::refused("--public-key", path, &cause))
    };
    let keys = args.public_key.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let application = args.application_key.as_deref().map(application_key).transpose()?;
    let body = signed_text::read_body(form)?;
    let headers = Headers { timestamp: &timestamp, nonce: &nonce, signature: &signature };
    let told = callback::explain(headers, &body, &keys, application.as_slice(), args.uri.as_deref());
    let written = match Lang::current() {
        Lang::Zh => told.zh(),
        Lang::En => told.to_string(),
    };
    let verified = Unverified::parse(headers, &body).and_then(|callback| callback.verify(&keys));
    match verified {
        Ok(verified) => {
            let (kind, version) = (verified.kind(), verified.version().unwrap_or("-"));
            let (kind, version) = (out::printable(kind), out::printable(version));
            let what = tell!("{kind}，版本 {version}", "{kind}, version {version}");
            valid(form, &told, &what, &written);
            Ok(())
        }
        // The signature is right, and what it signs is no callback.
        Err(problem) if problem.is_genuine() => {
            print(form, &told);
            Err(Failure::usage(problem.to_string()))
        }
        Err(problem) => {
            print(form, &told);
            Err(refused(&format!("{problem}\n{written}")))
        }
    }
}

/// A byteAuthorization: five lines, the application's key.
fn authorization(args: &TradeArgs, value: &str, form: Form) -> Ended {
    let method = signed_text::method(&args.method)?;
    let uri = signed_text::uri(args.uri.as_deref().unwrap_or_default())?;
    let read = ByteAuthorization::parse(value.trim()).map_err(|cause| Failure::usage(cause.to_string()))?;
    let named = KeyVersion::new(read.key_version());
    let named = named.map_err(|cause| Failure::usage(format!("`--authorization`: {cause}")))?;
    let keys = args.public_key.iter().map(|text| versioned(text, &named)).collect::<Result<Vec<_>, _>>()?;
    let body = signed_text::read_body(form)?;
    let told = explain_request(&read, &method, &uri, &body, &keys, None);
    let written = match Lang::current() {
        Lang::Zh => told.zh(),
        Lang::En => told.to_string(),
    };
    if told.is_valid() {
        let (version, at) = (read.key_version(), read.timestamp());
        let what = tell!("key_version {version}，时间戳 {at}", "key_version {version}, timestamp {at}");
        valid(form, &told, &what, &written);
        return Ok(());
    }
    print(form, &told);
    Err(refused(&written))
}

/// The application's key, whichever half was given.
fn application_key(path: &Path) -> Result<ApplicationPublicKey, Failure> {
    let bytes = key_file::read("--application-key", path)?;
    let key = match ApplicationPublicKey::parse(&bytes) {
        Err(KeyError::PrivateForPublic) => ApplicationKey::parse(&bytes).map(|key| key.public()),
        read => read,
    };
    key.map_err(|cause| key_file::refused("--application-key", path, &cause))
}

/// `VERSION=FILE`, or a file whose version is the one that the byteAuthorization names.
fn versioned(text: &str, named: &KeyVersion) -> Result<(KeyVersion, ApplicationPublicKey), Failure> {
    let given = text.split_once('=').and_then(|(version, path)| Some((KeyVersion::new(version).ok()?, path)));
    let (version, path) = given.unwrap_or_else(|| (named.clone(), text));
    let path = Path::new(path);
    let key = ApplicationPublicKey::parse(key_file::read("--public-key", path)?);
    Ok((version, key.map_err(|cause| key_file::refused("--public-key", path, &cause))?))
}

fn valid(form: Form, told: &impl Serialize, what: &str, written: &str) {
    print(form, told);
    if form == Form::Text {
        out::line(format_args!("{}: {what}", say("签名正确", "valid")));
        out::text(written);
    }
}

fn print(form: Form, told: &impl Serialize) {
    if form == Form::Json {
        out::line(serde_json::to_string_pretty(told).expect("an explanation is plain data"));
    }
}

fn refused(why: &str) -> Failure {
    Failure::No(format!("{}\n{}", say("签名不正确", "the signature is not valid"), why.trim_end()))
}
