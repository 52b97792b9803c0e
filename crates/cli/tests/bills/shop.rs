//! An app of guaranteed payment, and a platform that writes whatever bytes it is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const MERCHANT: &str = "70775300146143419322";

pub(crate) const PAYMENTS: &str = "序号,支付时间,商户号,openId,订单号,平台订单号,渠道订单号,订单金额,支付方式,支付状态\n\
    1,2024-01-01 08:00:00,70775300146143419322,_000abc,O1,N1,42,1280,微信,支付成功\n\
    2,2024-01-01 08:10:00,70775300146143419322,_000abd,O2,N2,43,20,支付宝,支付成功\n";

/// Answers every request with the same bytes.
pub(crate) struct Shop {
    folder: TempDir,
    seen: Arc<Mutex<Vec<String>>>,
}

/// An answer with its length.
pub(crate) fn whole(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 200 OK\r\nX-Tt-Logid: log1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

impl Shop {
    pub(crate) fn open(answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                keep.lock().expect("no panic while held").push(first_line(&stream));
                let _reader_left = (&stream).write_all(&answer);
            }
        });
        let folder = tempfile::tempdir().expect("a folder");
        let configuration = format!(
            "listen = \"127.0.0.1:1\"\npublic_url = \"http://127.0.0.1:1\"\ndatabase = \"sqlite://books.db\"\n\
             [[apps]]\nname = \"coffee\"\napp_id = \"tt0000000000000001\"\n\
             [apps.ecpay]\nplatform = \"{url}\"\nsalt = {{ file = \"salt\" }}\ncallback_tokens = [{{ file = \"token\" }}]\n"
        );
        for (name, text) in
            [("salt", "mock_salt"), ("token", "mocktoken"), ("douyin-pay.toml", &configuration)]
        {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        Self { folder, seen }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `douyin-pay platform …` for readers of a language.
    pub(crate) fn run_in(&self, locale: &str, words: &[&str]) -> Output {
        self.command(locale, &[&["platform"], words].concat())
    }

    /// Runs `douyin-pay reconcile …` over the books themselves.
    pub(crate) fn reconcile(&self, words: &[&str]) -> Output {
        self.command("en_US.UTF-8", &[&["reconcile"], words].concat())
    }

    fn command(&self, locale: &str, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_douyin-pay"))
            .args(words)
            .args(["--app", "coffee", "--config"])
            .arg(self.path("douyin-pay.toml"))
            .env("LC_ALL", locale)
            .output()
            .expect("the binary ends")
    }

    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.run_in("en_US.UTF-8", words)
    }

    /// What arrived so far: the first line of each request.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("no panic while held").clone()
    }
}

fn first_line(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut first, mut line) = (String::new(), String::new());
    while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line.trim() != "" {
        if first.is_empty() {
            first = line.trim().to_owned();
        }
        line.clear();
    }
    first
}

pub(crate) fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|cause| panic!("{cause}: {}", String::from_utf8_lossy(bytes)))
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
