//! Product types and tag groups: what may be sold, and which refund rules hold.

mod table;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::FieldError;

/// The platform's number of a kind of goods: `type` of an sku.
///
/// ```
/// use douyin_pay_protocol::trade::ProductType;
///
/// let membership = ProductType::new(402).unwrap();
/// let known = membership.known().unwrap();
/// assert_eq!((known.zh, known.en), ("会员", "membership"));
/// assert_eq!(known.needs_fulfilment, Some(false));
/// assert!(membership.needs_sku_attr());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProductType(u16);

/// What is published about a product type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownType {
    /// The product type.
    pub product_type: ProductType,
    /// The trade it belongs to, in Chinese.
    pub industry_zh: &'static str,
    /// The trade it belongs to, in English.
    pub industry_en: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Whether the merchant pushes its fulfilment; concluded from the refund rules, `None` where nobody says.
    pub needs_fulfilment: Option<bool>,
    /// Its tag groups as far as they are published; `tag_query` gives those of an app.
    pub tag_groups: &'static [TagGroup],
}

/// A set of refund rules that goods are sold under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagGroup {
    /// The platform's id.
    pub id: &'static str,
    /// What it promises the user, in Chinese.
    pub zh: &'static str,
    /// What it promises the user, in English.
    pub en: &'static str,
}

impl ProductType {
    /// A product type; also one that was published after this version.
    ///
    /// # Errors
    /// When it has not three digits, as all product types have.
    pub fn new(number: u16) -> Result<Self, FieldError> {
        if (100..=999).contains(&number) {
            return Ok(Self(number));
        }
        let problem = format!("{number} is no product type; choose one of three digits, such as 402");
        Err(FieldError::new("type", problem))
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// What is published about it.
    pub fn known(self) -> Option<&'static KnownType> {
        Self::all_known().iter().find(|known| known.product_type == self)
    }

    /// All published product types, by number.
    pub fn all_known() -> &'static [KnownType] {
        table::TYPES
    }

    /// Whether the order must describe the goods in `skuAttr`.
    pub const fn needs_sku_attr(self) -> bool {
        matches!(self.0, 101..=107 | 402..=406)
    }
}

impl fmt::Display for ProductType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<'de> Deserialize<'de> for ProductType {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(u16::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::ProductType;
    use crate::trade::TagGroupId;

    #[test]
    fn the_table_is_in_order_and_complete() {
        let types = ProductType::all_known();
        assert!(types.is_sorted_by_key(|known| known.product_type) && types.len() == 18);
        for known in types {
            assert_eq!(ProductType::new(known.product_type.get()), Ok(known.product_type));
            for zh in [known.industry_zh, known.zh] {
                assert!(!zh.is_empty() && !zh.is_ascii(), "{known:?}");
            }
            assert!(!known.industry_en.is_empty() && known.en.is_ascii(), "{known:?}");
            for group in known.tag_groups {
                assert!(TagGroupId::new(group.id).is_ok() && group.id.starts_with("tag_group_"));
            }
        }
        assert!(ProductType::new(99).is_err() && ProductType::new(1000).is_err());
        assert!(ProductType::new(888).expect("three digits").known().is_none());
    }

    #[test]
    fn attributes_are_needed_by_these_and_no_others() {
        let needed: Vec<u16> = (100..=999)
            .filter(|number| ProductType::new(*number).is_ok_and(ProductType::needs_sku_attr))
            .collect();
        assert_eq!(needed, [101, 102, 103, 104, 105, 106, 107, 402, 403, 404, 405, 406]);
    }
}
