//! 订单同步: what a merchant shows in the users' order centre.

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Platform;
use super::answers::{Denial, PushAnswered, to_json};
use super::call::Reply;
use super::fields::{Checked, Fields, wrong};

/// `order_detail` must be shorter than this, in bytes.
const DETAIL_BYTES: usize = 2_048;
/// `extra` may have this many bytes.
const EXTRA_BYTES_MAX: usize = 2_048;
/// Pushes kept; older ones are dropped.
const PUSHES_MAX: usize = 10_000;
/// Normal orders, coupons bought in a group, tickets.
const KINDS: [i64; 3] = [0, 9_101, 9_001];
/// States of a normal order and the text that `order_detail` has for each.
const STATES: [(i64, &[&str]); 7] = [
    (0, &["待支付"]),
    (1, &["已支付"]),
    (2, &["已取消", "已超时"]),
    (4, &["已核销"]),
    (5, &["退款中"]),
    (6, &["已退款"]),
    (8, &["退款失败"]),
];
const STATES_GROUP: [i64; 7] = [10, 110, 310, 340, 410, 420, 430];
const STATES_TICKET: [i64; 7] = [10, 110, 210, 340, 410, 420, 430];

/// One order as it was pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushBook {
    /// The app it belongs to.
    pub app_id: String,
    /// The merchant's number of the order, from `order_detail`.
    pub out_order_no: String,
    /// 0 normal, 9101 group buying, 9001 ticket.
    pub order_type: i64,
    /// The state as a number; the detail's for other kinds than normal orders.
    pub order_status: i64,
    /// The buyer.
    pub open_id: String,
    /// `update_time` as it came.
    pub update_time: i64,
    /// When it arrived.
    pub received_at: UnixMs,
    /// Older than the push before: accepted and ignored, as the platform warns.
    pub ignored: bool,
}

impl Platform {
    pub(super) fn order_push(&mut self, now: UnixMs, app_id: String, fields: Fields<'_>) -> Checked<Reply> {
        let mut push = self.read_push(app_id, now, fields)?;
        let before =
            self.pushes.iter().rev().find(|one| {
                one.app_id == push.app_id && one.out_order_no == push.out_order_no && !one.ignored
            });
        push.ignored = before.is_some_and(|before| before.update_time >= push.update_time);
        let warning = push.ignored.then(|| {
            format!(
                "order push of `{}`: `update_time` does not grow, so the push is ignored; send the moment of the change",
                push.out_order_no
            )
        });
        if self.pushes.len() == PUSHES_MAX {
            self.pushes.pop_front();
        }
        self.pushes.push_back(push);
        self.changes += 1;
        Ok(Reply { body: to_json(&PushAnswered { err_code: 0, err_msg: "", body: "" }), warning })
    }

    fn read_push(&self, app_id: String, now: UnixMs, fields: Fields<'_>) -> Checked<PushBook> {
        if fields.text("app_name", 32)? != "douyin" {
            return Err(wrong("app_name", "must be `douyin`"));
        }
        let open_id = fields.text("open_id", 128)?.to_owned();
        let order_type = fields.whole_number("order_type")?;
        if !KINDS.contains(&order_type) {
            return Err(wrong("order_type", format!("is {order_type}; use 0, 9101 or 9001")));
        }
        let update_time = fields.whole_number("update_time")?;
        let (digits, unit) = if self.switches.push_seconds { (10, "seconds") } else { (13, "milliseconds") };
        if update_time.to_string().len() != digits {
            return Err(wrong("update_time", format!("is {update_time}; send Unix {unit}, {digits} digits")));
        }
        fields.optional_text("extra", EXTRA_BYTES_MAX)?;
        let detail = fields.text("order_detail", DETAIL_BYTES - 1)?;
        let detail: Map<String, Value> = serde_json::from_str(detail)
            .map_err(|cause| wrong("order_detail", format!("is not the JSON text of one object: {cause}")))?;
        let (out_order_no, order_status) = match order_type {
            0 => normal_order(fields, Fields(&detail))?,
            kind => poi_order(fields, Fields(&detail), kind)?,
        };
        Ok(PushBook {
            app_id,
            out_order_no,
            order_type,
            order_status,
            open_id,
            update_time,
            received_at: now,
            ignored: false,
        })
    }

    pub(super) fn push_books(&self, app_id: Option<&str>, number: Option<&str>) -> Vec<PushBook> {
        let wanted = |push: &&PushBook| {
            app_id.is_none_or(|app| app == push.app_id) && number.is_none_or(|no| no == push.out_order_no)
        };
        self.pushes.iter().filter(wanted).cloned().collect()
    }
}

fn normal_order(fields: Fields<'_>, detail: Fields<'_>) -> Checked<(String, i64)> {
    let order_status = fields.whole_number("order_status")?;
    let Some((_, texts)) = STATES.iter().find(|(state, _)| *state == order_status) else {
        return Err(wrong("order_status", format!("is {order_status}; use 0, 1, 2, 4, 5, 6 or 8")));
    };
    let inside = |denied: super::answers::Denied| {
        Denial::Parameter.because(format!("in `order_detail`: {}", denied.why))
    };
    let number = detail.text("order_id", 64).map_err(inside)?;
    let status = detail.text("status", 64).map_err(inside)?;
    if !texts.contains(&status) {
        let why =
            format!("`status` is `{status}`, but `order_status` {order_status} is {}", texts.join(" or "));
        return Err(wrong("order_detail", why));
    }
    detail.whole_number("create_time").map_err(inside)?;
    detail.whole_number("amount").map_err(inside)?;
    detail.whole_number("total_price").map_err(inside)?;
    detail.text("detail_url", 1_024).map_err(inside)?;
    let Some(Value::Array(items)) = detail.0.get("item_list") else {
        return Err(wrong("order_detail", "has no `item_list`, a list of items"));
    };
    if items.is_empty() {
        return Err(wrong("order_detail", "has an empty `item_list`; name at least one item"));
    }
    for item in items {
        let Value::Object(item) = item else {
            return Err(wrong("order_detail", "has an item that is no object"));
        };
        let item = Fields(item);
        item.text("item_code", 64).map_err(inside)?;
        item.text("img", 512).map_err(inside)?;
        item.text("title", 256).map_err(inside)?;
        item.optional_text("sub_title", 256).map_err(inside)?;
        item.whole_number("amount").map_err(inside)?;
        item.whole_number("price").map_err(inside)?;
    }
    Ok((number.to_owned(), order_status))
}

fn poi_order(fields: Fields<'_>, detail: Fields<'_>, kind: i64) -> Checked<(String, i64)> {
    let inside = |denied: super::answers::Denied| {
        Denial::Parameter.because(format!("in `order_detail`: {}", denied.why))
    };
    fields.text("client_key", 64)?;
    fields.text("ext_shop_id", 64)?;
    let number = detail.text("ext_order_id", 64).map_err(inside)?;
    let status = detail.whole_number("status").map_err(inside)?;
    let known = if kind == 9_101 { STATES_GROUP } else { STATES_TICKET };
    if !known.contains(&status) {
        return Err(wrong("order_detail", format!("has `status` {status}, which {kind} does not know")));
    }
    Ok((number.to_owned(), status))
}
