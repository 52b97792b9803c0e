//! What the platform tells: salts, tokens, and what time it is.

use std::net::Ipv4Addr;

use douyin_pay_env::Env;
use douyin_pay_mock::{Mock, MockConfig, MockProvider, Switches};
use douyin_pay_protocol::{AppId, Salt};

use crate::world::{Findings, Installation, SALT, SANDBOX_SALT, TOKEN, app, mock};

#[tokio::test(flavor = "multi_thread")]
async fn salt_and_token_swapped_are_found_by_asking_the_platform() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    (installation.salt, installation.token) = (TOKEN.to_owned(), SALT.to_owned());
    let findings = installation.examine().await;
    let (status, said) = findings.one("salt_and_token");
    assert!(status == "problem" && said.contains("are swapped") && said.contains("exchange them"), "{said}");
    assert_eq!((findings.one("wrong_salt").0, findings.code), ("skipped", Some(1)));
    let orders = installation.mock.books().orders;
    assert!(orders.is_empty(), "only asked: {orders:?}");
    let calls = installation.mock.calls().calls;
    assert!(calls.len() >= 2 && calls.iter().all(|call| call.endpoint == "query_order"), "{calls:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_value_for_both_is_found() {
    let mut installation = Installation::sound().await;
    installation.token = SALT.to_owned();
    installation.serve().await;
    installation.examine().await.only_problem("salt_and_token", &["are the same", "console"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_secrets_are_suspected_by_their_looks_when_nobody_can_be_asked() {
    let mut installation = Installation::sound().await;
    let nobody = format!("http://{}", crate::world::free_address());
    installation.options = vec!["--production-url".to_owned(), nobody];
    installation.platform = "production".to_owned();
    installation.token = "Salt_With+Signs/7".to_owned();
    let findings = installation.examine().await;
    let (status, said) = findings.one("salt_and_token");
    assert!(status == "warning" && said.contains("perhaps they are swapped"), "{said}");
    assert!(findings.one("platform").1.contains("refuses the connection"), "{findings:#?}");
    assert_eq!((findings.one("wrong_salt").0, findings.one("clock").0), ("skipped", "skipped"));
    // The configuration's own remark about the same is not repeated.
    assert!(findings.of_check("configuration").iter().all(|finding| finding["status"] == "ok"));
}

/// One platform of each kind; the configuration says `platform` and has `salt`.
async fn with_both(platform: &str, salt: &str) -> Findings {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    let sandbox = mock(SANDBOX_SALT, Switches { sandbox: true, ..Switches::default() }).await;
    let options = ["--production-url", &installation.mock.url(), "--sandbox-url", &sandbox.url()];
    installation.options = options.map(ToOwned::to_owned).to_vec();
    (installation.platform, installation.salt) = (platform.to_owned(), salt.to_owned());
    let findings = installation.examine().await;
    for platform in [&installation.mock, &sandbox] {
        let calls = platform.calls().calls;
        assert!(calls.iter().all(|call| call.endpoint == "query_order"), "{calls:?}");
    }
    findings
}

/// Loopback is no place for the real platform's callbacks: another finding of these installations.
fn salt_finding(findings: &Findings) -> (&str, String) {
    assert_eq!(findings.code, Some(1), "{findings:#?}");
    findings.one("wrong_salt")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandboxs_salt_in_production_is_found_and_the_other_way_round() {
    let findings = with_both("production", SANDBOX_SALT).await;
    let (status, said) = salt_finding(&findings);
    assert!(status == "problem" && said.contains("belongs to the sandbox"), "{said}");
    assert!(said.contains("platform = \"sandbox\""), "{said}");
    let findings = with_both("sandbox", SALT).await;
    let (status, said) = salt_finding(&findings);
    assert!(status == "problem" && said.contains("belongs to the production platform"), "{said}");
    let findings = with_both("production", "mistyped7").await;
    let (status, said) = salt_finding(&findings);
    assert!(status == "problem" && said.contains("2008") && said.contains("copy this app's SALT"), "{said}");
    assert_eq!(with_both("sandbox", SANDBOX_SALT).await.one("wrong_salt").0, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_the_platform_does_not_know_is_found() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    let text = installation.text().replace("tt0000000000000001", "tt0000000000000009");
    let path = installation.write();
    std::fs::write(&path, text).expect("written");
    let findings = Findings::of(&installation.doctor_of(&path, "en_US.UTF-8", &["--json"]).await);
    findings.only_problem("app_id", &["2042", "app_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_ten_minutes_off_is_found_in_both_directions() {
    for (offset, word) in [(-600, "ahead"), (600, "behind")] {
        let mut installation = Installation::with_date(offset).await;
        installation.serve().await;
        let findings = installation.examine().await;
        findings.only_problem("clock", &[word, "+08:00", "timedatectl set-ntp true"]);
        let said = findings.one("clock").1;
        assert!(said.contains("10 min") || said.contains("9 min 59 s"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_a_minute_off_is_a_warning_and_a_few_seconds_are_not() {
    let mut installation = Installation::with_date(60).await;
    installation.serve().await;
    let findings = installation.examine().await;
    assert_eq!((findings.one("clock").0, findings.code), ("warning", Some(0)), "{findings:#?}");
    let mut installation = Installation::with_date(10).await;
    installation.serve().await;
    assert_eq!(installation.examine().await.one("clock").0, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_platform_and_what_has_no_name_is_found() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    installation.platform = format!("{}/elsewhere", installation.mock.url());
    installation.examine().await.only_problem("platform", &["HTTP 404", "`platform`"]);
    installation.platform = "https://no-such-platform.invalid".to_owned();
    let findings = installation.examine().await;
    findings.only_problem("platform", &["no-such-platform.invalid"]);
}

/// What the mock gives access tokens for, unless it is told another.
const MOCK_APP_SECRET: &str = "mock_app_secret";
const PROVIDER: &str = "tt00000000000000ff";
const PROVIDER_SALT: &str = "saltofprovider7";

/// An app that a provider calls for; the platform knows that provider.
async fn with_provider(thirdparty_id: &str, provider_salt: &str, granted: bool) -> Findings {
    let mut installation = Installation::sound().await;
    let id = |text: &str| AppId::new(text).expect("an id");
    let provider = MockProvider::new(id(PROVIDER), Salt::new(PROVIDER_SALT).expect("a salt"));
    let provider = if granted { provider.granted(id("tt0000000000000001")) } else { provider };
    let config = MockConfig { apps: vec![app(SALT)], providers: vec![provider], ..MockConfig::default() };
    let mock = Mock::new(Env::real(), config).listen((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a port");
    installation.platform = mock.url();
    installation.keep("provider", provider_salt);
    installation.sections =
        format!("thirdparty_id = \"{thirdparty_id}\"\nprovider_salt = {{ file = \"provider\" }}\n");
    installation.serve().await;
    installation.examine().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_pushs_secret_is_tried() {
    let mut installation = Installation::sound().await;
    installation.serve().await;
    installation.sections = "app_secret = { file = \"secret\" }\norder_push = true\n\
                             push_defaults = { detail_url = \"pages/order\" }\n"
        .to_owned();
    for (secret, status) in [(MOCK_APP_SECRET, "ok"), ("anothersecret7", "problem")] {
        installation.keep("secret", secret);
        let findings = installation.examine().await;
        let (found, said) = findings.one("order_push");
        assert_eq!(found, status, "{said}");
        assert!(!said.contains(secret), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_accepted_or_what_is_wrong_with_it_is_found() {
    let sound = with_provider(PROVIDER, PROVIDER_SALT, true).await;
    assert_eq!((sound.one("provider").0, sound.one("wrong_salt").0), ("ok", "ok"), "{sound:#?}");
    assert!(sound.one("wrong_salt").1.contains("provider_salt"), "{sound:#?}");
    with_provider("tt00000000000000ee", PROVIDER_SALT, true).await.only_problem("provider", &["2047"]);
    with_provider(PROVIDER, PROVIDER_SALT, false).await.only_problem("provider", &["2048"]);
    let the_apps = with_provider(PROVIDER, "anothersalt7", true).await;
    the_apps.only_problem("provider", &["`provider_salt`", "`salt`", "remove"]);
}
