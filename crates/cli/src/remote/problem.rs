//! What went wrong with the service: the next step and an exit code.

use douyin_pay_env::NetError;
use http::response::Parts;
use http::{StatusCode, header};
use serde_json::Value;

use crate::exit::{Failure, Told};
use crate::lang::{Lang, tell};
use crate::out::printable;
use crate::story::yuan;

/// The longest text of a stranger that is shown.
const SHOWN_CHARS_MAX: usize = 600;

/// Nothing was sent.
pub(super) fn not_reached(base: &str, cause: &NetError) -> Failure {
    let problem = printable(&cause.problem);
    let message = tell!(
        "连不上服务 {base}：{problem}。请求没有发出。请确认服务在运行（`douyin-pay health --url {base}`）、`--url` 正确，然后原样再执行一次",
        "cannot reach the service at {base}: {problem}. Nothing was sent. See that it runs (`douyin-pay health --url {base}`) \
         and that `--url` is right, then run the same command again"
    );
    Failure::told(3, "not_reached", message)
}

/// Something was sent, and no answer came.
pub(super) fn no_answer(base: &str, cause: &NetError, changes: bool) -> Failure {
    let problem = printable(&cause.problem);
    let message = match changes {
        true => tell!(
            "服务 {base} 没有答复：{problem}。请求可能已经记账，也可能没有。请原样再执行一次：同一个号码只会办理一次，绝不会变成两笔",
            "no answer from the service at {base}: {problem}. The request may have been recorded, or not. Run the same command \
             again: the same number is carried out once and never becomes two"
        ),
        false => tell!(
            "服务 {base} 没有答复：{problem}。这只是查询，不会改变任何东西；请再执行一次",
            "no answer from the service at {base}: {problem}. This only asks and changes nothing; run it again"
        ),
    };
    Failure::told(3, "no_answer", message)
}

/// The service is gone after it had recorded the request.
pub(super) fn while_waiting(base: &str, failure: Failure) -> Failure {
    match failure {
        Failure::Told(told) if matches!(told.code.as_str(), "not_reached" | "no_answer") => {
            let message = tell!(
                "请求已经记账，但等待结果时与服务 {base} 断了联系。服务恢复后会继续处理；请原样再执行一次查看结果，同一个号码不会办理两次",
                "the request is recorded, but the service at {base} was lost while waiting for the outcome. It goes on when it \
                 is back; run the same command again to see the outcome, the same number is never carried out twice"
            );
            Failure::told(3, "outcome_open", message)
        }
        failure => failure,
    }
}

/// Whether the service asks for the same request again, soon.
pub(super) fn is_busy(failure: &Failure) -> bool {
    let Failure::Told(told) = failure else { return false };
    matches!(told.code.as_str(), "busy" | "paced" | "stopping" | "books_unavailable")
}

/// An answer that is none of the expected ones.
pub(super) fn of(base: &str, head: &Parts, value: Value) -> Failure {
    let status = head.status;
    if status.is_redirection() {
        let to = head.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("?");
        let to = shown(to);
        return Failure::told(
            3,
            "redirected",
            tell!(
                "{base} 把请求转到 {to}；API 密钥不会跟着转发。请把 `--url` 改成服务的最终地址",
                "{base} redirects to {to}; the API key is not sent there. Give the service's final address with `--url`"
            ),
        );
    }
    let (Some(code), Some(detail)) = (value["code"].as_str(), value["detail"].as_str()) else {
        let status = status.to_string();
        return Failure::told(
            3,
            "not_the_service",
            tell!(
                "{base}：{status}，这不是 douyin-pay 服务的应答。请检查 `--url` 和中间的反向代理",
                "{base}: {status}, which is not an answer of a douyin-pay service. Check `--url` and the reverse proxy in between"
            ),
        );
    };
    let (code, detail) = (shown(code), shown(detail));
    let message = match Lang::current() {
        Lang::Zh => chinese(&code, &detail, &value),
        Lang::En => english(&code, &detail, &value),
    };
    Failure::Told(Box::new(Told { exit: exit(status, &code), code, message, problem: Some(value) }))
}

/// 1: the answer is no. 2: what we sent or who we are. 3: the service or the platform.
fn exit(status: StatusCode, code: &str) -> u8 {
    match (status.as_u16(), code) {
        // A service of another version.
        (_, "unknown_path" | "wrong_method") => 3,
        (_, "unknown_app" | "day_not_over") => 2,
        (429, _) => 3,
        (404 | 409 | 422, _) => 1,
        (400..=499, _) => 2,
        _ => 3,
    }
}

fn english(code: &str, detail: &str, problem: &Value) -> String {
    let advice = match code {
        "too_much" if problem["left_fen"] == 0 => {
            "; nothing is left of this order to refund or settle".to_owned()
        }
        "too_much" => format!("; ask for at most {}", money(problem, "left_fen")),
        "not_paid" => {
            "; only a paid order can be refunded, settled or fulfilled: see `douyin-pay order get`".to_owned()
        }
        "unknown_path" | "wrong_method" => {
            "; the service is of another version than this command: update the older one".to_owned()
        }
        "wrong_api_key" => "; this command reads it from `--key-env` or `--key-file`".to_owned(),
        "busy" | "paced" | "stopping" | "books_unavailable" => {
            "; `--wait` of the create commands does so by itself".to_owned()
        }
        _ => String::new(),
    };
    format!("{detail}{advice} ({})", marks(code, problem))
}

fn chinese(code: &str, detail: &str, problem: &Value) -> String {
    let marks = marks(code, problem);
    match sentence(code, problem) {
        Some(sentence) => format!("{sentence}。服务原话：{detail}（{marks}）"),
        None => format!("服务没有办理：{detail}（{marks}）"),
    }
}

/// What a code means and what to do, in Chinese.
fn sentence(code: &str, problem: &Value) -> Option<String> {
    let fixed = match code {
        "bad_request" => "请求有字段不符合要求，请按下面的说明修改",
        "no_api_key" => {
            "服务没有收到 API 密钥；请检查 `--key-env` 或 `--key-file`，以及反向代理是否去掉了 Authorization 头"
        }
        "wrong_api_key" => {
            "服务不认识这个 API 密钥；请核对密钥，或把它的 sha256 加进 `[[api_keys]]` 后重新加载"
        }
        "role_too_low" => "这个 API 密钥的角色权限不够；请换用权限更高的密钥",
        "app_not_allowed" => "这个 API 密钥无权操作该小程序；请把它加进密钥的 `apps`",
        "unknown_app" => "服务的配置里没有这个小程序；请核对 `--app`",
        "unknown_number" => "查不到这个号码；请核对号码和 `--app`",
        "unknown_path" | "wrong_method" => "服务没有这个接口，版本与本命令不一致；请更新较旧的一方",
        "number_in_use" => "这个号码已经用在另一笔订单上；请换一个新号码",
        "other_fields" => "这个号码用过，但内容不同；请原样重发，或换一个新号码",
        "not_paid" => "订单没有付款，只有已付款的订单才能退款、结算或履约；请用 `douyin-pay order get` 查看",
        "day_not_over" => "这一天在北京时间还没有过完；请核对已结束的日期",
        "unknown_run" => "这个小程序没有这次核对；请核对编号",
        "run_under_way" => "这个小程序的另一次核对正在进行；请等它结束",
        "not_matched" => "这次核对没有比完所有行；请重新核对那一天，已发现的差异会保留",
        "zero_amount" => "金额为零；至少 0.01 元",
        "too_much" => return Some(too_much(problem)),
        "too_many_shares" => "分账方太多；请用 `--no-finish` 分几次结算",
        "too_many" => "这笔订单的笔数已达平台上限",
        "already_settled" => "这笔订单已经做过最后一次结算",
        "in_flight" => "上一笔结算还没有结束；请等它结束后再试",
        "too_late" => "付款已超过一年，平台不再受理退款",
        "already_final" => "它已经有最终结果，不会再变",
        "amount_differs" => "金额与账本不一致，什么都没有改动",
        "busy" | "stopping" => "服务正忙或正在停止；请稍后原样再执行一次",
        "books_unavailable" => "账本暂时无法读写；请稍后原样再执行一次，并查看服务的 `/readyz`",
        "paced" => "查询平台的次数已到上限；请稍后原样再执行一次",
        "order_quarantined" => "这笔订单被隔离，等人工处理；请看它的时间线",
        "platform_silent" => "平台还没有答复；稍后再查，答复到了会自动记账",
        "platform_refuses_configuration" => {
            "平台拒绝了这个小程序的配置（SALT、app_id 或权限）；什么都没有丢，修好后会用同一个号码重试"
        }
        "platform_refused" => "平台拒绝了这次请求；请按原因修改后换一个新号码",
        "too_much_back" => return Some(too_much_back(problem)),
        "too_many_returns" => "这个分账方在这笔结算里的退分账次数已达平台上限；余下的请与对方直接结清",
        "no_share" => "这个商户在这笔结算里没有分到钱；请从结算的 `shares` 里选一个分账方",
        "not_settled" => "这笔结算还没有成功，没有分出的钱可退；请等它成功后再试",
        "unknown_settlement" => "这笔订单没有这个结算号；请用 `douyin-pay order get` 查看它的结算",
        "no_push" => "下单时没有写 `order_push`，平台不会得知这笔订单的进展",
        "push_off" => "这个小程序没有开启订单同步；请在配置里写 `order_push = true` 后重新加载",
        "no_open_id" => "订单同步需要付款人的 `open_id`；请补上，或去掉 `order_push`",
        "not_by_hand" => "付款和退款由服务自己告知平台，手工只能告知 `redeemed`（已核销）",
        "unknown_field" => "请求里有服务不认识的字段，可能拼错了",
        _ => return None,
    };
    Some(fixed.to_owned())
}

fn too_much(problem: &Value) -> String {
    let [asked, left, paid, refunded, refunding, settled] =
        ["asked_fen", "left_fen", "paid_fen", "refunded_fen", "refunding_fen", "settled_fen"]
            .map(|field| money(problem, field));
    let left = match problem["left_fen"].as_i64() {
        Some(0) => "已没有可退或可结算的金额".to_owned(),
        _ => format!("最多还能申请 {left}"),
    };
    format!(
        "超出可用金额：申请 {asked}，{left}（已付 {paid}，已退 {refunded}，退款中 {refunding}，结算 {settled}）"
    )
}

fn too_much_back(problem: &Value) -> String {
    let [asked, left, shared, returned, returning] =
        ["asked_fen", "left_fen", "shared_fen", "returned_fen", "returning_fen"]
            .map(|field| money(problem, field));
    format!(
        "超出可退的分账：申请 {asked}，最多还能退 {left}（分得 {shared}，已退回 {returned}，退回中 {returning}）"
    )
}

fn marks(code: &str, problem: &Value) -> String {
    match problem["request_id"].as_str() {
        Some(id) => format!("{code}, request {}", shown(id)),
        None => code.to_owned(),
    }
}

fn money(problem: &Value, field: &str) -> String {
    problem[field].as_i64().map_or_else(|| "?".to_owned(), yuan)
}

fn shown(text: &str) -> String {
    let mut shown: String = printable(text).chars().take(SHOWN_CHARS_MAX).collect();
    if text.chars().count() > SHOWN_CHARS_MAX {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{chinese, english, exit};
    use http::StatusCode;
    use serde_json::json;

    #[test]
    fn the_exit_code_tells_whose_turn_it_is() {
        for (status, code, expected) in [
            (400, "bad_request", 2),
            (401, "wrong_api_key", 2),
            (403, "role_too_low", 2),
            (404, "unknown_number", 1),
            (404, "unknown_app", 2),
            (404, "unknown_path", 3),
            (405, "wrong_method", 3),
            (409, "other_fields", 1),
            (413, "too_large", 2),
            (422, "too_much", 1),
            (422, "day_not_over", 2),
            (429, "paced", 3),
            (502, "platform_refuses_configuration", 3),
            (503, "busy", 3),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(exit(status, code), expected, "{status} {code}");
        }
    }

    #[test]
    fn sums_are_told_in_yuan_with_the_way_out() {
        let problem = json!({ "asked_fen": 1300, "left_fen": 1180, "paid_fen": 1280, "refunded_fen": 100,
            "refunding_fen": 0, "settled_fen": 0, "request_id": "req_1" });
        assert!(english("too_much", "…", &problem).contains("at most ¥11.80"));
        let zh = chinese("too_much", "…", &problem);
        assert!(zh.contains("申请 ¥13.00") && zh.contains("¥11.80") && zh.contains("req_1"), "{zh}");
    }
    #[test]
    fn an_order_without_a_rest_is_not_offered_zero() {
        let problem = json!({ "asked_fen": 100, "left_fen": 0, "paid_fen": 1280, "refunded_fen": 1280 });
        let en = english("too_much", "…", &problem);
        assert!(en.contains("nothing is left") && !en.contains("¥0.00"), "{en}");
        assert!(!chinese("too_much", "…", &problem).contains("最多"));
    }

    #[test]
    fn every_refusal_around_returns_and_push_has_a_chinese_sentence() {
        for code in [
            "too_much_back",
            "too_many_returns",
            "no_share",
            "not_settled",
            "unknown_settlement",
            "no_push",
            "push_off",
            "no_open_id",
            "not_by_hand",
            "unknown_field",
            "not_paid",
        ] {
            assert!(chinese(code, "…", &json!({})).contains("服务原话"), "{code}");
        }
    }
}
