//! The three calls for bills: their fields are a signed query.

use smallvec::SmallVec;

use super::{BillDate, BillKind};
use crate::ecpay::sign::{LEFT_OUT, Signature, signed_part};
use crate::ecpay::{Caller, Endpoint, Identity};
use crate::{FieldError, MerchantUid};

/// One of the calls that fetch a bill.
pub trait BillRequest {
    /// Where it goes.
    const ENDPOINT: Endpoint;

    /// What the bill will list.
    fn kind(&self) -> BillKind;

    /// Every field that is sent, except `app_id`, `thirdparty_id` and `sign`.
    fn fields(&self) -> Vec<(&'static str, &str)>;
}

/// The query of the URL: identities, fields and signature. No value needs an escape.
///
/// ```
/// use douyin_pay_protocol::ecpay::bill::{BillKind, Bills, signed_query};
/// use douyin_pay_protocol::ecpay::Caller;
/// use douyin_pay_protocol::{AppId, MerchantUid, Salt};
///
/// let (app_id, salt) = (AppId::new("tt0000000000000001")?, Salt::new("test_salt_Ab12Cd34")?);
/// let bills = Bills::new(MerchantUid::new("70775300146143419322")?, BillKind::Payment, "2024-01-01".parse()?)?;
/// assert_eq!(
///     signed_query(&Caller::app(&app_id, &salt), &bills),
///     "app_id=tt0000000000000001&merchant_id=70775300146143419322&bill_date=20240101&bill_type=payment\
///      &sign=665b948799d86cb93b9bb7a596ce95ee",
/// );
/// # Ok::<(), douyin_pay_protocol::FieldError>(())
/// ```
pub fn signed_query(caller: &Caller<'_>, request: &impl BillRequest) -> String {
    let identities = [
        ("app_id", caller.app_id_in(Identity::App)),
        ("thirdparty_id", caller.thirdparty_id_in(Identity::App)),
    ];
    let identities = identities.into_iter().filter_map(|(name, id)| Some((name, id?.as_str())));
    let mut pairs: Vec<(&str, &str)> = identities.chain(request.fields()).collect();
    let salt = caller.salt_of(Identity::App).map(|salt| salt.expose().as_bytes());
    let signed = pairs.iter().filter(|(name, _)| !LEFT_OUT.contains(name));
    let mut values: SmallVec<[&[u8]; 8]> =
        signed.filter_map(|(_, value)| signed_part(value).map(str::as_bytes)).chain(salt).collect();
    values.sort_unstable();
    let signature = Signature::of_sorted(values);
    pairs.push(("sign", signature.as_str()));
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// 对账单 (旧): the bill of some days, in the form of 2021.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldBill {
    seller: MerchantUid,
    kind: BillKind,
    start_date: BillDate,
    end_date: BillDate,
}

impl OldBill {
    /// Asks for the bill of these days, both included.
    ///
    /// # Errors
    /// For another kind than payments, settlements and refunds, for a month, and when the end is before the start.
    pub fn new(
        seller: MerchantUid,
        kind: BillKind,
        start_date: BillDate,
        end_date: BillDate,
    ) -> Result<Self, FieldError> {
        if !matches!(kind, BillKind::Payment | BillKind::Settle | BillKind::Refund) {
            let problem = format!(
                "`{kind}` is not in the old form; ask for payment, settle or refund, or use the new call"
            );
            return Err(FieldError::new("bill_type", problem));
        }
        if let Some(month) = [&start_date, &end_date].into_iter().find(|date| date.is_month()) {
            return Err(FieldError::new("start_date", format!("{month} is a month; give days")));
        }
        if end_date < start_date {
            let problem = format!("{end_date} is before {start_date}; exchange them");
            return Err(FieldError::new("end_date", problem));
        }
        Ok(Self { seller, kind, start_date, end_date })
    }
}

impl BillRequest for OldBill {
    const ENDPOINT: Endpoint = Endpoint::Bill;

    fn kind(&self) -> BillKind {
        self.kind
    }

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("start_date", self.start_date.as_str()),
            ("end_date", self.end_date.as_str()),
            ("seller", self.seller.as_str()),
            ("bill_type", self.kind.as_str()),
        ]
    }
}

/// 交易账单: what happened to orders on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bills {
    merchant_id: MerchantUid,
    bill_date: BillDate,
    kind: BillKind,
}

impl Bills {
    /// Asks for that day's bill; for commission paid back, for that month's.
    ///
    /// # Errors
    /// When the kind is made once a month and `date` is a day, or the other way round, and for movements, which
    /// [`FundBills`] fetches.
    pub fn new(merchant_id: MerchantUid, kind: BillKind, date: BillDate) -> Result<Self, FieldError> {
        let problem = match (kind, date.is_month()) {
            (BillKind::Fund, _) => {
                return Err(FieldError::new("bill_type", "`fund` has a call of its own; use it"));
            }
            (BillKind::Rebate, false) => format!("`{kind}` is made once a month; write 2024-01"),
            (BillKind::Rebate | BillKind::AnnualRebate, _) | (_, false) => {
                return Ok(Self { merchant_id, bill_date: date, kind });
            }
            (_, true) => format!("{date} is a month, and `{kind}` is made every day; write 2024-01-31"),
        };
        Err(FieldError::new("bill_date", problem))
    }
}

impl BillRequest for Bills {
    const ENDPOINT: Endpoint = Endpoint::Bills;

    fn kind(&self) -> BillKind {
        self.kind
    }

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("merchant_id", self.merchant_id.as_str()),
            ("bill_date", self.bill_date.as_str()),
            ("bill_type", self.kind.as_str()),
        ]
    }
}

/// 资金账单: what went in and out of a merchant's account on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundBills {
    merchant_id: MerchantUid,
    bill_date: BillDate,
    account_type: Box<str>,
    payment_type: Box<str>,
    trade_type: Box<str>,
}

impl FundBills {
    /// Stands for every account, every channel or every kind of movement.
    pub const ALL: &'static str = "ALL";

    /// Asks for all movements of that day.
    ///
    /// # Errors
    /// When `date` is a month.
    pub fn new(merchant_id: MerchantUid, date: BillDate) -> Result<Self, FieldError> {
        if date.is_month() {
            return Err(FieldError::new("bill_date", format!("{date} is a month; write 2024-01-31")));
        }
        let all = || Self::ALL.into();
        Ok(Self { merchant_id, bill_date: date, account_type: all(), payment_type: all(), trade_type: all() })
    }

    /// Only movements of this kind of account. Which words there are is not published.
    ///
    /// # Errors
    /// When it is no word of letters, digits, `_` and `-`.
    pub fn account_type(mut self, word: &str) -> Result<Self, FieldError> {
        self.account_type = passed_on("account_type", word)?;
        Ok(self)
    }

    /// Only movements through this channel. Which words there are is not published.
    ///
    /// # Errors
    /// When it is no word of letters, digits, `_` and `-`.
    pub fn payment_type(mut self, word: &str) -> Result<Self, FieldError> {
        self.payment_type = passed_on("payment_type", word)?;
        Ok(self)
    }

    /// Only this kind of movement. Which words there are is not published.
    ///
    /// # Errors
    /// When it is no word of letters, digits, `_` and `-`.
    pub fn trade_type(mut self, word: &str) -> Result<Self, FieldError> {
        self.trade_type = passed_on("trade_type", word)?;
        Ok(self)
    }
}

fn passed_on(field: &'static str, word: &str) -> Result<Box<str>, FieldError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if (1..=64).contains(&word.len()) && word.bytes().all(allowed) {
        return Ok(word.into());
    }
    let problem = "is not a word of 1 to 64 letters, digits, _ and -; write ALL for everything";
    Err(FieldError::new(field, problem))
}

impl BillRequest for FundBills {
    const ENDPOINT: Endpoint = Endpoint::FundBills;

    fn kind(&self) -> BillKind {
        BillKind::Fund
    }

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("merchant_id", self.merchant_id.as_str()),
            ("bill_date", self.bill_date.as_str()),
            ("account_type", &self.account_type),
            ("payment_type", &self.payment_type),
            ("trade_type", &self.trade_type),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{BillKind, Bills, FundBills, OldBill, signed_query};
    use crate::ecpay::Caller;
    use crate::{AppId, FieldError, MerchantUid, Salt};

    fn merchant() -> MerchantUid {
        MerchantUid::new("70775300146143419322").expect("a merchant")
    }

    fn date(text: &str) -> super::BillDate {
        text.parse().expect("a date")
    }

    #[test]
    fn the_three_queries() -> Result<(), FieldError> {
        let (app, provider, salt) = (AppId::new("tt1")?, AppId::new("tt2")?, Salt::new("salt")?);
        let app = Caller::app(&app, &salt);
        let old = OldBill::new(merchant(), BillKind::Refund, date("2024-01-01"), date("20240131"))?;
        let query = signed_query(&app.through(&provider, None), &old);
        assert!(
            query.starts_with(
                "app_id=tt1&thirdparty_id=tt2&start_date=20240101&end_date=20240131&seller=70775300146143419322&\
                 bill_type=refund&sign="
            ),
            "{query}"
        );
        // Who asks takes no part in the signature.
        assert_eq!(query.split("sign=").nth(1), signed_query(&app, &old).split("sign=").nth(1));
        let fund = FundBills::new(merchant(), date("2024-01-01"))?.trade_type("refund")?;
        let query = signed_query(&app, &fund);
        assert!(query.contains("&account_type=ALL&payment_type=ALL&trade_type=refund&sign="), "{query}");
        assert!(fund.account_type("a&b=c").is_err());
        Ok(())
    }

    #[test]
    fn dates_must_suit_the_kind() {
        let bills = |kind, text| Bills::new(merchant(), kind, date(text)).is_ok();
        assert!(bills(BillKind::Payment, "2024-01-01") && !bills(BillKind::Payment, "2024-01"));
        assert!(!bills(BillKind::Rebate, "2024-01-01") && bills(BillKind::Rebate, "2024-01"));
        assert!(bills(BillKind::AnnualRebate, "2024-01") && !bills(BillKind::Fund, "2024-01-01"));
        assert!(FundBills::new(merchant(), date("2024-01")).is_err());
        let old = |kind, from, to| OldBill::new(merchant(), kind, date(from), date(to)).is_ok();
        assert!(old(BillKind::Payment, "2024-01-01", "2024-01-01"));
        assert!(!old(BillKind::Payment, "2024-01-02", "2024-01-01"));
        assert!(!old(BillKind::Payment, "2024-01", "2024-01-01"));
        assert!(!old(BillKind::Return, "2024-01-01", "2024-01-01"));
    }
}
