//! Events for the merchant: numbered per order, rendered when they happen.

use std::fmt::Write as _;

use douyin_pay_protocol::{OutOrderNo, UnixMs};

use crate::view::{OperationView, OrderView};
use crate::{Operation, OperationKind, Order, OrderId};

words! {
    /// What the merchant is told.
    pub enum EventKind: "the kind of an event" {
        /// The order is paid.
        OrderPaid = "order.paid",
        /// The order is paid although it was reported as closed or refused before.
        OrderPaidLate = "order.paid_late",
        /// The order will not be paid: timed out or failed.
        OrderClosed = "order.closed",
        /// The platform refused to open the order.
        OrderRefused = "order.refused",
        /// Somebody on the platform's side started a refund; it may wait for the merchant's consent.
        RefundRequested = "refund.requested",
        /// A refund is done.
        RefundSucceeded = "refund.succeeded",
        /// A refund failed; a new one needs a new number.
        RefundFailed = "refund.failed",
        /// A settlement is done.
        SettlementSucceeded = "settlement.succeeded",
        /// A settlement failed; a new one needs a new number.
        SettlementFailed = "settlement.failed",
        /// The platform settled by itself.
        SettlementAutomatic = "settlement.automatic",
        /// The platform knows how far the goods are.
        FulfilmentSucceeded = "fulfilment.succeeded",
        /// The platform refused to hear how far the goods are.
        FulfilmentFailed = "fulfilment.failed",
        /// A share was taken back.
        ReturnSucceeded = "return.succeeded",
        /// A share could not be taken back.
        ReturnFailed = "return.failed",
    }
}

/// One event. Its id is stable: the same facts give the same event again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number among the events of the order; the first is 1.
    pub n: u32,
    /// What happened.
    pub kind: EventKind,
    /// When it became known here.
    pub at: UnixMs,
    /// The order.
    pub order_id: OrderId,
    /// The merchant's number of the order.
    pub out_order_no: OutOrderNo,
    /// Whether it takes back what an earlier event said.
    pub corrected: bool,
    /// The order after the fact, as JSON.
    pub order: Box<str>,
    /// The operation after the fact, as JSON, with its name in the body.
    pub operation: Option<(OperationKind, Box<str>)>,
}

impl Event {
    pub(crate) fn new(
        n: u32,
        kind: EventKind,
        at: UnixMs,
        corrected: bool,
        order: &Order,
        operation: Option<&Operation>,
    ) -> Self {
        Self {
            n,
            kind,
            at,
            order_id: order.id,
            out_order_no: order.out_order_no.clone(),
            corrected,
            order: json(&OrderView::brief(order), 640),
            operation: operation.map(|operation| (operation.kind, json(&OperationView::of(operation), 512))),
        }
    }

    /// The id that every delivery of this event carries: `ord_….n`.
    pub fn id(&self) -> String {
        format!("{}.{}", self.order_id, self.n)
    }

    /// The body of the delivery. `app` is the app's name in the configuration.
    ///
    /// ```json
    /// {"type": "refund.succeeded", "timestamp": "2024-08-04T15:49:48.120+08:00",
    ///  "data": {"id": "ord_025m2xxc00001.2", "app": "coffee", "out_order_no": "O1", "n": 2,
    ///           "order": {"id": "ord_025m2xxc00001", "state": "paid", "…": "…"},
    ///           "refund": {"out_refund_no": "R1", "state": "succeeded", "…": "…"}}}
    /// ```
    ///
    /// `"corrected": true` is added after `n` when the event takes back an earlier one.
    pub fn render(&self, app: &str) -> String {
        let parts = self.order.len() + self.operation.as_ref().map_or(0, |(_, text)| text.len());
        let mut body = String::with_capacity(parts + app.len() + 320);
        let app = serde_json::Value::from(app);
        let number = serde_json::Value::from(self.out_order_no.as_str());
        write!(
            body,
            r#"{{"type":"{}","timestamp":"{}","data":{{"id":"{}.{}","app":{app},"out_order_no":{number},"n":{}"#,
            self.kind,
            self.at.rfc3339(),
            self.order_id,
            self.n,
            self.n,
        )
        .expect("writing to a text cannot fail");
        if self.corrected {
            body.push_str(r#","corrected":true"#);
        }
        body.push_str(r#","order":"#);
        body.push_str(&self.order);
        if let Some((kind, text)) = &self.operation {
            write!(body, r#","{kind}":{text}"#).expect("writing to a text cannot fail");
        }
        body.push_str("}}");
        body
    }
}

fn json(view: &impl serde::Serialize, capacity: usize) -> Box<str> {
    let mut bytes = Vec::with_capacity(capacity);
    serde_json::to_writer(&mut bytes, view).expect("views have text keys and no floats");
    String::from_utf8(bytes).expect("serde_json writes UTF-8").into_boxed_str()
}
