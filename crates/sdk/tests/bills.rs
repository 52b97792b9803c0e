//! Bills over real sockets: rows come while the platform still writes.
#![cfg(feature = "real")]

use std::net::SocketAddr;

use douyin_pay::env::Env;
use douyin_pay::protocol::MerchantUid;
use douyin_pay::protocol::ecpay::bill::{BillKind, Bills, Row};
use douyin_pay::{AppId, BillFile, BillFileError, Client, Platform, Retry, Salt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A platform for one request. It writes what it is given, and closes the connection when there is no more.
struct OnePlatform {
    address: SocketAddr,
    write: Option<mpsc::UnboundedSender<Vec<u8>>>,
}

impl OnePlatform {
    async fn new(head: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let (write, mut to_write) = mpsc::unbounded_channel::<Vec<u8>>();
        let serve = async move {
            let (mut socket, _) = listener.accept().await.expect("somebody connects");
            let mut request = vec![0; 4096];
            let read = socket.read(&mut request).await.expect("a request");
            assert!(request[..read].starts_with(b"GET /api/apps/bills?app_id=tt1&"));
            while let Some(bytes) = to_write.recv().await {
                // The other side may have hung up already.
                let _hung_up = socket.write_all(&bytes).await;
            }
        };
        Env::real().tasks.spawn("platform", Box::pin(serve));
        let platform = Self { address, write: Some(write) };
        platform.writes(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n"));
        platform
    }

    fn writes(&self, bytes: impl Into<Vec<u8>>) {
        let write = self.write.as_ref().expect("the connection is open");
        write.send(bytes.into()).expect("the platform lives");
    }

    fn closes(&mut self) {
        self.write = None;
    }

    async fn bill(&self) -> BillFile {
        let client =
            Client::builder(AppId::new("tt1").expect("a good one"), Salt::new("salt").expect("a good one"))
                .platform(Platform::Url(format!("http://{}", self.address)))
                .retry(Retry::none())
                .build()
                .expect("a good one");
        let merchant = MerchantUid::new("70775300146143419322").expect("a good one");
        let ask = Bills::new(merchant, BillKind::Payment, "2024-01-01".parse().expect("a good one"))
            .expect("a good one");
        client.bills(&ask).await.expect("the beginning of a bill").reply
    }
}

const HEAD: &str = "订单号,订单金额,支付状态\n";

fn line(number: u32) -> String {
    format!("A{number},{},支付成功\n", number + 1)
}

fn number(row: Option<Result<Row, BillFileError>>) -> String {
    row.expect("a row").expect("a good one").out_order_no.expect("with a number").to_string()
}

#[tokio::test]
async fn rows_come_while_the_platform_still_writes() {
    let length = HEAD.len() + 2 * line(1).len();
    let platform = OnePlatform::new(&format!("Content-Length: {length}")).await;
    platform.writes(format!("{HEAD}{}", line(1)));
    let mut bill = platform.bill().await;
    assert_eq!(number(bill.next().await), "A1");
    assert_eq!(bill.bytes_total(), Some(u64::try_from(length).unwrap()));
    platform.writes(line(2));
    assert_eq!(number(bill.next().await), "A2");
    assert!(bill.next().await.is_none());
    assert_eq!(bill.bytes_read(), bill.bytes_total().unwrap());
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_whatever_marks_the_end() {
    for head in ["Content-Length: 1000", "Transfer-Encoding: chunked", "Connection: close"] {
        let mut platform = OnePlatform::new(head).await;
        let bytes = format!("{HEAD}{}{}", line(1), line(2));
        platform.writes(match head {
            "Transfer-Encoding: chunked" => format!("{:x}\r\n{bytes}\r\n", bytes.len()),
            _ => bytes,
        });
        let mut bill = platform.bill().await;
        platform.closes();
        assert_eq!(number(bill.next().await), "A1");
        assert_eq!(number(bill.next().await), "A2");
        let broken = bill.next().await.unwrap().unwrap_err();
        assert!(matches!(broken, BillFileError::BrokeOff { rows: 2, .. }), "{head}: {broken}");
        assert!(bill.next().await.is_none());
    }
}

#[tokio::test]
async fn a_hundred_thousand_rows_in_chunks() {
    const ROWS: u32 = 100_000;
    let mut platform = OnePlatform::new("Transfer-Encoding: chunked").await;
    let mut text = HEAD.to_owned();
    for number in 0..ROWS {
        text.push_str(&line(number));
    }
    for chunk in text.as_bytes().chunks(7_919) {
        platform.writes([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    }
    platform.writes("0\r\n\r\n");
    platform.closes();
    let mut bill = platform.bill().await;
    let mut sum = 0;
    while let Some(row) = bill.next().await {
        sum += row.unwrap().amount.unwrap().get();
    }
    assert_eq!((bill.lines().rows, sum), (u64::from(ROWS), i64::from(ROWS) * i64::from(ROWS + 1) / 2));
    assert_eq!(bill.bytes_read(), u64::try_from(text.len()).unwrap());
}
