//! Only in guaranteed payment: returns of shares, and what can still be settled.

use serde_json::Value;

use super::{Rows, state, warnings};
use crate::lang::{say, tell};
use crate::out::printable;

/// A return of a share.
pub(crate) fn share_return(share_return: &Value) -> String {
    return_rows(share_return).write("") + &warnings(share_return)
}

pub(super) fn return_rows(share_return: &Value) -> Rows {
    let mut rows = Rows::default();
    rows.text("退分账", "return", &share_return["out_return_no"]);
    rows.text("结算", "settlement", &share_return["out_settle_no"]);
    rows.text("订单", "order", &share_return["out_order_no"]);
    rows.add("状态", "state", state(&share_return["state"]));
    rows.text("分账方", "from", &share_return["merchant_uid"]);
    rows.money("金额", "amount", &share_return["amount_fen"]);
    rows.text("说明", "description", &share_return["description"]);
    rows.time("申请", "asked for", &share_return["requested_at"]);
    rows.time("结束", "ended", &share_return["finished_at"]);
    rows.text("平台单号", "platform's number", &share_return["return_no"]);
    rows.failure(&share_return["failure"]);
    rows
}

/// How much of an order can still be settled.
pub(crate) fn settleable(told: &Value) -> String {
    let mut rows = Rows::default();
    rows.money("可结算", "to settle", &told["settleable_fen"]);
    if let Some(basis) = told["basis"].as_str() {
        rows.add("依据", "according to", basis_words(basis));
    }
    rows.time("截至", "as of", &told["as_of"]);
    let detail = &told["detail"];
    rows.money("已付", "paid", &detail["paid_fen"]);
    rows.some_money("已退", "refunded", &detail["refunded_fen"]);
    rows.some_money("已结算", "settled", &detail["settled_fen"]);
    rows.some_money("结算中", "being settled", &detail["settling_fen"]);
    rows.money("技术服务费", "fee", &detail["payment_rake_fen"]);
    rows.some_money("本地生活服务费", "local-life fee", &detail["life_rake_fen"]);
    rows.some_money("佣金", "commission", &detail["commission_fen"]);
    rows.write("") + &differs(told)
}

/// That the platform's figure and the books' cannot both be right.
fn differs(told: &Value) -> String {
    let Some(how) = told["differs"].as_str() else { return String::new() };
    let how = printable(how);
    tell!(
        "注意：平台与账本不一致，已记为异常：{how}\n",
        "warning: the platform and the books differ, which is listed as an exception: {how}\n"
    )
}

/// Whose figure it is.
fn basis_words(basis: &str) -> String {
    match basis {
        "estimate" => say("账本估算，未扣服务费", "our books, an estimate before the fee").to_owned(),
        "platform" => say("平台", "the platform").to_owned(),
        other => printable(other),
    }
}

#[cfg(test)]
mod tests {
    use super::settleable;
    use serde_json::json;

    #[test]
    fn a_difference_is_said() {
        let told = json!({ "settleable_fen": 1, "basis": "platform", "differs": "¥12.72 and ¥0.60" });
        assert!(settleable(&told).contains("¥12.72 and ¥0.60"));
        assert_eq!(settleable(&json!({ "settleable_fen": 1 })).lines().count(), 1);
    }
}
