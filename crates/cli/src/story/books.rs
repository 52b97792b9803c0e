//! The ledger beside the platform's books, line by line, to the fen.

use std::fmt;

use anyhow::{Context, bail};
use serde::Serialize;
use serde_json::Value;

use super::telling::yuan;
use crate::lang::say;

/// One figure in both books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Line {
    name: String,
    ledger: String,
    platform: String,
}

/// All figures of one order in both books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison(Vec<Line>);

impl Comparison {
    /// Whether every figure is the same in both books.
    pub fn agrees(&self) -> bool {
        self.0.iter().all(|line| line.ledger == line.platform)
    }

    fn text(&mut self, name: impl Into<String>, ledger: impl Into<String>, platform: impl Into<String>) {
        self.0.push(Line { name: name.into(), ledger: ledger.into(), platform: platform.into() });
    }

    fn money(&mut self, name: impl Into<String>, ledger: &Value, platform: &Value) {
        let show = |value: &Value| value.as_i64().map_or_else(|| format!("{value}"), yuan);
        self.text(name, show(ledger), show(platform));
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {:<36}{:>26}{:>26}", "", say("账本", "ledger"), say("平台", "platform"))?;
        for (index, line) in self.0.iter().enumerate() {
            let mark = if line.ledger == line.platform { "=" } else { "≠" };
            write!(f, "{mark} {:<36}{:>26}{:>26}", line.name, line.ledger, line.platform)?;
            if index + 1 < self.0.len() {
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

/// Puts the service's view of an order beside the mock's books.
///
/// # Errors
/// When the order, or one of its operations, is missing in one of the two.
pub fn compare(order: &Value, books: &Value, out_order_no: &str) -> anyhow::Result<Comparison> {
    let theirs = find(&books["orders"], "out_order_no", out_order_no)?;
    let mut lines = Comparison(Vec::new());
    let state = if theirs["status"] == "SUCCESS" { "paid" } else { "not paid" };
    lines.text("state", order["state"].as_str().unwrap_or("?"), state);
    lines.text("platform order id", text(&order["platform_order_id"]), text(&theirs["order_id"]));
    lines.money("total", &order["total_fen"], &theirs["amount_fen"]);
    lines.money("paid, discount taken off", &order["paid_fen"], &paid(theirs));
    lines.money("refunded", &order["refunded_fen"], &theirs["refunded_fen"]);
    lines.money("refunds under way", &order["refunding_fen"], &theirs["refunding_fen"]);
    lines.money("settled, fee included", &order["settled_fen"], &theirs["settled_fen"]);
    compare_operations(&mut lines, order, books, out_order_no, &REFUNDS)?;
    compare_operations(&mut lines, order, books, out_order_no, &SETTLEMENTS)?;
    if theirs["system"] == "ecpay" {
        compare_operations(&mut lines, order, books, out_order_no, &RETURNS)?;
    }
    Ok(lines)
}

/// What the user paid: the platform's books have the total and its own discount.
fn paid(theirs: &Value) -> Value {
    let paid = theirs["amount_fen"].as_i64().zip(theirs["discount_fen"].as_i64());
    paid.and_then(|(total, discount)| total.checked_sub(discount)).into()
}

/// How one kind of operation is called in both books.
struct Kind {
    list: &'static str,
    number: &'static str,
    platform_number: &'static str,
    amounts: &'static [&'static str],
}

const REFUNDS: Kind =
    Kind { list: "refunds", number: "out_refund_no", platform_number: "refund_no", amounts: &["amount_fen"] };
const SETTLEMENTS: Kind = Kind {
    list: "settlements",
    number: "out_settle_no",
    platform_number: "settle_no",
    amounts: &["settle_amount_fen", "rake_fen"],
};

const RETURNS: Kind =
    Kind { list: "returns", number: "out_return_no", platform_number: "return_no", amounts: &["amount_fen"] };

fn compare_operations(
    lines: &mut Comparison,
    order: &Value,
    books: &Value,
    out_order_no: &str,
    kind: &Kind,
) -> anyhow::Result<()> {
    let ours =
        order[kind.list].as_array().with_context(|| format!("`{}` is missing in the order", kind.list))?;
    let all =
        books[kind.list].as_array().with_context(|| format!("`{}` is missing in the books", kind.list))?;
    let theirs = all.iter().filter(|one| one["out_order_no"] == out_order_no).count();
    lines.text(format!("number of {}", kind.list), ours.len().to_string(), theirs.to_string());
    for operation in ours {
        let number = text(&operation[kind.number]);
        let theirs = theirs_of(&books[kind.list], kind, operation, &number)?;
        let status = text(&theirs["status"]);
        let status = match status.as_str() {
            "SUCCESS" => "succeeded",
            "FAIL" => "failed",
            other => other,
        };
        lines.text(format!("{number} state"), text(&operation["state"]), status);
        lines.text(
            format!("{number} platform number"),
            text(&operation[kind.platform_number]),
            text(&theirs[kind.platform_number]),
        );
        for amount in kind.amounts {
            lines.money(
                format!("{number} {}", amount.trim_end_matches("_fen")),
                &operation[*amount],
                &theirs[*amount],
            );
        }
        if operation["shares"].is_array() {
            let seller = &order["seller_uid"];
            lines.text(format!("{number} shares"), shares(operation, seller), shares(theirs, seller));
        }
    }
    Ok(())
}

/// By the platform's number where it is known: the platform may have named its own refund differently.
fn theirs_of<'a>(list: &'a Value, kind: &Kind, operation: &Value, number: &str) -> anyhow::Result<&'a Value> {
    match operation[kind.platform_number].as_str() {
        Some(platform_number) => find(list, kind.platform_number, platform_number),
        None => find(list, kind.number, number),
    }
}

/// What others than the seller get: in its own settlements the platform may list the seller as well.
fn shares(operation: &Value, seller: &Value) -> String {
    let list = operation["shares"].as_array().into_iter().flatten();
    let list = list.filter(|share| share["merchant_uid"] != *seller);
    let parts = list.map(|share| {
        format!(
            "…{} {}",
            tail(&text(&share["merchant_uid"])),
            yuan(share["amount_fen"].as_i64().unwrap_or(-1))
        )
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn tail(uid: &str) -> &str {
    uid.get(uid.len().saturating_sub(4)..).unwrap_or(uid)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn find<'a>(list: &'a Value, field: &str, number: &str) -> anyhow::Result<&'a Value> {
    let found = list.as_array().and_then(|list| list.iter().find(|one| one[field] == number));
    match found {
        Some(found) => Ok(found),
        None => bail!("{field} `{number}` is missing in the platform's books"),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use serde_json::{Value, json};

    fn books(refunded_fen: i64) -> Value {
        json!({
            "orders": [{ "out_order_no": "O1", "order_id": "N1", "status": "SUCCESS", "amount_fen": 1280,
                "discount_fen": 80, "refunded_fen": refunded_fen, "refunding_fen": 0, "settled_fen": 0 }],
            "refunds": [{ "out_order_no": "O1", "out_refund_no": "R1", "refund_no": "N2", "status": "SUCCESS",
                "amount_fen": refunded_fen }],
            "settlements": [],
        })
    }

    fn order() -> Value {
        json!({
            "out_order_no": "O1", "platform_order_id": "N1", "state": "paid", "total_fen": 1280,
            "paid_fen": 1200, "refunded_fen": 100,
            "refunding_fen": 0, "settled_fen": 0,
            "refunds": [{ "out_refund_no": "R1", "refund_no": "N2", "state": "succeeded", "amount_fen": 100 }],
            "settlements": [],
        })
    }

    #[test]
    fn equal_books_agree_and_one_fen_is_seen() {
        assert!(compare(&order(), &books(100), "O1").expect("complete books").agrees());
        let differ = compare(&order(), &books(101), "O1").expect("complete books");
        assert!(!differ.agrees());
        assert!(differ.to_string().contains("≠ refunded"));
    }

    #[test]
    fn a_missing_order_is_named() {
        let cause = compare(&order(), &books(100), "O2").expect_err("not in the books");
        assert!(cause.to_string().contains("`O2`"));
    }
}
