//! `verify --system ecpay`: the SHA-1 over the sorted fields of a callback.

use clap::Args as ClapArgs;
use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback;

use crate::commands::{read_stdin, secret_from_env};
use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};

/// Options of guaranteed payment.
#[derive(Debug, ClapArgs)]
pub(super) struct EcpayArgs {
    /// 存放 token 的环境变量名，可重复 · name of the environment variable that holds the token; may be repeated
    #[arg(long, value_name = "VAR", required_if_eq("system", "ecpay"), conflicts_with = "public_key")]
    token_env: Vec<String>,
}

pub(super) fn run(args: &EcpayArgs, form: Form) -> Ended {
    let tokens = args
        .token_env
        .iter()
        .map(|name| {
            Token::new(secret_from_env("--token-env", name)?)
                .map_err(|cause| Failure::usage(cause.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let input = read_stdin()?;
    let explanation =
        callback::explain(&input, &tokens).map_err(|cause| Failure::usage(cause.to_string()))?;
    if form == Form::Json {
        out::line(format_args!(
            "{}",
            serde_json::to_string_pretty(&explanation).expect("an explanation is plain data")
        ));
    }
    if explanation.is_valid() {
        if form == Form::Text {
            out::line(format_args!("{}", say("签名正确", "valid")));
            out::text(format_args!("{explanation}"));
        }
        return Ok(());
    }
    Err(Failure::No(format!("{}\n{explanation}", say("签名不正确", "the signature is not valid"))))
}
