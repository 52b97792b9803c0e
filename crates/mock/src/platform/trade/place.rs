//! `tt.requestOrder` as the platform sees it: verifies the signed data and opens the order.

use std::sync::Arc;

use douyin_pay_protocol::trade::{ByteAuthorization, REQUEST_ORDER_URI};
use douyin_pay_protocol::{Fen, UnixMs};
use serde_json::{Map, Value, json};

use super::denied::{Checked, Denial, Denied};
use super::explain;
use super::objects::{Fulfilment, Item, Order};
use super::order_data::{self, Wanted};
use crate::config::{MockApp, MockTrade};
use crate::platform::calls::{CallRecord, start_of};
use crate::platform::objects::{Money, OrderStatus};
use crate::platform::timers::Timer;
use crate::platform::{Platform, key, trade};

/// How far a signature's timestamp may be from the platform's clock.
const SIGNED_WITHIN_MS: i64 = 3_600_000;
/// How long nonces are remembered when their reuse is checked.
const NONCE_MS: i64 = 2 * SIGNED_WITHIN_MS;
/// The user when the client names none.
const DEFAULT_OPEN_ID: &str = "mock-open-id";

impl Platform {
    /// Opens an order and answers in the client's form, which has no HTTP errors.
    pub(crate) fn request_order(&mut self, now: UnixMs, body: &Map<String, Value>) -> Value {
        self.advance_to(now);
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let placed = match body.get("data") {
            Some(Value::String(data)) => self.place(now, data, text("byteAuthorization"), text("open_id")),
            _ => Err(Denial::Parameter.because("`data` must be the text that was signed, not an object")),
        };
        let log_id = self.log_id(now);
        let parsed = ByteAuthorization::parse(text("byteAuthorization")).ok();
        let mut record = CallRecord::new("request_order", now);
        record.app_id = parsed.map(|parsed| start_of(parsed.appid())).unwrap_or_default();
        record.number = out_order_no(text("data"));
        record.log_id = Some(log_id.clone());
        let answer = match &placed {
            Ok(order_id) => {
                record.err_no = Some(0);
                opened(self.trade.orders.get(order_id).expect("the order was just opened"), &log_id)
            }
            Err(denied) => {
                record.err_no = Some(denied.err_no());
                record.err_tips = format!("requestOrder:fail {}", denied.err_msg());
                record.problem = Some(denied.why.clone());
                json!({ "errNo": denied.err_no(), "errMsg": record.err_tips, "errLogId": log_id })
            }
        };
        self.calls.push(record);
        answer
    }

    fn place(&mut self, now: UnixMs, data: &str, authorization: &str, open_id: &str) -> Checked<String> {
        let app = self.check_authorization(now, data, authorization)?;
        let terms = app.trade.as_ref().expect("checked with the authorisation");
        let wanted = order_data::read(data)?;
        let merchant_uid = receiver(&app, terms, &wanted)?;
        if terms.types.as_ref().is_some_and(|types| !types.contains(&wanted.product_type)) {
            let why = format!("product type {} does not fit this app's industry", wanted.product_type);
            return Err(Denial::WrongIndustry.because(why));
        }
        let number = key(app.app_id.as_str(), &wanted.out_order_no);
        if let Some(order) = self.trade.numbers.get(&number).and_then(|id| self.trade.orders.get(id)) {
            return repeated(order, data);
        }
        let order = self.new_order(now, &app, wanted, data, merchant_uid, open_id);
        let order_id = order.order_id.clone();
        self.set_timer(order.expires_at, Timer::Trade(trade::Timer::Expire(order_id.clone())));
        self.trade.numbers.insert(number, order_id.clone());
        self.trade.orders.insert(order_id.clone(), order);
        self.check_trade(&order_id);
        Ok(order_id)
    }

    /// The checks of the signature: form, app, key, time, and then the signature itself.
    fn check_authorization(&mut self, now: UnixMs, data: &str, authorization: &str) -> Checked<Arc<MockApp>> {
        let parsed = ByteAuthorization::parse(authorization)
            .map_err(|cause| Denial::SignatureParameter.because(cause.to_string()))?;
        let app = self.apps.get(parsed.appid()).cloned().ok_or_else(|| {
            Denial::SignatureParameter.because(format!("this mock does not know app `{}`", parsed.appid()))
        })?;
        let Some(terms) = app.trade.as_ref().filter(|terms| terms.capability) else {
            return Err(Denial::Parameter.because("the app does not have the general trade system"));
        };
        let Some(public) = terms.application_public_keys.get(parsed.key_version()) else {
            let known: Vec<_> = terms.application_public_keys.keys().map(String::as_str).collect();
            let why = format!(
                "key_version `{}` is unknown; uploaded are {}",
                parsed.key_version(),
                if known.is_empty() { "none".to_owned() } else { known.join(", ") }
            );
            return Err(Denial::SignatureParameter.because(why));
        };
        let signed_at: i64 = parsed
            .timestamp()
            .parse()
            .map_err(|_| Denial::SignatureParameter.because("`timestamp` is no number of seconds"))?;
        let age_ms = now.since(UnixMs::from_seconds(signed_at));
        if age_ms.abs() > SIGNED_WITHIN_MS {
            let why = format!(
                "`timestamp` is {} s {} the platform's clock; at most 3600 are allowed",
                age_ms.abs() / 1_000,
                if age_ms > 0 { "behind" } else { "ahead of" }
            );
            return Err(Denial::SignatureParameter.because(why));
        }
        if !parsed.verify("POST", REQUEST_ORDER_URI, data.as_bytes(), public) {
            let why = explain::request(&parsed, data, terms);
            return Err(Denial::Signature.because(why));
        }
        self.check_nonce(now, app.app_id.as_str(), parsed.nonce_str())?;
        Ok(app)
    }

    /// Whether the platform looks for a second use of a nonce is unknown (open question 19); a switch.
    fn check_nonce(&mut self, now: UnixMs, app_id: &str, nonce: &str) -> Result<(), Denied> {
        if !self.switches.check_nonces {
            return Ok(());
        }
        self.trade.nonces.retain(|_, at| now.since(*at) < NONCE_MS);
        match self.trade.nonces.insert(key(app_id, nonce), now) {
            Some(_) => Err(Denial::SignatureParameter.because("`nonce_str` was used before; sign again")),
            None => Ok(()),
        }
    }

    fn new_order(
        &mut self,
        now: UnixMs,
        app: &MockApp,
        wanted: Wanted,
        data: &str,
        merchant_uid: String,
        open_id: &str,
    ) -> Order {
        let order_id = self.trade_number("motb");
        let amounts = shares_of(wanted.total, wanted.quantity);
        let item = |amount: Fen, item_order_id: String| Item {
            item_order_id,
            amount,
            paid: amount,
            fulfilment: Fulfilment::FulfillWait,
            done_at: None,
            money: Money::default(),
        };
        let items = amounts.into_iter().map(|amount| item(amount, self.trade_number("motb"))).collect();
        Order {
            app_id: app.app_id.as_str().to_owned(),
            out_order_no: wanted.out_order_no,
            order_id,
            open_id: if open_id.is_empty() { DEFAULT_OPEN_ID } else { open_id }.to_owned(),
            data: data.to_owned(),
            title: wanted.title,
            sku_id: wanted.sku_id,
            product_type: wanted.product_type,
            tag_group_id: wanted.tag_group_id,
            total: wanted.total,
            discount: Fen::ZERO,
            diamonds: wanted.diamonds,
            notify_url: wanted.notify_url,
            merchant_uid,
            hidden_ways: wanted.hidden_ways,
            status: OrderStatus::Processing,
            created_at: now,
            expires_at: now.plus_ms(wanted.pay_expire_seconds * 1_000),
            paid_at: None,
            way: 0,
            channel_pay_id: String::new(),
            user_bill_pay_id: String::new(),
            items,
            money: Money::default(),
            refunds: 0,
            settled_whole: false,
        }
    }
}

/// The receiving merchant, who must belong to the app.
fn receiver(app: &MockApp, terms: &MockTrade, wanted: &Wanted) -> Checked<String> {
    let own = app.seller_uid.as_str();
    match &wanted.merchant_uid {
        None => Ok(own.to_owned()),
        Some(uid) if uid == own || terms.merchant_uids.iter().any(|known| known.as_str() == uid) => {
            Ok(uid.clone())
        }
        Some(uid) => Err(super::denied::wrong("merchantUid", format!("`{uid}` does not belong to this app"))),
    }
}

/// The same data while the order waits is the same order (open question 14).
fn repeated(order: &Order, data: &str) -> Checked<String> {
    if order.status != OrderStatus::Processing {
        return Err(super::denied::wrong(
            "outOrderNo",
            "belongs to an order that is over; take a new number",
        ));
    }
    if order.data != data {
        return Err(super::denied::wrong("outOrderNo", "was used before with other data"));
    }
    Ok(order.order_id.clone())
}

/// One part per unit, the remainder on the first (open question 15).
pub(super) fn shares_of(total: Fen, units: usize) -> Vec<Fen> {
    let count = i64::try_from(units.max(1)).expect("at most 100 units");
    let each = total.get() / count;
    let first = total.get() - each * (count - 1);
    let fen = |amount: i64| Fen::new(amount).expect("a part of an amount is one");
    std::iter::once(fen(first)).chain((1..count).map(|_| fen(each))).collect()
}

fn opened(order: &Order, log_id: &str) -> Value {
    let item = |item: &Item| json!({ "itemOrderId": item.item_order_id, "skuId": order.sku_id, "itemOrderAmount": item.amount.get() });
    let items: Vec<Value> = order.items.iter().map(item).collect();
    json!({ "errNo": 0, "errMsg": "requestOrder:ok", "orderId": order.order_id, "itemOrderList": items, "logId": log_id })
}

/// The merchant's number, as far as it can be read, for the log of calls.
fn out_order_no(data: &str) -> String {
    let value: Option<Value> = serde_json::from_str(data).ok();
    let number = value.as_ref().and_then(|value| value.get("outOrderNo")?.as_str()).unwrap_or_default();
    start_of(number)
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::Fen;

    use super::shares_of;

    #[test]
    fn the_first_unit_carries_the_remainder() {
        let parts = |fen, units| -> Vec<i64> {
            shares_of(Fen::new(fen).unwrap(), units).into_iter().map(Fen::get).collect()
        };
        assert_eq!(parts(11, 3), [5, 3, 3]);
        assert_eq!(parts(2, 3), [2, 0, 0]);
        assert_eq!(parts(1280, 1), [1280]);
    }
}
