//! `douyin-pay trigger`: a correctly signed callback for my order, sent to my endpoint.
//!
//! ```text
//! configuration ─▶ app, its token or the mock's platform key ─┐
//! books (read only) ─▶ amounts ────────────────────────────────┴▶ message ─▶ signed ─▶ POST ─▶ success, or why not
//! ```

mod books;
mod endpoint;
mod message;
mod trade;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use clap::{Args as ClapArgs, ValueEnum};
use douyin_pay_env::{Env, UnixMs};
use douyin_pay_protocol::ecpay::callback;
use douyin_pay_protocol::{OutNo, OutOrderNo};
use douyin_pay_server::config::{self, AppConfig, Config};
use http::{Request, header};
use serde_json::{Value, json};

use super::find_app;
use super::sign::System;
use crate::commands::no_section;
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form, printable};
use crate::remote::input;

/// The platform waits 5 seconds for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// More of a stranger's answer does not help anybody.
const ANSWER_CHARS_MAX: usize = 2000;
/// As many digits as the platform's own.
const NONCE_DIGITS: u64 = 10_000;

/// The callbacks that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// 付款成功 · the order was paid
    Payment,
    /// 付款取消（通用交易系统） · the order was cancelled; general trade system
    PaymentCancel,
    /// 退款成功 · the refund is done
    Refund,
    /// 结算成功 · the settlement is done
    Settle,
    /// 提现结果（担保支付） · the outcome of a withdrawal; guaranteed payment
    Withdraw,
    /// 用户申请退款（通用交易系统） · the payer applies for a refund; general trade system
    #[value(name = "pre_create_refund", alias = "pre-create-refund")]
    PreCreateRefund,
}

impl Kind {
    /// The callback's type on the wire.
    fn word(self) -> &'static str {
        match self {
            Self::Payment | Self::PaymentCancel => "payment",
            Self::Refund => "refund",
            Self::Settle => "settle",
            Self::Withdraw => "withdraw",
            Self::PreCreateRefund => "pre_create_refund",
        }
    }

    /// What was typed.
    fn name(self) -> &'static str {
        match self {
            Self::PaymentCancel => "payment-cancel",
            other => other.word(),
        }
    }
}

/// How a withdrawal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Outcome {
    /// 到账 · the money arrived
    Success,
    /// 失败 · it failed, the money is in the balance again
    Fail,
    /// 到账后又被银行退回 · the bank sent it back later
    Reexchange,
}

/// Options of `trigger`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 回调类型 · the callback's type
    #[arg(value_enum)]
    kind: Kind,
    /// 配置文件（提供 app_id 与 token） · configuration file, which has the app's id and token
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// 小程序 · the app's name in the configuration
    #[arg(long, value_name = "NAME")]
    app: String,
    /// 商户订单号 · the order's number
    #[arg(long, value_name = "NUMBER", required_if_eq_any([("kind", "payment"), ("kind", "payment-cancel"),
        ("kind", "refund"), ("kind", "settle"), ("kind", "pre_create_refund")]))]
    order: Option<String>,
    /// 退款号、结算号或提现号；pre_create_refund 时为平台退款号 · the number of the refund, settlement or withdrawal; for
    /// pre_create_refund the platform's
    #[arg(long, value_name = "NUMBER", required_if_eq_any([("kind", "refund"), ("kind", "settle"),
        ("kind", "withdraw"), ("kind", "pre_create_refund")]))]
    number: Option<String>,
    /// settle：平台自动做的结算 · settle: one that the platform made by itself
    #[arg(long)]
    automatic: bool,
    /// withdraw：结果 · withdraw: how it ends
    #[arg(long, value_enum, default_value_t = Outcome::Success)]
    outcome: Outcome,
    /// 支付系统，默认取自账本或配置 · payment system; as the books or the configuration have it if left out
    #[arg(long, value_enum)]
    system: Option<System>,
    /// 通用交易系统：平台私钥文件，默认为模拟平台的 · general trade system: the platform's private key; the mock's if left out
    #[arg(long, value_name = "FILE")]
    platform_key: Option<PathBuf>,
    /// 接收地址，默认本机的服务 · where it goes; the service on this machine if left out
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// 金额（元），默认取自账本 · amount in yuan; as the books have it if left out
    #[arg(long, value_name = "YUAN")]
    amount: Option<String>,
    /// 允许用生产环境的 token 向本机发送 · allow a production app's token, to loopback only
    #[arg(long)]
    yes_production: bool,
}

/// Makes the callback, sends it, shows both sides.
///
/// # Errors
/// [`Failure::No`] when the answer is not success, [`Failure::Usage`] when the callback cannot be made or must not be
/// sent there, [`Failure::Outside`] when nobody answers.
pub fn run(args: Args, form: Form) -> Ended {
    nothing_ignored(&args)?;
    let config = config::load(&args.config).map_err(|cause| Failure::usage(cause.to_string()))?;
    let app = find_app(&config, &args.app)?;
    let to = endpoint::choose(&config, app, args.to.as_deref(), args.yes_production)?;
    let order =
        args.order.as_deref().map(|text| input::number("--order", text, |text| OutOrderNo::new(text)));
    let number = args.number.as_deref().map(|text| input::number("--number", text, |text| OutNo::new(text)));
    let (order, number) = (order.transpose()?.unwrap_or_default(), number.transpose()?.unwrap_or_default());
    let amount = args.amount.as_deref().map(|text| input::yuan("--amount", text)).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("starting the runtime")?.block_on(async {
        let env = Env::real();
        let known = books::look(&config, app, args.kind, &order, &number).await;
        let ask = message::Ask {
            kind: args.kind,
            app,
            order: &order,
            number: &number,
            amount,
            automatic: args.automatic,
            outcome: args.outcome,
            at: now(&env, &config).await,
        };
        let signed = match system(&args, app, &known) {
            System::Ecpay => of_ecpay(&env, &ask, &known)?,
            System::Trade => of_trade(&env, &ask, &known, &args, form)?,
        };
        send(&env, args.kind, &to, signed, form).await
    })
}

/// An option that the callback has no place for is refused: whoever gave it meant something by it.
fn nothing_ignored(args: &Args) -> Ended {
    let withdraw = args.kind == Kind::Withdraw;
    let unused = [
        ("--order", withdraw && args.order.is_some()),
        ("--amount", withdraw && args.amount.is_some()),
        ("--automatic", args.kind != Kind::Settle && args.automatic),
    ];
    let Some((option, _)) = unused.into_iter().find(|(_, given)| *given) else { return Ok(()) };
    let kind = args.kind.name();
    Err(Failure::usage(tell!(
        "`{option}`：`{kind}` 回调里没有它；请去掉",
        "`{option}`: a `{kind}` callback has no place for it; leave it out"
    )))
}

/// What is posted.
struct Signed {
    body: Vec<u8>,
    headers: Vec<(&'static str, String)>,
}

/// The system of the callback: as asked for, as the order's, as the app's new orders. Withdrawals belong to no order.
fn system(args: &Args, app: &AppConfig, known: &books::Known) -> System {
    if args.system.is_none() && args.kind == Kind::Withdraw && app.ecpay.is_some() {
        return System::Ecpay;
    }
    args.system.unwrap_or_else(|| System::of(known.system.unwrap_or(app.new_orders)))
}

fn of_ecpay(env: &Env, ask: &message::Ask<'_>, known: &books::Known) -> Result<Signed, Failure> {
    let msg = message::write(ask, known)?;
    let nonce = format!("{:04}", env.random_below(NONCE_DIGITS));
    let token = ask.app.callback_tokens().first().ok_or_else(|| no_section(ask.app, System::Ecpay))?;
    let body = callback::body(token, ask.kind.word(), &ask.at.seconds().to_string(), &nonce, &msg);
    Ok(Signed { body, headers: Vec::new() })
}

fn of_trade(
    env: &Env,
    ask: &message::Ask<'_>,
    known: &books::Known,
    args: &Args,
    form: Form,
) -> Result<Signed, Failure> {
    let trade = ask.app.trade.as_ref().ok_or_else(|| no_section(ask.app, System::Trade))?;
    let key = trade::key(trade, args.platform_key.as_deref(), form)?;
    Ok(trade::sign(env, &key, ask, &trade::write(ask, known)?))
}

/// The time of the platform: a mock's clock may have been moved.
async fn now(env: &Env, config: &Config) -> UnixMs {
    let Some(url) = &config.follow_clock else { return env.now() };
    let Ok(request) = Request::get(format!("{url}/mock/clock")).body(Bytes::new()) else { return env.now() };
    let answer = env.net.send(request, ANSWER_WITHIN).await.ok();
    let told = answer.and_then(|answer| serde_json::from_slice::<Value>(answer.body()).ok());
    told.and_then(|told| told["now"].as_i64()).map_or_else(|| env.now(), UnixMs::new)
}

async fn send(env: &Env, kind: Kind, to: &str, signed: Signed, form: Form) -> Ended {
    let Signed { body, headers } = signed;
    let sent = String::from_utf8_lossy(&body).into_owned();
    if form == Form::Text {
        out::line(format_args!("POST {to}"));
        headers.iter().for_each(|(name, value)| out::line(format_args!("{name}: {value}")));
        out::line(&sent);
    }
    let request = Request::post(to).header(header::CONTENT_TYPE, "application/json");
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, value.as_str()))
        .body(Bytes::from(body))
        .map_err(|cause| Failure::usage(format!("`--to {to}`: {cause}")))?;
    let answer = env.net.send(request, ANSWER_WITHIN).await.map_err(|cause| {
        let problem = printable(&cause.problem);
        Failure::told(
            3,
            "no_answer",
            tell!(
                "{to} 没有答复：{problem}。平台遇到这种情况会重发；请确认接收方在运行，然后再执行一次，重复的回调不会重复记账",
                "no answer from {to}: {problem}. The platform would deliver again; see that the receiver runs, then run this \
                 again: a callback that comes twice counts once"
            ),
        )
    })?;
    let status = answer.status().as_u16();
    let said: String = String::from_utf8_lossy(answer.body()).chars().take(ANSWER_CHARS_MAX).collect();
    let refused = why_no_success(status, answer.body());
    match form {
        Form::Text => out::line(format_args!("→ {status} {}", printable(&said))),
        Form::Json => {
            let sent: Value = serde_json::from_str(&sent).unwrap_or_default();
            let answer = json!({ "status": status, "body": said });
            let headers: Value = headers
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let accepted = refused.is_none();
            let told = json!({
                "kind": kind.word(), "to": to, "headers": headers, "sent": sent, "answer": answer, "accepted": accepted,
            });
            out::line(told);
        }
    }
    match refused {
        None => {
            out::remark(form, say("接收方已确认", "the receiver has taken it"));
            Ok(())
        }
        Some(why) => Err(Failure::told(1, "not_accepted", why)),
    }
}

/// Why the platform would deliver again after this answer; `None` when it would not.
fn why_no_success(status: u16, body: &[u8]) -> Option<String> {
    let wanted = callback::SUCCESS;
    if status != 200 {
        return Some(tell!(
            "接收方回了 HTTP {status}，平台只认 200，会继续重发；处理成功后请回 200 和 {wanted}",
            "the receiver answered HTTP {status}; only 200 counts, so the platform would deliver again. Answer 200 and {wanted} \
             once the work is done"
        ));
    }
    let err_no = serde_json::from_slice::<Value>(body).ok().and_then(|answer| answer["err_no"].as_i64());
    match err_no {
        Some(0) => None,
        Some(other) => Some(tell!(
            "接收方回了 err_no {other}，平台会继续重发；处理成功后请回 {wanted}",
            "the receiver answered err_no {other}, so the platform would deliver again. Answer {wanted} once the work is done"
        )),
        None => Some(tell!(
            "应答里没有数字 err_no，平台会继续重发；处理成功后请回 {wanted}",
            "the answer has no number `err_no`, so the platform would deliver again. Answer {wanted} once the work is done"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::why_no_success;

    #[test]
    fn only_the_platforms_success_counts() {
        assert_eq!(why_no_success(200, br#"{"err_no":0,"err_tips":"success"}"#), None);
        for (status, body) in [
            (500, r#"{"err_no":0,"err_tips":"success"}"#),
            (200, r#"{"err_no":1,"err_tips":"later"}"#),
            (200, r#"{"err_no":"0"}"#),
            (200, "success"),
            (204, ""),
        ] {
            assert!(why_no_success(status, body.as_bytes()).is_some(), "{status} {body}");
        }
    }
}
