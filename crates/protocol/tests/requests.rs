//! Typed requests: what is written is what is signed, and nothing dangerous can be built.

use douyin_pay_protocol::ecpay::{
    CreateMerchant, CreateOrder, CreateRefund, CreateReturn, MerchantWithdraw, QueryOrder, QuerySettle,
    Request, Settle, Share, ValidTime, json, sign, signed_body,
};
use douyin_pay_protocol::{
    AppId, ChannelType, CpExtra, Fen, LimitPayWay, MerchantUid, MsgPage, NotifyUrl, OrderAmount, OrderBody,
    OutOrderNo, OutRefundNo, OutReturnNo, OutSettleNo, OutWithdrawNo, Reason, RefundAmount, ReturnAmount,
    ReturnDesc, Salt, SettleDesc, ShareAmount, Subject, UnixMs, WithdrawAmount,
};
use proptest::prelude::*;

fn app_id() -> AppId {
    AppId::new("tt0000000000000001").expect("an app id")
}

fn share(uid: &str, fen: i64) -> Share {
    Share {
        merchant_uid: MerchantUid::new(uid).expect("a uid"),
        amount: ShareAmount::new(Fen::new(fen).expect("fen")).expect("in range"),
    }
}

fn settle() -> Settle {
    Settle::new(
        OutSettleNo::new("S1").expect("a number"),
        OutOrderNo::new("O1").expect("a number"),
        SettleDesc::new("主动结算").expect("short"),
    )
}

/// The body carries the signature that a verifier computes from it.
fn signs_what_it_writes(request: &impl Request, salt: &Salt) -> Result<(), TestCaseError> {
    for provider in [None, Some(app_id())] {
        let body = signed_body(&app_id(), provider.as_ref(), request, salt);
        let explained = json::explain(&body, salt).expect("our own body is an object");
        prop_assert_eq!(explained.matches, Some(true), "{}", explained);
        prop_assert_eq!(explained.signature(), sign(request, salt));
        prop_assert!(!explained.to_string().contains(salt.expose()) || salt.expose().len() < 6);
    }
    Ok(())
}

#[test]
fn receivers_are_few_and_each_named_once() {
    assert!(settle().shares(&[share("1", 1), share("2", 1), share("3", 1), share("4", 1)]).is_ok());
    let five: Vec<Share> = (1..=5).map(|uid| share(&uid.to_string(), 1)).collect();
    let problem = settle().shares(&five).expect_err("five").to_string();
    assert!(problem.starts_with("`settle_params`: 5 receivers, at most 4"), "{problem}");
    let problem = settle().shares(&[share("7", 1), share("7", 2)]).expect_err("the same twice").to_string();
    assert!(problem.contains("7 is named twice"), "{problem}");
}

#[test]
fn an_empty_list_of_receivers_is_left_out() {
    let salt = Salt::new("salt").expect("a salt");
    let without = signed_body(&app_id(), None, &settle(), &salt);
    let empty = signed_body(&app_id(), None, &settle().shares(&[]).expect("no receivers"), &salt);
    assert_eq!(without, empty);
    assert!(!String::from_utf8(empty).expect("UTF-8").contains("settle_params"));
}

#[test]
fn amounts_and_times_out_of_range_are_refused_before_they_are_sent() {
    let fen = |fen| Fen::new(fen).expect("fen");
    assert!(OrderAmount::new(fen(10_000_000_001)).is_err());
    assert!(RefundAmount::new(fen(99_999_999_999)).is_ok());
    assert!(RefundAmount::new(fen(100_000_000_000)).is_err());
    assert!(ShareAmount::new(Fen::ZERO).is_err());
    for (seconds, allowed) in [(299, false), (300, true), (172_800, true), (172_801, false)] {
        assert_eq!(ValidTime::new(seconds).is_ok(), allowed, "{seconds}");
    }
}

/// Any text that a person may write, as long as the type takes it.
fn text<T: std::fmt::Debug>(
    chars_max: usize,
    new: impl Fn(String) -> Option<T> + 'static,
) -> impl Strategy<Value = T> {
    let any = proptest::collection::vec(any::<char>(), 1..chars_max);
    let likely = r#"[a-zA-Z0-9&="%中文😀！ ]{1,30}"#;
    prop_oneof![any.prop_map(|chars| chars.into_iter().collect()), likely]
        .prop_filter_map("a text that cannot be signed safely", new)
}

/// Any JSON without fractions and `null`, as the platform's partners send it.
fn nested() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(serde_json::Value::from),
        any::<u64>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        "\\PC{0,12}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::btree_map("\\PC{0,6}", inner, 0..4)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn orders_sign_what_they_write(
        fen in 1i64..=10_000_000_000,
        seconds in 300u32..=172_800,
        subject in text(30, |text| Subject::new(text).ok()),
        body in text(30, |text| OrderBody::new(text).ok()),
        extra in proptest::option::of(text(60, |text| CpExtra::new(text).ok())),
        page in proptest::option::of(text(60, |text| MsgPage::new(text).ok())),
        disable in proptest::option::of(any::<bool>()),
        fees in proptest::option::of((0i64..100_000, 0i64..100_000)),
        salt in "[0-9A-Za-z]{1,32}",
    ) {
        let amount = OrderAmount::new(Fen::new(fen).unwrap()).unwrap();
        let number = OutOrderNo::new("O20240101000001").unwrap();
        let mut order = CreateOrder::new(number, amount, subject, body, ValidTime::new(seconds).unwrap());
        if let Some(extra) = extra { order = order.cp_extra(extra); }
        if let Some(page) = page { order = order.msg_page(page); }
        if let Some(disable) = disable { order = order.disable_msg(disable); }
        if let Some((original, actual)) = fees {
            order = order.delivery_fee(Fen::new(original).unwrap(), Fen::new(actual).unwrap());
        }
        order = order
            .store_uid(MerchantUid::new("70775300146143419322").unwrap())
            .limit_pay_way(LimitPayWay::new("LIMIT_WX,LIMIT_ALI").unwrap())
            .notify_url(NotifyUrl::new("https://m.example.com/cb?x=1&y=%20").unwrap());
        signs_what_it_writes(&order, &Salt::new(salt).unwrap())?;
    }

    #[test]
    fn refunds_and_settlements_sign_what_they_write(
        number in "[0-9A-Za-z_*-]{1,64}",
        fen in 1i64..=99_999_999_999,
        reason in text(60, |text| Reason::new(text).ok()),
        description in text(60, |text| SettleDesc::new(text).ok()),
        uids in proptest::collection::btree_set("[0-9]{20}", 0..=4),
        last in proptest::option::of(any::<bool>()),
        salt in "[0-9A-Za-z]{1,32}",
    ) {
        let salt = Salt::new(salt).unwrap();
        let order_no = || OutOrderNo::new(&number).unwrap();
        let amount = RefundAmount::new(Fen::new(fen).unwrap()).unwrap();
        let refund = CreateRefund::new(order_no(), OutRefundNo::new(&number).unwrap(), amount, reason).all_settle(true);
        signs_what_it_writes(&refund, &salt)?;
        let shares: Vec<Share> = uids.iter().map(|uid| share(uid, fen)).collect();
        let settle_no = OutSettleNo::new(&number).unwrap();
        let mut settle = Settle::new(settle_no.clone(), order_no(), description).shares(&shares).unwrap();
        if let Some(last) = last { settle = settle.finish(last); }
        signs_what_it_writes(&settle, &salt)?;
        signs_what_it_writes(&QueryOrder::new(order_no()), &salt)?;
        signs_what_it_writes(&QuerySettle::new(settle_no), &salt)?;
    }

    #[test]
    fn returns_and_withdrawals_sign_what_they_write(
        number in "[0-9A-Za-z_*-]{1,64}",
        fen in 1i64..=2_147_483_647,
        description in text(60, |text| ReturnDesc::new(text).ok()),
        entity in proptest::option::of(0u8..4),
        salt in "[0-9A-Za-z]{1,32}",
    ) {
        let salt = Salt::new(salt).unwrap();
        let (amount, uid) = (Fen::new(fen).unwrap(), MerchantUid::new("70775300146143419322").unwrap());
        let settlement = OutSettleNo::new(&number).unwrap();
        let returned = ReturnAmount::new(amount).unwrap();
        let ask = CreateReturn::by_out_settle_no(settlement, OutReturnNo::new(&number).unwrap(), uid.clone(), returned, description);
        signs_what_it_writes(&ask, &salt)?;
        let withdrawn = WithdrawAmount::new(amount).unwrap();
        let mut ask = MerchantWithdraw::new(uid, ChannelType::Hz, withdrawn, OutWithdrawNo::new(&number).unwrap());
        if let Some(entity) = entity { ask = ask.merchant_entity(entity.into()); }
        signs_what_it_writes(&ask, &salt)?;
    }

    #[test]
    fn accounts_sign_what_they_write(fields in proptest::collection::btree_map(".{0,12}", nested(), 0..8), salt in "[0-9A-Za-z]{6,32}") {
        let fields = fields.into_iter().collect();
        // Texts that cannot be signed safely are refused, nested ones are rendered whatever they hold.
        if let Ok(ask) = CreateMerchant::new(&fields) {
            signs_what_it_writes(&ask, &Salt::new(salt).unwrap())?;
        }
    }

    #[test]
    fn many_long_values_are_joined_rightly(lengths in proptest::collection::vec(0usize..700, 1..20)) {
        let fields: Vec<String> = lengths
            .iter()
            .enumerate()
            .map(|(index, length)| format!("\"f{index}\":\"{}\"", "x".repeat(*length)))
            .collect();
        let body = format!("{{{}}}", fields.join(","));
        let explained = json::explain(body.as_bytes(), &Salt::new("salt").unwrap()).unwrap();
        let mut texts: Vec<String> =
            lengths.iter().filter(|length| **length > 0).map(|length| "x".repeat(*length)).collect();
        texts.push("‹SALT›".to_owned());
        texts.sort_by_key(|text| text.replace("‹SALT›", "salt"));
        prop_assert_eq!(explained.joined, texts.join("&"));
    }

    #[test]
    fn no_bytes_make_the_signer_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let salt = Salt::new("salt").unwrap();
        prop_assert_eq!(json::sign(&body, &salt).is_ok(), json::explain(&body, &salt).is_ok());
    }

    #[test]
    fn no_json_makes_the_signer_panic(body in r#"\{("[a-z]":(null|[0-9.e-]{1,5}|"\PC{0,5}"|\{"a":\[1,"b"\]\}),?){0,4}\}"#) {
        let salt = Salt::new("salt").unwrap();
        let explained = json::explain(body.as_bytes(), &salt);
        prop_assert_eq!(json::sign(body.as_bytes(), &salt).map(|it| it.to_string()), explained.map(|it| it.sign));
    }

    #[test]
    fn yuan_and_fen_are_the_same_money(fen in 0i64..=9_999_999_999_999) {
        let amount = Fen::new(fen).unwrap();
        prop_assert_eq!(Fen::from_yuan(&amount.to_string()), Ok(amount));
        prop_assert_eq!(serde_json::from_str::<Fen>(&serde_json::to_string(&amount).unwrap()).unwrap(), amount);
    }

    #[test]
    fn sums_are_exact_or_nothing(a in 0i64..=9_999_999_999_999, b in 0i64..=9_999_999_999_999) {
        let (left, right) = (Fen::new(a).unwrap(), Fen::new(b).unwrap());
        prop_assert_eq!(left.checked_add(right), Fen::new(a + b).ok());
        prop_assert_eq!(Fen::sum([left, right]), Fen::new(a + b).ok());
        prop_assert_eq!(left.checked_sub(right), (a >= b).then(|| Fen::new(a - b).unwrap()));
    }

    #[test]
    fn beijing_time_reads_back(seconds in 0i64..4_102_444_800) {
        let moment = UnixMs::from_seconds(seconds);
        prop_assert_eq!(UnixMs::parse_beijing(&moment.beijing_text()), Some(moment));
        prop_assert_eq!(moment.seconds(), seconds);
    }
}
