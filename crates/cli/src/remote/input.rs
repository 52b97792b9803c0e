//! What people type: amounts in yuan, numbers, shares; checked before anything is sent.

use douyin_pay_protocol::{Fen, FieldError, MerchantUid};
use serde_json::{Value, json};

use crate::exit::Failure;
use crate::lang::tell;
use crate::out::printable;

/// As long as the platform's numbers are.
const ITEM_ORDER_ID_BYTES_MAX: usize = 64;

/// An amount in yuan, exact to the fen.
pub(crate) fn yuan(option: &str, text: &str) -> Result<Fen, Failure> {
    exact(text).ok_or_else(|| {
        let text = printable(text);
        Failure::usage(tell!(
            "`{option} {text}`：不是以元为单位的金额；请写 12.80 这样的正数，最多两位小数",
            "`{option} {text}`: not an amount in yuan; write one above zero with at most two decimals, such as 12.80"
        ))
    })
}

fn exact(text: &str) -> Option<Fen> {
    Fen::from_yuan(text).ok().filter(|amount| *amount != Fen::ZERO)
}

/// A number of the merchant's, as the platform takes it.
pub(crate) fn number<T>(
    name: &str,
    text: &str,
    new: fn(&str) -> Result<T, FieldError>,
) -> Result<String, Failure> {
    match new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(refused) => {
            let text = printable(text);
            Err(Failure::usage(tell!(
                "{name} `{text}`：号码由 1–64 个字符组成，只能用 0-9 A-Z a-z _ - *（{refused}）",
                "{name} `{text}`: {refused}"
            )))
        }
    }
}

/// `MERCHANT_UID=YUAN`, as the service takes it.
pub(crate) fn share(text: &str) -> Result<Value, Failure> {
    let parts = text.split_once('=').and_then(|(uid, amount)| Some((uid, exact(amount)?)));
    let Some((uid, amount)) = parts else {
        let text = printable(text);
        return Err(Failure::usage(tell!(
            "`--share {text}`：请写成 商户号=金额（元，最多两位小数），例如 `--share 69645835031835936200=0.60`",
            "`--share {text}`: write MERCHANT_UID=YUAN with at most two decimals, such as `--share 69645835031835936200=0.60`"
        )));
    };
    if let Err(refused) = MerchantUid::new(uid) {
        let text = printable(text);
        return Err(Failure::usage(tell!(
            "`--share {text}`：商户号不对：{refused}",
            "`--share {text}`: {refused}"
        )));
    }
    Ok(json!({ "merchant_uid": uid, "amount_fen": amount }))
}

/// `ITEM_ORDER_ID=YUAN`, as the service takes it.
pub(crate) fn item(text: &str) -> Result<Value, Failure> {
    let parts = text.rsplit_once('=').and_then(|(id, amount)| Some((item_order_id(id)?, exact(amount)?)));
    let Some((id, amount)) = parts else {
        let text = printable(text);
        return Err(Failure::usage(tell!(
            "`--item {text}`：请写成 商品单号=金额（元，最多两位小数），例如 `--item motb00000000000000000002=1.00`",
            "`--item {text}`: write ITEM_ORDER_ID=YUAN with at most two decimals, such as `--item motb00000000000000000002=1.00`"
        )));
    };
    Ok(json!({ "item_order_id": id, "amount_fen": amount }))
}

/// The platform's number of one item: 1–64 visible ASCII characters.
pub(crate) fn item_order_id(text: &str) -> Option<&str> {
    let fits = (1..=ITEM_ORDER_ID_BYTES_MAX).contains(&text.len());
    Some(text).filter(|text| fits && text.bytes().all(|byte| byte.is_ascii_graphic()))
}

#[cfg(test)]
mod tests {
    use super::{item, share, yuan};

    #[test]
    fn yuan_is_exact_or_refused() {
        assert_eq!(yuan("--amount", "12.80").map(|amount| amount.get()).ok(), Some(1280));
        assert_eq!(yuan("--amount", "0.1").map(|amount| amount.get()).ok(), Some(10));
        for text in ["12.801", "0", "0.00", "-1", "1e3", "１２", "12,80", "¥1", "", "100000000000"] {
            let refused = yuan("--amount", text).expect_err(text);
            assert_eq!(refused.code(), 2, "{text}");
        }
    }

    #[test]
    fn an_item_names_which_and_how_much() {
        let told = item("motb0002=1.00").expect("an item");
        assert_eq!(told.to_string(), r#"{"amount_fen":100,"item_order_id":"motb0002"}"#);
        for text in ["motb0002", "=1", "motb0002=", "motb0002=0", "motb0002=0.001", "a b=1"] {
            assert_eq!(item(text).expect_err(text).code(), 2, "{text}");
        }
    }

    #[test]
    fn a_share_names_who_and_how_much() {
        let told = share("69645835031835936200=0.60").expect("a share");
        assert_eq!(told.to_string(), r#"{"amount_fen":60,"merchant_uid":"69645835031835936200"}"#);
        for text in
            ["69645835031835936200", "=1", "69645835031835936200=", "69645835031835936200=0.601", "a b=1"]
        {
            assert_eq!(share(text).expect_err(text).code(), 2, "{text}");
        }
    }
}
