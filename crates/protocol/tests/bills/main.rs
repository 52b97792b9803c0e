//! Bills: every form that was seen, and forms that nobody should send.
#![cfg(feature = "bills")]

mod forms;
mod properties;
mod refused;

use douyin_pay_protocol::ecpay::bill::{BillError, BillKind, BillReader, Row};

/// A bill of payments as it is documented.
const PAYMENTS: &str = "序号,支付时间,商户号,openId,订单号,平台订单号,渠道订单号,订单金额,支付方式,支付状态\n\
    1,2024-01-01 08:00:00,70775300146143419322,_000abc,O20240101000001,N7300000000000000001,\
    4200000000202401010000000001,1280,微信,支付成功\n";

/// Reads a bill that comes in these pieces.
fn read_pieces(kind: BillKind, pieces: &[&[u8]]) -> (Vec<Result<Row, BillError>>, BillReader) {
    let mut reader = BillReader::new(kind);
    let mut rows = Vec::new();
    for piece in pieces {
        reader.feed(piece);
        rows.extend(std::iter::from_fn(|| reader.next_row()));
    }
    reader.finish();
    rows.extend(std::iter::from_fn(|| reader.next_row()));
    (rows, reader)
}

fn read(kind: BillKind, bill: impl AsRef<[u8]>) -> (Vec<Result<Row, BillError>>, BillReader) {
    read_pieces(kind, &[bill.as_ref()])
}

/// The rows of a bill without a fault.
fn rows(kind: BillKind, bill: impl AsRef<[u8]>) -> Vec<Row> {
    let (rows, _) = read(kind, bill);
    rows.into_iter().collect::<Result<_, _>>().expect("a readable bill")
}

/// Why a bill cannot be read at all.
fn error(kind: BillKind, bill: impl AsRef<[u8]>) -> BillError {
    let (rows, _) = read(kind, bill);
    rows.into_iter().find_map(Result::err).expect("an error")
}
