//! Answers that come piece by piece over loopback sockets, and such that break off.
#![cfg(feature = "real")]

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Env, NetError, Sent};
use futures_util::StreamExt as _;
use http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const LONG: Duration = Duration::from_secs(20);

/// A server for one request. It writes what it is given, and closes the connection when there is no more.
async fn server() -> (SocketAddr, mpsc::UnboundedSender<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let (write, mut to_write) = mpsc::unbounded_channel::<Vec<u8>>();
    let serve = async move {
        let (mut socket, _) = listener.accept().await.expect("somebody connects");
        let mut request = vec![0; 4096];
        let _read = socket.read(&mut request).await;
        while let Some(bytes) = to_write.recv().await {
            // The other side may have hung up already.
            let _hung_up = socket.write_all(&bytes).await;
        }
    };
    Env::real().tasks.spawn("server", Box::pin(serve));
    (address, write)
}

fn request(address: SocketAddr) -> Request<Bytes> {
    Request::get(format!("http://{address}/bill?sign=secret")).body(Bytes::new()).expect("a valid URL")
}

/// The whole answer, or why it has no end.
async fn body(parts: &[&[u8]]) -> Result<Vec<u8>, NetError> {
    let (address, write) = server().await;
    for part in parts {
        write.send(part.to_vec()).expect("the server listens");
    }
    drop(write);
    let mut pieces = Env::real().net.open(request(address), LONG).await?.into_body();
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        whole.extend_from_slice(&piece?);
    }
    Ok(whole)
}

#[tokio::test]
async fn pieces_arrive_while_the_answer_is_still_being_written() {
    let (address, write) = server().await;
    let head = b"HTTP/1.1 200 OK\r\nX-Tt-Logid: abc\r\nContent-Length: 8\r\n\r\n";
    write.send(head.to_vec()).expect("the server listens");
    let answer = Env::real().net.open(request(address), LONG).await.unwrap();
    assert_eq!(answer.headers()["x-tt-logid"], "abc");
    let mut pieces = answer.into_body();
    for piece in [b"abcd", b"efgh"] {
        write.send(piece.to_vec()).expect("the server listens");
        assert_eq!(pieces.next().await.unwrap().unwrap(), &piece[..]);
    }
    assert!(pieces.next().await.is_none(), "complete, although the connection is open");
}

#[tokio::test]
async fn more_than_fits_an_answer_in_one_piece() {
    let large = vec![b'x'; 9 * 1024 * 1024];
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", large.len());
    assert_eq!(body(&[head.as_bytes(), &large]).await.unwrap().len(), large.len());
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error() {
    let with_length = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let unmarked = b"HTTP/1.1 200 OK\r\n\r\n";
    assert_eq!(body(&[with_length, b"0123456789"]).await.unwrap(), b"0123456789");
    assert_eq!(body(&[chunked, b"4\r\n0123\r\n", b"0\r\n\r\n"]).await.unwrap(), b"0123");
    for parts in [
        &[&with_length[..], b"012345678"][..],
        &[chunked, b"4\r\n0123\r\n"],
        &[chunked, b"4\r\n012"],
        &[unmarked, b"0123"],
    ] {
        let broken = body(parts).await.unwrap_err();
        assert_eq!(broken.sent, Sent::Maybe, "{broken}");
        assert!(!broken.problem.contains("secret"), "{broken}");
    }
}

#[tokio::test]
async fn patience_is_for_the_head_and_for_each_piece() {
    let short = Duration::from_millis(50);
    let (silent, _write) = server().await;
    let late = Env::real().net.open(request(silent), short).await.err().unwrap();
    assert!(late.problem.contains("nothing came for 50 ms"), "{late}");

    let (address, write) = server().await;
    write.send(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nabcd".to_vec()).expect("the server listens");
    let mut pieces =
        Env::real().net.open(request(address), Duration::from_millis(500)).await.unwrap().into_body();
    assert_eq!(pieces.next().await.unwrap().unwrap(), &b"abcd"[..]);
    let late = pieces.next().await.unwrap().unwrap_err();
    assert!(late.problem.contains("nothing came for 500 ms"), "{late}");
    assert!(pieces.next().await.is_none(), "after an error there is nothing more");
    let no_time = Env::real().net.open(request(address), Duration::ZERO).await.err().unwrap();
    assert_eq!(no_time.sent, Sent::No);
}
