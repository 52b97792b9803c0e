//! Who listens at `listen`: nobody, this very service, or another program.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_server::config::Config;
use http::Request;

use super::probing::{Met, probe};
use super::reach;
use super::report::{Finding, Report};

const CHECK: &str = "port";

/// Whether the service runs here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    /// It answers, and knows the tokens of this configuration.
    Running,
    /// Nobody listens.
    Absent,
    /// Somebody else listens, or it cannot be told.
    Unknown,
}

/// Finds out who is there.
pub(super) async fn check(env: &Env, config: &Config, report: &mut Report) -> Here {
    let address = config.listen;
    // Binding asks nobody on the network; it is undone at once.
    let (here, finding) = match TcpListener::bind(address).map(drop) {
        Ok(()) => (Here::Absent, free(address)),
        Err(cause) if cause.kind() == io::ErrorKind::AddrInUse => occupied(env, config).await,
        Err(cause) => (Here::Unknown, cannot_listen(address, &cause)),
    };
    report.add(finding);
    here
}

fn free(address: SocketAddr) -> Finding {
    Finding::warning(
        CHECK,
        tell!("{address} 空闲：服务没有在运行", "{address} is free: the service is not running"),
        tell!(
            "用 `douyin-pay serve` 启动服务后再运行 doctor，回调的来路才能查到头",
            "start it with `douyin-pay serve` and run doctor again: only then the callbacks' way in can be seen to its end"
        ),
    )
}

/// Somebody is there. Our own service says so at `/healthz`.
async fn occupied(env: &Env, config: &Config) -> (Here, Finding) {
    let base = format!("http://{}", callable(config.listen));
    let health = Request::get(format!("{base}/healthz"));
    match reach::send_within(env, health, Bytes::new(), reach::HERE_WITHIN).await {
        Ok(answer) if answer.status().is_success() && answer.body().trim_ascii() == b"ok" => {
            known(env, config, &base).await
        }
        _ => (Here::Unknown, taken(config.listen)),
    }
}

/// Something that says `ok`: is it the service of this configuration?
async fn known(env: &Env, config: &Config, base: &str) -> (Here, Finding) {
    let address = config.listen;
    for app in &config.apps {
        if let Met::Service(_) = probe(env, base, app, &Bytes::from_static(b"{}")).await {
            let message = tell!("{address} 上是本服务，正在运行", "{address}: this very service is running");
            return (Here::Running, Finding::ok(CHECK, message));
        }
    }
    let message = tell!(
        "{address} 上有一个服务在应答，但它不认识这份配置里的 token",
        "{address}: a service answers that does not know the tokens of this configuration"
    );
    let remedy = tell!(
        "若改过配置，用 SIGHUP 重新加载或重启；若是另一个实例，请停掉它或改 `listen`；旧版本请升级",
        "after a change of the configuration reload with SIGHUP or restart; if it is another instance stop it or change `listen`; an older version must be upgraded"
    );
    (Here::Unknown, Finding::problem(CHECK, message, remedy))
}

fn taken(address: SocketAddr) -> Finding {
    let port = address.port();
    Finding::problem(
        CHECK,
        tell!("{address} 被别的程序占用", "{address} is taken by another program"),
        tell!(
            "用 `ss -ltnp 'sport = :{port}'` 找出它并停掉，或改 `listen`",
            "find it with `ss -ltnp 'sport = :{port}'` and stop it, or change `listen`"
        ),
    )
}

fn cannot_listen(address: SocketAddr, cause: &io::Error) -> Finding {
    let remedy = match cause.kind() {
        io::ErrorKind::PermissionDenied => tell!(
            "1024 以下的端口需要特权：换一个更大的端口，由反向代理转发",
            "ports below 1024 need rights: choose a higher one behind the reverse proxy"
        ),
        io::ErrorKind::AddrNotAvailable => tell!(
            "本机没有这个地址：写 127.0.0.1 或本机网卡的地址",
            "this machine does not have that address: write 127.0.0.1, or an address of its own"
        ),
        _ => tell!("改 `listen`", "change `listen`"),
    };
    Finding::problem(
        CHECK,
        tell!("{address} 无法监听（{cause}）", "nobody can listen at {address} ({cause})"),
        remedy,
    )
}

/// Where to call what listens on every address.
fn callable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
