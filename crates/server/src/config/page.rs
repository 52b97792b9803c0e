//! A page of the mini-program, with numbers filled in.

use douyin_pay_protocol::FieldError;
use douyin_pay_protocol::trade::Schema;

const ORDER: &str = "{out_order_no}";
const REFUND: &str = "{out_refund_no}";
/// The longest number that is filled in.
const LONGEST: &str = "****************************************************************";

/// Where the platform's own pages about an order or a refund lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The page's path in the mini-program.
    pub path: String,
    /// Its parameters as JSON; `{out_order_no}` and `{out_refund_no}` stand for the numbers.
    pub params: Option<String>,
}

impl Page {
    /// The page of an order.
    ///
    /// # Errors
    /// When the parameters are too long with this number.
    pub(crate) fn of_order(&self, out_order_no: &str) -> Result<Schema, FieldError> {
        let params = self.params.as_deref().unwrap_or(r#"{"out_order_no":"{out_order_no}"}"#);
        Schema::new(&self.path)?.params(params.replace(ORDER, out_order_no).replace(REFUND, ""))
    }

    /// The page of a refund.
    ///
    /// # Errors
    /// When the parameters are too long with these numbers.
    pub(crate) fn of_refund(&self, out_order_no: &str, out_refund_no: &str) -> Result<Schema, FieldError> {
        let params = self
            .params
            .as_deref()
            .unwrap_or(r#"{"out_order_no":"{out_order_no}","out_refund_no":"{out_refund_no}"}"#);
        Schema::new(&self.path)?.params(params.replace(ORDER, out_order_no).replace(REFUND, out_refund_no))
    }
}

/// A page as it is configured, if it keeps the platform's limits whatever the numbers are.
pub(super) fn page(key: &str, path: &str, params: Option<&str>) -> Result<Page, String> {
    let page = Page { path: path.to_owned(), params: params.map(ToOwned::to_owned) };
    match page.of_refund(LONGEST, LONGEST) {
        Ok(_) => Ok(page),
        Err(refused) => Err(format!("`{key}.{}`: {}", refused.field, refused.problem)),
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn numbers_are_filled_in_and_limits_are_kept() {
        let plain = page("entry", "pages/order", None).unwrap();
        let schema = plain.of_order("O1").unwrap();
        assert_eq!((schema.path(), schema.params_json()), ("pages/order", Some(r#"{"out_order_no":"O1"}"#)));
        let own = page("entry", "pages/order", Some(r#"{"no":"{out_order_no}","back":"{out_refund_no}"}"#))
            .unwrap();
        assert_eq!(own.of_refund("O1", "R1").unwrap().params_json(), Some(r#"{"no":"O1","back":"R1"}"#));
        let long = format!(r#"{{"no":"{{out_order_no}}","x":"{}"}}"#, "y".repeat(450));
        for (path, params, says) in [
            ("/pages/order", None, "`entry.path`: begins with `/`"),
            ("pages/order", Some("[]"), "`entry.params`"),
            ("pages/order", Some(long.as_str()), "`entry.params`"),
        ] {
            let problem = page("entry", path, params).unwrap_err();
            assert!(problem.contains(says), "{problem}");
        }
    }
}
