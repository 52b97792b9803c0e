//! Can the platform call this address at all? Rules that need no network.

use std::net::IpAddr;

use douyin_pay_server::config::{AppConfig, PlatformChoice};
use http::Uri;

use super::configuration::Installation;
use super::reach;
use super::report::{Finding, Report};

const CHECK: &str = "public_url";
/// The platform's limit for `notify_url`.
const BYTES_MAX: usize = 256;
/// Endings of names that only a local network knows.
const LOCAL_ENDINGS: [&str; 5] = [".local", ".localhost", ".lan", ".internal", ".home.arpa"];

/// Reports everything that keeps the platform from calling the address; true when nothing does.
pub(super) fn check(installation: &Installation, apps: &[&AppConfig], report: &mut Report) -> bool {
    let real = apps.iter().any(|app| app.platforms().any(|choice| !matches!(choice, PlatformChoice::Url(_))));
    let given = installation.public_url.as_deref().map(|url| url.trim_end_matches('/'));
    let mut faults = faults(given, real);
    let names = apps.iter().map(|app| app.name.as_str());
    faults
        .extend(given.into_iter().flat_map(|url| names.clone().filter_map(move |name| too_long(url, name))));
    if faults.is_empty() && !installation.is_given(CHECK) {
        faults.push(Finding::problem(
            CHECK,
            tell!("`public_url` 不能用作回调地址", "`public_url` cannot be called by the platform"),
            tell!("写成 https://域名，不带端口", "write https://your.domain, without a port"),
        ));
    }
    let good = faults.is_empty();
    if good {
        let url = given.unwrap_or_default();
        let shown = tell!("`{url}` 符合平台的要求", "`{url}` is an address that the platform can call");
        faults.push(Finding::ok(CHECK, shown));
    }
    faults.into_iter().for_each(|fault| report.add(fault));
    good
}

fn faults(given: Option<&str>, real: bool) -> Vec<Finding> {
    let problem = |message, remedy| Finding::problem(CHECK, message, remedy);
    let Some(url) = given else {
        return vec![problem(
            tell!(
                "没有 `public_url`：平台不知道把回调发到哪里",
                "`public_url` is missing: the platform has nowhere to send callbacks"
            ),
            tell!(
                "写上从外网访问本服务的 https 地址",
                "give the https address under which this service is reached from outside"
            ),
        )];
    };
    let uri = url.parse::<Uri>().ok().filter(|uri| uri.scheme().is_some());
    let Some((uri, host)) =
        uri.as_ref().and_then(|uri| Some((uri, uri.host().filter(|host| !host.is_empty())?)))
    else {
        return vec![problem(
            tell!("`{url}` 不是完整的网址", "`{url}` is not a URL"),
            tell!("写成 https://域名", "write https://your.domain"),
        )];
    };
    let mut found = Vec::new();
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        found.push(problem(
            tell!("地址里有用户名或密码", "the address contains a user name or password"),
            tell!("去掉 `@` 和它前面的部分", "remove it, with the `@`"),
        ));
    }
    if url.contains(['?', '#']) {
        found.push(problem(
            tell!("地址里有 `?` 或 `#`", "the address has a query or a fragment"),
            tell!("只保留协议、域名和路径", "keep only scheme, host and path"),
        ));
    }
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
    if reach::is_loopback(url) {
        if real {
            found.push(problem(
                tell!(
                    "`{host}` 是本机地址，而小程序接的是真实平台：平台的回调到不了这里",
                    "`{host}` is this machine, but the platform is the real one: its callbacks cannot come here"
                ),
                tell!(
                    "换成公网域名；本地开发请把 `platform` 写成模拟平台的地址",
                    "give a public name; for development let `platform` be the URL of a mock"
                ),
            ));
        }
        return found;
    }
    found.extend(of_the_world(uri, host, address));
    found
}

/// What holds for every address that is not this machine's.
fn of_the_world(uri: &Uri, host: &str, address: Option<IpAddr>) -> Vec<Finding> {
    let mut found = Vec::new();
    let scheme = uri.scheme_str().unwrap_or_default();
    if scheme != "https" {
        found.push(Finding::problem(
            CHECK,
            tell!(
                "地址以 `{scheme}` 开头，平台只回调 https",
                "the address begins with `{scheme}`; the platform calls https only"
            ),
            tell!(
                "在反向代理上配置证书，把 `public_url` 改成 https://{host}",
                "set up a certificate in the reverse proxy and write https://{host}"
            ),
        ));
    }
    if let Some(port) = uri.port().filter(|port| port.as_u16() != 443) {
        found.push(Finding::problem(
            CHECK,
            tell!(
                "地址带了端口 {port}，平台只回调 443",
                "the address names port {port}; the platform calls 443 only"
            ),
            tell!(
                "让反向代理在 443 端口接收，并去掉 `:{port}`",
                "let the reverse proxy listen on 443, and remove `:{port}`"
            ),
        ));
    }
    let lower = host.to_ascii_lowercase();
    if let Some(address) = address {
        found.push(Finding::problem(
            CHECK,
            tell!(
                "`{address}` 是 IP 地址，平台要求域名",
                "`{address}` is an IP address; the platform wants a domain name"
            ),
            tell!("为它准备一个有证书的域名", "give it a domain name with a certificate"),
        ));
    } else if !lower.contains('.') || LOCAL_ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
        found.push(Finding::problem(
            CHECK,
            tell!(
                "`{host}` 不是公网域名，平台解析不了",
                "`{host}` is not a public name; the platform cannot resolve it"
            ),
            tell!("换成公网能解析的域名", "give a name that the whole world can resolve"),
        ));
    }
    found
}

fn too_long(url: &str, name: &str) -> Option<Finding> {
    let bytes = format!("{url}/callbacks/{name}").len();
    let fault = || {
        let message = tell!(
            "回调地址连同路径有 {bytes} 字节，平台最多接受 {BYTES_MAX}",
            "the callback address with its path has {bytes} bytes; the platform takes {BYTES_MAX}"
        );
        let remedy = tell!("缩短 `public_url` 的路径", "shorten the path of `public_url`");
        Finding::problem(CHECK, message, remedy).of(name)
    };
    (bytes > BYTES_MAX).then(fault)
}
