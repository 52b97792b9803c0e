//! The whole story of a sound installation, and configurations that are refused.

use std::process::Output;

use serde_json::Value;

use crate::world::{Findings, Installation};

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_installation_is_all_ticks_in_both_languages() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    for (locale, last) in [("en_US.UTF-8", "nothing is wrong"), ("zh_CN.UTF-8", "一切正常")] {
        let output = installation.doctor(locale, &[]).await;
        let said = text(&output);
        let lines: Vec<&str> = said.lines().collect();
        let (end, checks) = lines.split_last().expect("lines");
        assert_eq!(*end, last, "{said}");
        // The disk of whoever runs the test may be nearly full.
        let ticks =
            checks.iter().filter(|line| !line.starts_with("! disk_space") && !line.starts_with("    →"));
        assert!(ticks.clone().all(|line| line.starts_with("✔ ")), "{said}");
        assert!(ticks.count() >= 13, "{said}");
        assert_eq!(output.status.code(), Some(0));
    }
    let findings = installation.examine().await;
    assert!(findings.all.iter().all(|finding| finding["remedy"] == Value::Null), "{findings:#?}");
    assert_eq!(findings.all.iter().filter(|finding| finding["app"] == "coffee").count(), 8, "{findings:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn public_urls_that_the_platform_cannot_call_are_found() {
    let long = format!("https://pay.example.com/{}", "a".repeat(240));
    for (url, words) in [
        ("http://pay.example.com", &["https only", "certificate"][..]),
        ("https://pay.example.com:8443", &["names port 8443", "443"]),
        ("https://203.0.113.7", &["203.0.113.7", "IP address", "domain name"]),
        ("https://[2001:db8::7]", &["2001:db8::7", "IP address"]),
        ("https://payhost", &["not a public name"]),
        ("https://pay.local", &["not a public name"]),
        ("pay.example.com", &["not a URL", "https://"]),
        ("https://user:word@pay.example.com", &["user name or password"]),
        ("https://pay.example.com?x=1", &["query or a fragment"]),
        (&long, &["bytes; the platform takes 256", "shorten"]),
    ] {
        let mut installation = Installation::sound().await;
        installation.public_url = url.to_owned();
        let findings = installation.examine().await;
        findings.only_problem("public_url", words);
        assert_eq!(findings.one("callback_url").0, "skipped");
        // What else can be looked at is looked at.
        assert_eq!(findings.one("wrong_salt").0, "ok", "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_faults_of_an_address_are_all_told() {
    let mut installation = Installation::sound().await;
    installation.public_url = "http://203.0.113.7:8080".to_owned();
    let findings = installation.examine().await;
    let said: Vec<&str> =
        findings.of_check("public_url").iter().filter_map(|finding| finding["message"].as_str()).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].contains("https") && said[1].contains("8080") && said[2].contains("IP"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn loopback_is_found_when_the_platform_is_the_real_one() {
    let mut installation = Installation::sound().await;
    installation.options = vec!["--production-url".to_owned(), installation.mock.url()];
    installation.platform = "production".to_owned();
    installation.serve().await;
    installation.examine().await.only_problem("public_url", &["is this machine", "public name"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_config_check_refuses_is_a_finding_with_a_remedy() {
    let mut installation = Installation::sound().await;
    installation.database = "postgres://localhost/books".to_owned();
    installation.examine().await.only_problem("database", &["SQLite only", "config check"]);
    let path = installation.write();
    let sound = Installation::sound().await;
    std::fs::write(&path, sound.text().replace(&sound.listen.to_string(), "8080")).expect("written");
    let findings = Findings::of(&installation.doctor_of(&path, "en_US.UTF-8", &["--json"]).await);
    assert!(findings.one("port").1.contains("not an address and a port"), "{findings:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_used_ends_with_2_and_all_its_problems() {
    let installation = Installation::sound().await;
    let path = installation.write();
    let good = installation.text();
    for (text, words) in [
        (good.replace("[[apps]]", "[[apps]"), &["TOML"][..]),
        (good.replace("listen =", "listn ="), &["did you mean `listen`"]),
        (
            good.replace("{ file = \"salt\" }", "{ env = \"NO_SUCH_SALT\" }"),
            &["NO_SUCH_SALT", "where doctor runs"],
        ),
        (
            good.replace("\"salt\"", "\"gone\"").replace("name = \"coffee\"", "name = \"Coffee!\""),
            &["`Coffee!`", "gone"],
        ),
    ] {
        std::fs::write(&path, &text).expect("written");
        let findings = Findings::of(&installation.doctor_of(&path, "en_US.UTF-8", &["--json"]).await);
        assert_eq!(findings.code, Some(2), "{text}: {findings:#?}");
        let said = serde_json::to_string(&findings.all).expect("JSON");
        for word in words {
            assert!(word == &"TOML" || said.contains(word), "{word}: {said}");
        }
        assert!(
            !findings.all.is_empty() && findings.all.iter().all(|finding| finding["status"] == "problem")
        );
    }
    let missing = installation.path("missing.toml");
    let output = installation.doctor_of(&missing, "zh_CN.UTF-8", &[]).await;
    let said = text(&output);
    assert!(output.status.code() == Some(2) && said.starts_with("✘ configuration: 配置有误"), "{said}");
    assert!(said.contains("config example"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_app_can_be_looked_at_alone_and_an_unknown_one_is_named() {
    let installation = Installation::sound().await;
    let path = installation.write();
    let second = "
[[apps]]
name = \"tea\"
app_id = \"tt0000000000000002\"
[apps.ecpay]
platform = \"http://127.0.0.1:1\"
salt = { file = \"salt\" }
callback_tokens = [{ file = \"token\" }]
";
    std::fs::write(&path, format!("{}{second}", installation.text())).expect("written");
    let coffee = installation.doctor_of(&path, "en_US.UTF-8", &["--json", "--app", "coffee"]).await;
    let findings = Findings::of(&coffee);
    assert_eq!(findings.code, Some(0), "{findings:#?}");
    assert!(findings.all.iter().all(|finding| finding["app"] != "tea"), "{findings:#?}");
    let both = Findings::of(&installation.doctor_of(&path, "en_US.UTF-8", &["--json"]).await);
    let tea = both.all.iter().find(|finding| finding["app"] == "tea" && finding["check"] == "platform");
    assert_eq!((both.code, &tea.expect("a finding")["status"]), (Some(1), &Value::from("problem")));
    let unknown = installation.doctor_of(&path, "en_US.UTF-8", &["--json", "--app", "milk"]).await;
    let findings = Findings::of(&unknown);
    let said = serde_json::to_string(&findings.all).expect("JSON");
    assert!(findings.code == Some(2) && said.contains("choose from coffee, tea"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_allowed_and_unusual_is_a_warning_in_the_readers_language() {
    let installation = Installation::sound().await;
    let path = installation.write();
    let whole = installation.text();
    let without_keys = whole.split("[[api_keys]]").next().expect("the beginning").to_owned();
    let apps = whole.split("[[apps]]").nth(1).expect("the app");
    let without_webhook: Vec<&str> = apps.lines().filter(|line| !line.starts_with("webhook")).collect();
    std::fs::write(&path, format!("{without_keys}[[apps]]{}", without_webhook.join("\n"))).expect("written");
    let output = installation.doctor_of(&path, "zh_CN.UTF-8", &["--json"]).await;
    let findings = Findings::of(&output);
    let warnings = findings.of_check("configuration");
    let warnings: Vec<_> = warnings.iter().filter(|finding| finding["status"] == "warning").collect();
    assert_eq!((warnings.len(), findings.code), (2, Some(0)), "{findings:#?}");
    for word in ["没有 `webhook`", "谁也不能调用接口"] {
        let told = |finding: &&&Value| finding["message"].as_str().is_some_and(|text| text.contains(word));
        assert_eq!(warnings.iter().filter(|finding| told(finding)).count(), 1, "{word}: {findings:#?}");
    }
}
