//! The machine: database, disk, port, files with secrets.

use std::io::{Seek, SeekFrom, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use axum::Router;
use douyin_pay_server::store::sqlite::SqliteStore;

use crate::proxy::serve;
use crate::world::{Findings, Installation};

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_that_cannot_be_written_are_found() {
    let mut installation = Installation::sound().await;
    let file = installation.path("file");
    std::fs::write(&file, "this is a text of more than a hundred bytes. ".repeat(4)).expect("written");
    let below_a_file = format!("sqlite://{}/books.db", file.display());
    let a_text = format!("sqlite://{}", file.display());
    let a_folder = format!("sqlite://{}", installation.folder.path().display());
    for (database, words) in [
        (below_a_file.as_str(), &["is not a folder", "another path"][..]),
        // Nobody may write there, not even the administrator.
        ("sqlite:///proc/books.db", &["the folder `/proc` cannot be written"]),
        ("sqlite:///proc/new/books.db", &["`/proc/new` does not exist and cannot be made"]),
        (&a_text, &["not a SQLite database", "restore a backup"]),
        (&a_folder, &["is a folder"]),
    ] {
        installation.database = database.to_owned();
        let findings = installation.examine().await;
        findings.only_problem("database", words);
        assert!(!findings.one("database").1.contains("doctor-"), "our own file is not named: {findings:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_file_and_a_newer_schema_are_found() {
    let installation = Installation::sound().await;
    let path = installation.path("books.db");
    // Closed at once, so that nothing of it is left in the log.
    drop(SqliteStore::open(&path).expect("a database"));
    mode(&path, 0o444);
    installation.examine().await.only_problem("database", &["is read-only", "chmod u+w"]);
    mode(&path, 0o600);
    // The header's `user_version`.
    let mut file = std::fs::File::options().write(true).open(&path).expect("opened");
    file.seek(SeekFrom::Start(60)).expect("sought");
    file.write_all(&99_u32.to_be_bytes()).expect("written");
    installation.examine().await.only_problem("database", &["a newer version wrote", "schema 99"]);
}

/// Runs where a small disk may be mounted: as root, or with user namespaces. Elsewhere it says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_nearly_full_is_found() {
    let mut installation = Installation::sound().await;
    let disk = installation.path("disk");
    std::fs::create_dir(&disk).expect("made");
    installation.database = format!("sqlite://{}/books.db", disk.display());
    let config = installation.write();
    for (size, expected) in [("8m", "problem"), ("100m", "warning"), ("4g", "ok")] {
        let script = "mount -t tmpfs -o size=\"$1\" tmpfs \"$2\" || exit 77; exec \"$3\" doctor --json --config \"$4\"";
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", size]);
        command.arg(&disk).arg(env!("CARGO_BIN_EXE_douyin-pay")).arg(&config).env("LC_ALL", "en_US.UTF-8");
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread");
        let Ok(output) = output else { return eprintln!("there is no `unshare` here") };
        if output.stdout.is_empty() {
            return eprintln!("no disk can be mounted here: {}", String::from_utf8_lossy(&output.stderr));
        }
        let findings = Findings::of(&output);
        let (status, said) = findings.one("disk_space");
        assert_eq!(status, expected, "{size}: {said}");
        assert_eq!(findings.one("database").0, "ok");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_another_program_has_is_found() {
    let mut installation = Installation::sound().await;
    // One that speaks HTTP, and one that accepts and says nothing.
    let web = serve(Router::new()).await;
    installation.public_url = web.clone();
    let silent = TcpListener::bind(installation.listen).expect("it was free");
    for listen in [web.trim_start_matches("http://").to_owned(), installation.listen.to_string()] {
        installation.listen = listen.parse().expect("an address");
        let findings = installation.examine().await;
        let (status, said) = findings.one("port");
        assert!(status == "problem" && said.contains("taken by another program"), "{said}");
        assert!(said.contains(&format!("sport = :{}", installation.listen.port())), "{said}");
        assert_eq!(findings.code, Some(1));
    }
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_another_machine_is_found() {
    let mut installation = Installation::sound().await;
    installation.listen = "203.0.113.7:8080".parse().expect("an address");
    let findings = installation.examine().await;
    let (status, said) = findings.one("port");
    assert!(status == "problem" && said.contains("nobody can listen"), "{said}");
    assert!(said.contains("does not have that address"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secret_files_that_others_may_read_are_a_warning() {
    let installation = Installation::sound().await;
    let config = installation.write();
    for (bits, status) in [(0o644, "warning"), (0o660, "warning"), (0o640, "ok"), (0o400, "ok")] {
        mode(&installation.path("salt"), bits);
        let output = installation.doctor_of(&config, "en_US.UTF-8", &["--json"]).await;
        let findings = Findings::of(&output);
        let (found, said) = findings.one("secret_files");
        assert_eq!((found, findings.code), (status, Some(0)), "{bits:o}: {said}");
        assert!(found == "ok" || said.contains("chmod 600 salt"), "{said}");
    }
}
