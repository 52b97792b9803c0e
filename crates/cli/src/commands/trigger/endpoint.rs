//! Where a made-up callback may go: to this machine, never to production.

use douyin_pay_server::config::{AppConfig, Config, PlatformChoice};

use crate::commands::listening_at;
use crate::exit::Failure;
use crate::lang::tell;
use crate::remote::{is_loopback, parse, shown};

/// The URL to post to.
///
/// The service believes a callback whose signature is right, and this one is: an order that nobody paid would be
/// paid in the books. So nothing leaves this machine unasked, and nothing goes out signed with a token of production.
pub(super) fn choose(
    config: &Config,
    app: &AppConfig,
    to: Option<&str>,
    yes: bool,
) -> Result<String, Failure> {
    let name = &app.name;
    let given = to.map(|text| {
        let problem = |problem: String| {
            let text = shown(text);
            Failure::usage(tell!(
                "`--to {text}`：{problem}；请写成 http://127.0.0.1:8000/callback 这样的地址",
                "`--to {text}`: {problem}; write an address such as http://127.0.0.1:8000/callback"
            ))
        };
        parse(text).map(|uri| is_loopback(&uri)).map_err(problem)
    });
    let stays_here = given.transpose()?;
    if app.platforms().any(|choice| *choice == PlatformChoice::Production)
        && !(stays_here == Some(true) && yes)
    {
        return Err(Failure::told(
            2,
            "production",
            tell!(
                "小程序 `{name}` 用的是生产环境：用它的 token 签名的回调与平台的真回调无法区分，收到的服务会把没人付过的订单记成已付款。\
                 请改用 `platform` 指向模拟平台或沙箱的配置；若只想测试本机上开发中的程序，请同时给出本机的 `--to http://127.0.0.1:…` 和 `--yes-production`",
                "the app `{name}` is in production: a callback signed with its token cannot be told from the platform's own, and \
                 whoever receives it books an order as paid that nobody paid. Use a configuration whose `platform` is a mock or \
                 the sandbox; to test a program on this machine only, give both a loopback `--to http://127.0.0.1:…` and \
                 `--yes-production`"
            ),
        ));
    }
    match to {
        Some(to) => Ok(to.to_owned()),
        None => Ok(format!("{}/callbacks/{name}", here(config))),
    }
}

/// The service on this machine: by its public URL if that is here, else by its address.
fn here(config: &Config) -> String {
    if parse(&config.public_url).is_ok_and(|uri| is_loopback(&uri)) {
        return config.public_url.clone();
    }
    listening_at(config)
}

#[cfg(test)]
mod tests {
    use super::choose;
    use douyin_pay_server::config::Config;
    use std::collections::BTreeMap;

    fn config(listen: &str, public_url: &str, platform: &str) -> Config {
        let text = format!(
            r#"
listen = "{listen}"
public_url = "{public_url}"
database = "sqlite://x.db"
[[apps]]
name = "coffee"
app_id = "tt1"
[apps.ecpay]
platform = "{platform}"
salt = {{ env = "SALT" }}
callback_tokens = [{{ env = "TOKEN" }}]
"#
        );
        let variables = [("SALT", "saltsalt"), ("TOKEN", "tokentoken")];
        let variables: BTreeMap<_, _> =
            variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Config::parse_with(&text, variables).expect("a configuration")
    }

    fn chosen(config: &Config, to: Option<&str>, yes: bool) -> Result<String, u8> {
        choose(config, &config.apps[0], to, yes).map_err(|refused| refused.code())
    }

    #[test]
    fn nothing_leaves_this_machine_unasked() {
        let mock = "http://127.0.0.1:8100";
        let behind_a_proxy = config("0.0.0.0:8080", "https://pay.example.com", mock);
        assert_eq!(
            chosen(&behind_a_proxy, None, false),
            Ok("http://127.0.0.1:8080/callbacks/coffee".to_owned())
        );
        let here = config("127.0.0.1:8080", "http://localhost:9000", mock);
        assert_eq!(chosen(&here, None, false), Ok("http://localhost:9000/callbacks/coffee".to_owned()));
        let mine = "https://framework.example.com/pay";
        assert_eq!(chosen(&here, Some(mine), false), Ok(mine.to_owned()));
    }

    #[test]
    fn production_needs_both_loopback_and_a_yes() {
        let production = config("127.0.0.1:8080", "https://pay.example.com", "production");
        let (near, far) = ("http://127.0.0.1:8000/callback", "https://pay.example.com/callbacks/coffee");
        for (to, yes) in
            [(None, false), (None, true), (Some(near), false), (Some(far), false), (Some(far), true)]
        {
            assert_eq!(chosen(&production, to, yes), Err(2), "{to:?} {yes}");
        }
        assert_eq!(chosen(&production, Some(near), true), Ok(near.to_owned()));
    }
}
