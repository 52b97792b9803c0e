//! The proxy snippets, run by real nginx and Caddy; bodies compared byte by byte.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use super::debian::Debian;
use super::http;
use super::payment::Shop;
use super::process::{Running, SOON};

/// Where the test keeps certificates and settings inside the root.
pub(super) const FOLDER: &str = "srv/proxy";
/// The certificate that the mock is told to trust.
pub(super) const ROOT: &str = "/srv/proxy/cert.pem";

const NGINX: &str = "packaging/proxy/nginx.conf";
const CADDY: &str = "packaging/proxy/Caddyfile";

/// Starts nginx with the snippet in front of the shop's service.
pub(super) fn nginx(debian: &Debian, root: &Path, shop: &Shop) -> Result<Running> {
    std::fs::create_dir_all(debian.path(FOLDER))?;
    debian.said(&[
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-keyout",
        "/srv/proxy/key.pem",
        "-out",
        ROOT,
    ])?;
    debian.said(&["chmod", "0755", "/srv/proxy"])?;
    start_nginx(debian, root, shop.public, shop.service)
}

fn start_nginx(debian: &Debian, root: &Path, public: u16, behind: u16) -> Result<Running> {
    let mut snippet = std::fs::read_to_string(root.join(NGINX))?;
    for (shipped, here) in [
        ("server 127.0.0.1:8080;", format!("server 127.0.0.1:{behind};")),
        ("listen 443 ssl;", format!("listen 127.0.0.1:{public} ssl;")),
        ("listen [::]:443 ssl;", String::new()),
        ("server_name pay.example.com;", "server_name localhost;".to_owned()),
        ("/etc/letsencrypt/live/pay.example.com/fullchain.pem", ROOT.to_owned()),
        ("/etc/letsencrypt/live/pay.example.com/privkey.pem", "/srv/proxy/key.pem".to_owned()),
    ] {
        ensure!(snippet.matches(shipped).count() == 1, "{NGINX} has not one `{shipped}`");
        snippet = snippet.replace(shipped, &here);
    }
    let whole = format!(
        "daemon off;\npid /srv/proxy/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{snippet}\n}}\n"
    );
    std::fs::write(debian.path("srv/proxy/nginx.conf"), whole)?;
    let mut nginx = Running::start("nginx", &mut debian.command(&["nginx", "-c", "/srv/proxy/nginx.conf"]))?;
    nginx.until("listening", || http::connect(public).ok())?;
    Ok(nginx)
}

/// What the snippet does not let out.
pub(super) fn stays_inside(debian: &Debian, shop: &Shop) -> Result<()> {
    for (path, status) in
        [("/metrics", "404"), ("/ops", "404"), ("/readyz", "404"), ("/v1/apps/shop/orders", "401")]
    {
        let said = through_tls(
            debian,
            shop.public,
            format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").as_bytes(),
        )?;
        let first = said.lines().next().unwrap_or_default();
        ensure!(first.contains(status), "{path} through nginx: `{first}`, expected {status}");
    }
    Ok(())
}

/// A body that any rewriting would show: every byte, twice, and JSON with spaces where nobody needs them.
pub(super) fn hand_bodies_through(debian: &Debian, root: &Path) -> Result<()> {
    let every_byte: Vec<u8> = (0..=u8::MAX).chain((0..=u8::MAX).rev()).collect();
    let body = ["{ \"msg\" :  \"{\\\"a\\\":1}\"\t}\r\n".as_bytes(), &every_byte].concat();
    let path = "/callbacks/shop?x=%2Fa%20b&y=";
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let request = [head.as_bytes(), &body].concat();

    let (listener, public) = (TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?, http::free_port()?);
    let nginx = start_nginx(debian, root, public, listener.local_addr()?.port())?;
    expect_untouched("nginx", listener, path, &body, || through_tls(debian, public, &request).map(drop))?;
    nginx.stop(SOON)?;

    let (listener, public) = (TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?, http::free_port()?);
    let caddy = start_caddy(debian, root, public, listener.local_addr()?.port())?;
    expect_untouched("Caddy", listener, path, &body, || {
        http::ask(public, "POST", path, None, &body).map(drop)
    })?;
    for inside in ["/metrics", "/ops", "/readyz"] {
        let answer = http::ask(public, "GET", inside, None, b"")?;
        ensure!(answer.status == 404, "{inside} through Caddy: {}", answer.status);
    }
    caddy.stop(SOON)
}

/// Sends, and compares what arrives behind the proxy.
fn expect_untouched(
    proxy: &str,
    listener: TcpListener,
    path: &str,
    body: &[u8],
    send: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let behind = std::thread::spawn(move || http::take_one(&listener));
    send()?;
    let taken = behind.join().map_err(|_| anyhow::anyhow!("the listener behind {proxy} panicked"))?;
    let (head, arrived) = taken.with_context(|| format!("behind {proxy}"))?;
    let first = head.lines().next().unwrap_or_default();
    ensure!(first == format!("POST {path} HTTP/1.1"), "{proxy} changed the path: `{first}`");
    ensure!(arrived == body, "{proxy} changed the body: {} bytes became {}", body.len(), arrived.len());
    Ok(())
}

fn start_caddy(debian: &Debian, root: &Path, public: u16, behind: u16) -> Result<Running> {
    let mut snippet = std::fs::read_to_string(root.join(CADDY))?;
    for (shipped, here) in [
        ("pay.example.com {", format!("http://127.0.0.1:{public} {{")),
        ("reverse_proxy 127.0.0.1:8080 {", format!("reverse_proxy 127.0.0.1:{behind} {{")),
    ] {
        ensure!(snippet.matches(shipped).count() == 1, "{CADDY} has not one `{shipped}`");
        snippet = snippet.replace(shipped, &here);
    }
    std::fs::write(debian.path("srv/proxy/Caddyfile"), format!("{{\n\tadmin off\n}}\n{snippet}"))?;
    let words = ["caddy", "run", "--config", "/srv/proxy/Caddyfile", "--adapter", "caddyfile"];
    let mut command = debian.command(&words);
    let mut caddy = Running::start("caddy", command.env("HOME", "/srv/proxy"))?;
    caddy.until("listening", || http::connect(public).ok())?;
    Ok(caddy)
}

/// Sends bytes through TLS, with openssl's own client, and returns the answer's beginning as text.
fn through_tls(debian: &Debian, port: u16, request: &[u8]) -> Result<String> {
    let to = format!("127.0.0.1:{port}");
    let words = [
        "openssl",
        "s_client",
        "-quiet",
        "-ign_eof",
        "-verify_return_error",
        "-CAfile",
        ROOT,
        "-servername",
        "localhost",
        "-connect",
        &to,
    ];
    let mut command = debian.command(&words);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let sent = child.stdin.take().context("its input is a pipe")?.write_all(request);
    let output = child.wait_with_output()?;
    sent?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
