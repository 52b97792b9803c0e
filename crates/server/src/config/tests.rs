//! Every bad configuration gives a sentence with the key and the next step.

mod ecpay;
mod trade;

use std::collections::BTreeMap;

use super::*;

const GOOD: &str = r#"
listen = "127.0.0.1:8080"
public_url = "https://pay.example.com/"
database = "sqlite://data/pay.db"

[[api_keys]]
name = "shop"
role = "merchant"
apps = ["coffee"]
sha256 = "00000000000000000000000000000000000000000000000000000000000000ab"

[[apps]]
name = "coffee"
aliases = ["kafei"]
app_id = "tt0000000000000001"
new_orders = "ecpay"
webhook = { url = "https://shop.example.com/hooks", secrets = [{ env = "HOOK" }] }

[apps.ecpay]
platform = "production"
salt = { env = "SALT" }
callback_tokens = [{ env = "TOKEN" }]
"#;

fn variables() -> BTreeMap<String, String> {
    let hook = format!("whsec_{}", data_encoding::BASE64.encode(&[7; 32]));
    [("SALT", "saltSalt123"), ("TOKEN", "tokenToken123"), ("HOOK", &hook), ("COFFEE_SALT", "saltSalt123")]
        .into_iter()
        .chain([("COFFEE_TOKEN", "tokenToken123"), ("COFFEE_HOOK", hook.as_str())])
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse_with(text, variables())
}

/// `GOOD` with one text replaced.
fn changed(from: &str, to: &str) -> Result<Config, ConfigError> {
    assert!(GOOD.contains(from), "{from}");
    parse(&GOOD.replacen(from, to, 1))
}

#[test]
fn a_good_file_is_taken_and_shown_without_secrets() {
    let config = parse(GOOD).unwrap();
    assert_eq!(config.warnings(), &[] as &[String]);
    assert_eq!(config.apps[0].notify_url.as_str(), "https://pay.example.com/callbacks/coffee");
    let shown = config.effective();
    assert!(shown.contains("salt = { env = \"SALT\" }  # hidden"), "{shown}");
    for secret in ["saltSalt123", "tokenToken123", "BwcHBwcH"] {
        assert!(!shown.contains(secret) && !format!("{config:?}").contains(secret), "{secret}");
    }
    parse(&shown).expect("what is in effect can be loaded again");
}

#[test]
fn the_example_loads() {
    let config = parse(example()).unwrap();
    assert_eq!(config.apps[0].name, "coffee");
}

#[test]
fn each_mistake_is_named_with_its_remedy() {
    let cases = [
        ("listen =", "listn =", "unknown key `listn`; did you mean `listen`?"),
        ("salt =", "sallt =", "unknown key `sallt` in `apps[0].ecpay`; did you mean `salt`?"),
        ("\"127.0.0.1:8080\"", "\"localhost\"", "`listen`: `localhost` is not an address and a port"),
        ("\"127.0.0.1:8080\"", "8080", "`listen`: found an integer, expected"),
        ("public_url = \"https://pay.example.com/\"", "", "`public_url` is missing"),
        ("https://pay.example.com/", "http://pay.example.com", "is not https"),
        ("https://pay.example.com/", "https://pay.example.com:8443", "port 443 only"),
        ("https://pay.example.com/", "https://pay.example.com/?a=1", "`public_url`: has a query"),
        ("sqlite://data/pay.db", "postgres://db/pay", "SQLite only"),
        ("sqlite://data/pay.db", "sqlite://", "has no path"),
        ("sqlite://data/pay.db", "mysql://x", "not a database URL"),
        ("role = \"merchant\"", "role = \"root\"", "`root` is not a role"),
        ("apps = [\"coffee\"]", "apps = [\"coffe\"]", "did you mean `coffee`?"),
        ("00ab\"", "00zz\"", "is not a SHA-256 in hex"),
        ("name = \"coffee\"", "name = \"Coffee Bar\"", "it is a part of URLs"),
        ("aliases = [\"kafei\"]", "aliases = [\"coffee\"]", "the name or alias `coffee` is taken"),
        ("tt0000000000000001", "tt 1", "`apps[0].app_id`"),
        ("new_orders = \"ecpay\"", "new_orders = \"trade\"", "needs the section `[apps.trade]`"),
        ("new_orders = \"ecpay\"", "new_orders = \"cash\"", "write \"ecpay\" or \"trade\""),
        (
            "{ env = \"SALT\" }",
            "{ env = \"NO_SALT\" }",
            "`apps[0].ecpay.salt`: the environment variable `NO_SALT` is not set",
        ),
        ("{ env = \"SALT\" }", "{ file = \"/nowhere/salt\" }", "the file `/nowhere/salt` cannot be read"),
        ("{ env = \"SALT\" }", "\"verysecret\"", "is written into the file"),
        ("{ env = \"SALT\" }", "{ env = \"SALT\", file = \"x\" }", "exactly one of `env` and `file`"),
        ("[{ env = \"TOKEN\" }]", "[]", "no callback can be verified"),
        ("[{ env = \"HOOK\" }]", "[{ env = \"SALT\" }]", "`apps[0].webhook.secrets[0]`: is not `whsec_`"),
        ("https://shop.example.com/hooks", "shop.example.com", "`apps[0].webhook.url`: is not a URL"),
        ("\"production\"", "\"prod\"", "`prod` is unknown; write \"production\""),
        ("[apps.ecpay]", "on_paid_late = \"return\"\n[apps.ecpay]", "write \"keep\" or \"refund\""),
        ("[apps.ecpay]", "limits = { query_orders = 3 }\n[apps.ecpay]", "did you mean `query_order`?"),
        ("[apps.ecpay]", "limits = { query_order = 0 }\n[apps.ecpay]", "give 1 to 1000"),
        (
            "[[api_keys]]",
            "[retention]\ncallbacks_days = 0\n[[api_keys]]",
            "`retention.callbacks_days`: 0 days",
        ),
        (
            "[[api_keys]]",
            "[dev]\nfollow_clock = \"http://127.0.0.1:1\"\n[[api_keys]]",
            "`dev.follow_clock`: app `coffee`",
        ),
        ("name = \"coffee\"", "name = \"coffee\"\nname = \"tea\"", "duplicate key"),
        ("callback_tokens = [{ env = \"TOKEN\" }]", "", "`callback_tokens` is missing in `apps[0].ecpay`"),
    ];
    for (from, to, sentence) in cases {
        let problem = changed(from, to).expect_err(to).to_string();
        assert!(problem.contains(sentence), "{to}: {problem}");
        assert!(!problem.contains("verysecret"), "{problem}");
    }
}

#[test]
fn two_apps_of_one_name_or_app_id_are_refused_together() {
    let app = &GOOD[GOOD.find("[[apps]]").unwrap()..];
    let problem = parse(&format!("{GOOD}{app}")).unwrap_err();
    assert!(
        problem.problems().iter().any(|one| one.contains("the name or alias `coffee` is taken")),
        "{problem}"
    );
    assert!(problem.problems().iter().any(|one| one.contains("`kafei`")), "{problem}");
    assert!(
        problem.problems().iter().any(|one| one.contains("belongs to app `coffee` already")),
        "{problem}"
    );
}

#[test]
fn loopback_needs_no_https_and_a_mock_may_lead_the_clock() {
    let text = GOOD
        .replace("https://pay.example.com/", "http://127.0.0.1:8080")
        .replace("\"production\"", "\"http://127.0.0.1:9000\"")
        .replace("[[api_keys]]", "[dev]\nfollow_clock = \"http://127.0.0.1:9000\"\n[[api_keys]]");
    let config = parse(&text).unwrap();
    assert_eq!(config.follow_clock.as_deref(), Some("http://127.0.0.1:9000"));
    assert_eq!(config.warnings(), &[] as &[String]);
}

#[test]
fn what_looks_mistyped_is_warned_of() {
    let mut given = variables();
    given.insert("SALT".into(), "with spaces!".into());
    given.insert("TOKEN".into(), "with spaces!".into());
    given.insert("DOUYIN_PAY_LISTN".into(), "127.0.0.1:1".into());
    let config = Config::parse_with(GOOD, given).unwrap();
    let warnings = config.warnings().join("\n");
    for part in
        ["does not look like a salt", "does not look like a token", "equals the salt", "DOUYIN_PAY_LISTEN"]
    {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    assert!(!warnings.contains("with spaces!"));
}

#[test]
fn the_environment_overrides_plain_settings() {
    let mut given = variables();
    given.insert("DOUYIN_PAY_LISTEN".into(), "0.0.0.0:9090".into());
    given.insert("DOUYIN_PAY_RETENTION__CALLBACKS_DAYS".into(), "90".into());
    let config = Config::parse_with(GOOD, given).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:9090");
    assert_eq!(config.retention, Retention { callbacks_days: 90, api_log_days: 30, bills_days: 400 });
}

#[test]
fn a_missing_file_says_where_to_begin() {
    let report = check(Path::new("/nowhere/pay.toml"));
    assert!(report.errors[0].contains("config example"), "{report:?}");
}
