//! `fulfill_push_status`.

use serde::{Deserialize, Deserializer, Serialize};

use crate::trade::text::Limit;
use crate::trade::{Data, Endpoint, Request};
use crate::{FieldError, PlatformNo};

/// How far a fulfilment is; it only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FulfilStage {
    /// Not begun.
    Wait,
    /// Under way.
    Fulfilling,
    /// Done.
    Done,
}

/// The state that is pushed. Two words are known; the platform's list is not published, so any word may be given.
///
/// ```
/// use douyin_pay_protocol::trade::{FulfilStage, ToStatus};
///
/// assert_eq!(ToStatus::fulfilling().as_str(), "fulfilling");
/// assert_eq!(ToStatus::new("FULFILL_DONE").unwrap().stage(), Some(FulfilStage::Done));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ToStatus(Box<str>);

impl ToStatus {
    /// That very word.
    ///
    /// # Errors
    /// When it is empty or longer than 64 bytes.
    pub fn new(word: impl AsRef<str>) -> Result<Self, FieldError> {
        let limit = Limit { field: "to_status", bytes_max: 64, chars_max: 64, required: true };
        limit.check(word.as_ref())?;
        Ok(Self(word.as_ref().into()))
    }

    /// Under way: the word of the platform's sample.
    pub fn fulfilling() -> Self {
        Self("fulfilling".into())
    }

    /// Done.
    pub fn fulfill_done() -> Self {
        Self("fulfill_done".into())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The stage it means, without regard to case, if it is a known word.
    pub fn stage(&self) -> Option<FulfilStage> {
        match self.0.to_ascii_lowercase().as_str() {
            "fulfill_wait" => Some(FulfilStage::Wait),
            "fulfilling" => Some(FulfilStage::Fulfilling),
            "fulfill_done" | "fulfilled" => Some(FulfilStage::Done),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for ToStatus {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(Box::<str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// 推送履约状态: say how far the fulfilment is. Only for product types that need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FulfillPushStatus {
    order_id: PlatformNo,
    item_order_id_list: Vec<PlatformNo>,
    to_status: ToStatus,
}

impl FulfillPushStatus {
    /// The most items in one call; the platform publishes no limit.
    pub const ITEMS_MAX: usize = 100;

    /// These items have come so far.
    ///
    /// # Errors
    /// When there is no item, more than a hundred, or one twice.
    pub fn new(
        order_id: PlatformNo,
        items: Vec<PlatformNo>,
        to_status: ToStatus,
    ) -> Result<Self, FieldError> {
        let problem = |text: String| Err(FieldError::new("item_order_id_list", text));
        if items.is_empty() {
            return problem("is empty; name the items that changed".to_owned());
        }
        if items.len() > Self::ITEMS_MAX {
            return problem(format!(
                "{} items, at most {} are sent; push in several steps",
                items.len(),
                Self::ITEMS_MAX
            ));
        }
        for (index, item) in items.iter().enumerate() {
            if items[..index].contains(item) {
                return problem(format!("{item} stands twice; name it once"));
            }
        }
        Ok(Self { order_id, item_order_id_list: items, to_status })
    }
}

impl Request for FulfillPushStatus {
    const ENDPOINT: Endpoint = Endpoint::FulfillPushStatus;
    const DATA: Data = Data::Nothing;
    type Reply = ();
}
