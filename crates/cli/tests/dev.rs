//! `dev` as a newcomer meets it: started, used over HTTP, ended, started again.

#![expect(clippy::disallowed_methods, reason = "a test of processes and sockets")]

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use douyin_pay_env::{Env, Net};
use http::Request;
use serde_json::{Value, json};

/// Far more than anything takes on loopback.
const WITHIN: Duration = Duration::from_secs(30);

/// A running `dev`; ended with the test.
struct Dev {
    child: Child,
    told: Value,
}

impl Dev {
    fn start(options: &[&str]) -> Self {
        let mut child = command(&[&["--json"], options].concat()).spawn().expect("the binary starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let told = serde_json::from_str(&line).unwrap_or_else(|cause| panic!("{cause}: {line}"));
        Self { child, told }
    }

    fn url(&self, of: &str) -> &str {
        self.told[of].as_str().expect("a URL")
    }

    /// SIGTERM, then the exit code.
    fn end(self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
        self.wait()
    }

    /// The exit code, once it has ended by itself.
    fn wait(mut self) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            assert!(begun.elapsed() < WITHIN, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn command(options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_douyin-pay"));
    command.arg("dev").args(options).env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// One request; the status and the answer.
async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: Option<Value>) -> (u16, Value) {
    let mut request = Request::builder().method(method).uri(url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let request = request.body(body).expect("a request");
    let net: std::sync::Arc<dyn Net> = Env::real().net;
    let answer = net.send(request, WITHIN).await.expect("an answer");
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
}

async fn order(dev: &Dev, number: &str) -> Value {
    let url = format!("{}/v1/apps/coffee/orders/{number}", dev.url("service"));
    send("GET", &url, &[("authorization", "Bearer dev-key")], None).await.1
}

#[tokio::test]
async fn one_cart_is_one_order_however_often_it_is_sent() {
    let dev = Dev::start(&["--port", "0"]);
    let buy = format!("{}/api/orders", dev.url("shop"));
    let twice = [0, 1].map(|_| send("POST", &buy, &[], Some(json!({ "item": "latte", "cart": "one" }))));
    for (status, answer) in futures_util::future::join_all(twice).await {
        assert_eq!((status, &answer["number"]), (200, &json!("latte-one")), "{answer}");
    }
    let books = send("GET", &format!("{}/mock/books", dev.url("mock")), &[], None).await.1;
    assert_eq!(books["orders"].as_array().map(Vec::len), Some(1), "{books}");
    assert_eq!(dev.end(), Some(0));
}

#[tokio::test]
async fn one_cart_is_the_same_signed_data_and_the_phone_places_it_once() {
    let dev = Dev::start(&["--port", "0"]);
    let buy = format!("{}/api/orders", dev.url("shop"));
    let ask = || Some(json!({ "item": "tea", "cart": "one" }));
    let twice = [send("POST", &buy, &[], ask()).await.1, send("POST", &buy, &[], ask()).await.1];
    let [first, again] = twice.each_ref().map(|answer| &answer["pay"]);
    assert_eq!((&first["kind"], &first["data"]), (&json!("tt.requestOrder"), &again["data"]));
    assert_ne!(first["byteAuthorization"], again["byteAuthorization"], "a signature lives for an hour");

    let place = format!("{}/mock/client/request_order", dev.url("shop"));
    let mut placed = Vec::new();
    for pay in [first, again] {
        let ask =
            json!({ "data": pay["data"], "byteAuthorization": pay["byteAuthorization"], "open_id": "me" });
        placed.push(send("POST", &place, &[], Some(ask)).await.1["orderId"].clone());
    }
    assert!(placed[0].is_string() && placed[0] == placed[1], "{placed:?}");
    let other = format!("{}/mock/client/forge", dev.url("shop"));
    assert_eq!(send("POST", &other, &[], Some(json!({}))).await.1["errNo"], 10401);
    assert_eq!(dev.end(), Some(0));
}

#[tokio::test]
async fn pages_from_elsewhere_are_turned_away() {
    let dev = Dev::start(&["--port", "0"]);
    let buy = format!("{}/api/orders", dev.url("shop"));
    let ask = || Some(json!({ "item": "latte", "cart": "two" }));
    for header in [("origin", "https://elsewhere.example"), ("host", "rebound.example")] {
        let (status, _) = send("POST", &buy, &[header], ask()).await;
        assert_eq!(status, 403, "{header:?}");
    }
    let (status, answer) =
        send("POST", &buy, &[], Some(json!({ "item": "latte", "cart": "../../etc" }))).await;
    assert_eq!(status, 200);
    assert!(answer["problem"]["en"].as_str().is_some_and(|text| text.contains("out_order_no")), "{answer}");
    assert_eq!(order(&dev, "latte-two").await["code"], "unknown_number");
}

#[tokio::test]
async fn kept_data_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("world");
    let options = ["--port", "0", "--data", data.to_str().expect("UTF-8")];
    let dev = Dev::start(&options);
    send(
        "POST",
        &format!("{}/api/orders", dev.url("shop")),
        &[],
        Some(json!({ "item": "latte", "cart": "kept" })),
    )
    .await;
    let jump = json!({ "seconds": 86_400 });
    let (_, jumped) = send("POST", &format!("{}/api/clock", dev.url("shop")), &[], Some(jump)).await;
    assert_eq!(dev.end(), Some(0));

    let dev = Dev::start(&options);
    assert_eq!(order(&dev, "latte-kept").await["out_order_no"], "latte-kept");
    let (_, clock) = send("GET", &format!("{}/mock/clock", dev.url("mock")), &[], None).await;
    assert!(clock["now"].as_i64() >= jumped["now"].as_i64(), "{clock} after {jumped}");
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let mut child = command(&["--port", &port]).spawn().expect("the binary starts");
    let mut stderr = child.stderr.take().expect("piped");
    assert_eq!(Dev { child, told: Value::Null }.wait(), Some(3));
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("UTF-8");
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}

#[test]
fn options_of_the_two_ways_do_not_mix() {
    for options in [["--once", "--port=0"], ["--split", "--port=0"]] {
        let child = Dev { child: command(&options).spawn().expect("the binary starts"), told: Value::Null };
        assert_eq!(child.wait(), Some(2), "{options:?}");
    }
}
