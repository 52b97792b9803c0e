//! `platform link`, `merchant`, `push` and `token`: accounts, order centre, access token.

use std::process::Output;

use serde_json::{Value, json};

use crate::world::{PROVIDER, World, code, err, out};

impl World {
    /// `platform …` as an app that has more in `[apps.ecpay]` than the service.
    fn as_provider(&self, words: &[&str]) -> Output {
        let text = std::fs::read_to_string(self.config()).expect("readable");
        let more = format!(
            "thirdparty_id = \"{PROVIDER}\"\nprovider_salt = {{ file = \"provider\" }}\napp_secret = {{ file = \"secret\" }}\n"
        );
        for (name, text) in
            [("provider.toml", format!("{text}{more}")), ("provider", "providersalt".to_owned())]
        {
            std::fs::write(self.file(name), text).expect("written");
        }
        std::fs::write(self.file("secret"), "mockappsecret").expect("written");
        let config = self.file("provider.toml");
        let config = config.to_str().expect("UTF-8");
        let words = [&["platform"], words, &["--config", config]].concat();
        let mut command = self.command(&words);
        command
            .env("COMPONENT", douyin_pay_mock::DEFAULT_COMPONENT_TOKEN)
            .output()
            .expect("the binary starts")
    }

    fn learnt_as_provider(&self, words: &[&str]) -> Value {
        let output = self.as_provider(&[words, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
        serde_json::from_slice(&output.stdout).expect("JSON on standard output")
    }
}

#[test]
fn accounts_are_opened_by_links_and_looked_at() {
    let world = World::start();
    for words in [
        &["link", "app"][..],
        &["link", "sub-merchant", "branch-7"],
        &["link", "sub-merchant", "branch-8", "--by-provider"],
        &["link", "sub-merchant", "branch-7", "--page", "balance"],
        &["link", "provider", "--component-token-env", "COMPONENT"],
    ] {
        let told = world.learnt_as_provider(words);
        assert!(told["url"].as_str().is_some_and(|url| url.starts_with("http")), "{words:?}: {told}");
    }
    let link = world.learnt_as_provider(&["link", "sub-merchant", "branch-7"]);
    let uid = link["merchant_id"].as_str().expect("its number").to_owned();
    for words in [
        &["merchant", "--sub-merchant", "branch-7"][..],
        &["merchant", "--merchant", &uid, "--sub-merchant", "branch-7"],
        &["merchant", "--sub-merchant", "branch-8", "--by-provider"],
    ] {
        let told = world.learnt_as_provider(words);
        assert!(told["channels"].as_array().is_some_and(|list| !list.is_empty()), "{words:?}: {told}");
        let fields = ["channel", "status", "reject_reason", "legal_validation_url", "legal_sign_url"];
        for field in fields {
            assert!(told["channels"][0].get(field).is_some(), "{field}: {told}");
        }
        assert!(told.get("wx").is_some() && told.get("pay_status_info").is_some(), "{told}");
    }
    let text = out(&world.as_provider(&["link", "sub-merchant", "branch-7"]));
    assert!(text.contains("two hours") && text.contains(&uid), "{text}");
    let nobody = world.run(&["platform", "link", "app", "--config", &world.config()]);
    assert!(nobody.status.code() == Some(2) && err(&nobody).contains("provider_salt"), "{}", err(&nobody));
    let stranger = world.as_provider(&["merchant", "--merchant", "79999999999999999990", "--json"]);
    assert_eq!((stranger.status.code(), code(&stranger).as_str()), (Some(1), "config"), "{}", err(&stranger));
    assert!(err(&stranger).contains("4000"), "{}", err(&stranger));
}

#[test]
fn an_order_is_pushed_after_a_yes() {
    let world = World::start();
    let item = r#"{"item_code":"sku1","img":"https://m.example.com/1.png","title":"Latte","sub_title":"large","amount":1,"price_fen":1280}"#;
    let push = [
        "push",
        "--number",
        "O1",
        "--open-id",
        "_000abc",
        "--status",
        "redeemed",
        "--total",
        "12.80",
        "--created-at",
        "1704067100000",
        "--page",
        "pages/order/detail?id=1",
        "--item",
        item,
    ];
    let unasked = world.as_provider(&[&push[..], &["--json"]].concat());
    assert_eq!(
        (unasked.status.code(), code(&unasked).as_str()),
        (Some(2), "not_confirmed"),
        "{}",
        err(&unasked)
    );
    let told = world.learnt_as_provider(&[&push[..], &["--yes"]].concat());
    assert_eq!((&told["order_status"], &told["status"]), (&json!(4), &json!("redeemed")), "{told}");
    let push_of = &world.books()["pushes"][0];
    assert_eq!((&push_of["out_order_no"], &push_of["order_status"]), (&json!("O1"), &json!(4)), "{push_of}");
    assert_eq!((&push_of["open_id"], &push_of["ignored"]), (&json!("_000abc"), &json!(false)), "{push_of}");
    let mut wrong = push;
    wrong[6] = "gone";
    let wrong = world.as_provider(&[&wrong[..], &["--yes"]].concat());
    assert!(wrong.status.code() == Some(2) && err(&wrong).contains("refund_failed"), "{}", err(&wrong));
}

#[test]
fn a_token_is_fetched_and_never_shown() {
    let world = World::start();
    let output = world.as_provider(&["token", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(told["kind"] == "apps_token" && told["expires_at"].is_i64(), "{told}");
    let given = world.control("GET", "/mock/calls", &Value::Null);
    let given =
        given["calls"].as_array().expect("a list").iter().filter(|call| call["endpoint"] == "apps_token");
    assert_eq!(given.count(), 1);
    let missing = world.run(&["platform", "token", "--config", &world.config()]);
    assert!(missing.status.code() == Some(2) && err(&missing).contains("app_secret"), "{}", err(&missing));
}
