//! `douyin-pay verify`: is this callback genuine, and if not, why.

use clap::Args as ClapArgs;
use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback;

use super::sign::System;
use super::{read_stdin, secret_from_env};
use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};

/// Options of `verify`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 支付系统 · payment system
    #[arg(long, value_enum)]
    system: System,
    /// 存放 token 的环境变量名，可重复 · name of the environment variable that holds the token; may be repeated
    #[arg(long, value_name = "VAR", required = true)]
    token_env: Vec<String>,
}

/// Reads the callback's body from standard input and prints the verdict.
///
/// # Errors
/// [`Failure::No`] when the signature is wrong, [`Failure::Usage`] when the input is no callback.
pub fn run(args: Args, form: Form) -> Ended {
    let System::Ecpay = args.system;
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
