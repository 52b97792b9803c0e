//! What receivers of events read of the general trade system.

#[cfg(test)]
mod tests {
    use douyin_pay_ledger::view::OrderView;
    use douyin_pay_ledger::{EventKind, Fact, Order, decide};
    use serde_json::{Value, json};

    /// The stored order, told once more: its facts and the bodies of its events.
    fn told() -> (Order, Vec<(EventKind, Value)>) {
        let mut order: Option<Order> = None;
        let mut events = Vec::new();
        for line in include_str!("stored/trade.jsonl").lines() {
            let fact: Fact = serde_json::from_str(line).unwrap();
            let change = decide(order.as_ref(), &fact).unwrap();
            let body =
                |event: &douyin_pay_ledger::Event| serde_json::from_str(&event.render("coffee")).unwrap();
            events.extend(change.events.iter().map(|event| (event.kind, body(event))));
            order = Some(change.order);
        }
        (order.unwrap(), events)
    }

    #[test]
    fn a_refund_that_waits_for_consent() {
        let (_, events) = told();
        let (_, body) = events.iter().find(|(kind, _)| *kind == EventKind::RefundRequested).unwrap();
        let refund = json!({
            "out_refund_no": "dy-motb7", "state": "auditing", "origin": "user", "amount_fen": 100,
            "requested_at": "2026-01-01T08:01:40+08:00", "reason": "too sweet", "source": "unknown",
            "refund_no": "motb7", "items": [{"item_order_id": "motb2", "amount_fen": 100}],
            "audit": {"status": "init", "needed": true, "deadline_at": "2026-01-04T08:01:40+08:00"},
        });
        assert_eq!(body["data"]["refund"], refund);
        let order = &body["data"]["order"];
        assert_eq!((&order["discount_fen"], &order["paid_fen"]), (&json!(100), &json!(900)));
        assert_eq!((&order["refunding_fen"], &order["refundable_fen"]), (&json!(400), &json!(500)));
        let items = json!([
            {"item_order_id": "motb2", "sku_id": "latte", "amount_fen": 600, "refundable_fen": 500},
            {"item_order_id": "motb3", "sku_id": "mocha", "amount_fen": 400, "refundable_fen": 100},
        ]);
        assert_eq!((&order["items"], &order["way"]), (&items, &json!("douyin_pay")));
        assert_eq!(order.get("refunds"), None, "an event has its own operation only");
    }

    #[test]
    fn what_the_merchant_decided() {
        let (order, _) = told();
        let reply = serde_json::to_value(OrderView::of(&order)).unwrap();
        let audit = json!({
            "status": "deny", "needed": true, "deadline_at": "2026-01-04T08:01:40+08:00", "deny_message": "drunk",
            "decision": {"agree": false, "state": "accepted", "decided_at": "2026-01-01T08:01:50+08:00",
                "deny_message": "drunk"},
        });
        assert_eq!(reply["refunds"][1]["audit"], audit);
        assert_eq!(reply["refunds"][0]["reason_code"], 103);
        assert_eq!(reply["refunds"][0].get("audit"), None);
        assert_eq!(reply["settlements"][0]["item_order_id"], "motb2");
        let fulfilment = json!({
            "out_fulfil_no": "F1", "state": "requested", "to_status": "fulfilling", "items": ["motb2"],
            "requested_at": "2026-01-01T08:03:30+08:00",
        });
        assert_eq!(reply["fulfilments"], json!([fulfilment]));
        assert_eq!(reply.get("currency"), None);
    }
}
