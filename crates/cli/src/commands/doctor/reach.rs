//! Why another machine was not reached, in words and with the next step.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Env, NetError};
use http::{Request, Response, header};

/// For one request and its answer.
pub(super) const WITHIN: Duration = Duration::from_secs(8);
/// The same on this machine.
pub(super) const HERE_WITHIN: Duration = Duration::from_secs(2);
/// Of other machines' words not more is shown.
const SHOWN_CHARS_MAX: usize = 160;

/// Where on the way it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Name,
    Refused,
    Certificate,
    Silence,
    Elsewhere,
}

impl Where {
    /// The network's errors are texts; these are the words they are known by.
    fn of(problem: &str) -> Self {
        let text = problem.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(&["was not found", "dns error", "failed to lookup"]) {
            Self::Name
        } else if says(&["connection refused"]) {
            Self::Refused
        } else if says(&["certificate", "tls", "handshake", "corrupt message", "invalidcontenttype"]) {
            Self::Certificate
        } else if says(&["timed out", "timeout", "deadline", "unreachable"]) {
            Self::Silence
        } else {
            Self::Elsewhere
        }
    }
}

/// What happened, as a clause.
pub(super) fn why(host: &str, cause: &NetError) -> String {
    let problem = shortened(&cause.problem);
    match Where::of(&cause.problem) {
        Where::Name => {
            tell!("域名 `{host}` 解析失败（{problem}）", "the name `{host}` cannot be resolved ({problem})")
        }
        Where::Refused => {
            tell!("`{host}` 拒绝连接（{problem}）", "`{host}` refuses the connection ({problem})")
        }
        Where::Certificate => {
            tell!("与 `{host}` 的 TLS 握手失败（{problem}）", "TLS with `{host}` fails ({problem})")
        }
        Where::Silence => tell!("`{host}` 没有应答（{problem}）", "`{host}` does not answer ({problem})"),
        Where::Elsewhere => {
            tell!("与 `{host}` 的连接中断（{problem}）", "the connection with `{host}` broke ({problem})")
        }
    }
}

/// What to do when we cannot get out to somebody else's machine.
pub(super) fn remedy_out(cause: &NetError) -> String {
    match Where::of(&cause.problem) {
        Where::Name => tell!(
            "检查 /etc/resolv.conf 的 DNS 服务器和域名拼写",
            "check the name's spelling and the name servers in /etc/resolv.conf"
        ),
        Where::Refused => {
            tell!("检查地址和端口，以及出口防火墙", "check address and port, and the firewall on the way out")
        }
        Where::Certificate => tell!(
            "安装系统证书（ca-certificates），检查系统时间，以及是否有拆解 TLS 的代理",
            "install the system's certificates (ca-certificates), check the clock, and look for a proxy that opens TLS"
        ),
        Where::Silence | Where::Elsewhere => tell!(
            "检查出口防火墙和 HTTPS_PROXY 设置",
            "check the firewall on the way out, and the HTTPS_PROXY setting"
        ),
    }
}

/// What to do when our own public address is not reached.
pub(super) fn remedy_in(cause: &NetError) -> String {
    match Where::of(&cause.problem) {
        Where::Name => tell!(
            "在域名服务商处为它添加指向反向代理的 A 或 AAAA 记录",
            "add an A or AAAA record that leads to the reverse proxy"
        ),
        Where::Refused => tell!(
            "启动反向代理，确认它监听这个端口，并在防火墙和安全组放行",
            "start the reverse proxy, see that it listens on that port, and open the firewall for it"
        ),
        Where::Certificate => tell!(
            "为域名换上受信任、未过期、带完整证书链的证书",
            "give the name a certificate that is trusted, in date and complete with its chain"
        ),
        Where::Silence | Where::Elsewhere => tell!(
            "检查防火墙和安全组；若只是本机访问不了自己的公网地址（NAT 回环），请从外网再试",
            "check the firewall; if only this machine cannot reach its own public address (NAT loopback), try from outside"
        ),
    }
}

/// One request; redirects come back as answers.
pub(super) async fn send(
    env: &Env,
    request: http::request::Builder,
    body: Bytes,
) -> Result<Response<Bytes>, NetError> {
    send_within(env, request, body, WITHIN).await
}

/// As [`send`], with another limit of time.
pub(super) async fn send_within(
    env: &Env,
    request: http::request::Builder,
    body: Bytes,
    within: Duration,
) -> Result<Response<Bytes>, NetError> {
    let request: Request<Bytes> =
        request.body(body).map_err(|cause| NetError::not_sent(cause.to_string()))?;
    env.net.send(request, within).await
}

/// Where a redirect leads, without its query.
pub(super) fn location(answer: &Response<Bytes>) -> Option<String> {
    if !answer.status().is_redirection() {
        return None;
    }
    let to = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("?");
    Some(shortened(to.split(['?', '#']).next().unwrap_or_default()))
}

/// Host and port of a URL, for messages.
pub(super) fn host(url: &str) -> String {
    let uri = url.parse::<http::Uri>().ok();
    let authority = uri.as_ref().and_then(http::Uri::authority).map(ToString::to_string);
    authority.unwrap_or_else(|| shortened(url))
}

/// Whether a URL leads to this machine itself.
pub(super) fn is_loopback(url: &str) -> bool {
    let uri = url.parse::<http::Uri>().ok();
    let host = uri.as_ref().and_then(http::Uri::host).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
