//! Tables for a spreadsheet: UTF-8 with a byte-order mark, lines that end in CR LF.
//!
//! What comes from outside cannot become a formula: a text that begins like one gets an apostrophe before it. A
//! long number that is a name (a merchant, an order) gets a tab before it, or a spreadsheet would round it.

use std::fmt::Write;

use douyin_pay_env::UnixMs;

use super::{Day, MerchantMonth, Month};
use crate::store::{Difference, Side};

const BOM: char = '\u{feff}';
/// A spreadsheet holds so many digits of a number.
const DIGITS_KEPT: usize = 11;

/// One line of a table.
struct Line<'t>(&'t mut String, bool);

impl Line<'_> {
    /// Something that comes from outside.
    fn text(&mut self, text: &str) {
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
        let long = text.len() > DIGITS_KEPT && text.bytes().all(|byte| byte.is_ascii_digit());
        let before = if formula {
            "'"
        } else if long {
            "\t"
        } else {
            ""
        };
        self.raw(&format!("{before}{text}"));
    }

    fn maybe(&mut self, text: Option<&str>) {
        self.text(text.unwrap_or(""));
    }

    /// An amount twice: in yuan for people, in fen for programs.
    fn amount(&mut self, fen: i64) {
        let (sign, whole) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
        self.raw(&format!("{sign}{}.{:02}", whole / 100, whole % 100));
        self.raw(&fen.to_string());
    }

    fn maybe_amount(&mut self, fen: Option<i64>) {
        match fen {
            Some(fen) => self.amount(fen),
            None => {
                self.raw("");
                self.raw("");
            }
        }
    }

    fn time(&mut self, at: Option<UnixMs>) {
        self.raw(&at.map_or_else(String::new, UnixMs::beijing_text));
    }

    fn raw(&mut self, cell: &str) {
        if std::mem::replace(&mut self.1, true) {
            self.0.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r', '\t', '\'']) {
            let doubled = cell.replace('"', "\"\"");
            write!(self.0, "\"{doubled}\"").expect("a String takes everything");
        } else {
            self.0.push_str(cell);
        }
    }
}

fn line(table: &mut String, fill: impl FnOnce(&mut Line<'_>)) {
    fill(&mut Line(table, false));
    table.push_str("\r\n");
}

fn head(columns: &[&str]) -> String {
    let mut table = String::from(BOM);
    line(&mut table, |cells| columns.iter().for_each(|column| cells.raw(column)));
    table
}

/// A month as a table: one line for each merchant.
pub fn month_csv(month: Month, merchants: &[MerchantMonth]) -> String {
    let mut table = head(&[
        "月份 month",
        "商户号 merchant_uid",
        "支付笔数 payments",
        "收款(元) gross_yuan",
        "收款(分) gross_fen",
        "退款(元) refund_yuan",
        "退款(分) refund_fen",
        "技术服务费(元) fee_yuan",
        "技术服务费(分) fee_fen",
        "佣金(元) commission_yuan",
        "佣金(分) commission_fen",
        "分出(元) shared_out_yuan",
        "分出(分) shared_out_fen",
        "分入(元) shared_in_yuan",
        "分入(分) shared_in_fen",
        "净额(元) net_yuan",
        "净额(分) net_fen",
        "费用未知的结算 fees_unknown",
    ]);
    for merchant in merchants {
        line(&mut table, |cells| {
            cells.raw(&month.to_string());
            cells.maybe(merchant.merchant_uid.as_deref());
            cells.raw(&merchant.payments.to_string());
            for amount in [
                merchant.gross_fen,
                merchant.refund_fen,
                merchant.fee_fen,
                merchant.commission_fen,
                merchant.shared_out_fen,
                merchant.shared_in_fen,
                merchant.net_fen,
            ] {
                cells.amount(amount);
            }
            cells.raw(&merchant.fees_unknown.to_string());
        });
    }
    table
}

/// The head of a table of differences, for [`add_differences`].
pub(crate) fn differences_head() -> String {
    head(&[
        "账单日 day",
        "账单 kind",
        "差异 type",
        "单号 number",
        "订单号 out_order_no",
        "我方状态 our_state",
        "账单状态 their_state",
        "我方金额(元) our_amount_yuan",
        "我方金额(分) our_amount_fen",
        "账单金额(元) their_amount_yuan",
        "账单金额(分) their_amount_fen",
        "我方服务费(元) our_fee_yuan",
        "我方服务费(分) our_fee_fen",
        "账单服务费(元) their_fee_yuan",
        "账单服务费(分) their_fee_fen",
        "我方佣金(元) our_commission_yuan",
        "我方佣金(分) our_commission_fen",
        "账单佣金(元) their_commission_yuan",
        "账单佣金(分) their_commission_fen",
        "我方时间 our_time",
        "账单时间 their_time",
        "平台单号 platform_no",
        "发现时间 found_at",
        "查询结果 answer",
        "解决时间 resolved_at",
    ])
}

/// Differences as a table.
pub fn differences_csv(differences: &[Difference]) -> String {
    let mut table = differences_head();
    add_differences(&mut table, differences);
    table
}

/// Adds lines to a table of differences.
pub(crate) fn add_differences(table: &mut String, differences: &[Difference]) {
    let none = Side::default();
    for one in differences {
        let found = &one.found;
        let (ours, theirs) = (found.ours.as_ref().unwrap_or(&none), found.theirs.as_ref().unwrap_or(&none));
        line(table, |cells| {
            cells.raw(&Day::of_midnight(found.day).to_string());
            cells.raw(found.kind.as_str());
            cells.raw(found.differs.as_str());
            cells.text(&found.number);
            cells.maybe(found.out_order_no.as_deref());
            cells.maybe(ours.state.as_deref());
            cells.maybe(theirs.state.as_deref());
            cells.maybe_amount(ours.amount_fen);
            cells.maybe_amount(theirs.amount_fen);
            cells.maybe_amount(ours.fee_fen);
            cells.maybe_amount(theirs.fee_fen);
            cells.maybe_amount(ours.commission_fen);
            cells.maybe_amount(theirs.commission_fen);
            cells.time(ours.at_ms.map(UnixMs::new));
            cells.time(theirs.at_ms.map(UnixMs::new));
            cells.maybe(theirs.platform_no.as_deref().or(ours.platform_no.as_deref()));
            cells.time(Some(found.at));
            cells.maybe(one.answer.as_deref());
            cells.time(one.resolved_at);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(fill: impl FnOnce(&mut Line<'_>)) -> String {
        let mut table = String::new();
        line(&mut table, fill);
        table
    }

    #[test]
    fn nothing_from_outside_becomes_a_formula_or_breaks_the_line() {
        for (text, shown) in [
            ("O1", "O1\r\n"),
            ("=1+1", "\"'=1+1\"\r\n"),
            ("+86", "\"'+86\"\r\n"),
            ("-2", "\"'-2\"\r\n"),
            ("@SUM(A1)", "\"'@SUM(A1)\"\r\n"),
            ("\t=1", "\"'\t=1\"\r\n"),
            ("＝1", "\"'＝1\"\r\n"),
            ("a,b \"c\"\nd", "\"a,b \"\"c\"\"\nd\"\r\n"),
            ("70775300146143419322", "\"\t70775300146143419322\"\r\n"),
            ("20260105", "20260105\r\n"),
            ("", "\r\n"),
        ] {
            assert_eq!(cell(|cells| cells.text(text)), shown, "{text}");
        }
    }

    #[test]
    fn an_amount_stands_in_yuan_and_in_fen() {
        for (fen, shown) in [
            (0, "0.00,0"),
            (5, "0.05,5"),
            (128_001, "1280.01,128001"),
            (-5, "-0.05,-5"),
            (-120, "-1.20,-120"),
        ] {
            assert_eq!(cell(|cells| cells.amount(fen)), format!("{shown}\r\n"));
        }
    }

    #[test]
    fn a_month_has_a_mark_a_head_and_a_line_for_each_merchant() {
        let merchant = MerchantMonth {
            merchant_uid: Some("70775300146143419322".to_owned()),
            payments: 2,
            gross_fen: 150_000,
            net_fen: -1,
            ..MerchantMonth::default()
        };
        let table = month_csv("2026-01".parse().expect("a month"), &[merchant]);
        let lines: Vec<&str> = table.split("\r\n").collect();
        assert!(lines[0].starts_with("\u{feff}月份 month,商户号 merchant_uid,"), "{}", lines[0]);
        assert!(lines[1].starts_with("2026-01,\"\t70775300146143419322\",2,1500.00,150000,"), "{}", lines[1]);
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    }
}
