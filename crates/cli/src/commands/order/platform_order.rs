//! `douyin-pay order platform-order`: the order id that the front end got from `tt.requestOrder`.

use clap::Args as ClapArgs;
use serde_json::json;

use super::order_number;
use crate::exit::Ended;
use crate::out::Form;
use crate::remote::{self, Remote, Target, report};

/// What the front end was told.
#[derive(Debug, ClapArgs)]
pub struct Report {
    /// 商户订单号 · the order's number
    #[arg(value_name = "ORDER")]
    order: String,
    /// tt.requestOrder 返回的 orderId · the `orderId` that tt.requestOrder gave
    #[arg(long, value_name = "ID")]
    order_id: String,
    #[command(flatten)]
    target: Target,
}

/// Tells the service, which asks the platform, and shows the order.
///
/// # Errors
/// [`Failure::Usage`](crate::Failure::Usage) for input that cannot be sent; what the service says, with its code; or that
/// it cannot be reached.
pub(super) fn run(args: Report, form: Form) -> Ended {
    let order = order_number(&args.order)?;
    let ask = json!({ "platform_order_id": args.order_id });
    remote::converse(args.target, form, async move |remote: Remote| {
        let answer = remote.put(&format!("orders/{order}/platform_order"), &ask).await?;
        remote::show(form, &answer, report::order);
        Ok(())
    })
}
