//! `skuAttr`: what goods are in detail, as JSON text.

use serde::Serialize;

use crate::members::members;
use crate::{Fen, FieldError};

/// What goods are in detail: the text of a JSON object, required for types 101–107 and 402–406.
///
/// For 101–107 [`SkuAttr::telecom`] writes it. For 402–406 its structure is not published: ask the
/// platform for it and give it with [`SkuAttr::new`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct SkuAttr(Box<str>);

impl SkuAttr {
    /// The longest text that we send; the platform publishes no limit.
    pub const BYTES_MAX: usize = 4096;

    /// That very text.
    ///
    /// # Errors
    /// When it is not the text of one JSON object, or longer than 4,096 bytes.
    pub fn new(json: impl AsRef<str>) -> Result<Self, FieldError> {
        let json = json.as_ref();
        let problem = |text: String| Err(FieldError::new("skuAttr", text));
        if json.len() > Self::BYTES_MAX {
            return problem(format!(
                "{} bytes, at most {} are sent; shorten it",
                json.len(),
                Self::BYTES_MAX
            ));
        }
        match members(json) {
            Ok(_) => Ok(Self(json.into())),
            Err(cause) => problem(format!("is not the text of one JSON object ({cause}); write {{…}}")),
        }
    }

    /// What telecom goods (types 101–107) must say.
    ///
    /// ```
    /// use douyin_pay_protocol::Fen;
    /// use douyin_pay_protocol::trade::{PackageCost, SkuAttr, TelecomAttr, TelecomOperator, TimeUnit};
    ///
    /// let attr = SkuAttr::telecom(&TelecomAttr {
    ///     package_cost: PackageCost { amount: Fen::new(3900).unwrap(), time_len: 1, unit: TimeUnit::Month },
    ///     call_duration: 100,
    ///     traffic_bundle: 30,
    ///     telecom_operator_type: TelecomOperator::Official,
    /// });
    /// assert_eq!(
    ///     attr.as_str(),
    ///     r#"{"package_cost":{"amount":3900,"time_len":1,"unit":"month"},"call_duration":100,"traffic_bundle":30,"telecom_operator_type":"official"}"#,
    /// );
    /// ```
    pub fn telecom(attr: &TelecomAttr) -> Self {
        Self(serde_json::to_string(attr).expect("attributes are plain data").into())
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What telecom goods must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TelecomAttr {
    /// What the plan costs.
    pub package_cost: PackageCost,
    /// Minutes of calls in it.
    pub call_duration: u32,
    /// Gigabytes of data in it.
    pub traffic_bundle: u32,
    /// Who runs the network.
    pub telecom_operator_type: TelecomOperator,
}

/// What a plan costs for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PackageCost {
    /// How much.
    pub amount: Fen,
    /// For how many units of time.
    pub time_len: u32,
    /// The unit of time.
    pub unit: TimeUnit,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Years.
    Year,
    /// Months.
    Month,
    /// Days.
    Day,
}

/// Who runs a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TelecomOperator {
    /// One of the operators of the state.
    Official,
    /// A virtual operator.
    Private,
}
