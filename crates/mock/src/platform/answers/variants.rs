//! Answers as some sources show them, where others disagree.

use douyin_pay_protocol::ecpay::Endpoint;
use serde_json::{Value, json};

use crate::config::Switches;

/// The same answer as the switches want it.
pub(crate) fn varied(endpoint: Endpoint, switches: &Switches, body: Vec<u8>) -> Vec<u8> {
    let change: fn(&mut Value) = match endpoint {
        Endpoint::QueryWithdrawOrder if switches.status_msg_camel => |answer| {
            let text = answer["status_msg"].take();
            if let Value::Object(fields) = answer {
                fields.remove("status_msg");
                fields.insert("statusMsg".to_owned(), text);
            }
        },
        Endpoint::QueryMerchantBalance if switches.balances_as_strings => |answer| {
            if let Some(Value::Object(balances)) = answer.get_mut("account_info") {
                balances.values_mut().for_each(|amount| *amount = json!(amount.to_string()));
            }
        },
        Endpoint::QueryOrder if switches.cps_info_inside => |answer| {
            if let Value::Object(fields) = answer
                && let Some(promotion) = fields.remove("cps_info")
            {
                fields["payment_info"]["cps_info"] = json!(promotion.to_string());
            }
        },
        Endpoint::QuerySettle if switches.settle_amount_gross => |answer| gross(&mut answer["settle_info"]),
        _ => return body,
    };
    let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else { return body };
    change(&mut answer);
    answer.to_string().into_bytes()
}

/// The message of a settlement's callback, likewise.
pub(crate) fn varied_settlement(switches: &Switches, msg: String) -> String {
    if !switches.settle_amount_gross {
        return msg;
    }
    let Ok(mut message) = serde_json::from_str::<Value>(&msg) else { return msg };
    gross(&mut message);
    message.to_string()
}

/// `settle_amount` with fee and commission.
fn gross(info: &mut Value) {
    let whole =
        ["settle_amount", "rake", "commission"].iter().filter_map(|name| info[*name].as_i64()).sum::<i64>();
    info["settle_amount"] = json!(whole);
}
