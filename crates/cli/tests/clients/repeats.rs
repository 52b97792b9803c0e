//! A service on a bad day: each shop repeats the very same request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use super::language::{Language, Shop};
use super::program::Program;
use super::wire::read_length;

/// Status line and body of each answer; the empty one is a connection closed without a word.
const BAD_DAY: [(&str, &str); 5] = [
    ("503 Service Unavailable", r#"{"code":"busy"}"#),
    ("202 Accepted", r#"{"state":"opening"}"#),
    ("502 Bad Gateway", "<html>a proxy's page</html>"),
    ("", ""),
    ("409 Conflict", r#"{"code":"other_fields","detail":"this number was used \"before\""}"#),
];

#[test]
fn php() {
    repeats_of(Language::Php);
}

#[test]
fn node() {
    repeats_of(Language::Node);
}

#[test]
fn python() {
    repeats_of(Language::Python);
}

#[test]
fn go() {
    repeats_of(Language::Go);
}

#[test]
fn java() {
    repeats_of(Language::Java);
}

fn repeats_of(language: Language) {
    let Some(shop) = language.shop() else { return };
    misuse_of(&shop);
    let (url, heard) = bad_day();
    let mut command = shop.command(&["story", "A1"]);
    command.env("DOUYIN_PAY_URL", url).env("DOUYIN_PAY_KEY", "dev-key").env("DOUYIN_PAY_APP", "mine");
    let ended = Program::start(command).end();
    // The last word was a no, which no repetition changes.
    assert_eq!(ended.code, Some(1), "{}", ended.complained);
    assert!(
        ended.complained.contains("409 other_fields: this number was used \"before\""),
        "{}",
        ended.complained
    );
    let heard = heard.lock().expect("no panic while held").clone();
    assert_eq!(heard.len(), BAD_DAY.len(), "{heard:#?}");
    assert!(heard[0].contains("拿铁") && heard[0].contains("1280"), "{}", heard[0]);
    assert!(heard.iter().all(|body| *body == heard[0]), "not the same request: {heard:#?}");
}

/// Whoever calls it wrongly, or forgets a setting, hears it at once, before anything is sent.
fn misuse_of(shop: &Shop) {
    for words in [&[] as &[&str], &["settle"], &["serve", "now"], &["story", "A1", "A2"], &["refund"]] {
        let ended = Program::start(shop.command(words)).end();
        assert_eq!(ended.code, Some(2), "{words:?}: {}", ended.complained);
    }
    let mut command = shop.command(&["story", "A1"]);
    for name in ["DOUYIN_PAY_URL", "DOUYIN_PAY_KEY", "DOUYIN_PAY_APP"] {
        command.env_remove(name);
    }
    let ended = Program::start(command).end();
    assert_eq!(ended.code, Some(2), "{}", ended.complained);
    assert!(ended.complained.contains("DOUYIN_PAY_"), "{}", ended.complained);
}

/// A service that answers one bad thing after the other, and the bodies it was sent.
fn bad_day() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&heard);
    std::thread::spawn(move || {
        for (status, said) in BAD_DAY {
            let (stream, _) = listener.accept().expect("a request");
            let mut stream = BufReader::new(stream);
            stream.read_line(&mut String::new()).expect("a request line");
            let mut body = vec![0; read_length(&mut stream).expect("headers")];
            stream.read_exact(&mut body).expect("a body");
            into.lock().expect("no panic while held").push(String::from_utf8(body).expect("UTF-8"));
            if !status.is_empty() {
                let length = said.len();
                let head = format!("HTTP/1.1 {status}\r\nRetry-After: 1\r\nContent-Length: {length}\r\n");
                write!(stream.get_mut(), "{head}Connection: close\r\n\r\n{said}").expect("written");
            }
        }
    });
    (url, heard)
}
