//! The forms in which bills come, and what their rows say.

use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::ecpay::bill::{BillKind, BillReader, Encoding, Lines, RowStatus, Unit};
use encoding_rs::GB18030;

use crate::{PAYMENTS, read, rows};

#[test]
fn a_payment_is_read_whole() {
    let rows = rows(BillKind::Payment, PAYMENTS);
    let [row] = &rows[..] else { panic!("one row: {rows:?}") };
    assert_eq!((row.line, row.kind), (2, BillKind::Payment));
    assert_eq!(row.at.map(UnixMs::beijing_text).as_deref(), Some("2024-01-01 08:00:00"));
    assert_eq!(row.merchant_uid.as_ref().map(AsRef::as_ref), Some("70775300146143419322"));
    assert_eq!(row.out_order_no.as_ref().map(AsRef::as_ref), Some("O20240101000001"));
    assert_eq!(row.order_id.as_ref().map(AsRef::as_ref), Some("N7300000000000000001"));
    assert_eq!(&*row.channel_no, "4200000000202401010000000001");
    assert_eq!(row.amount.map(|amount| amount.get()), Some(1280));
    assert_eq!((row.way, &row.status), (Some(1), &RowStatus::Success));
    assert_eq!(row.extra, [("openId".into(), "_000abc".into())]);
}

#[test]
fn settlements_refunds_returns_and_withdrawals() {
    let settles = "序号,分账时间,商户号,openId,订单号,平台订单号,渠道订单号,订单金额,支付方式,分账单号,分账状态,分账方和分账金额,技术服务费,抽佣金额\n\
        1,2024-01-08 08:00:00,70775300146143419322,o,O1,N1,42,1280,微信,S1,分账成功,商户号69645835031835936200-分成金额(分)60,8,0\n";
    let row = rows(BillKind::Settle, settles).remove(0);
    assert_eq!((row.out_no.as_deref(), row.fee.map(|fee| fee.get())), (Some("S1"), Some(8)));
    assert_eq!(row.commission.map(|commission| commission.get()), Some(0));
    assert_eq!((row.shares[0].0.as_str(), row.shares[0].1.get()), ("69645835031835936200", 60));

    let refunds = "序号,退款时间,商户号,openId,订单号,渠道订单号,订单金额,支付方式,退款类型,退款单号,平台退款单号,退款状态,退款完成时间,退款金额\n\
        1,2024-01-02 08:00:00,70775300146143419322,o,O1,42,1280,微信,用户退款,R1,N2,退款成功,2024-01-02 08:00:11,100\n";
    let row = rows(BillKind::Refund, refunds).remove(0);
    assert_eq!(
        (row.out_no.as_deref(), row.platform_no.as_ref().map(AsRef::as_ref)),
        (Some("R1"), Some("N2"))
    );
    assert_eq!((row.amount.unwrap().get(), row.op_amount.unwrap().get()), (1280, 100));
    assert_eq!(row.finished_at.unwrap().since(row.at.unwrap()), 11_000);
    assert!(row.extra.contains(&("退款类型".into(), "用户退款".into())));

    let returns = "序号,退分账时间,商户号,订单号,分账单号,退分账单号,平台退分账单号,分账方商户号,退分账金额,退分账状态\n\
        1,2024-01-09 08:00:00,70775300146143419322,O1,S1,T1,N5,69645835031835936200,30,处理中\n";
    let row = rows(BillKind::Return, returns).remove(0);
    assert_eq!((row.out_no.as_deref(), row.op_amount.unwrap().get()), (Some("T1"), 30));
    assert_eq!((row.shares[0].0.as_str(), row.shares[0].1.get()), ("69645835031835936200", 30));
    assert_eq!(row.extra, [("分账单号".into(), "S1".into())]);

    let withdrawals = "序号,提现时间,商户号,提现渠道,提现单号,平台提现单号,提现金额,提现状态\n\
        1,2024-01-10 08:00:00,70775300146143419322,支付宝,W1,73,100,REEXCHANGE\n";
    let row = rows(BillKind::Withdraw, withdrawals).remove(0);
    assert_eq!((row.way, row.op_amount.unwrap().get()), (Some(2), 100));
    assert_eq!(row.status, RowStatus::Other("REEXCHANGE".into()));
}

#[test]
fn one_bill_in_many_wrappings() {
    let plain = rows(BillKind::Payment, PAYMENTS);
    let (head, row) = PAYMENTS.split_once('\n').unwrap();
    let quoted = |line: &str| line.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
    let ticked = |line: &str| line.split(',').map(|cell| format!("`{cell}")).collect::<Vec<_>>().join(",");
    let gb = GB18030.encode(PAYMENTS).0.into_owned();
    for (form, bill) in [
        ("mark", format!("\u{feff}{PAYMENTS}").into_bytes()),
        ("CRLF", PAYMENTS.replace('\n', "\r\n").into_bytes()),
        ("no last line end", PAYMENTS.trim_end().to_owned().into_bytes()),
        ("quotes", format!("{}\n{}\n", quoted(head), quoted(row.trim_end())).into_bytes()),
        ("backticks", format!("{head}\n{}\n", ticked(row.trim_end())).into_bytes()),
        ("yuan", PAYMENTS.replace(",1280,", ",12.80,").into_bytes()),
        (
            "yuan by name",
            PAYMENTS.replace("订单金额", "订单金额（元）").replace(",1280,", ",12.8,").into_bytes(),
        ),
        ("GB18030", gb),
        ("a comma at the end", PAYMENTS.replace('\n', ",\n").into_bytes()),
    ] {
        assert_eq!(rows(BillKind::Payment, &bill), plain, "{form}");
    }
}

#[test]
fn columns_are_known_by_name_and_sums_are_no_rows() {
    let bill = "#抖音支付账单\n平台订单号,支付状态,优惠,订单金额,订单号\nN1,支付成功,券,5,A1\nN2,支付成功,,7,A2\n\
        平台订单号,支付状态,优惠,订单金额,订单号\nN3,支付中,,9,A3\n\n合计,,,21,\n总笔数,总金额\n3,21\n";
    let (rows, reader) = read(BillKind::Payment, bill);
    let numbers: Vec<_> =
        rows.iter().flatten().map(|row| (row.line, row.out_order_no.as_ref().unwrap().as_str())).collect();
    assert_eq!(numbers, [(3, "A1"), (4, "A2"), (6, "A3")]);
    assert_eq!(reader.lines(), Lines { rows: 3, unreadable: 0, skipped: 5 });
    assert_eq!(reader.encoding(), Some(Encoding::Utf8));
    assert_eq!(reader.amounts_in(), Some(Unit::Fen));
    assert_eq!(reader.header().len(), 5);
}

#[test]
fn a_quoted_line_end_belongs_to_its_cell_and_lines_are_still_counted() {
    let bill = "订单号,订单金额,支付状态,备注\r\nA1,5,支付成功,\"多一\r\n行\"\r\nA2,7,支付成功,\r\n";
    let rows = rows(BillKind::Payment, bill);
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(&*rows[0].extra[0].1, "多一\r\n行");
}

#[test]
fn a_day_without_rows() {
    let (head, _) = PAYMENTS.split_once('\n').unwrap();
    for bill in ["", "\n", "\u{feff}", " \r\n", head, &format!("{head}\r\n")] {
        let (rows, reader) = read(BillKind::Payment, bill);
        assert!(rows.is_empty(), "{bill:?}: {rows:?}");
        assert_eq!(reader.lines().rows, 0);
    }
}

#[test]
fn a_unit_that_was_told_settles_what_is_mixed() {
    let bill = "订单号,订单金额,支付状态\nA1,12.80,支付成功\nA2,12,支付成功\n";
    let mut reader = BillReader::new(BillKind::Payment).unit(Unit::Yuan);
    reader.feed(bill.as_bytes());
    reader.finish();
    let amounts: Vec<_> =
        std::iter::from_fn(|| reader.next_row()).map(|row| row.unwrap().amount.unwrap().get()).collect();
    assert_eq!(amounts, [1280, 1200]);
}

#[test]
fn movements_whose_columns_nobody_published_are_kept() {
    let bill = "记账时间,业务类型,金额,余额\n2024-01-01 08:00:00,提现,-1.00,9.00\n2024-01-01 09:00:00,收款,2.00,11.00\n";
    let rows = rows(BillKind::Fund, bill);
    assert_eq!(rows[0].op_amount, None);
    assert!(rows[0].extra.contains(&("金额".into(), "-1.00".into())));
    assert_eq!(rows[1].op_amount.unwrap().get(), 200);
    assert!(rows[1].extra.contains(&("余额".into(), "11.00".into())));
}
