//! What was in a statement: rows and amounts by state.

use std::collections::BTreeMap;

use douyin_pay_protocol::Fen;
use douyin_pay_protocol::ecpay::bill::{Row, RowStatus};
use serde_json::{Value, json};

use crate::lang::say;

/// So many states that we have no word for are kept apart.
const STATES_MAX: usize = 50;

/// Rows and amounts by state, in fen.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<String, Sums>);

#[derive(Default)]
struct Sums {
    rows: u64,
    amount: Sum,
    op_amount: Sum,
    fee: Sum,
    commission: Sum,
}

/// `None` before the first amount; more than any amount can be stays more.
#[derive(Default, Clone, Copy)]
struct Sum(Option<i64>);

impl Sum {
    fn add(&mut self, amount: Option<Fen>) {
        if let Some(amount) = amount {
            self.0 = Some(self.0.unwrap_or(0).saturating_add(amount.get()));
        }
    }
}

impl Tally {
    pub(super) fn add(&mut self, row: &Row) {
        let word = match &row.status {
            RowStatus::Success => "success",
            RowStatus::Processing => "processing",
            RowStatus::Failed => "failed",
            RowStatus::Other(text) if self.0.contains_key(&**text) || self.0.len() < STATES_MAX => text,
            RowStatus::Other(_) => say("其他", "others"),
        };
        if !self.0.contains_key(word) {
            self.0.insert(word.to_owned(), Sums::default());
        }
        let Some(sums) = self.0.get_mut(word) else { return };
        sums.rows += 1;
        sums.amount.add(row.amount);
        sums.op_amount.add(row.op_amount);
        sums.fee.add(row.fee);
        sums.commission.add(row.commission);
    }

    pub(super) fn to_json(&self) -> Value {
        let sums = self.0.iter().map(|(status, sums)| {
            json!({
                "status": status,
                "rows": sums.rows,
                "amount": sums.amount.0,
                "op_amount": sums.op_amount.0,
                "fee": sums.fee.0,
                "commission": sums.commission.0,
            })
        });
        sums.collect()
    }
}
