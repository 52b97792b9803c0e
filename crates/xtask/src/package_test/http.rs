//! Just enough HTTP for the test: one request, one connection.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

const WITHIN: Duration = Duration::from_secs(20);

/// An answer.
pub(super) struct Answer {
    /// 200 and so on.
    pub(super) status: u16,
    /// As it came; chunks are not joined.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("{}: not JSON: {}", self.status, String::from_utf8_lossy(&self.body)))
    }
}

/// A connection to a server on this machine.
#[expect(clippy::disallowed_methods, reason = "a chore speaks to real processes")]
pub(super) fn connect(port: u16) -> std::io::Result<TcpStream> {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))
}

/// Asks a server on this machine.
pub(super) fn ask(port: u16, method: &str, path: &str, key: Option<&str>, body: &[u8]) -> Result<Answer> {
    let key = key.map_or_else(String::new, |key| format!("authorization: Bearer {key}\r\n"));
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n\
         {key}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = connect(port).with_context(|| format!("port {port}"))?;
    stream.set_read_timeout(Some(WITHIN))?;
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).with_context(|| format!("{method} {path}"))?;
    let (head, body) = split(&bytes).with_context(|| format!("{method} {path}: no answer"))?;
    let status = head.split_whitespace().nth(1).and_then(|word| word.parse().ok()).context("no status")?;
    Ok(Answer { status, body: body.to_vec() })
}

/// Takes one request, answers it, and returns head and body as they came.
pub(super) fn take_one(listener: &TcpListener) -> Result<(String, Vec<u8>)> {
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(WITHIN))?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some((head, body)) = split(&bytes) {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.context("the proxy forwards no content-length")? {
                let taken = (head.to_owned(), body.to_vec());
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")?;
                return Ok(taken);
            }
        }
        match stream.read(&mut chunk)? {
            0 => anyhow::bail!("the proxy hung up in the middle of the request"),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// A port that was free a moment ago.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Head and body of a message, once the head is whole.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let at = bytes.windows(4).position(|end| end == b"\r\n\r\n")?;
    Some((std::str::from_utf8(&bytes[..at]).ok()?, &bytes[at + 4..]))
}
