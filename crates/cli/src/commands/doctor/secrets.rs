//! Salt and token by their looks, and who may read the files they are in.

use std::path::Path;

use douyin_pay_server::config::{AppConfig, EcpayConfig, PlatformChoice};
use toml::Value;

use super::configuration::Installation;
use super::report::{Finding, Report};

pub(super) const SALT_AND_TOKEN: &str = "salt_and_token";
const FILES: &str = "secret_files";

/// What the two secrets of an app look like, when the platform has not already told them apart.
///
/// `accepted`: the platform takes what is signed with the salt, so that cannot be the token.
pub(super) fn by_looks(app: &AppConfig, ecpay: &EcpayConfig, accepted: bool) -> Finding {
    let salt = ecpay.salt.expose();
    if ecpay.callback_tokens.iter().any(|token| token.expose() == salt) {
        let message = tell!(
            "`salt` 和 `callback_tokens` 里有相同的值",
            "`salt` and one of `callback_tokens` are the same"
        );
        let remedy = tell!(
            "在控制台的支付设置里分别复制 SALT 和 Token；若两者真的一样，请换一个 Token",
            "copy SALT and Token from the console's payment settings, each to its place; if they are the same there, change the token"
        );
        return Finding::problem(SALT_AND_TOKEN, message, remedy).of(&app.name);
    }
    // A mock's secrets are anybody's invention.
    let of_console = !matches!(ecpay.platform, PlatformChoice::Url(_));
    let odd_token = ecpay.callback_tokens.iter().any(|token| token.breaks_console_rule().is_some());
    let odd_salt = ecpay.salt.breaks_console_rule().is_some();
    let finding = match (of_console, odd_token) {
        (true, true) if !odd_salt && !accepted => Finding::warning(
            SALT_AND_TOKEN,
            tell!(
                "`callback_tokens` 不像 Token（应为 3–32 位字母或数字），而 `salt` 像：两者可能填反了",
                "a value of `callback_tokens` does not look like a token (3–32 letters or digits) and `salt` does: perhaps they are swapped"
            ),
            tell!("与控制台的支付设置逐一对照", "compare both with the console's payment settings"),
        ),
        (true, true) => Finding::warning(
            SALT_AND_TOKEN,
            tell!(
                "`callback_tokens` 里有一个不符合控制台的规则：3–32 位字母或数字",
                "a value of `callback_tokens` breaks the console's rule: 3–32 letters or digits"
            ),
            tell!(
                "重新复制 Token，注意不要带上空格或引号",
                "copy the token again; mind blanks and quotes around it"
            ),
        ),
        _ => Finding::ok(
            SALT_AND_TOKEN,
            tell!(
                "`salt` 与 `callback_tokens` 没有填反的迹象",
                "`salt` and `callback_tokens` are not mixed up, as far as it shows"
            ),
        ),
    };
    finding.of(&app.name)
}

/// Warns of secret files that others on this machine can read.
pub(super) fn files(installation: &Installation, report: &mut Report) {
    let mut files = Vec::new();
    collect(&Value::Table(installation.file.clone()), &mut files);
    files.sort_unstable();
    files.dedup();
    let open = files.iter().filter(|file| is_open(&installation.folder.join(file)));
    let open: Vec<&str> = open.map(String::as_str).collect();
    if let Some(first) = open.first() {
        let list = open.join(", ");
        report.add(Finding::warning(
            FILES,
            tell!("密钥文件谁都能读：{list}", "secret files that everybody may read: {list}"),
            tell!(
                "只留给服务的用户：`chmod 600 {first}`，并 `chown` 给它",
                "leave them to the service's user: `chmod 600 {first}`, and `chown` it to that user"
            ),
        ));
    } else if !files.is_empty() {
        report.add(Finding::ok(FILES, tell!("密钥文件的权限合适", "secret files are closed to others")));
    }
}

/// Every `{ file = "PATH" }` of the configuration.
fn collect(value: &Value, files: &mut Vec<String>) {
    match value {
        Value::Table(table) => match (table.len(), table.get("file")) {
            (1, Some(Value::String(file))) => files.push(file.clone()),
            _ => table.iter().for_each(|(_, inner)| collect(inner, files)),
        },
        Value::Array(items) => items.iter().for_each(|item| collect(item, files)),
        _ => {}
    }
}

/// Whether strangers may read it, or the group change it. A group that may read is a usual way to share.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const FOR_OTHERS_OR_WRITABLE_BY_GROUP: u32 = 0o027;
    let mode = std::fs::metadata(path).map(|file| file.permissions().mode());
    mode.is_ok_and(|mode| mode & FOR_OTHERS_OR_WRITABLE_BY_GROUP != 0)
}

#[cfg(not(unix))]
fn is_open(_path: &Path) -> bool {
    false
}
