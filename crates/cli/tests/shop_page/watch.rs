//! What must be true of every session: a quiet console, nothing asked of strangers.

use serde_json::Value;

use crate::browser::Browser;

/// Reads the logs and fails on console errors, requests off 127.0.0.1, and answers nobody expected.
pub(crate) async fn check(browser: &Browser) {
    let console = browser.log("browser").await;
    let errors: Vec<&Value> = console.iter().filter(|line| line["level"] == "SEVERE").collect();
    assert!(errors.is_empty(), "the console is not quiet: {errors:#?}");
    for line in browser.log("performance").await {
        let message: Value =
            serde_json::from_str(line["message"].as_str().unwrap_or_default()).expect("JSON");
        let (method, params) = (&message["message"]["method"], &message["message"]["params"]);
        if method == "Network.requestWillBeSent" {
            let url = params["request"]["url"].as_str().unwrap_or_default();
            assert!(is_ours(url), "the page asked a stranger: {url}");
        }
        if method == "Network.responseReceived" {
            let (url, status) =
                (&params["response"]["url"], params["response"]["status"].as_u64().unwrap_or(0));
            assert!(status < 400, "{url} answered {status}");
        }
    }
}

fn is_ours(url: &str) -> bool {
    // The browser's own first tab is made of `chrome:` pages.
    let inline = ["data:", "blob:", "about:", "chrome:"].iter().any(|scheme| url.starts_with(scheme));
    inline || url.starts_with("http://127.0.0.1:")
}

#[test]
fn strangers_are_told_from_loopback() {
    assert!(is_ours("http://127.0.0.1:8700/demo.css") && is_ours("data:image/png;base64,xx"));
    for stranger in [
        "https://127.0.0.1.example/",
        "http://cdn.example/x.js",
        "https://fonts.googleapis.com/",
        "http://localhost.evil/",
    ] {
        assert!(!is_ours(stranger), "{stranger}");
    }
}
