//! `sign --system ecpay`: the MD5 over sorted fields and the salt.

use clap::Args as ClapArgs;
use douyin_pay_protocol::ecpay::json::{self, Suspects};
use douyin_pay_protocol::{Salt, Token};

use crate::commands::{read_stdin, secret_from_env};
use crate::exit::{Ended, Failure};
use crate::out::{self, Form};

/// Options of guaranteed payment.
#[derive(Debug, ClapArgs)]
pub(super) struct EcpayArgs {
    /// 存放 SALT 的环境变量名 · name of the environment variable that holds the SALT
    #[arg(long, value_name = "VAR", required_if_eq("system", "ecpay"), conflicts_with = "key")]
    salt_env: Option<String>,
    /// 存放回调令牌的环境变量名，用来查明是否误用令牌签名 · variable with the callback token, to find out whether it was used instead
    #[arg(long, value_name = "VAR", requires = "explain", conflicts_with = "key")]
    token_env: Option<String>,
    /// 另一环境或另一小程序的 SALT 所在的环境变量名 · variable with the SALT of the other environment or another app
    #[arg(long, value_name = "VAR", requires = "explain", conflicts_with = "key")]
    other_salt_env: Vec<String>,
    /// 输入是查询串（账单接口） · the input is a query string, as the bill endpoints take
    #[arg(long, conflicts_with = "key")]
    query: bool,
}

pub(super) fn run(args: &EcpayArgs, explain: bool, form: Form) -> Ended {
    let salt = Salt::new(secret_from_env("--salt-env", args.salt_env.as_deref().unwrap_or_default())?)
        .map_err(|cause| Failure::usage(cause.to_string()))?;
    let token = args.token_env.as_deref().map(|name| secret_from_env("--token-env", name)).transpose()?;
    let token = token.map(Token::new).transpose().map_err(|cause| Failure::usage(cause.to_string()))?;
    let mut others = Vec::new();
    for name in &args.other_salt_env {
        let secret = secret_from_env("--other-salt-env", name)?;
        others.push((name, Salt::new(secret).map_err(|cause| Failure::usage(cause.to_string()))?));
    }
    let suspects = token.iter().fold(Suspects::new(), Suspects::token);
    let suspects =
        others.iter().fold(suspects, |tried, (name, salt)| tried.salt_of(format!("`{name}`"), salt));
    let input = read_stdin()?;
    let explanation = if args.query {
        let text =
            std::str::from_utf8(&input).map_err(|_| Failure::usage("the query string is not UTF-8"))?;
        json::explain_query_with(text.trim(), &salt, &suspects)
    } else {
        json::explain_with(&input, &salt, &suspects)
    };
    let explanation = explanation.map_err(|cause| Failure::usage(cause.to_string()))?;
    match (explain, form) {
        (false, Form::Text) => out::line(format_args!("{}", explanation.signature())),
        (true, Form::Text) => out::text(format_args!("{explanation}")),
        (_, Form::Json) => out::line(format_args!(
            "{}",
            serde_json::to_string_pretty(&explanation).expect("an explanation is plain data")
        )),
    }
    Ok(())
}
