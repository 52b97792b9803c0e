//! What is no bill, and rows that cannot be read.

use douyin_pay_protocol::ErrNo;
use douyin_pay_protocol::ecpay::bill::{BillError, BillKind, BillReader};

use crate::{PAYMENTS, error, read};

#[test]
fn the_platforms_refusal_comes_in_place_of_a_bill() {
    for (body, code, words) in [
        (r#"{"err_no":1,"err_tips":"end_date is before start_date"}"#, 1, "end_date is before start_date"),
        ("\u{feff} {\"error_no\":2008,\"error_msg\":\"x\"}\n", 2008, "x"),
        (r#"{"err_no":"-1"}"#, -1, ""),
        ("invalid sign", 2008, "invalid sign"),
        ("Invalid Sign\n", 2008, "Invalid Sign"),
    ] {
        let BillError::Platform(refusal) = error(BillKind::Payment, body) else { panic!("{body}") };
        assert_eq!((refusal.err_no, &*refusal.err_tips), (ErrNo::new(code), words), "{body}");
    }
}

#[test]
fn what_is_neither() {
    for body in [r#"{"err_no":0}"#, "{", "<html>busy</html>", "hello", "{\"a\":1"] {
        let error = error(BillKind::Payment, body);
        assert!(matches!(error, BillError::NotABill { .. }), "{body}: {error}");
    }
    assert_eq!(error(BillKind::Payment, b"\xff\xfe\x01\x00"), BillError::Utf16);
    let long = "x\n".repeat(1000);
    assert!(matches!(error(BillKind::Payment, long), BillError::NotABill { .. }));
}

#[test]
fn what_never_names_columns_is_left_at_some_point() {
    for (filling, named) in [(" ", false), ("\n", false), ("{", true), ("x", true)] {
        let mut reader = BillReader::new(BillKind::Payment);
        let piece = filling.repeat(4096);
        let told = (0..200).find_map(|_| {
            reader.feed(piece.as_bytes());
            reader.next_row()
        });
        let error = told.expect("it ends").expect_err("no bill");
        assert_eq!(error == BillError::NoHeader, !named, "{filling:?}: {error}");
        assert!(reader.next_row().is_none());
    }
}

#[test]
fn another_kind_of_bill_or_one_without_its_columns() {
    let found = BillError::OtherKind { asked: BillKind::Refund, found: BillKind::Payment };
    assert_eq!(error(BillKind::Refund, PAYMENTS), found);
    let bill = "订单号,支付方式,支付状态\n";
    let BillError::NoColumn { what, columns } = error(BillKind::Payment, bill) else { panic!("no column") };
    assert!(what.contains("订单金额") && columns.contains("支付方式"), "{what} {columns}");
}

#[test]
fn one_bad_row_is_told_and_the_next_one_read() {
    let bill = b"\xe8\xae\xa2\xe5\x8d\x95\xe5\x8f\xb7,\xe8\xae\xa2\xe5\x8d\x95\xe9\x87\x91\xe9\xa2\x9d\n\
        A1,5\nA2,x\nA3,-5\nA4\nA5,1,2\nA6,\xff\nA7,7\n";
    let (rows, reader) = read(BillKind::Payment, bill);
    let lines: Vec<_> =
        rows.iter().filter_map(|row| row.as_ref().err()).map(|error| error.line().unwrap()).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7]);
    assert!(rows.iter().filter_map(|row| row.as_ref().err()).all(BillError::is_of_one_row));
    assert_eq!((reader.lines().rows, reader.lines().unreadable), (2, 5));
    let told = rows[1].as_ref().unwrap_err().to_string();
    assert!(told.contains("line 3") && told.contains("订单金额") && told.contains("`x`"), "{told}");
}

#[test]
fn amounts_in_two_units_end_the_bill() {
    let bill = "订单号,订单金额\nA1,12.80\nA2,1280\nA3,1.00\n";
    let (rows, _) = read(BillKind::Payment, bill);
    assert_eq!(rows.len(), 2);
    let error = rows[1].as_ref().unwrap_err();
    assert!(matches!(error, BillError::MixedUnits { line: 3, .. }) && !error.is_of_one_row(), "{error}");
}

#[test]
fn a_quote_left_open_does_not_eat_the_bill_silently() {
    let bill = format!("订单号,订单金额\n\"A1,5\n{}", "A2,7\n".repeat(100_000));
    assert_eq!(error(BillKind::Payment, bill), BillError::LineTooLong { line: 2 });
}
