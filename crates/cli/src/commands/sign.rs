//! `douyin-pay sign`: the signature of a request, or why it is what it is.

mod ecpay;
mod trade;

use clap::{Args as ClapArgs, ValueEnum};

use crate::exit::Ended;
use crate::out::Form;

/// The payment systems whose requests and callbacks are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum System {
    /// 担保支付 · guaranteed payment
    Ecpay,
    /// 通用交易系统 · general trade system
    Trade,
}

impl System {
    /// The system of an order or an app.
    pub(super) fn of(system: douyin_pay_ledger::System) -> Self {
        match system {
            douyin_pay_ledger::System::Ecpay => Self::Ecpay,
            douyin_pay_ledger::System::Trade => Self::Trade,
        }
    }

    /// Its section in the configuration.
    pub(super) fn section(self) -> &'static str {
        match self {
            Self::Ecpay => "ecpay",
            Self::Trade => "trade",
        }
    }
}

/// Options of `sign`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 支付系统 · payment system
    #[arg(long, value_enum)]
    system: System,
    /// 逐字段、逐行说明签名的由来 · show what is signed: fields or lines, with their bytes
    #[arg(long)]
    explain: bool,
    #[command(flatten, next_help_heading = "担保支付 · with --system ecpay")]
    ecpay: ecpay::EcpayArgs,
    #[command(flatten, next_help_heading = "通用交易系统 · with --system trade")]
    trade: trade::TradeArgs,
}

/// Reads the request from standard input and prints its signature.
///
/// # Errors
/// [`Failure::Usage`](crate::Failure::Usage) when the input is not a request, or the salt or key cannot be used.
pub fn run(args: Args, form: Form) -> Ended {
    match args.system {
        System::Ecpay => ecpay::run(&args.ecpay, args.explain, form),
        System::Trade => trade::run(&args.trade, args.explain, form),
    }
}
