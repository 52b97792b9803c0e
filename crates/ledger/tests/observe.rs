//! The platform's messages, as captured or documented, and the facts they become.

#[cfg(test)]
mod tests {
    use douyin_pay_ledger::{
        Fact, OperationKind, OperationState, OrderState, RefundSource, Source, Target, What, Why, of_notice,
        of_order_reply, of_refund_info, of_settle_info,
    };
    use douyin_pay_protocol::ecpay::callback::Notice;
    use douyin_pay_protocol::ecpay::{QueryOrder, QueryRefund, QuerySettle, parse_reply};
    use douyin_pay_protocol::{OutNo, UnixMs};

    const NOW: UnixMs = UnixMs::new(1_767_225_600_000);

    fn notice(kind: &str, msg: &str) -> Option<Fact> {
        of_notice(&Notice::parse(kind, msg).unwrap(), NOW)
    }

    fn order_reply(status: &str) -> Fact {
        let body = format!(
            r#"{{"err_no":0,"err_tips":"","out_order_no":"O1","order_id":"7398","payment_info":{{"total_fee":1,
                "order_status":"{status}","pay_time":"2024-08-04 15:49:48","way":2,"channel_no":"",
                "channel_gateway_no":"","seller_uid":"73744","item_id":"","cp_extra":""}}}}"#
        );
        of_order_reply(&parse_reply::<QueryOrder>(body.as_bytes()).unwrap(), NOW)
    }

    #[test]
    fn a_query_of_an_order() {
        let fact = order_reply("SUCCESS");
        let What::OrderSeen(seen) = fact.what else { panic!("an order") };
        assert_eq!((fact.source, seen.state, seen.way), (Source::Query, OrderState::Paid, Some(2)));
        assert_eq!(seen.total.map(|total| total.get()), Some(1));
        assert_eq!(seen.paid_at, Some(UnixMs::new(1_722_757_788_000)));
        assert_eq!((seen.channel_no, seen.seller_uid.as_deref()), (None, Some("73744")));
    }

    #[test]
    fn the_states_of_a_query() {
        for (status, expected, detail) in [
            ("PROCESSING", OrderState::Waiting, None),
            ("TIMEOUT", OrderState::Closed, Some("TIMEOUT")),
            ("FAIL", OrderState::Closed, Some("FAIL")),
        ] {
            let What::OrderSeen(seen) = order_reply(status).what else { panic!("an order") };
            assert_eq!((seen.state, seen.detail.as_deref()), (expected, detail));
        }
        let unknown = order_reply("REVIEWING").what;
        assert_eq!(unknown, What::NothingNew { target: Target::Order, why: Why::Processing });
    }

    #[test]
    fn a_payment_callback() {
        let msg = r#"{"appid":"tt0000000000000001","cp_orderno":"O1","cp_extra":"","way":"1","channel_no":"42",
            "channel_gateway_no":"","payment_order_no":"PCP1","out_channel_order_no":"42","total_amount":1280,
            "status":"SUCCESS","seller_uid":"70775","extra":"","item_id":"","paid_at":1704067200,"message":"",
            "order_id":"N73"}"#;
        let What::OrderSeen(seen) = notice("payment", msg).unwrap().what else { panic!("an order") };
        assert_eq!((seen.state, seen.way), (OrderState::Paid, Some(1)));
        assert_eq!(
            (seen.channel_no.as_deref(), seen.payment_order_no.as_deref()),
            (Some("42"), Some("PCP1"))
        );
        assert_eq!(seen.paid_at, Some(UnixMs::from_seconds(1_704_067_200)));
        let unsettled = r#"{"appid":"tt1","cp_orderno":"O1","total_amount":1,"status":"PROCESSING"}"#;
        assert_eq!(notice("payment", unsettled), None);
        assert_eq!(notice("withdraw", "{}"), None);
    }

    #[test]
    fn a_refund() {
        let msg = r#"{"appid":"tt1","cp_refundno":"R1","status":"FAIL","refund_amount":100,"is_all_settled":true,
            "refunded_at":0,"message":"too little","order_id":"N73","refund_no":"N74"}"#;
        let What::RefundSeen(seen) = notice("refund", msg).unwrap().what else { panic!("a refund") };
        assert_eq!((seen.state, seen.source), (OperationState::Failed, RefundSource::Settled));
        assert_eq!((seen.message.as_deref(), seen.finished_at), (Some("too little"), None));

        let body = br#"{"err_no":0,"err_tips":"success","refundInfo":{"refund_no":"N74","refund_amount":100,
            "refund_status":"SUCCESS","refunded_at":1704067300,"is_all_settled":false,"cp_extra":"","msg":""}}"#;
        let info = parse_reply::<QueryRefund>(body).unwrap();
        let What::RefundSeen(seen) = of_refund_info(OutNo::new("R1").unwrap(), &info, NOW).what else {
            panic!("a refund")
        };
        assert_eq!((seen.state, seen.source), (OperationState::Succeeded, RefundSource::InTransit));
        assert_eq!(seen.finished_at, Some(UnixMs::from_seconds(1_704_067_300)));
    }

    #[test]
    fn a_settlement() {
        let msg = r#"{"appid":"tt1","cp_settle_no":"auto7","cp_extra":"","status":"SUCCESS","rake":0,"commission":0,
            "settle_detail":"A","settled_at":1643161456,"message":"SUCCESS","order_id":"7054","is_auto_settle":true}"#;
        let What::SettlementSeen(seen) = notice("settle", msg).unwrap().what else { panic!("a settlement") };
        assert_eq!((seen.state, seen.automatic, seen.settle_amount), (OperationState::Succeeded, true, None));

        let body =
            br#"{"err_no":0,"err_tips":"success","settle_info":{"settle_no":"N75","settle_amount":1272,
            "settle_status":"NEW_WORD","settled_at":0,"rake":8,"commission":0,"cp_extra":"","msg":""}}"#;
        let info = parse_reply::<QuerySettle>(body).unwrap();
        let no = OutNo::new("S1").unwrap();
        let fact = of_settle_info(no.clone(), &info, NOW);
        let target = Target::Operation(OperationKind::Settlement, no);
        assert_eq!(fact.what, What::NothingNew { target, why: Why::Processing });
    }
}
