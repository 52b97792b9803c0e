//! The platform's messages, as captured or documented, and the facts they become.

#[cfg(test)]
mod tests {
    use douyin_pay_ledger::{
        Fact, OperationKind, OperationState, OrderState, RefundSource, SettleableSeen, Source, Target, What,
        Why, of_notice, of_order_reply, of_platform_order, of_refund_info, of_return_info, of_settle_info,
        of_unsettle_amount,
    };
    use douyin_pay_protocol::ecpay::callback::Notice;
    use douyin_pay_protocol::ecpay::{
        QueryOrder, QueryPlatformOrder, QueryRefund, QueryReturn, QuerySettle, UnsettleAmount, parse_reply,
    };
    use douyin_pay_protocol::{Fen, MerchantUid, OutNo, PlatformNo, UnixMs};

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
        let withdrawn = r#"{"status":"SUCCESS","order_id":"73","out_order_id":"W1"}"#;
        assert_eq!(notice("withdraw", withdrawn), None, "it belongs to no order");
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

    #[test]
    fn a_return() {
        let info = |status: &str| {
            let body = format!(
                r#"{{"err_no":0,"err_tips":"success","return_info":{{"app_id":"tt0000000000000001","thirdparty_id":"",
                "settle_no":"N73","out_settle_no":"S1","out_return_no":"B1","return_no":"N75","merchant_uid":"6964",
                "return_amount":30,"return_status":"{status}","fail_reason":"SUCCESS","finish_time":1704758400,
                "cp_extra":""}}}}"#
            );
            let info = parse_reply::<QueryReturn>(body.as_bytes()).unwrap();
            of_return_info(OutNo::new("B1").unwrap(), &info, NOW)
        };
        let fact = info("SUCCESS");
        let What::ReturnSeen(seen) = fact.what else { panic!("a return") };
        assert_eq!((fact.source, seen.state), (Source::Query, OperationState::Succeeded));
        assert_eq!(seen.settlement.as_ref().map(OutNo::as_str), Some("S1"));
        assert_eq!(seen.settle_no.as_ref().map(PlatformNo::as_str), Some("N73"));
        assert_eq!(seen.merchant_uid.as_ref().map(MerchantUid::as_str), Some("6964"));
        assert_eq!(
            (seen.amount.map(Fen::get), seen.finished_at),
            (Some(30), Some(UnixMs::from_seconds(1_704_758_400)))
        );
        let target = Target::Operation(OperationKind::Return, OutNo::new("B1").unwrap());
        assert_eq!(info("REVIEWING").what, What::NothingNew { target, why: Why::Processing });

        let msg = r#"{"app_id":"tt1","out_return_no":"B1","return_status":"FAIL","merchant_uid":"6964",
            "out_settle_no":"S1","return_amount":30,"fail_reason":"too little"}"#;
        let fact = notice("return", msg).unwrap();
        let What::ReturnSeen(seen) = fact.what else { panic!("a return") };
        assert_eq!((fact.source, seen.state), (Source::Callback, OperationState::Failed));
        assert_eq!((seen.message.as_deref(), seen.amount.map(Fen::get)), (Some("too little"), Some(30)));
    }

    #[test]
    fn what_is_left_to_settle() {
        let seen = |data: &str| {
            let body = format!(r#"{{"err_no":0,"err_tips":"success","data":{data}}}"#);
            let reply = parse_reply::<UnsettleAmount>(body.as_bytes()).unwrap();
            let What::SettleableSeen(seen) = of_unsettle_amount(&reply, NOW).what else {
                panic!("what is left")
            };
            seen
        };
        let full = seen(
            r#"{"out_order_no":"O1","unsettle_amount":1072,"detail":{"pay_info":{"out_order_no":"O1","amount":1280},
            "refund_info":[{"out_refund_no":"R1","amount":100},{"out_refund_no":"R2","amount":100}],
            "payment_rake":8,"life_rake":0,"commission":1}}"#,
        );
        let figures = [full.paid, full.refunded, full.payment_rake, full.life_rake, full.commission];
        assert_eq!(full.unsettled.get(), 1072);
        assert_eq!(
            figures.map(|figure| figure.map(Fen::get)),
            [Some(1280), Some(200), Some(8), Some(0), Some(1)]
        );
        assert_eq!(
            seen(r#"{"unsettle_amount":0}"#),
            SettleableSeen::new(Fen::ZERO),
            "it does not explain itself"
        );
    }

    #[test]
    fn automatic_settlements() {
        let body = br#"{"err_no":0,"err_tips":"","platform_order":{"app_id":"tt0000000000000001","out_order_no":"O1",
            "query_type":"1","settle_info_list":[
            {"out_settle_no":"auto73","settle_no":"N73","settle_param_list":[{"merchant_uid":"7077","amount":1272}],
             "settle_way":"1","settle_status":"SUCCESS","cps":0,"service_charge":8,"created_at":"2024-01-08 00:10:00",
             "settled_at":"2024-01-08 00:10:05"},
            {"settle_no":"N74","settle_status":"FAIL"},
            {"settle_status":"SUCCESS"},
            {"out_settle_no":"auto75","settle_status":"NEW_WORD"}]}}"#;
        let facts = of_platform_order(&parse_reply::<QueryPlatformOrder>(body).unwrap(), NOW);
        let seen: Vec<_> = facts
            .into_iter()
            .map(|fact| match fact.what {
                What::SettlementSeen(seen) => seen,
                _ => panic!("a settlement"),
            })
            .collect();
        assert_eq!(seen.len(), 2, "one without a number and one in a new word say nothing");
        let (first, second) = (&seen[0], &seen[1]);
        assert_eq!(
            (first.out_no.as_str(), first.state, first.automatic),
            ("auto73", OperationState::Succeeded, true)
        );
        assert_eq!((first.rake.map(Fen::get), first.settle_amount), (Some(8), None));
        assert_eq!(first.finished_at, Some(UnixMs::new(1_704_643_805_000)));
        assert_eq!((first.shares[0].merchant_uid.as_str(), first.shares[0].amount.get()), ("7077", 1272));
        assert_eq!((second.out_no.as_str(), second.state), ("N74", OperationState::Failed));
    }
}
