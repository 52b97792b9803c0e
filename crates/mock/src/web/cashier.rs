//! The cashier for a person: what `tt.pay` would open.

use std::borrow::Cow;

use axum::extract::{Form, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;

use crate::mock::Mock;
use crate::platform::{Bill, OrderStatus, PayAsk, PayError, PayOutcome, Way};

const PAGE: &str = include_str!("cashier.html");

/// The channels a person can choose: number, Chinese, English, style.
const WAYS: [(i64, &str, &str, &str); 3] = [
    (1, "微信支付", "WeChat Pay", "wechat"),
    (2, "支付宝", "Alipay", "alipay"),
    (10, "抖音支付", "Douyin Pay", "douyin"),
];

/// The channel of orders in diamonds.
const DIAMONDS: (i64, &str, &str, &str) = (20, "钻石支付", "Diamonds", "douyin");

/// The page's language.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    fn name(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Visit {
    order_id: String,
    /// Orders of the general trade system have none.
    #[serde(default)]
    order_token: String,
    #[serde(default)]
    lang: Lang,
}

/// A text in both languages; the page shows one of them.
fn both(zh: &str, en: &str) -> String {
    format!("<span lang=\"zh-CN\">{zh}</span><span lang=\"en\">{en}</span>")
}

pub(super) async fn show(State(mock): State<Mock>, Query(visit): Query<Visit>) -> Response {
    let bill = mock.change(|platform, now| platform.cashier(now, &visit.order_id, &visit.order_token));
    match bill {
        Ok(bill) => {
            page(StatusCode::OK, visit.lang, &status_line(&bill), &details(&bill), &choices(&visit, &bill))
        }
        Err(cause) => refused(&cause, visit.lang),
    }
}

#[derive(Deserialize)]
pub(super) struct Choice {
    order_id: String,
    #[serde(default)]
    order_token: String,
    #[serde(default)]
    way: Option<i64>,
    outcome: PayOutcome,
    #[serde(default)]
    lang: Lang,
}

pub(super) async fn pay(State(mock): State<Mock>, Form(choice): Form<Choice>) -> Response {
    let way = match Way::try_from(choice.way.unwrap_or(1)) {
        Ok(way) => way,
        Err(problem) => return (StatusCode::BAD_REQUEST, problem).into_response(),
    };
    let ask = PayAsk {
        order_id: choice.order_id.clone(),
        order_token: Some(choice.order_token.clone()),
        way,
        outcome: choice.outcome,
        discount_fen: None,
    };
    match mock.pay(&ask) {
        // An order that is over is best explained by its own page.
        Ok(_) | Err(PayError::Over(_)) => {
            let (id, token) = (url_escape(&choice.order_id), url_escape(&choice.order_token));
            let lang = choice.lang.name();
            Redirect::to(&format!("/mock/cashier?order_id={id}&order_token={token}&lang={lang}"))
                .into_response()
        }
        Err(cause) => refused(&cause, choice.lang),
    }
}

fn status_line(bill: &Bill) -> String {
    let (class, zh, en) = match bill.status {
        OrderStatus::Processing => ("open", "待支付", "Waiting for payment"),
        OrderStatus::Success => ("paid", "支付成功", "Paid"),
        OrderStatus::Fail => ("over", "支付失败", "Payment failed"),
        OrderStatus::Timeout => ("over", "已超时", "Timed out"),
    };
    format!("<p class=\"status {class}\">{}</p>", both(zh, en))
}

fn details(bill: &Bill) -> String {
    let amount = if bill.diamonds {
        format!("{} <span>{}</span>", bill.total.get(), both("钻石", "diamonds"))
    } else {
        format!("<span>¥</span>{}", bill.total)
    };
    format!(
        "<p class=\"amount\">{amount}</p><dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{} {}</dd></dl>",
        both("商品", "Item"),
        escape(&bill.subject),
        both("订单号", "Order"),
        escape(&bill.out_order_no),
        both("支付截止", "Pay before"),
        escape(&bill.expires_at.beijing_text()),
        both("北京时间", "Beijing time"),
    )
}

fn choices(visit: &Visit, bill: &Bill) -> String {
    if bill.status != OrderStatus::Processing {
        return format!("<p class=\"hint\">{}</p>", both("可以关闭本页。", "You can close this page."));
    }
    let open: Vec<_> = if bill.diamonds {
        vec![&DIAMONDS]
    } else {
        WAYS.iter().filter(|(way, ..)| !bill.hidden_ways.contains(way)).collect()
    };
    let ways: String = open
        .into_iter()
        .map(|(way, zh, en, class)| button(visit, "success", Some(*way), class, &both(zh, en)))
        .collect();
    let others =
        [("fail", "支付失败", "Fail"), ("cancel", "取消", "Cancel"), ("timeout", "等到超时", "Time out")];
    let others: String =
        others.iter().map(|(outcome, zh, en)| button(visit, outcome, None, "plain", &both(zh, en))).collect();
    format!("<div class=\"ways\">{ways}</div><div class=\"others\">{others}</div>")
}

fn button(visit: &Visit, outcome: &str, way: Option<i64>, class: &str, label: &str) -> String {
    let way =
        way.map_or_else(String::new, |way| format!("<input type=\"hidden\" name=\"way\" value=\"{way}\">"));
    format!(
        "<form method=\"post\" action=\"/mock/cashier/pay\"><input type=\"hidden\" name=\"order_id\" value=\"{}\">\
         <input type=\"hidden\" name=\"order_token\" value=\"{}\"><input type=\"hidden\" name=\"lang\" value=\"{}\">{way}\
         <button class=\"{class}\" name=\"outcome\" value=\"{outcome}\">{label}</button></form>",
        escape(&visit.order_id),
        escape(&visit.order_token),
        visit.lang.name(),
    )
}

fn refused(cause: &PayError, lang: Lang) -> Response {
    let (status, zh) = match cause {
        PayError::NoOrder(_) => (StatusCode::NOT_FOUND, "没有这个订单"),
        PayError::WrongToken => (StatusCode::FORBIDDEN, "支付凭证与订单不符"),
        PayError::Over(_) => (StatusCode::CONFLICT, "订单已结束"),
        PayError::Hidden | PayError::WrongChannel => (StatusCode::CONFLICT, "该订单不支持此支付方式"),
    };
    let line = format!("<p class=\"status over\">{}</p>", both(zh, "Not possible"));
    page(status, lang, &line, &format!("<p class=\"hint\">{}</p>", escape(&cause.to_string())), "")
}

/// Fills the page in one pass, so that a filled-in text can never be taken for a place to fill.
fn page(code: StatusCode, lang: Lang, status: &str, details: &str, choices: &str) -> Response {
    let title = both("收银台", "Cashier");
    let footer = both("模拟平台，不会发生真实付款", "Mock platform, no money moves");
    let mut html = String::with_capacity(PAGE.len() + 4_096);
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        html.push_str(before);
        html.push_str(match name {
            "lang" if matches!(lang, Lang::En) => "en",
            "lang" => "zh-CN",
            "title" => &title,
            "footer" => &footer,
            "status" => status,
            "details" => details,
            "choices" => choices,
            _ => "",
        });
        rest = after;
    }
    html.push_str(rest);
    (code, Html(html)).into_response()
}

fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Cow::Owned(escaped.replace('"', "&quot;").replace('\'', "&#39;"))
}

fn url_escape(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::{escape, url_escape};

    #[test]
    fn texts_cannot_become_markup() {
        assert_eq!(escape("<b a='1'>\"&"), "&lt;b a=&#39;1&#39;&gt;&quot;&amp;");
        assert_eq!(url_escape("a+b/c=咖"), "a%2Bb%2Fc%3D%E5%92%96");
    }
}
