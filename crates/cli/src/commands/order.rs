//! `douyin-pay order`: create, look at and list orders of a running service.

mod fulfil;
mod platform_order;
mod settleable;

use clap::{Args as ClapArgs, Subcommand};
use douyin_pay_protocol::{OrderAmount, OutOrderNo};
use serde_json::{Value, json};

use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out::Form;
use crate::remote::{self, Remote, Target, Waiting, input, query, report};

/// What to do with orders.
#[derive(Debug, Subcommand)]
pub enum What {
    /// 下单；同一个号码再次执行只会得到同一笔订单 · create an order; the same number again is the same order
    Create(Box<Create>),
    /// 查看订单（账本） · show an order, as the books have it
    Get(One),
    /// 立即向平台查询订单 · ask the platform about an order at once; for operators
    Query(One),
    /// 订单列表，新的在前 · list orders, newest first
    List(List),
    /// 订单的时间线 · everything that happened around an order
    Timeline(One),
    /// 放弃订单：此后若付款则退款 · give an order up: if it is paid from now on, it is refunded
    Abandon(One),
    /// 推送履约状态；担保支付为订单同步 · tell the platform how far the delivery is; guaranteed payment: order push
    Fulfil(fulfil::Fulfil),
    /// 还能结算多少（担保支付） · how much can still be settled; guaranteed payment
    Settleable(settleable::Settleable),
    /// 通用交易系统：补记前端得到的平台订单号 · general trade system: report the order id that the front end got
    PlatformOrder(platform_order::Report),
}

/// A new order.
#[derive(Debug, ClapArgs)]
pub struct Create {
    /// 商户订单号 · the merchant's number: 1–64 of 0-9 A-Z a-z _ - *
    #[arg(value_name = "NUMBER")]
    number: String,
    /// 金额（元） · amount in yuan, such as 12.80
    #[arg(long, value_name = "YUAN")]
    amount: String,
    /// 商品描述 · what is sold, in short
    #[arg(long)]
    subject: String,
    /// 商品详情，默认与描述相同 · what is sold, in detail; the same as the subject if left out
    #[arg(long)]
    body: Option<String>,
    /// 可付款的秒数，300–172800 · how long it may be paid
    #[arg(long, value_name = "SECONDS")]
    valid_seconds: Option<u32>,
    /// 付款用户 · the payer's open_id
    #[arg(long, value_name = "ID")]
    open_id: Option<String>,
    /// 透传字段 · a text that the platform gives back
    #[arg(long, value_name = "TEXT")]
    cp_extra: Option<String>,
    /// 自己的 JSON 对象，平台看不到 · a JSON object of your own; the platform never sees it
    #[arg(long, value_name = "JSON")]
    metadata: Option<String>,
    /// 通用交易系统的字段（JSON 对象，见 REST 文档的 `trade`） · fields of the general trade system, as `trade` in REST
    #[arg(long, value_name = "JSON")]
    trade: Option<String>,
    /// 担保支付的字段（JSON 对象：store_uid、limit_pay_way 等，见 REST 文档的 `ecpay`） · fields of guaranteed payment, as `ecpay` in REST
    #[arg(long, value_name = "JSON")]
    ecpay: Option<String>,
    /// 订单同步的内容（JSON 对象，见 REST 文档的 `order_push`） · what order push shows, as `order_push` in REST
    #[arg(long, value_name = "JSON")]
    order_push: Option<String>,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    target: Target,
}

/// One order.
#[derive(Debug, ClapArgs)]
pub struct One {
    /// 商户订单号 · the merchant's number
    #[arg(value_name = "NUMBER")]
    number: String,
    #[command(flatten)]
    target: Target,
}

/// Which orders.
#[derive(Debug, ClapArgs)]
pub struct List {
    /// 状态 · opening, waiting, paid, closed or refused
    #[arg(long)]
    state: Option<String>,
    /// 起始时间或北京日期（含） · created then or later: a Beijing day, or RFC 3339
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// 截止时间，或北京日期（含当天） · created before: RFC 3339, or a Beijing day, that day included
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// 上一页给出的 `--after` · what the page before says
    #[arg(long, value_name = "ID")]
    after: Option<String>,
    /// 每页条数，1–200 · how many
    #[arg(long, value_name = "N")]
    limit: Option<u16>,
    #[command(flatten)]
    target: Target,
}

/// Runs one of the order commands.
///
/// # Errors
/// [`Failure::Usage`] for input that cannot be sent; what the service says, with its code; or that it cannot be reached.
pub fn run(what: What, form: Form) -> Ended {
    match what {
        What::Create(args) => create(*args, form),
        What::Fulfil(args) => fulfil::run(args, form),
        What::Settleable(args) => settleable::run(args, form),
        What::PlatformOrder(args) => platform_order::run(args, form),
        What::Get(one) => look(one, form, "", report::order),
        What::Query(one) => look(one, form, "?query=now", report::order),
        What::Timeline(one) => look(one, form, "/timeline", report::timeline),
        What::Abandon(one) => {
            let number = order_number(&one.number)?;
            remote::converse(one.target, form, async move |remote: Remote| {
                let answer = remote.post(&format!("orders/{number}/abandon"), None).await?;
                remote::show(form, &answer, report::order);
                Ok(())
            })
        }
        What::List(args) => list(args, form),
    }
}

fn create(args: Create, form: Form) -> Ended {
    let (number, ask) = (order_number(&args.number)?, ask(&args)?);
    remote::converse(args.target, form, async move |remote: Remote| {
        let look = format!("orders/{number}");
        let known = |order: &Value| {
            order["pay"].is_object() || order["state"] != "opening" && order["state"] != "waiting"
        };
        let followed = remote.create("orders", &ask, &args.waiting, &look, known).await?;
        remote::created(form, &followed, report::order)
    })
}

fn ask(args: &Create) -> Result<Value, Failure> {
    let amount = input::yuan("--amount", &args.amount)?;
    OrderAmount::new(amount)
        .map_err(|refused| Failure::usage(format!("`--amount {}`: {refused}", args.amount)))?;
    let body = args.body.as_ref().unwrap_or(&args.subject);
    let mut ask =
        json!({ "out_order_no": args.number, "amount_fen": amount, "subject": args.subject, "body": body });
    if let Some(seconds) = args.valid_seconds {
        ask["valid_seconds"] = seconds.into();
    }
    for (field, value) in [("open_id", &args.open_id), ("cp_extra", &args.cp_extra)] {
        if let Some(text) = value {
            ask[field] = text.as_str().into();
        }
    }
    for (field, value) in [
        ("metadata", &args.metadata),
        ("trade", &args.trade),
        ("ecpay", &args.ecpay),
        ("order_push", &args.order_push),
    ] {
        if let Some(text) = value {
            ask[field] = object(field, text)?;
        }
    }
    Ok(ask)
}

/// A JSON object from the command line.
fn object(field: &str, text: &str) -> Result<Value, Failure> {
    let option = field.replace('_', "-");
    let example = match field {
        "ecpay" => r#"{"limit_pay_way":"LIMIT_WX"}"#,
        "order_push" => r#"{"detail_url":"pages/order/detail?id=1"}"#,
        "trade" => r#"{"pay_expire_seconds":900}"#,
        _ => r#"{"table":"7"}"#,
    };
    serde_json::from_str(text).ok().filter(Value::is_object).ok_or_else(|| {
        Failure::usage(tell!(
            "`--{option}`：不是 JSON 对象；请写成 '{example}' 这样",
            "`--{option}`: not a JSON object; write it like '{example}'"
        ))
    })
}

fn look(one: One, form: Form, more: &str, report: fn(&Value) -> String) -> Ended {
    let path = format!("orders/{}{more}", order_number(&one.number)?);
    remote::converse(one.target, form, async move |remote: Remote| {
        remote::show(form, &remote.get(&path).await?, report);
        Ok(())
    })
}

fn list(args: List, form: Form) -> Ended {
    let limit = args.limit.map(|limit| limit.to_string());
    let path = query(&[
        ("state", args.state.as_deref()),
        ("from", args.from.as_deref()),
        ("to", args.to.as_deref()),
        ("after", args.after.as_deref()),
        ("limit", limit.as_deref()),
    ]);
    remote::converse(args.target, form, async move |remote: Remote| {
        remote::show(form, &remote.get(&format!("orders{path}")).await?, report::list);
        Ok(())
    })
}

/// The number of an order, as it may stand in a path.
pub(super) fn order_number(text: &str) -> Result<String, Failure> {
    input::number("NUMBER", text, |text| OutOrderNo::new(text))
}
