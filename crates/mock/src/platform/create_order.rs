//! `create_order`: opens an order that the user can then pay.

use super::answers::{ACCEPTED, CreatedData, Denial, OrderCreated, to_json};
use super::call::{Ask, Reply};
use super::fields::{Checked, Fields, wrong};
use super::objects::{Money, Order, OrderStatus};
use super::{Platform, key};
use crate::config::Switches;
use serde_json::Value;

/// The largest order, in fen.
const AMOUNT_MAX: i64 = 10_000_000_000;
/// The shortest and the longest life of an unpaid order, in seconds; other values are moved inside silently.
const VALID_SECONDS: (i64, i64) = (300, 172_800);
/// The shortest life in 2021.
const VALID_SECONDS_2021: i64 = 900;

impl Platform {
    pub(super) fn create_order(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let wanted = Wanted::read(ask, &self.switches)?;
        let order_key = key(ask.app_id(), &wanted.out_order_no);
        if let Some(order) = self.orders.get(&order_key) {
            if self.switches.paid_number_refused && order.status == OrderStatus::Success {
                let why = format!("order `{}` is paid; take a new number", wanted.out_order_no);
                return Err(Denial::PaidNumber.because(why));
            }
            let body = opened(order);
            let warning = repeated(ask, &wanted.out_order_no, &order.first_request);
            return Ok(Reply { body, warning });
        }
        if self.switches.closed_to_new_orders {
            return Err(Denial::Retired.because(
                "guaranteed payment takes no new orders (a switch of the mock); use the general trade system",
            ));
        }
        if wanted.notify_url.is_none() && ask.app.notify_url.is_none() {
            return Err(no_callback_url());
        }
        let (order_id, order_token) = (self.platform_number(), self.order_token());
        let store =
            wanted.store_uid.filter(|uid| ask.app.store_uids.iter().any(|known| known.as_str() == uid));
        let order = Order {
            app_id: ask.app_id().to_owned(),
            out_order_no: wanted.out_order_no,
            order_id: order_id.clone(),
            order_token,
            subject: wanted.subject,
            total: wanted.total,
            cp_extra: wanted.cp_extra,
            notify_url: wanted.notify_url,
            seller_uid: store.unwrap_or_else(|| ask.app.seller_uid.as_str().to_owned()),
            hidden_ways: wanted.hidden_ways,
            status: OrderStatus::Processing,
            created_at: ask.now,
            expires_at: ask.now.plus_ms(wanted.valid_seconds * 1_000),
            paid_at: None,
            way: 0,
            channel_no: String::new(),
            payment_order_no: String::new(),
            money: Money::default(),
            cps: None,
            refunds: 0,
            settlements: 0,
            seen: false,
            settlement_under_way: false,
            closed_for_settling: false,
            first_request: ask.fields.canonical(),
        };
        let body = opened(&order);
        self.plan_cleaning(ask.now);
        self.expire_at(order.expires_at, &order_key);
        self.order_ids.insert(order_id, order_key.clone());
        self.orders.insert(order_key.clone(), order);
        self.check_order(&order_key);
        Ok(body.into())
    }
}

struct Wanted {
    out_order_no: String,
    total: douyin_pay_protocol::Fen,
    subject: String,
    valid_seconds: i64,
    cp_extra: String,
    notify_url: Option<String>,
    store_uid: Option<String>,
    hidden_ways: Vec<i64>,
}

impl Wanted {
    fn read(ask: &Ask<'_>, switches: &Switches) -> Checked<Self> {
        let fields = ask.fields;
        let least = if switches.valid_time_15_min { VALID_SECONDS_2021 } else { VALID_SECONDS.0 };
        let wanted = Self {
            out_order_no: fields.merchant_number("out_order_no")?.to_owned(),
            total: fields.amount("total_amount", AMOUNT_MAX)?,
            subject: fields.description("subject")?.to_owned(),
            valid_seconds: fields.whole_number("valid_time")?.clamp(least, VALID_SECONDS.1),
            cp_extra: fields.cp_extra()?,
            notify_url: ask.notify_url()?,
            store_uid: fields.optional_text("store_uid", 64)?.map(str::to_owned),
            hidden_ways: hidden_ways(ask)?,
        };
        fields.description("body")?;
        fields.flag("disable_msg")?;
        fields.optional_text("msg_page", 1_024)?;
        check_delivery_fees(fields)?;
        Ok(wanted)
    }
}

/// `expand_order_info`: two amounts of a delivery, as an object or as its JSON text; `null` and `""` count as missing.
fn check_delivery_fees(fields: Fields<'_>) -> Checked<()> {
    let name = "expand_order_info";
    let fees = match fields.0.get(name) {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(text)) if text.is_empty() => return Ok(()),
        Some(Value::String(text)) => serde_json::from_str(text)
            .map_err(|cause| wrong(name, format!("is not the JSON text of one object: {cause}")))?,
        Some(Value::Object(map)) => map.clone(),
        Some(_) => return Err(wrong(name, "must be a JSON text or an object")),
    };
    for fee in ["original_delivery_fee", "actual_delivery_fee"] {
        let fen =
            Fields(&fees).whole_number(fee).map_err(|denied| wrong(name, format!("has {}", denied.why)))?;
        if fen < 0 {
            return Err(wrong(name, format!("has `{fee}` {fen}; send 0 or more fen")));
        }
    }
    Ok(())
}

/// Channels that the request hides; those that the console does not enable when it says nothing.
fn hidden_ways(ask: &Ask<'_>) -> Checked<Vec<i64>> {
    let Some(text) = ask.fields.optional_text("limit_pay_way", 64)? else {
        let enabled = |way: &i64| ask.app.ways.as_ref().is_none_or(|ways| ways.contains(way));
        return Ok([1, 2, 10].into_iter().filter(|way| !enabled(way)).collect());
    };
    let pieces = text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| match piece {
            "LIMIT_WX" => Ok(1),
            "LIMIT_ALI" => Ok(2),
            "LIMIT_DYZF" => Ok(10),
            other => Err(wrong(
                "limit_pay_way",
                format!("knows no `{other}`; use LIMIT_WX, LIMIT_ALI, LIMIT_DYZF"),
            )),
        })
        .collect()
}

fn opened(order: &Order) -> Vec<u8> {
    let data = CreatedData { order_id: &order.order_id, order_token: &order.order_token };
    to_json(&OrderCreated { err_no: ACCEPTED, err_tips: "", data })
}

/// A repeat gets the first answer, whatever it says now; a difference is remarked on.
pub(super) fn repeated(ask: &Ask<'_>, number: &str, first_request: &str) -> Option<String> {
    let differs = ask.fields.canonical() != first_request;
    differs.then(|| {
        format!("`{number}` was repeated with other parameters; the platform ignores them and repeats its first answer")
    })
}

pub(super) fn no_callback_url() -> super::answers::Denied {
    Denial::NoCallbackUrl.because("neither `notify_url` nor a callback URL in the console; set one of them")
}
