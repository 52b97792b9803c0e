//! `platform audit`: the merchant's decision on a refund that a payer applied for.

use clap::Args as ClapArgs;
use douyin_pay_protocol::trade::{DenyMessage, RefundAuditCallback};
use serde_json::json;

use super::confirm::{Yes, confirm};
use super::ending::{done, not_done};
use super::open::{At, converse};
use super::{platform_no, value};
use crate::exit::Ended;
use crate::lang::tell;
use crate::out::{Form, printable};

/// A decision.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["agree", "deny"]))]
pub struct Audit {
    /// 平台退款号 · the platform's number of the refund
    #[arg(long, value_name = "ID")]
    refund_id: String,
    /// 同意 · agree
    #[arg(long)]
    agree: bool,
    /// 拒绝，并告诉用户原因 · refuse, and tell the payer why
    #[arg(long, value_name = "TEXT")]
    deny: Option<String>,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    at: At,
}

pub(super) fn run(args: &Audit, form: Form) -> Ended {
    let refund_id = platform_no("--refund-id", &args.refund_id)?;
    let (ask, what) = match &args.deny {
        None => (
            RefundAuditCallback::agree(refund_id.clone()),
            tell!("同意退款 {refund_id}", "agree to refund {refund_id}"),
        ),
        Some(why) => {
            let message = value("--deny", DenyMessage::new(why))?;
            let shown = printable(why);
            let what = tell!("拒绝退款 {refund_id}：{shown}", "refuse refund {refund_id}: {shown}");
            (RefundAuditCallback::refuse(refund_id.clone(), message), what)
        }
    };
    let client = args.at.open()?.trade()?;
    confirm(&args.yes, &what)?;
    converse(async {
        let query =
            format!("douyin-pay platform refund --refund-id {refund_id}{} --system trade", args.at.again());
        let answer = client.refund_audit_callback(&ask).await.map_err(|error| not_done(&error, &query))?;
        let told = json!({ "refund_id": refund_id, "agreed": args.deny.is_none() });
        done(form, &told, answer.log_id.as_deref(), &what);
        Ok(())
    })
}
