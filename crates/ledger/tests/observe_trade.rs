//! The messages of the general trade system, as documented, and the facts they become.

#[cfg(test)]
mod tests {
    use douyin_pay_ledger::{
        AuditStatus, Fact, OperationKind, OperationState, OrderState, Origin, RefundSeen, RefundSource,
        SettlementSeen, Source, Target, What, Why, of_trade_notice, of_trade_order_reply,
        of_trade_refund_info, of_trade_settle_info, platform_refund_no, trade_refund_no, trade_settle_no,
    };
    use douyin_pay_protocol::trade::callback::Notice;
    use douyin_pay_protocol::trade::{OrderQuery, RefundInfo, RefundQuery, SettleQuery, parse_reply};
    use douyin_pay_protocol::{OutNo, PlatformNo, UnixMs};

    const NOW: UnixMs = UnixMs::new(1_767_225_600_000);

    fn notice(kind: &str, msg: &str) -> Option<Fact> {
        of_trade_notice(&Notice::parse(kind, msg).unwrap(), NOW)
    }

    fn refund_notice(kind: &str, msg: &str) -> RefundSeen {
        let Some(Fact { source: Source::Callback, what: What::RefundSeen(seen), .. }) = notice(kind, msg)
        else {
            panic!("a refund")
        };
        seen
    }

    fn order_reply(data: &str) -> Fact {
        let body = format!(r#"{{"err_no":0,"err_msg":"success","log_id":"L1","data":{data}}}"#);
        of_trade_order_reply(&parse_reply::<OrderQuery>(200, body.as_bytes()).unwrap(), NOW)
    }

    fn refund_infos(list: &str) -> Vec<RefundInfo> {
        let body =
            format!(r#"{{"err_no":0,"err_msg":"success","log_id":"L1","data":{{"refund_list":[{list}]}}}}"#);
        parse_reply::<RefundQuery>(200, body.as_bytes()).unwrap().refund_list
    }

    fn refund_info(status: &str, audit: &str) -> Fact {
        let info = format!(
            r#"{{"refund_id":"motb9","order_id":"motb1","out_refund_no":"","refund_status":"{status}",
            "refund_total_amount":"300","create_at":1767225600000,"refund_at":0,"message":"the bank says no",
            "refund_source":1,"merchant_audit_detail":{audit},
            "item_order_detail":[{{"item_order_id":"motb2","refund_amount":300}}]}}"#
        );
        of_trade_refund_info(platform_refund_no(&no("motb9")), &refund_infos(&info)[0], NOW)
    }

    fn no(text: &str) -> PlatformNo {
        PlatformNo::new(text).unwrap()
    }

    #[test]
    fn a_payment() {
        let msg = r#"{"app_id":"tt1","out_order_no":"O1","order_id":"motb1","status":"SUCCESS","total_amount":1280,
            "discount_amount":80,"pay_channel":10,"channel_pay_id":"CH1","merchant_uid":"70775","message":"",
            "event_time":1767225609000,"user_bill_pay_id":"DP1"}"#;
        let What::OrderSeen(seen) = notice("payment", msg).unwrap().what else { panic!("an order") };
        assert_eq!((seen.state, seen.way, seen.currency.as_deref()), (OrderState::Paid, Some(10), None));
        assert_eq!(seen.total.map(|total| total.get()), Some(1280));
        assert_eq!(seen.discount.map(|part| part.get()), Some(80));
        assert_eq!(seen.paid_at, Some(UnixMs::new(1_767_225_609_000)));
        assert_eq!(seen.payment_order_no.as_deref(), Some("DP1"));
        assert_eq!((seen.channel_no.as_deref(), seen.seller_uid.as_deref()), (Some("CH1"), Some("70775")));
    }

    #[test]
    fn a_payment_that_was_cancelled_and_one_with_diamonds() {
        let msg = |status: &str, message: &str, more: &str| {
            format!(
                r#"{{"app_id":"tt1","out_order_no":"O1","order_id":"motb1","status":"{status}","total_amount":100,
                "message":"{message}","event_time":1767225609000{more}}}"#
            )
        };
        for (message, detail) in [("USER_CANCEL", "USER_CANCEL"), ("TIME_OUT", "TIME_OUT"), ("", "CANCEL")] {
            let fact = notice("payment", &msg("CANCEL", message, "")).unwrap();
            let What::OrderSeen(seen) = fact.what else { panic!("an order") };
            assert_eq!((seen.state, seen.detail.as_deref()), (OrderState::Closed, Some(detail)));
            assert_eq!(seen.paid_at, None);
        }
        let diamonds = notice("payment", &msg("SUCCESS", "", r#","currency":"DIAMOND","pay_channel":20"#));
        let What::OrderSeen(seen) = diamonds.unwrap().what else { panic!("an order") };
        assert_eq!((seen.currency.as_deref(), seen.way), (Some("DIAMOND"), Some(20)));
        assert_eq!(notice("payment", &msg("REVIEWING", "", "")), None);
        assert_eq!(notice("sign_callback", "{}"), None);
    }

    #[test]
    fn a_query_of_an_order() {
        let data = |status: &str| {
            format!(
                r#"{{"app_id":"tt1","order_id":"motb1","out_order_no":"O1","pay_status":"{status}","total_amount":1000,
                "discount_amount":0,"trade_time":1767225600000,"pay_time":1767225609000,"pay_channel":1,
                "channel_pay_id":"CH1","merchant_uid":"70775","item_order_list":[
                {{"item_order_id":"motb2","sku_id":"latte","item_order_amount":600}},
                {{"item_order_id":"motb3","item_order_amount":400}}]}}"#
            )
        };
        let fact = order_reply(&data("SUCCESS"));
        let What::OrderSeen(seen) = fact.what else { panic!("an order") };
        assert_eq!((fact.source, seen.state), (Source::Query, OrderState::Paid));
        assert_eq!((seen.platform_order_id, seen.items.len()), (Some(no("motb1")), 2));
        assert_eq!((&*seen.items[1].item_order_id, &*seen.items[1].sku_id), ("motb3", ""));
        assert_eq!(seen.items[1].amount.get(), 400);
        for (status, state, detail) in
            [("PROCESS", OrderState::Waiting, None), ("TIMEOUT", OrderState::Closed, Some("TIMEOUT"))]
        {
            let What::OrderSeen(seen) = order_reply(&data(status)).what else { panic!("an order") };
            assert_eq!((seen.state, seen.detail.as_deref()), (state, detail));
        }
        let unknown = order_reply(&data("REVIEWING")).what;
        assert_eq!(unknown, What::NothingNew { target: Target::Order, why: Why::Processing });
    }

    #[test]
    fn a_refund_that_somebody_asked_for() {
        let msg = |need: &str, source: u8| {
            format!(
                r#"{{"app_id":"tt1","open_id":"u1","refund_id":"motb9","order_id":"motb1","out_order_no":"O1",
                "refund_total_amount":300,"need_refund_audit":{need},"refund_audit_deadline":1767484800000,
                "create_refund_time":1767225600000,"refund_source":{source},
                "refund_reason":[{{"code":101,"text":"changed my mind"}}],"refund_description":"sorry","cp_extra":"",
                "refund_item_detail":{{"item_order_quantity":1,"item_order_detail":
                [{{"item_order_id":"motb2","refund_amount":300}}]}}}}"#
            )
        };
        let seen = refund_notice("pre_create_refund", &msg("1", 1));
        assert_eq!((seen.out_no.as_str(), seen.state), ("dy-motb9", OperationState::Auditing));
        assert_eq!((seen.origin, seen.platform_no), (Some(Origin::User), Some(no("motb9"))));
        assert_eq!(seen.reason.as_deref(), Some("changed my mind; sorry"));
        assert_eq!((&*seen.items[0].item_order_id, seen.items[0].amount.get()), ("motb2", 300));
        let audit = seen.audit.unwrap();
        assert_eq!(audit.deadline_at, Some(UnixMs::new(1_767_484_800_000)));
        assert_eq!((audit.needed, audit.status), (Some(true), Some(AuditStatus::Init)));

        let free = refund_notice("pre_create_refund", &msg("2", 4));
        assert_eq!((free.state, free.origin), (OperationState::Accepted, Some(Origin::CustomerService)));
        assert_eq!(free.audit, None);
        // When nothing is said the merchant is asked: silence would be consent.
        assert_eq!(refund_notice("pre_create_refund", &msg("null", 9)).state, OperationState::Auditing);
    }

    #[test]
    fn the_end_of_a_refund() {
        let msg = |out_no: &str, status: &str, more: &str| {
            format!(
                r#"{{"app_id":"tt1","order_id":"motb1","refund_id":"motb9","out_refund_no":"{out_no}",
                "status":"{status}","refund_total_amount":300,"cp_extra":"","message":"too little","event_time":1767225700000,
                "refund_item_detail":{{"item_order_quantity":1,"item_order_detail":[]}}{more}}}"#
            )
        };
        let done =
            refund_notice("refund", &msg("R1", "SUCCESS", r#","is_all_settled":true,"refund_type":2"#));
        assert_eq!((done.out_no.as_str(), done.state), ("R1", OperationState::Succeeded));
        assert_eq!((done.source, done.origin, done.message), (RefundSource::Settled, None, None));
        assert_eq!(done.finished_at, Some(UnixMs::new(1_767_225_700_000)));
        let failed = refund_notice("refund", &msg("", "FAIL", r#","is_all_settled":false,"refund_type":4"#));
        assert_eq!((failed.out_no.as_str(), failed.state), ("dy-motb9", OperationState::Failed));
        assert_eq!(
            (failed.message.as_deref(), failed.origin),
            (Some("too little"), Some(Origin::CustomerService))
        );
        // A number that cannot be ours is none.
        assert_eq!(refund_notice("refund", &msg("a b", "SUCCESS", "")).out_no.as_str(), "dy-motb9");
        assert_eq!(notice("refund", &msg("R1", "REVIEWING", "")), None);
    }

    #[test]
    fn a_query_of_a_refund() {
        let audit = |status: &str| {
            format!(
                r#"{{"need_refund_audit":1,"refund_audit_deadline":1767484800000,"audit_status":"{status}","deny_message":"late"}}"#
            )
        };
        for (status, consent, state, known) in [
            ("PROCESSING", "INIT", OperationState::Auditing, Some(AuditStatus::Init)),
            ("PROCESSING", "TOAUDIT", OperationState::Auditing, Some(AuditStatus::ToAudit)),
            ("PROCESSING", "AGREE", OperationState::Accepted, Some(AuditStatus::Agree)),
            ("PROCESSING", "OVERTIME", OperationState::Accepted, Some(AuditStatus::Overtime)),
            ("PROCESSING", "DENY", OperationState::Failed, Some(AuditStatus::Deny)),
            ("FAIL", "DENY", OperationState::Failed, Some(AuditStatus::Deny)),
            ("SUCCESS", "AGREE", OperationState::Succeeded, Some(AuditStatus::Agree)),
            ("PROCESSING", "NEW_WORD", OperationState::Accepted, None),
        ] {
            let What::RefundSeen(seen) = refund_info(status, &audit(consent)).what else {
                panic!("a refund")
            };
            assert_eq!((seen.state, seen.audit.unwrap().status), (state, known), "{status} {consent}");
            let why = (state == OperationState::Failed).then_some("late");
            assert_eq!(seen.message.as_deref(), why, "{status} {consent}");
        }
        let What::RefundSeen(seen) = refund_info("FAIL", "null").what else { panic!("a refund") };
        assert_eq!((seen.message.as_deref(), seen.audit), (Some("the bank says no"), None));
        let none = r#"{"need_refund_audit":2,"audit_status":"INIT"}"#;
        let What::RefundSeen(seen) = refund_info("PROCESSING", none).what else { panic!("a refund") };
        assert_eq!(
            (seen.state, seen.audit, seen.origin),
            (OperationState::Accepted, None, Some(Origin::User))
        );
        let target = Target::Operation(OperationKind::Refund, platform_refund_no(&no("motb9")));
        let unknown = refund_info("NEW_WORD", "null").what;
        assert_eq!(unknown, What::NothingNew { target, why: Why::Processing });
    }

    #[test]
    fn a_settlement() {
        let msg = |out_no: &str, status: &str, more: &str| {
            format!(
                r#"{{"app_id":"tt1","order_id":"motb1","settle_id":"7054","out_settle_no":"{out_no}","status":"{status}",
                "settle_amount":19800,"rake":692,"commission":0,"settle_detail":"A","message":"SUCCESS","cp_extra":"",
                "event_time":1643161456000{more}}}"#
            )
        };
        let settled = |msg: &str| -> SettlementSeen {
            let Some(What::SettlementSeen(seen)) = notice("settle", msg).map(|fact| fact.what) else {
                panic!("a settlement")
            };
            seen
        };
        let own = settled(&msg("S1", "SUCCESS", r#","item_order_id":"motb2","is_auto_settle":false"#));
        assert_eq!((own.out_no.as_str(), own.automatic, own.message), ("S1", false, None));
        assert_eq!(own.item_order_id.as_deref(), Some("motb2"));
        assert_eq!(own.settle_amount.map(|amount| amount.get()), Some(19_800));
        assert!(settled(&msg("7054", "SUCCESS", "")).automatic, "the platform's own number");
        assert!(settled(&msg("S1", "SUCCESS", r#","is_auto_settle":true"#)).automatic);
        assert_eq!(settled(&msg("", "FAIL", "")).out_no.as_str(), "7054");
        assert_eq!(notice("settle", &msg("S1", "NEW_WORD", "")), None);
    }

    #[test]
    fn a_query_of_a_settlement() {
        let info = |status: &str| {
            let body = format!(
                r#"{{"err_no":0,"err_msg":"success","log_id":"L1","data":[{{"order_id":"motb1","out_order_no":"O1",
                "settle_id":"7054","out_settle_no":"S1","wallet_settle_id":"W1","settle_status":"{status}",
                "settle_amount":1000,"settle_detail":"A","settle_at":1643161456000,"rake":6,"commission":0,
                "item_order_id":"","cp_extra":""}}]}}"#
            );
            let infos = parse_reply::<SettleQuery>(200, body.as_bytes()).unwrap().0;
            of_trade_settle_info(OutNo::new("S1").unwrap(), &infos[0], NOW).what
        };
        for (status, state) in [
            ("INIT", OperationState::Accepted),
            ("PROCESSING", OperationState::Accepted),
            ("SUCCESS", OperationState::Succeeded),
            ("FAIL", OperationState::Failed),
        ] {
            let What::SettlementSeen(seen) = info(status) else { panic!("a settlement") };
            assert_eq!((seen.state, seen.item_order_id, seen.automatic), (state, None, false));
        }
        let target = Target::Operation(OperationKind::Settlement, OutNo::new("S1").unwrap());
        assert_eq!(info("NEW_WORD"), What::NothingNew { target, why: Why::Processing });
    }

    #[test]
    fn numbers_of_the_platform_become_ours() {
        assert_eq!(trade_refund_no(Some("R1"), &no("motb9")).as_str(), "R1");
        assert_eq!(trade_refund_no(None, &no("motb9")).as_str(), "dy-motb9");
        assert_eq!(trade_settle_no(Some("not ours"), &no("7054")).as_str(), "7054");
        let odd = [no("a/b"), no("a+b"), no(&"9".repeat(64))];
        for number in &odd {
            let ours = platform_refund_no(number);
            assert!(ours.as_str().starts_with("dy-") && ours.as_str().len() == 43, "{ours}");
            assert_eq!(ours, platform_refund_no(number));
        }
        assert_ne!(platform_refund_no(&odd[0]), platform_refund_no(&odd[1]));
        assert_eq!(trade_settle_no(None, &odd[0]), platform_refund_no(&odd[0]));
    }
}
