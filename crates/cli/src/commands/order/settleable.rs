//! `douyin-pay order settleable`: how much can still be settled, and who says so.

use clap::Args as ClapArgs;

use super::order_number;
use crate::exit::Ended;
use crate::out::Form;
use crate::remote::{self, Remote, Target, report};

/// Of which order.
#[derive(Debug, ClapArgs)]
pub struct Settleable {
    /// 商户订单号 · the order's number
    #[arg(value_name = "ORDER")]
    order: String,
    /// 与平台核对（运维权限）；不一致时记为异常 · compare with the platform, for operators; a difference becomes an exception
    #[arg(long)]
    query: bool,
    #[command(flatten)]
    target: Target,
}

/// Asks the service and shows the amount with its basis.
///
/// # Errors
/// [`Failure::Usage`](crate::Failure::Usage) for input that cannot be sent; what the service says, with its code; or that
/// it cannot be reached.
pub(super) fn run(args: Settleable, form: Form) -> Ended {
    let order = order_number(&args.order)?;
    let path = format!("orders/{order}/settleable{}", if args.query { "?query=now" } else { "" });
    remote::converse(args.target, form, async move |remote: Remote| {
        remote::show(form, &remote.get(&path).await?, report::settleable);
        Ok(())
    })
}
