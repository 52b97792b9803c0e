//! The end of a command: its report, then whether it went well.

use serde_json::Value;

use super::{Answer, Followed};
use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::{self, Form, printable};

/// Prints what was asked about.
pub(crate) fn show(form: Form, answer: &Answer, report: fn(&Value) -> String) {
    match form {
        Form::Json => out::line(answer.text()),
        Form::Text => out::text(report(&answer.value)),
    }
}

/// A remark when the platform has not answered yet.
pub(crate) fn decided(form: Form, answer: &Answer) {
    if answer.is_open() {
        out::remark(
            form,
            tell!(
                "已记账，平台还没有答复；服务会继续处理，原样再执行一次即可查看结果",
                "recorded, the platform has not answered yet; the service goes on, run the same command again to see the outcome"
            ),
        );
    }
}

/// Prints what became of something new, and ends as it did.
pub(crate) fn created(form: Form, followed: &Followed, report: fn(&Value) -> String) -> Ended {
    let (Followed::Enough(answer) | Followed::NotToTheEnd(answer)) = followed;
    show(form, answer, report);
    if let Followed::NotToTheEnd(_) = followed {
        let message = tell!(
            "等待时间已到，结果还不知道。请求已经记账，服务会继续处理；原样再执行一次即可查看结果，同一个号码不会办理两次",
            "the time to wait is over and the outcome is not known yet. It is recorded and the service goes on; run the same \
             command again to see the outcome, the same number is never carried out twice"
        );
        return Err(Failure::told(3, "outcome_open", message));
    }
    if answer.is_open() {
        out::remark(
            form,
            tell!(
                "已记账，平台还没有答复；原样再执行一次即可查看结果，或加上 `--wait`",
                "recorded, the platform has not answered yet; run the same command again to see the outcome, or add `--wait`"
            ),
        );
    }
    match answer.value["state"].as_str() {
        Some("failed" | "refused") => {
            let why = printable(answer.value["failure"]["message"].as_str().unwrap_or("?"));
            let message = tell!(
                "没有成功：{why}。请按原因处理后换一个新号码",
                "it did not succeed: {why}. Mend the cause, then use a new number"
            );
            Err(Failure::told(1, "failed", message))
        }
        _ => Ok(()),
    }
}
