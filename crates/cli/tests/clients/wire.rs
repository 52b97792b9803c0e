//! HTTP written by hand: a test must be able to send what no client would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Far more than anything takes on loopback.
pub(super) const WITHIN: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A port that was free a moment ago.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Looks until there is something; panics with `what` when it does not come.
pub(super) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < WITHIN, "{what} did not come about");
        std::thread::sleep(LOOK_EVERY);
    }
}

/// One request, as these bytes. `None` when the other side closes without an answer.
pub(super) fn exchange(port: u16, head: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(WITHIN)).expect("a limit");
    stream.set_write_timeout(Some(WITHIN)).expect("a limit");
    // Whoever refuses may close before everything is written; what it said before is still to be read.
    let _closed_early = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let mut answer = BufReader::new(stream);
    let (status, length) = read_head(&mut answer)?;
    let mut said = vec![0; length];
    answer.read_exact(&mut said).ok()?;
    Some((status, said))
}

/// The status of an answer's first line, and how long its body is.
fn read_head(answer: &mut impl BufRead) -> Option<(u16, usize)> {
    let mut line = String::new();
    answer.read_line(&mut line).ok()?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    Some((status, read_length(answer)?))
}

/// Reads headers up to the empty line; the length they announce, or zero.
pub(super) fn read_length(message: &mut impl BufRead) -> Option<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if message.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        match line.split_once(':') {
            None => return Some(length),
            Some(("content-length", value)) => length = value.trim().parse().ok()?,
            Some(_) => {}
        }
    }
}

/// A JSON request with the key of `dev`; panics unless the answer is a success.
pub(super) fn json(method: &str, port: u16, path: &str, body: Option<&Value>) -> Value {
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer dev-key\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let (status, said) = exchange(port, &head, body.as_bytes()).expect("an answer");
    let said = String::from_utf8(said).expect("UTF-8");
    assert!((200..300).contains(&status), "{method} {path}: {status} {said}");
    serde_json::from_str(&said).unwrap_or_else(|cause| panic!("{method} {path}: {cause}: {said}"))
}
