//! A bill cut anywhere has the same rows; nothing makes the reader panic.

use douyin_pay_protocol::ecpay::bill::{BillKind, BillReader};
use encoding_rs::GB18030;
use proptest::prelude::*;

use crate::{PAYMENTS, read, read_pieces};

/// Pieces of bills and of things that are none.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let (head, row) = PAYMENTS.split_once('\n').expect("two lines");
    let known: Vec<Vec<u8>> = [
        head,
        row,
        "\n",
        "\r\n",
        ",",
        "\"",
        "`",
        "\u{feff}",
        "合计",
        "{\"err_no\":1}",
        "invalid sign",
        "12.80",
        "0",
        "-1",
        "订单号,退款单号,退款金额,退款状态\nA,R,5,退款中\n",
        "订单号,订单金额\n",
        "A1,5\n",
        "A2,\"7\n\"\n",
        "\r",
        "'",
        "=\"1\"",
        "商户号1-分成金额(分)60",
        "99999999999999999999",
    ]
    .into_iter()
    .flat_map(|text| [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned()])
    .collect();
    prop_oneof![4 => prop::sample::select(known), 1 => prop::collection::vec(any::<u8>(), 0..8)]
}

fn bill() -> impl Strategy<Value = Vec<u8>> {
    (any::<bool>(), prop::collection::vec(piece(), 0..12)).prop_map(|(documented, pieces)| {
        let begin = if documented { PAYMENTS.as_bytes().to_vec() } else { Vec::new() };
        [begin, pieces.concat()].concat()
    })
}

fn kind() -> impl Strategy<Value = BillKind> {
    prop_oneof![3 => Just(BillKind::Payment), 1 => prop::sample::select(BillKind::ALL.to_vec())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_cut_gives_the_same_rows(kind in kind(), bill in bill(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bill.len() + 1)).collect();
        cuts.extend([0, bill.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &bill[cut[0]..cut[1]]).collect();
        let (whole, reader) = read(kind, &bill);
        let (cut, of_pieces) = read_pieces(kind, &pieces);
        prop_assert_eq!(whole, cut);
        prop_assert_eq!(reader.lines(), of_pieces.lines());
        prop_assert_eq!(reader.encoding(), of_pieces.encoding());
        prop_assert_eq!(reader.header(), of_pieces.header());
    }

    #[test]
    fn byte_by_byte_as_well(bill in bill()) {
        let bytes: Vec<&[u8]> = bill.chunks(1).collect();
        let (cut, _) = read_pieces(BillKind::Payment, &bytes);
        prop_assert_eq!(read(BillKind::Payment, &bill).0, cut);
    }

    /// What was once said to be wrong stays wrong: an error of the bill is the last thing told.
    #[test]
    fn nothing_follows_an_error_of_the_bill(kind in kind(), bill in bill()) {
        let (rows, mut reader) = read(kind, &bill);
        let fatal = rows.iter().position(|row| row.as_ref().is_err_and(|error| !error.is_of_one_row()));
        prop_assert!(fatal.is_none_or(|at| at + 1 == rows.len()));
        reader.feed(PAYMENTS.as_bytes());
        prop_assert!(fatal.is_none() || reader.next_row().is_none());
    }

    #[test]
    fn garbage_is_no_reason_to_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in kind()) {
        let mut reader = BillReader::new(kind);
        for chunk in bytes.chunks(7) {
            reader.feed(chunk);
            while reader.next_row().is_some() {}
        }
        reader.finish();
        while reader.next_row().is_some() {}
    }

    /// Rows written in our own form are read back, whatever the encoding and the line ends.
    #[test]
    fn what_was_written_is_read(
        amounts in prop::collection::vec(1i64..9_999_999_999_999, 0..40), yuan: bool, gb: bool, crlf: bool, quoted: bool,
    ) {
        let mut text = "订单号,订单金额,支付状态\n".to_owned();
        for (number, fen) in amounts.iter().enumerate() {
            let amount = if yuan { format!("{}.{:02}", fen / 100, fen % 100) } else { fen.to_string() };
            let quote = if quoted { "\"" } else { "" };
            text.push_str(&format!("A{number},{quote}{amount}{quote},支付成功\n"));
        }
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let bytes = if gb { GB18030.encode(&text).0.into_owned() } else { text.into_bytes() };
        let (rows, _) = read(BillKind::Payment, &bytes);
        let read: Vec<i64> = rows.into_iter().map(|row| row.expect("a row").amount.expect("an amount").get()).collect();
        prop_assert_eq!(read, amounts);
    }
}
