//! What each shop's receiver must refuse, what it must take, and that it lives on.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use douyin_pay_protocol::Secret;
use douyin_pay_server::webhook::{ID, SIGNATURE, TIMESTAMP, sign};

use super::language::{Language, Shop};
use super::program::Program;
use super::wire::{exchange, free_port, until};

const TEN_MINUTES: i64 = 600;
/// More than any event, and more than a receiver should hold for a stranger.
const HUGE_BYTES: usize = 16 << 20;

#[test]
fn php() {
    forgeries_of(Language::Php);
}

#[test]
fn node() {
    forgeries_of(Language::Node);
}

#[test]
fn python() {
    forgeries_of(Language::Python);
}

#[test]
fn go() {
    forgeries_of(Language::Go);
}

#[test]
fn java() {
    forgeries_of(Language::Java);
}

/// One delivery, to be spoilt.
#[derive(Clone)]
struct Delivery {
    path: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Delivery {
    /// A genuine one, signed `seconds` from now.
    fn signed(id: &str, seconds: i64) -> Self {
        // Unusual spacing and letters: whoever decodes and encodes before verifying gets other bytes.
        let body = format!(
            "{{\"type\":\"order.paid\", \"data\":{{ \"id\":\"{id}\",\"out_order_no\":\"A1\",\"n\":1,\
             \"order\":{{\"subject\":\"拿铁 ☕ \\u00e9\\/\",\"paid_fen\":1280}}}}}}"
        );
        Self::of(id, &(now() + seconds).to_string(), body.as_bytes())
    }

    fn of(id: &str, timestamp: &str, body: &[u8]) -> Self {
        let signature = signature(1, id, timestamp, body);
        let headers = vec![(ID, id.into()), (TIMESTAMP, timestamp.into()), (SIGNATURE, signature)];
        Self { path: "/hooks", headers, body: body.into() }
    }

    /// A good signature over a timestamp that is no time: the signed text is `id.timestamp.7.{}`, cut differently.
    fn odd(timestamp: &str) -> Self {
        let signature = signature(1, &format!("ord_1.9.{timestamp}"), "7", b"{}");
        let headers = vec![(ID, "ord_1.9".into()), (TIMESTAMP, timestamp.into()), (SIGNATURE, signature)];
        Self { path: "/hooks", headers, body: b"7.{}".into() }
    }

    fn with(mut self, name: &str, change: impl FnOnce(&str) -> String) -> Self {
        let header = self.headers.iter_mut().find(|header| header.0 == name).expect("a header");
        header.1 = change(&header.1);
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|header| header.0 != name);
        self
    }

    fn head(&self, length: &str) -> String {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers: String = headers.collect();
        format!(
            "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{length}\r\nConnection: close\r\n\r\n",
            self.path
        )
    }

    /// The status that came back; `None` when the connection was closed without one.
    fn send(&self, port: u16) -> Option<u16> {
        let head = self.head(&format!("Content-Length: {}", self.body.len()));
        exchange(port, &head, &self.body).map(|(status, _)| status)
    }

    fn send_in_chunks(&self, port: u16) -> Option<u16> {
        let mut body = format!("{:x}\r\n", self.body.len()).into_bytes();
        body.extend_from_slice(&self.body);
        body.extend_from_slice(b"\r\n0\r\n\r\n");
        exchange(port, &self.head("Transfer-Encoding: chunked"), &body).map(|(status, _)| status)
    }
}

fn forgeries_of(language: Language) {
    let Some(shop) = language.shop() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let events = folder.path().join("shop").join("events.log");
    let (mut receiver, port) = receive(&shop, &events);

    // The work cannot be done: there is no folder for the books. So no 2xx, and it is sent again.
    assert_eq!(Delivery::signed("ord_1.1", 0).send(port), Some(500));
    std::fs::create_dir(events.parent().expect("a folder")).expect("a folder");

    for (about, delivery) in genuine() {
        assert_eq!(delivery.send(port), Some(204), "{about}");
    }
    let before = written(&events);
    for (about, delivery) in forged() {
        assert_eq!(delivery.send(port), Some(401), "{about}");
    }
    for (about, answer) in stray(port) {
        assert!(answer.is_none_or(|status| (400..600).contains(&status)), "{about}: {answer:?}");
    }
    assert_eq!(Delivery::of("ord_1.99", &now().to_string(), b"no JSON").send(port), Some(500));
    assert_eq!(written(&events), before, "nothing of all that is work");

    at_once(port);
    with_a_stalled_sender(port);
    receiver.assert_alive();
    drop(receiver);

    without_a_secret(&shop, folder.path());
    if language == Language::Php {
        two_processes(&shop, folder.path());
    }
    // The memory of what is done outlives the process.
    let (mut receiver, port) = receive(&shop, &events);
    assert_eq!(Delivery::signed("ord_1.1", 0).send(port), Some(204));
    receiver.line("again ord_1.1");
    let written = written(&events);
    let ids: Vec<_> = written.iter().filter_map(|line| line.rsplit(' ').next()).collect();
    assert_eq!(ids, ["1", "10", "2", "30", "3", "4", "5"].map(|n| format!("ord_1.{n}")));
    assert_eq!(written[0], "order.paid A1 1280 ord_1.1");
}

fn receive(shop: &Shop, events: &Path) -> (Program, u16) {
    let port = free_port();
    let mut command = shop.command(&["serve"]);
    command.env("PORT", port.to_string()).env("WEBHOOK_SECRET", whsec(1)).env("EVENTS_FILE", events);
    let program = Program::start(command);
    until("an open port", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    (program, port)
}

/// What must be taken, in this order; only the first of each id is work.
fn genuine() -> Vec<(&'static str, Delivery)> {
    let fine = || Delivery::signed("ord_1.1", 0);
    vec![
        ("a genuine one", fine()),
        ("the same again", fine()),
        ("the same again, signed later", Delivery::signed("ord_1.1", 60)),
        ("an id that begins like an earlier one", Delivery::signed("ord_1.10", 0)),
        ("four minutes old", Delivery::signed("ord_1.2", -240)),
        ("an id to be the beginning of", Delivery::signed("ord_1.30", 0)),
        (
            "ours is the second signature",
            Delivery::signed("ord_1.3", 0)
                .with(SIGNATURE, |ours| format!("v1,{} {ours}", "A".repeat(43) + "=")),
        ),
    ]
}

/// What must be refused as not genuine.
fn forged() -> Vec<(String, Delivery)> {
    let fine = || Delivery::signed("ord_1.9", 0);
    let mut all = vec![("a body with another amount".into(), {
        let mut delivery = fine();
        let at = delivery.body.iter().position(|byte| *byte == b'8').expect("an amount");
        delivery.body[at] = b'9';
        delivery
    })];
    let mut longer = fine();
    longer.body.push(b' ');
    all.push(("a body with one more space".into(), longer));
    let other = |delivery: &Delivery| signature(2, "ord_1.9", &delivery.headers[1].1, &delivery.body);
    all.push(("another secret".into(), fine().with(SIGNATURE, |_| other(&fine()))));
    all.push(("another id, of an old delivery".into(), fine().with(ID, |_| "ord_1.8".into())));
    all.push(("ten minutes old".into(), Delivery::signed("ord_1.9", -TEN_MINUTES)));
    all.push(("ten minutes ahead".into(), Delivery::signed("ord_1.9", TEN_MINUTES)));
    for name in [ID, TIMESTAMP, SIGNATURE] {
        all.push((format!("no {name}"), fine().without(name)));
        all.push((format!("empty {name}"), fine().with(name, |_| String::new())));
    }
    let spoilt: [fn(&str) -> String; 7] = [
        |ours| ours[..ours.len() - 1].into(),
        |ours| ours[..12].into(),
        |ours| ours.replacen("v1", "v2", 1),
        |ours| ours.replacen("v1,", "", 1),
        |ours| ours.replacen("v1,", "v1, ", 1),
        |ours| format!("{ours}é"),
        |_| "v1,".into(),
    ];
    all.extend(spoilt.iter().map(|spoil| ("a spoilt signature".into(), fine().with(SIGNATURE, spoil))));
    let late = format!("{}.5", now());
    for timestamp in ["soon", "1e9", "-1", "0x10", "99999999999999999999", "1_7", &late] {
        all.push((format!("the timestamp {timestamp}"), Delivery::odd(timestamp)));
    }
    all
}

/// What is not even a delivery; refused with a status or by closing.
fn stray(port: u16) -> Vec<(&'static str, Option<u16>)> {
    let fine = || Delivery::signed("ord_1.9", 0);
    // Even a good signature does not make it worth the memory.
    let mut huge = fine().body;
    huge.resize(HUGE_BYTES, b' ');
    let huge = Delivery::of("ord_1.9", &now().to_string(), &huge);
    let get = "GET /hooks HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    vec![
        ("another path", Delivery { path: "/", ..fine() }.send(port)),
        ("a GET", exchange(port, get, b"").map(|(status, _)| status)),
        ("a huge body", huge.send(port)),
        ("a huge body of unknown length", huge.send_in_chunks(port)),
        (
            "a length that is a lie",
            exchange(port, &huge.head("Content-Length: -1"), b"{}").map(|(status, _)| status),
        ),
        ("no HTTP at all", exchange(port, "\u{0}\u{1}\r\n\r\n", b"").map(|(status, _)| status)),
    ]
}

/// The same event in four connections at the same moment.
fn at_once(port: u16) {
    let delivery = Delivery::signed("ord_1.4", 0);
    let answers = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(|| delivery.send(port))).collect();
        sent.into_iter().map(|one| one.join().expect("no panic")).collect::<Vec<_>>()
    });
    assert_eq!(answers, [Some(204); 4]);
}

/// PHP serves with many processes, so their books must hold between processes.
fn two_processes(shop: &Shop, folder: &Path) {
    let events = folder.join("shared.log");
    let (_first, one) = receive(shop, &events);
    let (_second, other) = receive(shop, &events);
    let ids: Vec<String> = (0..50).map(|n| format!("ord_2.{n}")).collect();
    for id in &ids {
        let delivery = Delivery::signed(id, 0);
        std::thread::scope(|scope| {
            for port in [one, other] {
                let delivery = &delivery;
                scope.spawn(move || assert_eq!(delivery.send(port), Some(204)));
            }
        });
    }
    assert_eq!(written(&events).len(), ids.len(), "done twice");
}

/// Somebody begins and stops in the middle; everybody else is served all the same.
fn with_a_stalled_sender(port: u16) {
    let delivery = Delivery::signed("ord_1.5", 0);
    let mut stalled = std::net::TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    let head = delivery.head(&format!("Content-Length: {}", delivery.body.len()));
    stalled.write_all(head.as_bytes()).and_then(|()| stalled.write_all(b"{")).expect("written");
    assert_eq!(delivery.send(port), Some(204));
}

/// Without a secret everybody could sign: an empty key is the same to HMAC as one of zeros.
fn without_a_secret(shop: &Shop, folder: &Path) {
    let port = free_port();
    let mut command = shop.command(&["serve"]);
    command
        .env("PORT", port.to_string())
        .env("WEBHOOK_SECRET", "whsec_")
        .env("EVENTS_FILE", folder.join("none"));
    let mut program = Program::start(command);
    let delivery = Delivery::signed("ord_1.6", 0);
    let zeros = signature(0, "ord_1.6", &delivery.headers[1].1, &delivery.body);
    let delivery = delivery.with(SIGNATURE, |_| zeros);
    until("its end, or an open port", || {
        (program.has_ended() || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).then_some(())
    });
    assert!(delivery.send(port).is_none_or(|status| status >= 400), "signed with nothing, and taken");
}

fn written(events: &PathBuf) -> Vec<String> {
    let text = std::fs::read_to_string(events).expect("the shop's books");
    text.lines().map(str::to_owned).collect()
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("before the end of time")
}

fn whsec(byte: u8) -> String {
    format!("whsec_{}", data_encoding::BASE64.encode(&[byte; 32]))
}

fn signature(secret: u8, id: &str, timestamp: &str, body: &[u8]) -> String {
    let secret = Secret::new(vec![secret; 32]).expect("a secret");
    sign(&[secret], id, timestamp.parse().expect("a number"), body)
}
