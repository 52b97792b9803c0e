//! Between the platform and the service: proxies that rewrite, refuse, redirect or lead elsewhere.

use std::net::{Ipv4Addr, TcpListener};

use axum::Router;
use axum::response::IntoResponse;
use http::{Method, StatusCode, header};
use serde_json::Value;

use crate::proxy::{Passed, proxy, serve};
use crate::world::{Findings, Installation, get};
use http::request::Parts;

/// What `doctor` says of a sound service behind this proxy.
async fn behind(change: impl Fn(Parts, Vec<u8>) -> Passed + Send + Sync + 'static) -> Findings {
    let mut installation = Installation::sound().await;
    installation.public_url = proxy(installation.listen, change).await;
    installation.serve().await;
    installation.examine().await
}

/// Changes the bodies of callbacks.
fn bodies(change: impl Fn(Vec<u8>) -> Vec<u8>) -> impl Fn(Parts, Vec<u8>) -> Passed {
    move |parts, body| match parts.method {
        Method::POST => Ok((parts, change(body))),
        _ => Ok((parts, body)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_passes_everything_on_is_no_finding() {
    let findings = behind(|parts, body| Ok((parts, body))).await;
    assert_eq!(findings.code, Some(0), "{findings:#?}");
    for check in ["callback_url", "body_rewritten", "body_limit", "callback_check"] {
        assert_eq!(findings.one(check).0, "ok", "{check}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_encodes_json_anew_is_found() {
    let findings = behind(bodies(|body| {
        let value: Value = serde_json::from_slice(&body).expect("JSON");
        value.to_string().into_bytes()
    }))
    .await;
    findings.only_problem("body_rewritten", &["JSON was read and written anew", "/callbacks/"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_trims_is_found() {
    behind(bodies(|body| body.trim_ascii().to_vec()))
        .await
        .only_problem("body_rewritten", &["white space at its ends"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_changes_the_character_set_is_found() {
    // As GBK has it: 拿铁 in four bytes.
    let change = bodies(|body| {
        let text = String::from_utf8(body).expect("UTF-8");
        let (before, after) = text.split_once("拿铁").unwrap_or((&text, ""));
        [before.as_bytes(), b"\xc4\xc3\xcc\xfa", after.as_bytes()].concat()
    });
    behind(change).await.only_problem("body_rewritten", &["character set"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_changes_line_ends_is_found() {
    let change = bodies(|body| String::from_utf8(body).expect("UTF-8").replace("\r\n", "\n").into_bytes());
    behind(change).await.only_problem("body_rewritten", &["line ends"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_compresses_is_found() {
    let findings = behind(|mut parts, body| {
        let gzip = header::HeaderValue::from_static("gzip");
        if parts.method == Method::POST && body.len() < 4096 {
            parts.headers.insert(header::CONTENT_ENCODING, gzip);
            return Ok((parts, [b"\x1f\x8b\x08", &body[..]].concat()));
        }
        Ok((parts, body))
    })
    .await;
    findings.only_problem("body_rewritten", &["compressed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_with_a_small_limit_is_found() {
    let findings = behind(|parts, body| match body.len() {
        8192.. => Err(Box::new(StatusCode::PAYLOAD_TOO_LARGE.into_response())),
        _ => Ok((parts, body)),
    })
    .await;
    findings.only_problem("body_limit", &["64 KiB", "client_max_body_size"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_cuts_bodies_off_is_found() {
    let change = bodies(|mut body| {
        body.truncate(100);
        body
    });
    let findings = behind(change).await;
    assert_eq!(findings.one("body_rewritten").0, "problem");
    assert!(findings.one("body_rewritten").1.contains("its end was cut off"), "{findings:#?}");
    assert_eq!(findings.one("body_limit").0, "problem");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_drops_headers_is_told_from_a_wrong_token() {
    let findings = behind(|mut parts, body| {
        parts.headers.remove("douyin-pay-probe");
        Ok((parts, body))
    })
    .await;
    findings.only_problem("callback_url", &["drops unknown request headers", "Byte-Signature"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_drops_the_query_fails_the_consoles_check() {
    let findings = behind(|mut parts, body| {
        parts.uri = parts.uri.path().parse().expect("a path");
        Ok((parts, body))
    })
    .await;
    findings.only_problem("callback_check", &["echostr", "query"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_others_are_told_apart() {
    let said = |status: StatusCode| {
        behind(move |_, _| {
            Err(Box::new((status, [(header::LOCATION, "https://www.example.com/x?y=z")]).into_response()))
        })
    };
    let redirected = said(StatusCode::MOVED_PERMANENTLY).await;
    redirected.only_problem("callback_url", &["redirects callbacks to `https://www.example.com/x`"]);
    said(StatusCode::NOT_FOUND)
        .await
        .only_problem("callback_url", &["not this service (HTTP 404)", "path unchanged"]);
    said(StatusCode::FORBIDDEN).await.only_problem("callback_url", &["HTTP 403", "WAF"]);
    said(StatusCode::BAD_GATEWAY).await.only_problem("callback_url", &["HTTP 502", "upstream"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_service_is_not_running_a_bad_gateway_is_no_fault_of_the_proxy() {
    let mut installation = Installation::sound().await;
    installation.public_url = proxy(installation.listen, |parts, body| Ok((parts, body))).await;
    let findings = installation.examine().await;
    assert_eq!(findings.code, Some(0), "{findings:#?}");
    assert_eq!(findings.one("port").0, "warning");
    assert_eq!(findings.one("callback_url").0, "skipped");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_tls_or_without_anybody_is_found() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    installation.public_url = format!("https://{}", installation.listen);
    installation.examine().await.only_problem("callback_url", &["TLS with", "certificate"]);
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port").local_addr().expect("bound");
    installation.public_url = format!("http://{nobody}");
    installation.examine().await.only_problem("callback_url", &["refuses the connection", "reverse proxy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_with_another_token_is_not_taken_for_ours() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    installation.token = "changedlater7".to_owned();
    let findings = installation.examine().await;
    assert_eq!(findings.code, Some(1));
    assert!(findings.one("port").1.contains("SIGHUP"), "{findings:#?}");
    assert!(findings.one("callback_url").1.contains("does not know this app's token"), "{findings:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_leaves_nothing_behind() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    let before = installation.examine().await;
    assert_eq!(before.one("body_rewritten").0, "ok");
    let metrics = get(&format!("http://{}/metrics", installation.listen)).await.expect("metrics");
    let metrics = String::from_utf8_lossy(metrics.body()).into_owned();
    assert!(metrics.contains("/callbacks/{app}"), "the requests were counted: {metrics}");
    for verdict in ["bad_signature", "unreadable", "ignored", "changed", "unknown_number"] {
        assert!(!metrics.contains(verdict), "{verdict} in {metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_redirects_or_is_gone_is_found() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    let away = || async { (StatusCode::FOUND, [(header::LOCATION, "/login?next=%2Fhooks")]) };
    installation.webhook = format!("{}/hooks", serve(Router::new().fallback(away)).await);
    let findings = installation.examine().await;
    assert_eq!((findings.code, findings.one("webhook").0), (Some(0), "warning"), "{findings:#?}");
    assert!(findings.one("webhook").1.contains("redirects to `/login`"));
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port").local_addr().expect("bound");
    installation.webhook = format!("http://{nobody}/hooks");
    installation.examine().await.only_problem("webhook", &["events cannot be delivered", "refuses"]);
}
