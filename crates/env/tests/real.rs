//! The real outside over loopback sockets: what left, and what surely did not.
#![cfg(feature = "real")]

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Env, Net, NetError, ReqwestNet, Sent, Tasks, TokioTasks};
use futures_util::StreamExt as _;
use http::{Request, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const LONG: Duration = Duration::from_secs(20);

/// A server that reads a request, writes `answer` and closes the connection.
async fn server(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let serve = async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            read_request(&mut socket).await;
            // The other side may have hung up already.
            let _hung_up = socket.write_all(answer).await;
        }
    };
    Env::real().tasks.spawn("server", Box::pin(serve));
    address
}

/// A server that answers without having read anything.
async fn hasty(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let serve = async move {
        let (mut socket, _) = listener.accept().await.expect("somebody connects");
        socket.write_all(answer).await.expect("the other side listens");
        read_request(&mut socket).await;
    };
    Env::real().tasks.spawn("hasty server", Box::pin(serve));
    address
}

async fn read_request(socket: &mut TcpStream) {
    let mut seen = Vec::new();
    let mut chunk = [0; 1024];
    while !seen.windows(4).any(|end| end == b"\r\n\r\n") {
        match socket.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(count) => seen.extend_from_slice(&chunk[..count]),
        }
    }
}

async fn send(url: String, deadline: Duration) -> Result<Response<Bytes>, NetError> {
    let request = Request::get(url).body(Bytes::new()).expect("a valid URL");
    Env::real().net.send(request, deadline).await
}

#[tokio::test]
async fn an_answer_comes_back_whole() {
    let address = server(b"HTTP/1.1 200 OK\r\nX-Tt-Logid: abc\r\nContent-Length: 2\r\n\r\n{}").await;
    let answer = send(format!("http://{address}/x"), LONG).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["x-tt-logid"], "abc");
    assert_eq!(&answer.body()[..], b"{}");
}

#[tokio::test]
async fn redirects_are_answers() {
    let answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    let address = server(answer).await;
    let answer = send(format!("http://{address}/x"), LONG).await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
}

#[tokio::test]
async fn what_certainly_did_not_leave() {
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let not_tls = hasty(b"this is not TLS\r\n").await;
    for url in [
        format!("http://{nobody}/x?secret=1"),
        format!("https://{not_tls}/x?secret=1"),
        "/x?secret=1".to_owned(),
    ] {
        let problem = send(url.clone(), LONG).await.unwrap_err();
        assert_eq!(problem.sent, Sent::No, "{url}: {problem}");
        assert!(!problem.problem.contains("secret"), "{url}: {problem}");
    }
    let no_time = send("http://127.0.0.1:1/".to_owned(), Duration::ZERO).await.unwrap_err();
    assert_eq!(no_time.sent, Sent::No);
}

#[tokio::test]
async fn names_are_looked_up_and_unknown_ones_surely_did_not_leave() {
    let address = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
    let answer = send(format!("http://localhost:{}/x", address.port()), LONG).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let problem = send("https://no-such-name.invalid/x?secret=1".to_owned(), LONG).await.unwrap_err();
    assert_eq!(problem.sent, Sent::No, "{problem}");
    assert!(!problem.problem.contains("secret"), "{problem}");
    #[cfg(feature = "self-contained")]
    assert!(problem.problem.contains("the name `no-such-name.invalid` was not found"), "{problem}");
}

/// Variables of the environment belong to a process, so this test is its own child.
#[cfg(feature = "rustls")]
#[test]
fn roots_that_were_asked_for_and_are_absent_are_replaced_by_nobody() {
    const NAME: &str = "roots_that_were_asked_for_and_are_absent_are_replaced_by_nobody";
    if std::env::var_os("SSL_CERT_FILE").is_none_or(|file| file != "/no/such/file") {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", NAME])
            .env("SSL_CERT_FILE", "/no/such/file")
            .env("SSL_CERT_DIR", "/no/such/folder");
        let output = child.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    block_on(async {
        let (tell, told) = tokio::sync::oneshot::channel();
        let listening = async move {
            tell.send(server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await).unwrap();
        };
        Env::real().tasks.spawn("listening", Box::pin(listening));
        let address = told.await.unwrap();
        assert!(send(format!("http://{address}/"), LONG).await.is_ok(), "http needs no certificates");
        let problem = send(format!("https://{address}/"), LONG).await.unwrap_err();
        assert_eq!(problem.sent, Sent::No);
        assert!(problem.problem.contains("`SSL_CERT_FILE`"), "{problem}");
    });
}

#[tokio::test]
async fn what_may_have_arrived() {
    let too_long = {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n";
        let answer = [head.as_bytes(), &vec![b' '; 9_000_000]].concat();
        server(answer.leak()).await
    };
    for (address, deadline, about) in [
        (server(b"").await, LONG, "closed without an answer"),
        (server(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{").await, LONG, "closed inside the body"),
        (server(b"what?\r\n\r\n").await, LONG, "not HTTP"),
        (too_long, LONG, "an answer that is too long"),
        (silent().await, Duration::from_millis(300), "no answer in time"),
    ] {
        let problem = send(format!("http://{address}/x?secret=1"), deadline).await.unwrap_err();
        assert_eq!(problem.sent, Sent::Maybe, "{about}: {problem}");
        assert!(!problem.problem.contains("secret"), "{about}: {problem}");
    }
}

/// Accepts and reads, but never answers.
async fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let serve = async move {
        let (mut socket, _) = listener.accept().await.expect("somebody connects");
        read_request(&mut socket).await;
        std::future::pending::<()>().await;
    };
    Env::real().tasks.spawn("silent server", Box::pin(serve));
    address
}

#[tokio::test]
async fn a_client_of_your_own_is_used() {
    let address = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = Request::get(format!("http://{address}/")).body(Bytes::new()).unwrap();
    assert!(ReqwestNet::from_client(client).send(request, LONG).await.is_ok());
}

#[tokio::test]
async fn tasks_are_counted_drained_and_not_silent_about_panics() {
    let tasks = TokioTasks::new();
    assert_eq!(tasks.drain(LONG).await, 0);
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    tasks.spawn("waits", Box::pin(async move { gone.await.unwrap_or_default() }));
    tasks.spawn("panics", Box::pin(async { panic!("on purpose") }));
    assert_eq!(tasks.drain(Duration::from_millis(20)).await, 1);
    assert_eq!((tasks.live(), tasks.panicked()), (1, 1));
    go.send(()).unwrap();
    assert_eq!(tasks.drain(LONG).await, 0);
    assert_eq!(tasks.live(), 0);
}

#[tokio::test]
async fn time_passes_while_one_sleeps() {
    let env = Env::real();
    let before = env.mono();
    env.sleep(Duration::from_millis(5)).await;
    assert!(env.mono().since(before) >= 5);
    assert!(env.now().get() > 1_700_000_000_000);
    assert_ne!(env.random_hex(32), env.random_hex(32));
}

/// Wakes a thread.
struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// An executor that knows nothing of tokio.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let waker = Arc::new(Unpark(std::thread::current())).into();
    loop {
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn everything_works_outside_of_tokio() {
    block_on(async {
        let env = Env::real();
        env.sleep(Duration::from_millis(2)).await;
        let (tell, told) = tokio::sync::oneshot::channel();
        let listening = async move {
            let address = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
            tell.send(address).unwrap();
        };
        env.tasks.spawn("listening", Box::pin(listening));
        let address = told.await.unwrap();
        assert!(send(format!("http://{address}/"), LONG).await.is_ok());
        let request = Request::get(format!("http://{address}/")).body(Bytes::new()).expect("a valid URL");
        let pieces: Vec<_> = env.net.open(request, LONG).await.unwrap().into_body().collect().await;
        assert_eq!(pieces, [Ok(Bytes::from_static(b"{}"))]);
        assert_eq!(env.tasks.drain(LONG).await, 0);
    });
}
