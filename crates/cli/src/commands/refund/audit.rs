//! `douyin-pay refund audit`: the merchant's decision on a refund that a payer applied for.

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::refund_number;
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::Form;
use crate::remote::{self, Remote, Target, report};

/// The platform takes no longer reason.
const DENY_MESSAGE_BYTES_MAX: usize = 512;

/// A decision.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["agree", "deny"]))]
pub struct Audit {
    /// 退款号（平台发起的以 dy- 开头） · the refund's number; those that the platform started begin with `dy-`
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 同意 · agree
    #[arg(long)]
    agree: bool,
    /// 拒绝，并告诉用户原因（最多 512 字节） · refuse, and tell the payer why, in at most 512 bytes
    #[arg(long, value_name = "TEXT")]
    deny: Option<String>,
    #[command(flatten)]
    target: Target,
}

/// Sends the decision and shows what became of the refund.
///
/// # Errors
/// [`Failure::Usage`] for a reason that cannot be sent; what the service says, with its code; or that it cannot be reached.
pub(super) fn run(args: Audit, form: Form) -> Ended {
    let (number, ask) = (refund_number(&args.number)?, ask(args.deny.as_deref())?);
    remote::converse(args.target, form, async move |remote: Remote| {
        let answer = remote.post(&format!("refunds/{number}/audit"), Some(&ask)).await?;
        remote::show(form, &answer, report::refund);
        remote::decided(form, &answer);
        Ok(())
    })
}

fn ask(deny: Option<&str>) -> Result<Value, Failure> {
    let Some(why) = deny else { return Ok(json!({ "agree": true })) };
    if why.trim().is_empty() || why.len() > DENY_MESSAGE_BYTES_MAX {
        let length = why.len();
        return Err(Failure::usage(tell!(
            "`--deny`：拒绝原因要有 1–{DENY_MESSAGE_BYTES_MAX} 字节，现在是 {length} 字节；请写一句用户看得懂的话",
            "`--deny`: the reason has {length} bytes, and takes 1–{DENY_MESSAGE_BYTES_MAX}; write a sentence that the payer understands"
        )));
    }
    Ok(json!({ "agree": false, "deny_message": why }))
}

#[cfg(test)]
mod tests {
    use super::ask;

    #[test]
    fn a_refusal_has_a_reason_of_limited_length() {
        assert_eq!(ask(None).expect("a decision")["agree"], true);
        let denied = ask(Some("已发货")).expect("a decision");
        assert_eq!(
            (denied["agree"].as_bool(), denied["deny_message"].as_str()),
            (Some(false), Some("已发货"))
        );
        for text in ["", "  ", &"x".repeat(513)] {
            assert_eq!(ask(Some(text)).expect_err(text).code(), 2);
        }
    }
}
