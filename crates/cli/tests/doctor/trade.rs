//! Apps of the general trade system: wrong keys, version or secret.

use douyin_pay_mock::{MockTrade, keys};
use douyin_pay_protocol::trade::ApplicationPublicKey;

use crate::world::{Findings, Installation, SALT, app, free_address};

const SECRET: &str = "mock_app_secret";

/// An app in both systems, all of it right.
async fn sound() -> Installation {
    let mut installation = Installation::sound().await;
    installation.sections = section(&installation.mock.url());
    for (name, text) in [
        ("app-secret", SECRET),
        ("app.pem", keys::APPLICATION_KEY_PEM),
        ("platform.pem", keys::PLATFORM_PUBLIC_KEY_PEM),
    ] {
        installation.keep(name, text);
    }
    installation
}

fn section(platform: &str) -> String {
    format!(
        r#"
[apps.trade]
platform = "{platform}"
app_secret = {{ file = "app-secret" }}
private_key = {{ file = "app.pem" }}
key_version = "1"
platform_public_keys = [{{ file = "platform.pem" }}]
"#
    )
}

/// The app as the mock has it, changed.
fn upload(installation: &Installation, change: impl FnOnce(&mut MockTrade)) {
    let mut app = app(SALT);
    change(app.trade.as_mut().expect("the mock's app is in both systems"));
    installation.mock.put_app(app);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_in_both_systems_without_a_fault() {
    let mut installation = sound().await;
    installation.serve().await;
    let findings = installation.examine().await;
    assert_eq!(findings.code, Some(0), "{findings:#?}");
    for check in
        ["application_key", "platform_key", "key_version", "app_secret", "wrong_salt", "callback_url"]
    {
        assert_eq!(findings.one(check).0, "ok", "{check}: {findings:#?}");
    }
    let reached = findings.of_check("platform");
    assert_eq!(reached.len(), 2, "{findings:#?}");
    let shown = serde_json::to_string(&findings.all).expect("JSON");
    assert!(!shown.contains(SECRET) && !shown.contains("clt."), "{shown}");
    assert!(installation.mock.books().orders.is_empty(), "only asked");
    let zh = installation.doctor("zh_CN.UTF-8", &[]).await;
    let zh = String::from_utf8_lossy(&zh.stdout).into_owned();
    for part in ["应用私钥可用", "平台公钥与应用公钥没有弄混", "模拟平台用版本 1 的公钥验签通过"]
    {
        assert!(zh.contains(part), "{part} is missing in\n{zh}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_applications_key_in_the_platforms_place() {
    let installation = sound().await;
    installation.keep("platform.pem", keys::APPLICATION_PUBLIC_KEY_PEM);
    let findings = installation.examine().await;
    let (status, said) = findings.one("platform_key");
    assert_eq!((status, findings.code), ("problem", Some(2)), "{findings:#?}");
    for part in ["the application's own public key", "copy the platform's public key"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_key_that_stands_twice_is_a_warning() {
    let mut installation = sound().await;
    let twice = "platform_public_keys = [{ file = \"platform.pem\" }, { file = \"platform.pem\" }]";
    installation.sections =
        installation.sections.replace("platform_public_keys = [{ file = \"platform.pem\" }]", twice);
    let findings = installation.examine().await;
    let (status, said) = findings.one("platform_key");
    assert!(status == "warning" && said.contains("has a key twice"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_none_is_named_with_its_mistake() {
    for (content, en) in [
        (
            keys::APPLICATION_KEY_PEM.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
            "PKCS#1 and PKCS#8 are two formats",
        ),
        (keys::APPLICATION_PUBLIC_KEY_PEM.to_owned(), "this is a public key"),
        ("app.pem".to_owned(), "this is a file's name"),
    ] {
        let installation = sound().await;
        installation.keep("app.pem", &content);
        let findings = installation.examine().await;
        let said = serde_json::to_string(&findings.all).expect("JSON");
        assert_eq!(findings.code, Some(2), "{said}");
        assert!(
            said.contains(en) && said.contains("private_key") && said.contains("config check"),
            "{en}: {said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_version_is_found_by_asking_the_mock() {
    let mut installation = sound().await;
    installation.sections = installation.sections.replace("key_version = \"1\"", "key_version = \"2\"");
    installation.serve().await;
    let findings = installation.examine().await;
    findings.only_problem("key_version", &["version 2", "key_version `2` is unknown", "console"]);

    // Another key was uploaded as version 2.
    upload(&installation, |trade| {
        let key = ApplicationPublicKey::parse(keys::SECOND_APPLICATION_PUBLIC_KEY_PEM).expect("a key");
        trade.application_public_keys.insert("2".to_owned(), key);
    });
    let findings = installation.examine().await;
    findings.only_problem("key_version", &["key_version 1", "console"]);
    assert!(installation.mock.books().orders.is_empty(), "nothing was placed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_platform_has_no_call_for_the_version_so_it_is_compared() {
    let mut installation = sound().await;
    installation.sections = section("production");
    installation.options = vec!["--production-url".to_owned(), installation.mock.url()];
    installation.public_url = "https://pay.invalid".to_owned();
    let findings = installation.examine().await;
    let (status, said) = findings.one("key_version");
    let spki: String =
        keys::APPLICATION_PUBLIC_KEY_PEM.lines().filter(|line| !line.starts_with('-')).collect();
    assert!(status == "skipped" && said.contains(&spki[44..68]), "{said}");
    let (status, said) = findings.one("published_addresses");
    assert!(status == "skipped" && said.contains("https://pay.invalid/callbacks/coffee"), "{said}");
    assert_eq!(findings.one("app_secret").0, "ok", "{findings:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_app_secret_and_a_missing_capability() {
    let mut installation = sound().await;
    installation.keep("app-secret", "another_secret");
    installation.serve().await;
    let findings = installation.examine().await;
    findings.only_problem("app_secret", &["10013"]);
    assert!(!serde_json::to_string(&findings.all).expect("JSON").contains("another_secret"));

    let mut installation = sound().await;
    installation.serve().await;
    upload(&installation, |trade| trade.capability = false);
    let findings = installation.examine().await;
    let (status, said) = findings.one("capability");
    assert!(status == "problem" && said.contains("28001018"), "{said}");
    assert_eq!(findings.one("app_secret").0, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_is_a_warning_and_silence_is_told() {
    let mut installation = sound().await;
    installation.sections = section("sandbox");
    let nobody = format!("http://{}", free_address());
    installation.options = vec!["--sandbox-url".to_owned(), nobody];
    let findings = installation.examine().await;
    let (status, said) = findings.one("sandbox");
    assert!(status == "warning" && said.contains("documents disagree"), "{said}");
    assert_eq!(findings.one("app_secret").0, "skipped", "{findings:#?}");
    assert!(said_of(&findings, "platform").contains("refuses the connection"), "{findings:#?}");
}

fn said_of(findings: &Findings, check: &str) -> String {
    let all = findings.of_check(check);
    all.iter().filter_map(|finding| finding["message"].as_str()).collect::<Vec<_>>().join(" ")
}
