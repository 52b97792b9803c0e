//! Each recipe opens an order, hears of its payment once, and is not fooled.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use douyin_pay::Platform;
use douyin_pay::protocol::{Fen, Token, UnixMs};
use douyin_pay_mock::{CallbackSigner, DEFAULT_APP_ID, DEFAULT_SALT, DEFAULT_TOKEN, PayAsk};
use douyin_pay_recipes::{Shop, actix, axum, hyper, salvo};

/// An open port, and a shop that is told there.
async fn open_shop() -> (TcpListener, Shop, douyin_pay_mock::Running) {
    let mock = douyin_pay_mock::start().await.unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let notify_url = format!("http://{}/callbacks", listener.local_addr().unwrap());
    let platform = Platform::Url(mock.url());
    let shop = Shop::new(platform, DEFAULT_APP_ID, DEFAULT_SALT, DEFAULT_TOKEN, &notify_url).unwrap();
    (listener, shop, mock)
}

async fn post(address: SocketAddr, path: &str, body: Vec<u8>) -> (u16, String) {
    let url = format!("http://{address}{path}");
    let answer = reqwest::Client::new().post(url).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// The story that every recipe must tell.
async fn check(address: SocketAddr, shop: Shop, mock: douyin_pay_mock::Running) {
    let (status, pay) = post(address, "/orders/A1", Vec::new()).await;
    assert_eq!(status, 201, "{pay}");
    let order_id = pay.split(r#""order_id":""#).nth(1).unwrap().split('"').next().unwrap();
    let (status, again) = post(address, "/orders/A1", Vec::new()).await;
    assert!(status == 201 && again.contains(order_id), "the same number is the same order: {again}");
    let (status, wrong) = post(address, "/orders/no.number", Vec::new()).await;
    assert!(status == 400 && wrong.contains("out_order_no"), "{wrong}");

    let (price, now) = (Fen::from_yuan("12.80").unwrap(), UnixMs::new(1_767_225_600_000));
    let signer = |token: &str| CallbackSigner::new(Token::new(token).unwrap(), DEFAULT_APP_ID);
    let genuine = signer(DEFAULT_TOKEN).payment("A1", price, now);
    let mut tampered = genuine.clone();
    let place = tampered.windows(4).position(|bytes| bytes == b"1280").unwrap();
    tampered[place] = b'9';
    for forged in [tampered, signer("another").payment("A1", price, now), b"{}".to_vec(), Vec::new()] {
        let (_, answer) = post(address, "/callbacks", forged).await;
        assert!(!answer.contains(r#""err_no":0"#), "{answer}");
    }
    assert!(shop.paid().is_empty());
    for _ in 0..2 {
        let answer = post(address, "/callbacks", genuine.clone()).await;
        assert_eq!(answer, (200, r#"{"err_no":0,"err_tips":"success"}"#.to_owned()));
    }
    assert_eq!(shop.paid(), ["A1"]);
    assert!(mock.pay(&PayAsk::new(order_id)).is_ok(), "the platform has the order");
}

#[tokio::test]
async fn in_axum() {
    let (listener, shop, mock) = open_shop().await;
    let address = listener.local_addr().unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(::axum::serve(listener, axum::router(shop.clone())).into_future());
    check(address, shop, mock).await;
}

#[tokio::test]
async fn in_actix_web() {
    let (listener, shop, mock) = open_shop().await;
    let address = listener.local_addr().unwrap();
    let routes = actix::routes(shop.clone());
    let app = move || actix_web::App::new().configure(routes.clone());
    let server = actix_web::HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
    let handle = server.handle();
    tokio::spawn(server);
    check(address, shop, mock).await;
    handle.stop(false).await;
}

#[tokio::test]
async fn in_salvo() {
    use ::salvo::conn::tcp::TcpAcceptor;
    let (listener, shop, mock) = open_shop().await;
    let address = listener.local_addr().unwrap();
    let acceptor = TcpAcceptor::try_from(tokio::net::TcpListener::from_std(listener).unwrap()).unwrap();
    tokio::spawn(::salvo::Server::new(acceptor).serve(salvo::router(shop.clone())));
    check(address, shop, mock).await;
}

#[tokio::test]
async fn in_plain_hyper() {
    let (listener, shop, mock) = open_shop().await;
    let address = listener.local_addr().unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(hyper::serve(listener, shop.clone()));
    check(address, shop, mock).await;
}
