//! What the page says when something is not possible, in both languages.

use axum::Json;
use axum::response::{IntoResponse, Response};
use douyin_pay_env::NetError;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

/// A sentence for a person, with the service's own words behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    #[serde(skip)]
    status: StatusCode,
    zh: String,
    en: String,
}

impl Problem {
    /// Something in the form is not right.
    pub(super) fn input(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, zh: zh.into(), en: en.into() }
    }

    /// The service did not answer.
    pub(super) fn silent(cause: &NetError) -> Self {
        Self {
            status: StatusCode::BAD_GATEWAY,
            zh: format!("支付服务没有回应：{}。再点一次即可，同一单号不会重复。", cause.problem),
            en: format!(
                "The service did not answer: {}. Try again; the same number never counts twice.",
                cause.problem
            ),
        }
    }

    /// The service said no.
    pub(super) fn refused(status: StatusCode, said: Value) -> Self {
        let detail = said["detail"].as_str().unwrap_or("").to_owned();
        let code = said["code"].as_str().unwrap_or("");
        let zh = match code {
            "too_much" => format!("超出可用金额：还可用 {}。", yuan(&said["left_fen"])),
            "not_paid" => "订单还没有付款，先付款再操作。".to_owned(),
            "already_settled" => "这笔订单已经结算完毕，不能再次结算。".to_owned(),
            "in_flight" => "上一次结算还没有结果，稍后再试。".to_owned(),
            "too_many" => "次数已达平台上限。".to_owned(),
            "not_auditing" => "这笔退款现在不用审核。".to_owned(),
            "deadline_passed" => "超过三天没有答复，平台已经自动同意。".to_owned(),
            "not_forward" => "履约只能向前，不能退回。".to_owned(),
            "one_settlement" => "通用交易系统里，整单只能结算一次。".to_owned(),
            "decided" => "这笔退款已经决定过了，不能反悔。".to_owned(),
            "platform_refused" => format!(
                "平台拒绝（{}）：{}",
                said["platform_code"],
                said["platform_message"].as_str().unwrap_or("")
            ),
            "paced" | "busy" | "books_unavailable" => "系统正忙，稍后再试，同一单号不会重复。".to_owned(),
            _ => format!("服务拒绝（{code}）：{detail}"),
        };
        Self { status, zh, en: detail }
    }
}

fn yuan(fen: &Value) -> String {
    fen.as_i64().map_or_else(|| "?".to_owned(), crate::story::yuan)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // The browser's console stays for real errors: a refusal is an answer like any other.
        (StatusCode::OK, Json(serde_json::json!({ "problem": self, "status": self.status.as_u16() })))
            .into_response()
    }
}
