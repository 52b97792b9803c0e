//! `douyin-pay health`: ready, not ready, absent, somebody else.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

/// The exit code, and what was said on both outputs.
fn health(url: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_douyin-pay"));
    let output = command
        .args(["health", "--url", url])
        .env("LC_ALL", "en_US.UTF-8")
        .output()
        .expect("the binary is built");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// A server that gives one answer to one request.
fn server(status: &str, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody connects");
        let mut request = [0; 2048];
        let count = stream.read(&mut request).expect("a request");
        assert!(request[..count].starts_with(b"GET /readyz HTTP/1.1\r\n"));
        stream.write_all(answer.as_bytes()).expect("it listens");
    });
    url
}

#[test]
fn the_code_tells_ready_from_not_ready_and_both_from_absent() {
    assert_eq!(health(&server("200 OK", r#"{"ready":true,"reasons":[]}"#)), (Some(0), "ready\n".to_owned()));
    let (code, said) = health(&server("503 Busy", r#"{"ready":false,"reasons":["the disk is full"]}"#));
    assert!(code == Some(1) && said.contains("the disk is full"), "{code:?}: {said}");
    let (code, said) = health(&server("404 Not Found", "<html>"));
    assert!(code == Some(3) && said.contains("not an answer of a douyin-pay service"), "{code:?}: {said}");
    let (code, said) = health("http://127.0.0.1:1");
    assert!(code == Some(3) && said.contains("is the service running there?"), "{code:?}: {said}");
    let (code, said) = health("http://not a url");
    assert!(code == Some(2) && said.contains("`--url"), "{code:?}: {said}");
}
