//! `cargo xtask package-test`: the package in a Debian root, the binary in an empty one.
//!
//! Nothing is installed on the host, nothing is mounted, and the root is thrown away afterwards.

mod debian;
mod http;
mod payment;
mod process;
mod proxy;
mod sandbox;
mod unit;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use self::debian::Debian;
use self::payment::Shop;
use self::process::Running;
use self::unit::Unit;
use crate::dist::{self, said_by};
use crate::{Ending, needs, test, tidy};

/// What an administrator's configuration and books are called.
const CONFIG: &str = "etc/douyin-pay/douyin-pay.toml";
const BOOKS: &str = "var/lib/douyin-pay/douyin-pay.db";
const BINARY: &str = "/usr/bin/douyin-pay";
const USER: &str = "douyin-pay";

/// Runs the test.
pub(crate) fn run() -> Result<Ending> {
    let root = tidy::root();
    if !needs::is_debian_root() {
        println!("package-test needs root on Debian: it works in roots of its own, by chroot.");
        return Ok(Ending::Missing);
    }
    if needs::provide(&root)? != Ending::Good {
        return Ok(Ending::Missing);
    }
    check(&root)?;
    Ok(Ending::Good)
}

/// The stage of `cargo xtask test`. Where it cannot run it says so, and fails nothing.
pub(crate) fn stage(root: &Path) -> Result<()> {
    if !needs::is_debian_root() {
        println!("NOT TESTED: the packages. That needs root on Debian: sudo cargo xtask package-test");
        return Ok(());
    }
    check(root)
}

fn check(root: &Path) -> Result<()> {
    needs::provide_for_packages(root)?;
    let made = dist::make(root, None)?;
    let deb = made.deb.as_deref().context("`dpkg-deb` is on every Debian")?;
    let place = test::target_folder(root)?.join("debian-root");
    contents(&made.archive, root, &place.join("again"))?;
    println!("the archive has its parts, the checksums hold, and packing again gives the same bytes");
    in_an_empty_root(&made.binary, &place.join("empty"))?;
    println!("the binary told its story in an empty root");
    let debian = Debian::fresh(&place)?;
    let outcome = story(&debian, deb, root).context("the package in a Debian root");
    // What went wrong in the story is worth more than what went wrong in clearing it away.
    let cleared = debian.clear();
    outcome.and(cleared)
}

/// The archive holds what the documents promise, the checksums are right, and packing again gives the same bytes.
fn contents(archive: &Path, root: &Path, again: &Path) -> Result<()> {
    let folder = archive.parent().context("an archive is in a folder")?;
    dist::make(root, Some(again))?;
    let sums = |folder: &Path| std::fs::read_to_string(folder.join("SHA256SUMS"));
    let (first, second) = (sums(folder)?, sums(again)?);
    ensure!(first == second, "packed twice, the bytes differ:\n{first}{second}");
    std::fs::remove_dir_all(again)?;
    said_by(Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(folder))?;
    let listed = said_by(Command::new("tar").args(["--list", "--file"]).arg(archive))?;
    for part in [
        "/douyin-pay",
        "/man/douyin-pay.1",
        "/completions/_douyin-pay",
        "/LICENSE-MIT",
        "/THIRD-PARTY-LICENSES.txt",
        "/douyin-pay.example.toml",
        "/systemd/douyin-pay.service",
    ] {
        ensure!(listed.lines().any(|line| line.ends_with(part)), "the archive lacks `{part}`:\n{listed}");
    }
    Ok(())
}

/// No `/tmp`, no `/etc`, no certificates, no devices.
fn in_an_empty_root(binary: &Path, empty: &Path) -> Result<()> {
    if empty.exists() {
        std::fs::remove_dir_all(empty)?;
    }
    std::fs::create_dir_all(empty)?;
    std::fs::copy(binary, empty.join("douyin-pay"))?;
    let inside = |words: &[&str]| {
        let mut command = Command::new(debian::CHROOT);
        command.env_clear().arg(empty).arg("/douyin-pay").args(words);
        command
    };
    said_by(&mut inside(&["--version"]))?;
    said_by(&mut inside(&["dev", "--once"]))?;
    let left = std::fs::read_dir(empty.join("tmp")).map_or(0, Iterator::count);
    ensure!(left == 0, "`dev --once` left {left} things in /tmp");
    Ok(std::fs::remove_dir_all(empty)?)
}

/// Install, configure, run, be paid, stop, upgrade, remove, purge.
fn story(debian: &Debian, deb: &Path, root: &Path) -> Result<()> {
    let before = debian.files()?;
    installed_and_not_started(debian, deb)?;
    println!("installed: not started, and it says what to fill in");
    let unit = Unit::read(&debian.path("usr/lib/systemd/system/douyin-pay.service"))?;
    unit.verify(debian)?;
    println!("systemd has no complaint about the unit, and its sandbox is tight");
    let (config, number) = run_and_be_paid(debian, &unit, root)?;
    println!("paid through nginx with TLS; both proxies hand bodies through untouched; stopped");
    upgraded(debian, deb, &unit, &config, &number)?;
    println!("upgraded: configuration and books are as they were");
    removed_and_purged(debian, &before)
}

fn installed_and_not_started(debian: &Debian, deb: &Path) -> Result<()> {
    let said = debian.install(deb)?;
    ensure!(
        said.contains("not started") && said.contains("config check"),
        "the next step is not told: {said}"
    );
    let said = debian.said(&[
        "sh",
        "-c",
        "LC_ALL=zh_CN.UTF-8 /var/lib/dpkg/info/douyin-pay.postinst configure ''",
    ])?;
    ensure!(said.contains("尚未启动"), "the next step is not told in Chinese: {said}");
    let words = [BINARY, "config", "check", "--config", "/etc/douyin-pay/douyin-pay.toml"];
    let output = debian.command_as(USER, &words).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.code() == Some(2), "the configuration as shipped must not be usable: {said}");
    for missing in ["public_url", "app_id", "secrets/salt", "secrets/token"] {
        ensure!(said.contains(missing), "`{missing}` is not named: {said}");
    }
    let secrets = debian.said(&["stat", "--format", "%U:%G %a", "/etc/douyin-pay/secrets"])?;
    ensure!(secrets.trim() == "root:douyin-pay 2750", "the secrets' folder is {secrets}");
    Ok(())
}

/// The administrator's configuration and the number of the paid order.
fn run_and_be_paid(debian: &Debian, unit: &Unit, root: &Path) -> Result<(String, String)> {
    let shop = Shop::furnish(debian)?;
    let nginx = proxy::nginx(debian, root, &shop)?;
    let mut mock = Running::start(
        "mock",
        debian.command_as(USER, &shop.mock_words()).env("SSL_CERT_FILE", proxy::ROOT),
    )?;
    mock.until("listening", || http::connect(shop.mock_port).ok())?;
    let record = debian.path("srv/proxy/calls");
    let mut service = unit.start_recorded(debian, &record)?;
    shop.wait_until_ready(&mut service)?;
    debian.said(&[BINARY, "health", "--url", &format!("http://127.0.0.1:{}", shop.service)])?;
    let number = shop.be_paid()?;
    proxy::stays_inside(debian, &shop)?;
    service.signal("HUP")?;
    shop.wait_until_ready(&mut service)?;
    service.stop(unit.stops_within()?)?;
    sandbox::compare(&record, unit, debian)?;
    println!("everything that the service asked of the kernel is allowed by its unit");
    nginx.stop(process::SOON)?;
    proxy::hand_bodies_through(debian, root)?;
    mock.interrupt()?;
    Ok((debian.read(CONFIG)?, number))
}

fn upgraded(debian: &Debian, deb: &Path, unit: &Unit, config: &str, number: &str) -> Result<()> {
    let newer = debian.newer(deb)?;
    debian.install(&newer)?;
    std::fs::remove_file(&newer)?;
    ensure!(debian.read(CONFIG)? == config, "the upgrade changed the configuration");
    let mut service = unit.start(debian)?;
    let shop = Shop::remembered(debian)?;
    shop.wait_until_ready(&mut service)?;
    shop.expect_paid(number)?;
    service.stop(unit.stops_within()?)
}

fn removed_and_purged(debian: &Debian, before: &[String]) -> Result<()> {
    debian.said(&["dpkg", "--remove", "douyin-pay"])?;
    ensure!(!debian.path(&BINARY[1..]).exists(), "the binary is still there");
    for kept in [CONFIG, BOOKS, "etc/douyin-pay/secrets/salt"] {
        ensure!(debian.path(kept).exists(), "removing took `{kept}` away");
    }
    let said = debian.said(&["dpkg", "--purge", "douyin-pay"])?;
    ensure!(said.contains("books are kept"), "purging does not say what it keeps: {said}");
    ensure!(debian.path(BOOKS).exists(), "purging took the books away");
    let after = debian.files()?;
    let expected = |path: &&String| {
        ["var/lib/douyin-pay", "var/lib/dpkg/", "var/log/", "var/cache/", "run/", "var/lib/nginx/"]
            .iter()
            .any(|place| path.starts_with(place))
            || ["etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/subuid", "etc/subgid"]
                .iter()
                .any(|name| path.trim_end_matches('-') == *name)
            || path.starts_with(proxy::FOLDER)
    };
    let left: Vec<&String> = after.iter().filter(|path| !before.contains(path) && !expected(path)).collect();
    if !left.is_empty() {
        bail!("purging left {left:?}");
    }
    println!("purged: only the books and their owner are left");
    Ok(())
}
