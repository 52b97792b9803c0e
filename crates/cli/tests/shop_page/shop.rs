//! The demo shop as a visitor uses it.

use serde_json::Value;

use crate::browser::Browser;
use crate::process::Dev;
use crate::{Lang, Size, layout, watch};

/// A visitor in front of the page.
pub(crate) struct Visitor {
    pub(crate) dev: Dev,
    pub(crate) browser: Browser,
    size: Size,
    lang: Lang,
    scene: &'static str,
}

impl Visitor {
    pub(crate) async fn enter(scene: &'static str, size: Size, lang: Lang) -> Self {
        Self::enter_at(scene, size, lang, "").await
    }

    /// In the general trade system.
    pub(crate) async fn enter_trade(scene: &'static str, size: Size, lang: Lang) -> Self {
        Self::enter_at(scene, size, lang, "&system=trade").await
    }

    async fn enter_at(scene: &'static str, size: Size, lang: Lang, more: &str) -> Self {
        let (dev, browser) = (Dev::start(), Browser::open(size).await);
        let address = match (lang, more) {
            (Lang::Zh, "") => dev.url("shop").to_owned(),
            (Lang::Zh, more) => format!("{}/?lang=zh{more}", dev.url("shop")),
            (Lang::En, more) => format!("{}/?lang=en{more}", dev.url("shop")),
        };
        browser.go(&address).await;
        browser
            .wait("the page", "return document.querySelector('[data-test=clock]').textContent !== ''")
            .await;
        Self { dev, browser, size, lang, scene }
    }

    /// Looks around once more, then leaves.
    pub(crate) async fn leave(self) {
        watch::check(&self.browser).await;
        self.browser.close().await;
    }

    /// Looks at the page as it is now: nothing sticks out, and a picture for people.
    pub(crate) async fn look(&self, step: &str) {
        layout::check(&self.browser).await;
        let name = format!("{}-{}-{}-{step}", self.scene, self.size.name(), self.lang.name());
        self.browser.picture(&name).await;
    }

    pub(crate) async fn click(&self, name: &str) {
        self.browser.click(&on(name)).await;
    }

    pub(crate) async fn text(&self, name: &str) -> String {
        let script = format!("return document.querySelector('{}').innerText", on(name));
        self.browser.script(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element shows exactly this.
    pub(crate) async fn sees(&self, name: &str, text: &str) {
        let script = format!("return document.querySelector('{}').innerText === '{text}'", on(name));
        self.browser.wait(&format!("`{name}` to show {text}"), &script).await;
    }

    pub(crate) async fn sees_state(&self, state: &str) {
        let script = format!("return document.querySelector('{}').dataset.state === '{state}'", on("state"));
        self.browser.wait(&format!("the state {state}"), &script).await;
    }

    /// Waits until a line of the timeline contains this.
    pub(crate) async fn sees_line(&self, kind: &str, part: &str) {
        let script = format!(
            "return [...document.querySelectorAll('[data-test=timeline] > [data-kind={kind}]')].some(line => line.innerText.includes('{part}'))"
        );
        self.browser.wait(&format!("a {kind} with {part}"), &script).await;
    }

    /// Buys a coffee and waits for the cashier.
    pub(crate) async fn buy(&self) {
        self.click("buy").await;
        self.sees_state("waiting").await;
    }

    /// Chooses in the cashier's frame.
    pub(crate) async fn choose(&self, button: &str) {
        self.browser.frame(Some(&on("cashier"))).await;
        self.browser.click(button).await;
        self.browser.frame(None).await;
    }

    pub(crate) async fn problem(&self) -> String {
        self.browser
            .wait(
                "a problem",
                &format!("return document.querySelector('{}').innerText !== ''", on("problem")),
            )
            .await;
        self.text("problem").await
    }

    /// What the page's order looks like to merchants.
    pub(crate) async fn order(&self) -> Value {
        let number = self.text("order-no").await;
        let app = if number.starts_with("tea-") { "tea" } else { "coffee" };
        self.read(&format!("{}/v1/apps/{app}/orders/{number}", self.dev.url("service"))).await
    }

    /// Reads something without the browser.
    pub(crate) async fn read(&self, url: &str) -> Value {
        let request = http::Request::get(url).header("authorization", "Bearer dev-key");
        let request = request.body(bytes::Bytes::new()).expect("a request");
        let net = douyin_pay_env::Env::real().net;
        let answer = net.send(request, std::time::Duration::from_secs(10)).await.expect("an answer");
        serde_json::from_slice(answer.body()).expect("JSON")
    }
}

fn on(name: &str) -> String {
    format!("[data-test=\"{name}\"]")
}
