//! Backups are whole, restores are safe, and a kill leaves nothing half.

#![expect(clippy::disallowed_methods, reason = "a test of processes and sockets")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use douyin_pay_env::Env;
use http::Request;
use serde_json::{Value, json};

const WITHIN: Duration = Duration::from_secs(30);

struct Dev {
    child: Child,
    told: Value,
}

impl Dev {
    fn start(data: &Path) -> Self {
        let mut child =
            douyin_pay(&["dev", "--port", "0", "--json", "--data", text(data)]).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let told = serde_json::from_str(&line).unwrap_or_else(|cause| panic!("{cause}: {line}"));
        Self { child, told }
    }

    fn config(&self) -> &str {
        self.told["config"].as_str().expect("a path")
    }

    async fn orders(&self) -> usize {
        let url = format!("{}/v1/apps/mine/orders", self.told["service"].as_str().expect("a URL"));
        let page = send("GET", &url, Bytes::new()).await;
        page["orders"].as_array().unwrap_or_else(|| panic!("{page}")).len()
    }

    async fn order(&self, number: &str) {
        let url = format!("{}/v1/apps/mine/orders", self.told["service"].as_str().expect("a URL"));
        let body = json!({ "out_order_no": number, "amount_fen": 1280, "subject": "a", "body": "b", "valid_seconds": 900 });
        let made = send("POST", &url, body.to_string().into()).await;
        assert_eq!(made["state"], "waiting", "{made}");
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended = self.child.wait();
    }
}

async fn send(method: &str, url: &str, body: Bytes) -> Value {
    let request = Request::builder().method(method).uri(url).header("authorization", "Bearer dev-key");
    let request = request.header("content-type", "application/json").body(body).expect("a request");
    let answer = Env::real().net.send(request, WITHIN).await.expect("an answer");
    serde_json::from_slice(answer.body()).expect("JSON")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn douyin_pay(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_douyin-pay"));
    command.args(words).env("LC_ALL", "en_US.UTF-8").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(words: &[&str]) -> Output {
    douyin_pay(words).output().expect("it runs")
}

#[track_caller]
fn said(output: &Output, code: i32, part: &str) -> Value {
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(part), "`{part}` is not in: {text}");
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[tokio::test]
async fn a_backup_of_a_running_service_brings_its_books_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("world"), folder.path().join("monday.db"));
    let dev = Dev::start(&data);
    dev.order("before").await;
    let config = dev.config().to_owned();
    let back_up = ["backup", "--config", &config, "--to", text(&backup), "--json"];
    let told = said(&run(&back_up), 0, "sha256");
    assert_eq!(told["orders"], 1, "{told}");
    said(&run(&back_up), 2, "--force");
    dev.order("after").await;
    assert_eq!(dev.orders().await, 2);

    let restore = ["restore", "--config", &config, "--from", text(&backup)];
    said(&run(&restore), 2, "--force");
    let forced = [&restore[..], &["--force"]].concat();
    said(&run(&forced), 3, "another douyin-pay is using it");
    drop(dev);
    said(&run(&forced), 0, "1 orders");
    let dev = Dev::start(&data);
    assert_eq!(dev.orders().await, 1);
    let kept = std::fs::read_dir(&data).expect("a folder").flatten();
    let kept = kept.filter(|entry| entry.file_name().to_string_lossy().contains(".before-restore-"));
    let kept = kept.map(|entry| entry.path()).next().expect("the old books");
    drop(dev);

    // The way back from the way back.
    said(&run(&["restore", "--config", &config, "--from", text(&kept), "--force"]), 0, "2 orders");
    assert_eq!(Dev::start(&data).orders().await, 2);
}

#[tokio::test]
async fn what_is_no_sound_backup_is_refused_and_nothing_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("world"), folder.path().join("b.db"));
    let dev = Dev::start(&data);
    dev.order("one").await;
    let config = dev.config().to_owned();
    said(&run(&["backup", "--config", &config, "--to", text(&backup)]), 0, "each order adds up");
    drop(dev);
    let whole = std::fs::read(&backup).expect("a backup");
    let restore = ["restore", "--config", &config, "--from", text(&backup), "--force"];

    std::fs::write(&backup, &whole[..whole.len() / 2]).expect("cut");
    assert_ne!(run(&restore).status.code(), Some(0));
    std::fs::write(&backup, "something else, and long enough to be looked at as a database").expect("other");
    said(&run(&restore), 3, "not a SQLite database");
    said(&run(&["restore", "--config", &config, "--from", "/nowhere/b.db", "--force"]), 3, "no such file");

    std::fs::write(&backup, &whole).expect("whole again");
    said(&run(&restore), 0, "restored");
    assert_eq!(Dev::start(&data).orders().await, 1);
}

#[tokio::test]
async fn a_killed_backup_leaves_no_half_and_can_be_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("world"), folder.path().join("b.db"));
    let dev = Dev::start(&data);
    for number in 0..20 {
        dev.order(&format!("many-{number}")).await;
    }
    let back_up = ["backup", "--config", dev.config(), "--to", text(&backup), "--json"];
    for millis in [0, 5, 10, 15, 20, 30, 40, 60] {
        let mut child = douyin_pay(&back_up).spawn().expect("it starts");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(millis) {
            std::hint::spin_loop();
        }
        let _ended_already = child.kill();
        child.wait().expect("it ends");
        if backup.exists() {
            // Done before it was killed: whole, then.
            said(
                &run(&["backup", "--config", dev.config(), "--to", text(&backup), "--json", "--force"]),
                0,
                "sha256",
            );
            std::fs::remove_file(&backup).expect("it is there");
        }
    }
    let told = said(&run(&back_up), 0, "sha256");
    assert_eq!(told["orders"], 20, "{told}");
}

#[tokio::test]
async fn a_service_that_dies_does_not_hurt_a_backup() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("world"), folder.path().join("b.db"));
    let dev = Dev::start(&data);
    dev.order("one").await;
    let config = dev.config().to_owned();
    let child = douyin_pay(&["backup", "--config", &config, "--to", text(&backup), "--json"])
        .spawn()
        .expect("it starts");
    drop(dev);
    said(&child.wait_with_output().expect("it ends"), 0, "sha256");
}

#[test]
fn two_services_do_not_share_a_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("world");
    let _dev = Dev::start(&data);
    let second = run(&["dev", "--port", "0", "--data", text(&data)]);
    said(&second, 3, "another douyin-pay is using it");
}
