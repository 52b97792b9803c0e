//! One browser session, spoken to in WebDriver's own words.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use bytes::Bytes;
use douyin_pay_env::Env;
use http::Request;
use serde_json::{Value, json};

use crate::Size;
use crate::process::Driver;

/// What WebDriver calls an element's reference.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Whatever has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(45);
const LOOK_EVERY: Duration = Duration::from_millis(60);

/// A session; its browser ends with it.
pub(crate) struct Browser {
    session: String,
    env: Env,
    _profile: tempfile::TempDir,
    /// Last: the browser's own end is asked for before the driver's.
    _driver: Driver,
}

impl Browser {
    pub(crate) async fn open(size: Size) -> Self {
        let (driver, env) = (Driver::start(), Env::real());
        let profile = tempfile::tempdir().expect("a folder");
        let mut args = vec![format!("--user-data-dir={}", profile.path().display())];
        let fixed = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-default-apps",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
            // Pictures are of what stays, not of what moves.
            "--force-prefers-reduced-motion",
        ];
        args.extend(fixed.map(str::to_owned));
        let mut options = json!({ "args": args });
        if size == Size::Phone {
            let metrics =
                json!({ "width": 390, "height": 844, "pixelRatio": 2.0, "touch": true, "mobile": true });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let begun = Instant::now();
        let session = loop {
            match call(&env, "POST", &format!("{}/session", driver.url), &wanted).await {
                Ok(value) => break value["sessionId"].as_str().expect("an id").to_owned(),
                // The driver's port opens a moment after its start.
                Err(problem) if begun.elapsed() < PATIENCE && problem.contains("connect") => {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
                Err(problem) => panic!("no browser: {problem}"),
            }
        };
        let session = format!("{}/session/{session}", driver.url);
        Self { session, env, _profile: profile, _driver: driver }
    }

    /// Ends the browser in good order; what it still had to say is in the logs that were read before.
    pub(crate) async fn close(self) {
        self.ask("DELETE", "", &Value::Null).await;
    }

    pub(crate) async fn go(&self, url: &str) {
        self.ask("POST", "/url", &json!({ "url": url })).await;
    }

    /// Runs a script and gives what it returns.
    pub(crate) async fn script(&self, script: &str) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": [] })).await
    }

    /// One element by a selector, as soon as it is there.
    pub(crate) async fn find(&self, selector: &str) -> String {
        let ask = json!({ "using": "css selector", "value": selector });
        let found = self.until(selector, async || self.try_ask("POST", "/element", &ask).await.ok()).await;
        found[ELEMENT].as_str().expect("a reference").to_owned()
    }

    /// Clicks as a person does: the element must be visible and not covered.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        let path = format!("/element/{element}/click");
        // A person scrolls until it is in sight; the driver takes what is behind the bar for visible.
        let ask = json!({ "script": "arguments[0].scrollIntoView({ block: 'nearest' })", "args": [{ ELEMENT: element }] });
        self.ask("POST", "/execute/sync", &ask).await;
        self.until(&format!("a click on {selector}"), async || {
            self.try_ask("POST", &path, &json!({})).await.ok()
        })
        .await;
    }

    /// Replaces the text of an input.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.ask("POST", &format!("/element/{element}/clear"), &json!({})).await;
        self.ask("POST", &format!("/element/{element}/value"), &json!({ "text": text })).await;
    }

    /// Presses keys wherever the focus is; `\u{E004}` is Tab, `\u{E007}` is Enter.
    pub(crate) async fn press(&self, key: char) {
        let keys = [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let ask = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": keys }] });
        self.ask("POST", "/actions", &ask).await;
    }

    /// Goes into a frame, or with `None` back to the page.
    pub(crate) async fn frame(&self, selector: Option<&str>) {
        let id = match selector {
            None => Value::Null,
            Some(selector) => json!({ ELEMENT: self.find(selector).await }),
        };
        self.ask("POST", "/frame", &json!({ "id": id })).await;
    }

    /// Waits until a script returns something true.
    pub(crate) async fn wait(&self, what: &str, script: &str) {
        let told = || async move {
            let value = self.script(script).await;
            (value == json!(true)).then_some(())
        };
        self.until(what, told).await;
    }

    /// Takes a picture; returns where it is.
    pub(crate) async fn picture(&self, name: &str) -> PathBuf {
        let taken = self.ask("GET", "/screenshot", &Value::Null).await;
        let png = data_encoding::BASE64.decode(taken.as_str().expect("base64").as_bytes()).expect("base64");
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, png).expect("a picture");
        path
    }

    /// The new lines of one of the browser's logs.
    pub(crate) async fn log(&self, kind: &str) -> Vec<Value> {
        let lines = self.ask("POST", "/se/log", &json!({ "type": kind })).await;
        lines.as_array().cloned().unwrap_or_default()
    }

    async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if begun.elapsed() >= PATIENCE {
                let path = self.picture("given-up").await;
                panic!("{what}: not within {PATIENCE:?}; see {}", path.display());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let told = self.try_ask(method, path, body).await;
        told.unwrap_or_else(|problem| panic!("{method} {path} {body}: {problem}"))
    }

    async fn try_ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        call(&self.env, method, &format!("{}{path}", self.session), body).await
    }
}

async fn call(env: &Env, method: &str, url: &str, body: &Value) -> Result<Value, String> {
    let body = if method == "POST" { Bytes::from(body.to_string()) } else { Bytes::new() };
    let request = Request::builder().method(method).uri(url).header("content-type", "application/json");
    let request = request.body(body).expect("a request");
    let answer = env
        .net
        .send(request, PATIENCE)
        .await
        .map_err(|cause| format!("cannot connect: {}", cause.problem))?;
    let mut said: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    match answer.status().is_success() {
        true => Ok(said["value"].take()),
        false => Err(format!("{}: {}", said["value"]["error"], said["value"]["message"])),
    }
}
