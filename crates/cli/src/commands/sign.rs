//! `douyin-pay sign`: the signature of a request, or why it is what it is.

use clap::{Args as ClapArgs, ValueEnum};
use douyin_pay_protocol::Salt;
use douyin_pay_protocol::ecpay::json;

use super::{read_stdin, secret_from_env};
use crate::exit::{Ended, Failure};
use crate::out::{self, Form};

/// The payment systems whose requests can be signed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum System {
    /// 担保支付 · guaranteed payment
    Ecpay,
}

/// Options of `sign`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 支付系统 · payment system
    #[arg(long, value_enum)]
    system: System,
    /// 存放 SALT 的环境变量名 · name of the environment variable that holds the SALT
    #[arg(long, value_name = "VAR")]
    salt_env: String,
    /// 输入是查询串（账单接口） · the input is a query string, as the bill endpoints take
    #[arg(long)]
    query: bool,
    /// 逐字段说明签名的由来 · show which fields took part, with which bytes
    #[arg(long)]
    explain: bool,
}

/// Reads the request from standard input and prints its signature.
///
/// # Errors
/// [`Failure::Usage`] when the input is not a request or the salt is missing.
pub fn run(args: Args, form: Form) -> Ended {
    let System::Ecpay = args.system;
    let salt = Salt::new(secret_from_env("--salt-env", &args.salt_env)?)
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
    match (args.explain, form) {
        (false, Form::Text) => out::line(format_args!("{}", explanation.signature())),
        (true, Form::Text) => out::text(format_args!("{explanation}")),
        (_, Form::Json) => out::line(format_args!(
            "{}",
            serde_json::to_string_pretty(&explanation).expect("an explanation is plain data")
        )),
    }
    Ok(())
}
