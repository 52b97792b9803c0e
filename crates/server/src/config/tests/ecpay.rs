//! Guaranteed payment in a configuration: settling by itself, providers, order push.

use std::collections::BTreeMap;

use super::{GOOD, variables};
use crate::config::{Config, ConfigError, PushDefaults};

fn parse(text: &str) -> Result<Config, ConfigError> {
    let more = [("SECRET", "appSecret123"), ("PROVIDER", "providerSalt9")];
    let more = more.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Config::parse_with(text, variables().into_iter().chain(more).collect::<BTreeMap<_, _>>())
}

/// `GOOD` with a setting of the app, and more of its `[apps.ecpay]`.
fn with(app: &str, ecpay: &str) -> Result<Config, ConfigError> {
    parse(&GOOD.replacen("[apps.ecpay]\n", &format!("{app}\n[apps.ecpay]\n{ecpay}\n"), 1))
}

#[test]
fn everything_is_taken_and_shown_without_secrets() {
    let config = with(
        "settle = { mode = \"after_days\", days = 7 }",
        "thirdparty_id = \"tt00000000000000ff\"\nprovider_salt = { env = \"PROVIDER\" }\n\
         app_secret = { env = \"SECRET\" }\norder_push = true\n\
         push_defaults = { detail_url = \"pages/order/detail?no={out_order_no}\", image = \"https://shop.example.com/a.png\" }",
    )
    .unwrap();
    assert_eq!(config.warnings(), &[] as &[String]);
    let app = &config.apps[0];
    assert_eq!(app.settle_after_days, Some(7));
    let ecpay = app.ecpay.as_ref().unwrap();
    let provider = ecpay.provider.as_ref().unwrap();
    assert_eq!(provider.thirdparty_id.as_str(), "tt00000000000000ff");
    assert!(provider.salt.is_some() && ecpay.app_secret.is_some() && ecpay.order_push.is_some());
    let shown = config.effective();
    for secret in ["appSecret123", "providerSalt9"] {
        assert!(!shown.contains(secret) && !format!("{config:?}").contains(secret), "{secret}");
    }
    let again = parse(&shown).expect("what is in effect can be loaded again");
    assert_eq!(again.effective(), shown);
}

#[test]
fn nothing_of_it_is_on_by_itself() {
    let config = parse(GOOD).unwrap();
    let app = &config.apps[0];
    let ecpay = app.ecpay.as_ref().unwrap();
    assert!(app.settle_after_days.is_none() && ecpay.provider.is_none());
    assert!(ecpay.order_push.is_none() && ecpay.app_secret.is_none());
    assert_eq!(
        parse(&config.effective()).unwrap().apps[0].ecpay.as_ref().unwrap().order_push,
        None::<PushDefaults>
    );
}

#[test]
fn each_mistake_is_named_with_its_remedy() {
    let secret = "app_secret = { env = \"SECRET\" }\norder_push = true\n";
    let cases = [
        ("settle = { mode = \"manual\", days = 7 }", String::new(), "`apps[0].settle.days`: has no meaning"),
        ("settle = { mode = \"after_days\" }", String::new(), "`apps[0].settle.days` is missing"),
        ("settle = { mode = \"after_days\", days = 0 }", String::new(), "0 days; give 1 to 365"),
        ("settle = { mode = \"after_days\", days = 366 }", String::new(), "366 days; give 1 to 365"),
        ("settle = { mode = \"later\" }", String::new(), "write \"manual\", or \"after_days\" with days"),
        (
            "",
            "provider_salt = { env = \"PROVIDER\" }".into(),
            "without `thirdparty_id` nobody is the provider",
        ),
        ("", "thirdparty_id = \"a b\"".into(), "`apps[0].ecpay.thirdparty_id`"),
        ("", "order_push = true".into(), "`apps[0].ecpay.app_secret` is missing"),
        ("", "app_secret = \"verysecret\"".into(), "is written into the file"),
        ("", format!("{secret}push_defaults = {{ detail_url = \"https://a.test\" }}"), "is not a page"),
        (
            "",
            format!("{secret}push_defaults = {{ detail_url = \"pages/o?no={{order_no}}\" }}"),
            "only {out_order_no} is filled in",
        ),
        ("", format!("{secret}push_defaults = {{ image = \"a.png\" }}"), "is not an https address"),
    ];
    for (app, ecpay, sentence) in cases {
        let problem = with(app, &ecpay).expect_err(sentence).to_string();
        assert!(problem.contains(sentence), "{problem}");
        assert!(!problem.contains("verysecret"), "{problem}");
    }
}

#[test]
fn what_looks_mistaken_is_warned_of() {
    let cases = [
        (
            "settle = { mode = \"after_days\", days = 200 }",
            "",
            "after 150 days the platform settles by itself",
        ),
        ("", "push_defaults = { detail_url = \"pages/a\" }", "has no effect without `order_push = true`"),
        ("", "app_secret = { env = \"SECRET\" }\norder_push = true", "lacks `detail_url` or `image`"),
    ];
    for (app, ecpay, sentence) in cases {
        let warnings = with(app, ecpay).unwrap().warnings().join("\n");
        assert!(warnings.contains(sentence), "{warnings}");
    }
}
