//! The general trade system in a configuration: its keys above all.

use std::collections::BTreeMap;

use douyin_pay::TokenKind;
use douyin_pay_ledger::System;
use douyin_pay_mock::keys::{
    APPLICATION_KEY_PEM, APPLICATION_PUBLIC_KEY_PEM, PLATFORM_KEY_PEM, PLATFORM_PUBLIC_KEY_PEM,
};

use crate::config::{Config, ConfigError, PlatformChoice};

const GOOD: &str = r#"
public_url = "https://pay.example.com"
database = "sqlite://pay.db"

[[api_keys]]
name = "shop"
role = "operator"
sha256 = "00000000000000000000000000000000000000000000000000000000000000ab"

[[apps]]
name = "coffee"
app_id = "tt0000000000000001"
webhook = { url = "https://shop.example.com/hooks", secrets = [{ env = "HOOK" }] }
limits = { refund_create = 20 }

[apps.trade]
platform = "production"
app_secret = { env = "SECRET" }
private_key = { env = "KEY" }
key_version = "1"
platform_public_keys = [{ env = "PLATFORM" }]
sku_defaults = { type = 301, tag_group_id = "tag_group_7272625659888058380", image = "https://shop.example.com/a.png" }
entry = { path = "pages/order/detail" }
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    let hook = format!("whsec_{}", data_encoding::BASE64.encode(&[7; 32]));
    let variables = [
        ("HOOK", hook.as_str()),
        ("SECRET", "appSecret123"),
        ("KEY", APPLICATION_KEY_PEM),
        ("OWN_PUBLIC", APPLICATION_PUBLIC_KEY_PEM),
        ("PLATFORM", PLATFORM_PUBLIC_KEY_PEM),
        ("PLATFORM_PRIVATE", PLATFORM_KEY_PEM),
        ("NO_KEY", "aGVsbG8="),
        ("SALT", "saltSalt123"),
        ("TOKEN", "tokenToken123"),
    ];
    let variables: BTreeMap<_, _> = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Config::parse_with(text, variables)
}

#[test]
fn an_app_may_have_the_general_trade_system_alone() {
    let config = parse(GOOD).unwrap();
    assert_eq!(config.warnings(), &[] as &[String]);
    let app = &config.apps[0];
    let trade = app.trade.as_ref().unwrap();
    assert_eq!((app.new_orders, app.ecpay.is_none(), trade.token), (System::Trade, true, TokenKind::Client));
    assert_eq!(app.platforms().collect::<Vec<_>>(), [&PlatformChoice::Production]);
    assert_eq!(app.probe_key().unwrap().expose(), "appSecret123");
    assert_eq!(trade.refund_entry.path, "pages/order/detail");
    let shown = config.effective();
    let secret_bytes = APPLICATION_KEY_PEM.lines().nth(2).unwrap();
    for secret in ["appSecret123", secret_bytes] {
        assert!(!shown.contains(secret) && !format!("{config:?}").contains(secret), "{secret}");
    }
    for part in [
        "[apps.trade]",
        "private_key = { env = \"KEY\" }  # hidden",
        "sku_defaults = { type = 301, tag_group_id",
        "entry = { path = \"pages/order/detail\" }",
        "refund_create = 20",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let again = parse(&shown).expect("what is in effect can be loaded again");
    assert_eq!(again.effective(), shown);
}

#[test]
fn both_systems_live_in_one_app_and_one_of_them_opens_new_orders() {
    let ecpay = "\n[apps.ecpay]\nplatform = \"production\"\nsalt = { env = \"SALT\" }\ncallback_tokens = [{ env = \"TOKEN\" }]\n";
    let both = format!("{GOOD}{ecpay}");
    assert_eq!(
        parse(&both).unwrap().apps[0].new_orders,
        System::Ecpay,
        "nothing moves before it is asked to"
    );
    let moved = both.replace("[apps.trade]", "new_orders = \"trade\"\n[apps.trade]");
    let moved = parse(&moved).unwrap();
    assert_eq!(moved.apps[0].new_orders, System::Trade);
    assert_eq!(moved.apps[0].probe_key().unwrap().expose(), "tokenToken123");
    let shown = moved.effective();
    assert!(shown.contains("[apps.ecpay]") && shown.contains("[apps.trade]"), "{shown}");
    parse(&shown).expect("what is in effect can be loaded again");
}

#[test]
fn each_mistake_with_a_key_is_named_with_its_remedy() {
    let cases = [
        ("{ env = \"KEY\" }", "{ env = \"OWN_PUBLIC\" }", "`apps[0].trade.private_key`: "),
        ("{ env = \"KEY\" }", "{ env = \"NO_KEY\" }", "`apps[0].trade.private_key`: "),
        ("{ env = \"KEY\" }", "{ file = \"/nowhere.pem\" }", "`/nowhere.pem` cannot be read"),
        (
            "[{ env = \"PLATFORM\" }]",
            "[{ env = \"OWN_PUBLIC\" }]",
            "`apps[0].trade.platform_public_keys[0]`: is the application's own public key, used as the platform's",
        ),
        (
            "[{ env = \"PLATFORM\" }]",
            "[{ env = \"PLATFORM\" }, { env = \"PLATFORM_PRIVATE\" }]",
            "`apps[0].trade.platform_public_keys[1]`: ",
        ),
        ("[{ env = \"PLATFORM\" }]", "[]", "no callback can be verified"),
        ("key_version = \"1\"", "key_version = \"0\"", "`apps[0].trade.key_version`: "),
        ("key_version = \"1\"", "key_version = 1", "`apps[0].trade.key_version`: found an integer"),
        ("key_version = \"1\"", "", "`key_version` is missing in `apps[0].trade`"),
        ("{ env = \"SECRET\" }", "\"secret\"", "is written into the file"),
        ("type = 301", "type = 30", "`apps[0].trade.sku_defaults.type`: 30 is no product type"),
        ("type = 301", "typ = 301", "did you mean `type`?"),
        ("https://shop.example.com/a.png", "a.png", "`apps[0].trade.sku_defaults.image`: "),
        ("\"pages/order/detail\"", "\"/pages/order\"", "`apps[0].trade.entry.path`: begins with `/`"),
        ("entry =", "refund_entries =", "unknown key `refund_entries` in `apps[0].trade`"),
        ("[apps.trade]", "[apps.trade]\ntoken = \"user\"", "`apps[0].trade.token`: `user` is unknown"),
        ("refund_create = 20", "refund_creat = 20", "did you mean `refund_create`?"),
        ("[apps.trade]", "new_orders = \"ecpay\"\n[apps.trade]", "needs the section `[apps.ecpay]`"),
        ("\"production\"", "\"prod\"", "`apps[0].trade.platform`: `prod` is unknown"),
    ];
    for (from, to, sentence) in cases {
        assert!(GOOD.contains(from), "{from}");
        let problem = parse(&GOOD.replacen(from, to, 1)).expect_err(to).to_string();
        assert!(problem.contains(sentence), "{to}: {problem}");
    }
    let neither = &GOOD[..GOOD.find("[apps.trade]").unwrap()];
    let problem = parse(neither).unwrap_err().to_string();
    assert!(problem.contains("has neither `[apps.trade]` nor `[apps.ecpay]`"), "{problem}");
}

#[test]
fn a_key_that_comes_twice_and_a_missing_page_are_warned_of() {
    let twice = GOOD
        .replace("[{ env = \"PLATFORM\" }]", "[{ env = \"PLATFORM\" }, { env = \"PLATFORM\" }]")
        .replace("entry = { path = \"pages/order/detail\" }", "");
    let warnings = parse(&twice).unwrap().warnings().join("\n");
    for part in ["platform_public_keys[1]` repeats", "has no `entry`"] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
}

#[test]
fn the_example_loads_with_the_general_trade_system_as_well() {
    let (before, section) = crate::config::example().split_once("# [apps.trade]").unwrap();
    let keys =
        ["platform =", "app_secret =", "private_key =", "key_version =", "platform_public_keys =", "token ="];
    let keys: Vec<_> = keys.into_iter().chain(["sku_defaults =", "entry =", "refund_entry ="]).collect();
    let lines = section.lines().filter_map(|line| line.strip_prefix("# "));
    let lines: Vec<_> = lines.filter(|line| keys.iter().any(|key| line.starts_with(key))).collect();
    assert_eq!(lines.len(), keys.len(), "each key has its line: {lines:?}");
    let text = format!("{before}[apps.trade]\n{}", lines.join("\n"))
        .replace("{ file = \"keys/coffee.pem\" }", "{ env = \"KEY\" }")
        .replace("{ file = \"keys/platform.pem\" }", "{ env = \"PLATFORM\" }")
        .replace("COFFEE_SECRET", "SECRET")
        .replace("COFFEE_HOOK", "HOOK")
        .replace("COFFEE_SALT", "SALT")
        .replace("COFFEE_TOKEN", "TOKEN");
    let config = parse(&text).unwrap();
    assert!(config.apps[0].ecpay.is_some() && config.apps[0].trade.is_some());
}
