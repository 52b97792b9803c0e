//! `douyin-pay verify`: is this callback genuine, and if not, why.

mod ecpay;
mod trade;

use clap::Args as ClapArgs;

use super::sign::System;
use crate::exit::Ended;
use crate::out::Form;

/// Options of `verify`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "通用交易系统有两种用法 · two uses with --system trade:\n\
    回调 · a callback:            --public-key PLATFORM --timestamp T --nonce N --signature S < body\n\
    byteAuthorization:            --public-key APPLICATION --authorization VALUE --uri /requestOrder < data")]
pub struct Args {
    /// 支付系统 · payment system
    #[arg(long, value_enum)]
    system: System,
    #[command(flatten, next_help_heading = "担保支付 · with --system ecpay")]
    ecpay: ecpay::EcpayArgs,
    #[command(flatten, next_help_heading = "通用交易系统 · with --system trade")]
    trade: trade::TradeArgs,
}

/// Reads the body from standard input and prints the verdict.
///
/// # Errors
/// [`Failure::No`](crate::Failure::No) when the signature is wrong, [`Failure::Usage`](crate::Failure::Usage) when the
/// input is no callback or a key cannot be used.
pub fn run(args: Args, form: Form) -> Ended {
    match args.system {
        System::Ecpay => ecpay::run(&args.ecpay, form),
        System::Trade => trade::run(&args.trade, form),
    }
}
