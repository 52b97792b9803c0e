//! A really full disk: reading goes on, nothing is half written, room heals all.

#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "a test of processes, disks and sockets")]

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_mock::{PayAsk, Running};
use http::Request;
use serde_json::{Value, json};

const WITHIN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Killed by its id at the end.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// A small disk of its own, in a mount name space that goes with its process.
struct Disk {
    holder: Guarded,
    place: PathBuf,
}

impl Disk {
    /// `None` where the system does not allow it.
    fn mount(place: &Path) -> Option<Self> {
        let script =
            format!("mount -t tmpfs -o size=1m tmpfs '{}' && echo up && exec sleep 300", place.display());
        let started = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", &script])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut holder = Guarded(started.ok()?);
        let mut line = String::new();
        let stdout = holder.0.stdout.take()?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).ok()?;
        (line == "up\n").then(|| Self { holder, place: place.to_owned() })
    }

    /// The same folder as seen from outside.
    fn outside(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.0.id()));
        root.join(self.place.strip_prefix("/").expect("an absolute path"))
    }

    fn fill(&self) {
        let mut file = std::fs::File::create(self.outside().join("filler")).expect("a file");
        while file.write_all(&[7; 4096]).is_ok() {}
        while file.write_all(&[7]).is_ok() {}
    }

    fn make_room(&self) {
        std::fs::remove_file(self.outside().join("filler")).expect("it is there");
    }

    /// A command that sees the disk.
    fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{}/ns/mnt", self.holder.0.id())).arg(program);
        command
    }
}

/// The service of one configuration.
struct Shop {
    config: PathBuf,
    url: String,
    mock: Running,
}

impl Shop {
    async fn new(folder: &Path, database: &Path) -> Self {
        let mock = douyin_pay_mock::start().await.expect("a mock");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        for (name, text) in
            [("salt", douyin_pay_mock::DEFAULT_SALT), ("token", douyin_pay_mock::DEFAULT_TOKEN)]
        {
            std::fs::write(folder.join(name), text).expect("a secret");
        }
        let hash = douyin_pay_server::api_key::sha256_hex("key");
        let text = format!(
            "listen = \"{address}\"\npublic_url = \"http://{address}\"\ndatabase = \"sqlite://{}\"\n\
             [[api_keys]]\nname = \"shop\"\nrole = \"operator\"\napps = [\"coffee\"]\nsha256 = \"{hash}\"\n\
             [[apps]]\nname = \"coffee\"\napp_id = \"{}\"\nnew_orders = \"ecpay\"\n[apps.ecpay]\nplatform = \"{}\"\n\
             salt = {{ file = \"salt\" }}\ncallback_tokens = [{{ file = \"token\" }}]\n",
            database.display(),
            douyin_pay_mock::DEFAULT_APP_ID,
            mock.url(),
        );
        let config = folder.join("douyin-pay.toml");
        std::fs::write(&config, text).expect("a configuration");
        Self { config, url: format!("http://{address}"), mock }
    }

    /// Starts the service and waits until it answers.
    async fn serve(&self, disk: &Disk) -> Guarded {
        let mut command = disk.inside(env!("CARGO_BIN_EXE_douyin-pay"));
        command.arg("serve").arg("--config").arg(&self.config);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let service = Guarded(child.expect("it starts"));
        self.until("it answers", async || self.ask("GET", "/healthz", None).await.0 == 200).await;
        service
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        let request =
            request.header("authorization", "Bearer key").header("content-type", "application/json");
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        match Env::real().net.send(request.body(body).expect("a request"), WITHIN).await {
            Ok(answer) => {
                (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
            }
            Err(cause) => (0, json!(cause.problem)),
        }
    }

    async fn order(&self, number: &str) -> (u16, Value) {
        let body = json!({ "out_order_no": number, "amount_fen": 1280, "subject": "a", "body": "b", "valid_seconds": 900 });
        self.ask("POST", "/v1/apps/coffee/orders", Some(body)).await
    }

    async fn read(&self, number: &str) -> (u16, Value) {
        self.ask("GET", &format!("/v1/apps/coffee/orders/{number}"), None).await
    }

    async fn until(&self, what: &str, mut look: impl AsyncFnMut() -> bool) {
        let begun = Instant::now();
        while !look().await {
            assert!(
                begun.elapsed() < WITHIN,
                "{what}: not within {WITHIN:?}; {:?}",
                self.ask("GET", "/readyz", None).await
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Reading works, writing is refused in words, and the reason can be read.
    async fn reads_and_refuses(&self) {
        let (status, order) = self.read("first").await;
        assert_eq!((status, &order["state"]), (200, &json!("waiting")), "{order}");
        let (status, problem) = self.order("second").await;
        assert_eq!((status, &problem["code"]), (503, &json!("books_unavailable")), "{problem}");
        let (status, ready) = self.ask("GET", "/readyz", None).await;
        let reasons = ready["reasons"].to_string();
        assert!(status == 503 && reasons.contains("full"), "{status} {reasons}");
        assert_eq!(self.ask("GET", "/healthz", None).await.0, 200);
    }
}

/// Ends the service in good order.
fn end(mut service: Guarded) {
    let id = service.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
    service.0.wait().expect("it ends");
}

#[tokio::test]
async fn a_full_disk_leaves_reading_and_heals_with_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("disk");
    std::fs::create_dir(&place).expect("a folder");
    let Some(disk) = Disk::mount(&place) else {
        eprintln!(
            "NOT TESTED: a full disk. That needs root and mount name spaces: sudo cargo test --test full_disk"
        );
        return;
    };
    let shop = Shop::new(folder.path(), &place.join("books.db")).await;
    let service = shop.serve(&disk).await;
    let (status, first) = shop.order("first").await;
    assert_eq!(status, 201, "{first}");

    disk.fill();
    shop.until("the disk is full for the books", async || shop.order("second").await.0 == 503).await;
    shop.reads_and_refuses().await;
    end(service);

    // Started on a full disk.
    let service = shop.serve(&disk).await;
    shop.until("it has tried to write", async || shop.ask("GET", "/readyz", None).await.0 == 503).await;
    shop.reads_and_refuses().await;
    shop.mock.pay(&PayAsk::new(first["pay"]["order_id"].as_str().expect("an order"))).expect("paid");
    shop.until("the callback is refused", async || {
        shop.mock.callbacks().deliveries.iter().any(|delivery| !delivery.acknowledged)
    })
    .await;
    assert_eq!(shop.read("first").await.1["state"], "waiting");

    disk.make_room();
    shop.until("writing works again", async || matches!(shop.order("second").await.0, 200 | 201)).await;
    shop.until("it is ready", async || shop.ask("GET", "/readyz", None).await.0 == 200).await;
    // Told again by the platform, or asked for: nothing that happened meanwhile is lost.
    shop.until("the payment is known", async || shop.read("first").await.1["state"] == "paid").await;
    end(service);
}
