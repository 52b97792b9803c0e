//! A bill as a file: separators, quotes, encodings.

use douyin_pay_protocol::Fen;
use encoding_rs::GB18030;

use crate::config::BillForm;

/// One cell.
pub(super) enum Cell {
    Text(String),
    Amount(Fen),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Fen> for Cell {
    fn from(amount: Fen) -> Self {
        Self::Amount(amount)
    }
}

/// The file: the header, then the rows with an index before each.
pub(super) fn file(form: &BillForm, columns: &[&str], rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let end = if form.crlf { "\r\n" } else { "\n" };
    let count = rows.len();
    let mut text = String::new();
    if form.bom {
        text.push('\u{feff}');
    }
    text.push_str("序号");
    for column in columns {
        text.push(',');
        text.push_str(column);
    }
    text.push_str(end);
    for (index, row) in rows.into_iter().enumerate() {
        value(&mut text, form, &(index + 1).to_string());
        for cell in row {
            text.push(',');
            match cell {
                Cell::Text(cell) => value(&mut text, form, &cell),
                Cell::Amount(amount) => value(&mut text, form, &money(form, amount)),
            }
        }
        text.push_str(end);
    }
    if form.summary {
        text.push_str(&format!("合计,{count}笔{end}"));
    }
    if form.gb18030 {
        return GB18030.encode(&text).0.into_owned();
    }
    text.into_bytes()
}

fn money(form: &BillForm, amount: Fen) -> String {
    let fen = amount.get();
    if form.yuan { format!("{}.{:02}", fen / 100, fen % 100) } else { fen.to_string() }
}

/// Quoted only where it must be.
fn value(text: &mut String, form: &BillForm, value: &str) {
    let quoted = value.contains([',', '"', '\n', '\r']);
    text.push_str(if quoted { "\"" } else { "" });
    text.push_str(if form.backticks { "`" } else { "" });
    if quoted {
        text.push_str(&value.replace('"', "\"\""));
    } else {
        text.push_str(value);
    }
    text.push_str(if quoted { "\"" } else { "" });
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::Fen;

    use super::{Cell, file};
    use crate::config::BillForm;

    fn written(form: &BillForm) -> Vec<u8> {
        let row: Vec<Cell> = vec!["a,b\"".into(), Fen::new(1_205).unwrap().into()];
        file(form, &["文", "额"], vec![row])
    }

    #[test]
    fn a_file_is_written_in_every_form() {
        assert_eq!(written(&BillForm::default()), "序号,文,额\n1,\"a,b\"\"\",1205\n".as_bytes());
        let dressed = BillForm {
            bom: true,
            crlf: true,
            backticks: true,
            yuan: true,
            summary: true,
            ..BillForm::default()
        };
        let expected = "\u{feff}序号,文,额\r\n`1,\"`a,b\"\"\",`12.05\r\n合计,1笔\r\n";
        assert_eq!(String::from_utf8(written(&dressed)).unwrap(), expected);
        let chinese = written(&BillForm { gb18030: true, ..BillForm::default() });
        assert_eq!(&chinese[..4], [0xd0, 0xf2, 0xba, 0xc5]);
    }
}
