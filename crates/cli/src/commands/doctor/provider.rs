//! May the service provider call for the app, and whose salt does the platform want?

use douyin_pay_protocol::ErrNo;
use douyin_pay_server::config::Provider;

use super::report::Finding;
use crate::lang::say;

const PROVIDER: &str = "provider";
/// The codes that are about the provider: unknown, or without the app's grant.
const OF_PROVIDERS: [i64; 2] = [2047, 2048];

/// The provider is known and authorised.
pub(super) fn accepted(name: &str, provider: &Provider) -> Finding {
    let id = &provider.thirdparty_id;
    let signs = signs(provider.salt.is_some());
    Finding::ok(
        PROVIDER,
        tell!(
            "{name}接受服务商 {id} 代这个小程序调用，用{signs}签名",
            "{name} lets provider {id} call for this app, signed with {signs}"
        ),
    )
}

/// What the code says about the provider; `None` when it is about something else.
pub(super) fn refused(name: &str, provider: &Provider, code: ErrNo) -> Option<Finding> {
    let id = &provider.thirdparty_id;
    let (says, remedy) = (say(code.zh(), code.en()), say(code.remedy_zh(), code.remedy_en()));
    OF_PROVIDERS.contains(&code.get()).then(|| {
        Finding::problem(
            PROVIDER,
            tell!(
                "{name}不接受服务商 {id}：{code}，{says}",
                "{name} does not take provider {id}: {code}, {says}"
            ),
            remedy.to_owned(),
        )
    })
}

/// The platform takes the app's salt where the provider's was configured.
pub(super) fn wants_the_apps(name: &str) -> Finding {
    Finding::problem(
        PROVIDER,
        tell!(
            "{name}不接受用 `provider_salt` 签名的请求，却接受用 `salt` 签名的",
            "{name} does not take what is signed with `provider_salt`, and takes what is signed with `salt`"
        ),
        tell!(
            "去掉 `provider_salt`（交易接口用谁的 SALT 没有文档）；若它本身抄错了，从服务商控制台重新复制",
            "remove `provider_salt`: nobody wrote down whose SALT trade calls want; if it was mistyped, copy it again from the \
             provider's console"
        ),
    )
}

/// Whose salt signs, for people.
pub(super) fn signs(of_provider: bool) -> &'static str {
    match of_provider {
        true => say("`provider_salt`", "`provider_salt`"),
        false => say("`salt`", "`salt`"),
    }
}
