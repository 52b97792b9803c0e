//! `sign --system ecpay`: the MD5 over sorted fields and the salt.

use clap::Args as ClapArgs;
use douyin_pay_protocol::Salt;
use douyin_pay_protocol::ecpay::json;

use crate::commands::{read_stdin, secret_from_env};
use crate::exit::{Ended, Failure};
use crate::out::{self, Form};

/// Options of guaranteed payment.
#[derive(Debug, ClapArgs)]
pub(super) struct EcpayArgs {
    /// 存放 SALT 的环境变量名 · name of the environment variable that holds the SALT
    #[arg(long, value_name = "VAR", required_if_eq("system", "ecpay"), conflicts_with = "key")]
    salt_env: Option<String>,
    /// 输入是查询串（账单接口） · the input is a query string, as the bill endpoints take
    #[arg(long, conflicts_with = "key")]
    query: bool,
}

pub(super) fn run(args: &EcpayArgs, explain: bool, form: Form) -> Ended {
    let salt = Salt::new(secret_from_env("--salt-env", args.salt_env.as_deref().unwrap_or_default())?)
        .map_err(|cause| Failure::usage(cause.to_string()))?;
    let input = read_stdin()?;
    let explanation = if args.query {
        let text =
            std::str::from_utf8(&input).map_err(|_| Failure::usage("the query string is not UTF-8"))?;
        json::explain_query(text.trim(), &salt)
    } else {
        json::explain(&input, &salt)
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
