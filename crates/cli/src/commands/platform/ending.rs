//! What is shown of a call, and what a failure means.

use douyin_pay::{Error, Outcome};
use serde_json::Value;

use super::columns::{Column, table};
use super::statement;
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form, printable};

/// Shows a reply: JSON with the platform's own names and fen, or columns with yuan.
pub(super) fn show(form: Form, reply: &Value, log_id: Option<&str>, columns: &[Column]) {
    match form {
        Form::Json => {
            let mut told = reply.clone();
            if let (Some(members), Some(log_id)) = (told.as_object_mut(), log_id) {
                members.insert("log_id".to_owned(), log_id.into());
            }
            out::line(told);
        }
        Form::Text => {
            out::text(table(reply, columns));
            if let Some(log_id) = log_id {
                out::line(format_args!("log id  {}", printable(log_id)));
            }
        }
    }
}

/// The failure of a query: nothing was changed.
pub(super) fn not_learnt(error: &Error) -> Failure {
    failed(error, None)
}

/// The failure of a query with a token that the caller brought: nobody here can fetch another one.
pub(super) fn not_learnt_with(option: &str, error: &Error) -> Failure {
    if !error.is_token_rejected() {
        return not_learnt(error);
    }
    let why = sentence(error);
    Failure::told(
        1,
        "token",
        tell!(
            "{why}。`{option}` 里的 token 无效或已过期；请换取新的 token 再执行",
            "{why}. The token of `{option}` is not valid or has expired; get a new token and run the command again"
        ),
    )
}

/// The failure of a call that writes; `query` is the command that tells what became of it.
pub(super) fn not_done(error: &Error, query: &str) -> Failure {
    failed(error, Some(query))
}

fn failed(error: &Error, query: Option<&str>) -> Failure {
    let why = sentence(error);
    match (error.outcome(), query) {
        (_, Some(query)) if error.is_number_used() => Failure::told(
            3,
            "number_used",
            tell!(
                "{why}。这个号码以前用过，可能就是自己先前的请求；先看它的结果：`{query}`",
                "{why}. The number was used before, perhaps by an earlier request of yours; see what became of it: `{query}`"
            ),
        ),
        (_, _) if error.is_not_found() => Failure::told(
            1,
            "not_found",
            tell!(
                "{why}。请核对号码、小程序与环境；刚刚发生的可稍后再查，“查不到”不等于失败",
                "{why}. Check number, app and environment; what happened just now may be found later, and not found never means failed"
            ),
        ),
        (Outcome::Refused, _) => Failure::told(1, if error.is_config() { "config" } else { "refused" }, why),
        (Outcome::NotSent, _) if error.is_config() => Failure::told(1, "config", why),
        (Outcome::NotSent, _) => Failure::told(
            3,
            "not_sent",
            tell!(
                "{why}。平台没有执行任何操作，稍后原样再执行一次即可",
                "{why}. The platform has done nothing; run the same command again later"
            ),
        ),
        (Outcome::Unknown, None) => Failure::told(
            3,
            "no_answer",
            tell!("{why}。什么也没有改变，稍后再查一次", "{why}. Nothing was changed; ask again later"),
        ),
        (Outcome::Unknown, Some(query)) => Failure::told(
            3,
            "outcome_unknown",
            tell!(
                "{why}。平台可能已经执行，不要换号码重做；先查询：`{query}`",
                "{why}. The platform may have acted: do not repeat it with another number, ask first: `{query}`"
            ),
        ),
    }
}

/// What the platform said, with our words for its code; else what went wrong on the way.
fn sentence(error: &Error) -> String {
    if let Some(problem) = error.bill_error() {
        return statement::sentence(problem);
    }
    let Some(refusal) = error.platform_error() else { return printable(&error.to_string()) };
    let code = refusal.err_no;
    let (meaning, remedy) = (say(code.zh(), code.en()), say(code.remedy_zh(), code.remedy_en()));
    let (endpoint, said) = (error.endpoint(), printable(&refusal.err_tips));
    let log_id = error.log_id().map(|log_id| format!(" [log id {}]", printable(log_id))).unwrap_or_default();
    tell!(
        "`{endpoint}` 被拒绝：{code}，{meaning}（平台原文：{said}）；{remedy}{log_id}",
        "`{endpoint}` was refused: {code}, {meaning} (in the platform's words: {said}); {remedy}{log_id}"
    )
}

/// Ends as the platform decided: a failure, or money that came back, is no.
pub(super) fn decided(status: &str, why: Option<&str>) -> Ended {
    let what = match status {
        "FAIL" | "FAILED" => say("平台的结果是失败", "it failed, says the platform"),
        "REEXCHANGE" => {
            say("银行已退票，钱回到商户余额", "the bank sent the money back to the merchant's balance")
        }
        _ => return Ok(()),
    };
    let why = why.map(printable).filter(|why| !why.is_empty()).map(|why| tell!("：{why}", ": {why}"));
    Err(Failure::told(1, "failed", format!("{what}{}", why.unwrap_or_default())))
}

/// Shows what was written.
pub(super) fn done(form: Form, told: &Value, log_id: Option<&str>, what: &str) {
    match form {
        Form::Json => show(form, told, log_id, &[]),
        Form::Text => {
            out::line(what);
            show(form, &Value::Null, log_id, &[]);
        }
    }
}

/// The platform answered, and found nothing.
pub(super) fn nothing_found() -> Failure {
    Failure::told(
        1,
        "not_found",
        say(
            "平台没有找到。请核对号码、小程序与环境；刚刚发生的可稍后再查，“查不到”不等于失败",
            "the platform found nothing. Check number, app and environment; what happened just now may be found later, and not \
             found never means failed",
        ),
    )
}

/// Guaranteed payment only knows our own numbers.
pub(super) fn only_by_number(option: &str) -> Failure {
    Failure::usage(tell!(
        "缺少 `{option}`：担保支付只能按商户自己的号码查询；若要查通用交易系统，请加 `--system trade`",
        "`{option}` is missing: guaranteed payment is asked by your own number only; for the general trade system add `--system trade`"
    ))
}
