//! `douyin-pay error`: what a code of the platform means, and what to do about it.

use clap::Args as ClapArgs;
use douyin_pay_protocol::{ErrNo, Meaning};
use serde_json::{Value, json};

use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form};
use crate::remote::report::Rows;

/// Options of `error`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 错误码；不写则列出全部 · the code; all of them if left out
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    code: Option<i64>,
}

/// Prints one code, or the whole table.
///
/// # Errors
/// [`Failure::No`] when no document has the code.
pub fn run(args: &Args, form: Form) -> Ended {
    let Some(code) = args.code else {
        all(form);
        return Ok(());
    };
    let Some(known) = ErrNo::documented().find(|known| known.get() == code) else {
        return Err(Failure::told(
            1,
            "unknown_code",
            tell!(
                "{code}：文档没有列出这个错误码；以平台返回的说明（err_tips 或 err_msg）为准，必要时带 log id 联系平台",
                "{code}: no document has this code; read `err_tips` or `err_msg`, and if that does not help ask the platform with the log id"
            ),
        ));
    };
    match form {
        Form::Json => out::line(facts(known)),
        Form::Text => out::text(text(known)),
    }
    Ok(())
}

fn all(form: Form) {
    match form {
        Form::Json => out::line(Value::from(ErrNo::documented().map(facts).collect::<Vec<_>>())),
        Form::Text => {
            for known in ErrNo::documented() {
                out::line(format_args!("{:>9}  {}", known.get(), say(known.zh(), known.en())));
            }
        }
    }
}

/// Both languages: a program may show either.
fn facts(code: ErrNo) -> Value {
    json!({
        "code": code.get(), "systems": systems(code), "may_have_acted": may_have_acted(code),
        "meaning": { "zh": code.zh(), "en": code.en() },
        "causes": code.causes().iter().map(|cause| {
            json!({ "zh": cause.zh, "en": cause.en, "is_guess": cause.is_guess })
        }).collect::<Vec<_>>(),
        "remedy": { "zh": code.remedy_zh(), "en": code.remedy_en() },
    })
}

fn text(code: ErrNo) -> String {
    let mut rows = Rows::default();
    rows.add("错误码", "code", code.to_string());
    let systems: Vec<&str> = systems(code)
        .into_iter()
        .map(|system| match system {
            "ecpay" => say("担保支付", "guaranteed payment"),
            _ => say("通用交易系统", "general trade system"),
        })
        .collect();
    rows.add("系统", "system", systems.join(say("、", ", ")));
    rows.add("含义", "meaning", say(code.zh(), code.en()));
    rows.add(
        "可能已执行",
        "may have acted",
        if may_have_acted(code) { say("可能", "perhaps") } else { say("否", "no") },
    );
    for cause in code.causes() {
        let guess = if cause.is_guess { say("（推测）", " (a guess)") } else { "" };
        rows.add("可能原因", "perhaps because", format!("{}{guess}", say(cause.zh, cause.en)));
    }
    rows.add("处理", "what to do", say(code.remedy_zh(), code.remedy_en()));
    rows.write("")
}

/// In which systems the code is known.
fn systems(code: ErrNo) -> Vec<&'static str> {
    let ecpay = ErrNo::documented_in_ecpay().any(|known| known == code).then_some("ecpay");
    let trade = ErrNo::documented_in_trade().any(|known| known == code).then_some("trade");
    ecpay.into_iter().chain(trade).collect()
}

/// Whether the operation may have been carried out, now or by an earlier call of the same number.
fn may_have_acted(code: ErrNo) -> bool {
    matches!(code.meaning(), Meaning::Accepted | Meaning::Internal | Meaning::NumberUsed)
}
