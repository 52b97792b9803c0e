//! `query_merchant_status`: how far the opening of an account is, in both generations of answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::read::merchant;
use crate::ecpay::{Endpoint, Fields, Identity, Request};
use crate::read::{count, object, opaque};
use crate::{ChannelType, MerchantUid, SubMerchantId};

/// 进件状态查询: how far the opening of an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMerchantStatus {
    merchant_id: Option<MerchantUid>,
    sub_merchant_id: Option<SubMerchantId>,
}

impl QueryMerchantStatus {
    /// Asks about the account with that number of the platform.
    pub fn by_merchant_id(merchant_id: MerchantUid) -> Self {
        Self { merchant_id: Some(merchant_id), sub_merchant_id: None }
    }

    /// Asks about the account with that key of ours.
    pub fn by_sub_merchant_id(sub_merchant_id: SubMerchantId) -> Self {
        Self { merchant_id: None, sub_merchant_id: Some(sub_merchant_id) }
    }

    /// Names our own key of the same account too.
    #[must_use]
    pub fn sub_merchant_id(mut self, key: SubMerchantId) -> Self {
        self.sub_merchant_id = Some(key);
        self
    }
}

impl Request for QueryMerchantStatus {
    const ENDPOINT: Endpoint = Endpoint::QueryMerchantStatus;
    const IDENTITY: Identity = Identity::AppOrProvider;
    type Reply = MerchantStatus;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        if let Some(number) = &self.merchant_id {
            to.text("merchant_id", number.as_str());
        }
        if let Some(key) = &self.sub_merchant_id {
            to.text("sub_merchant_id", key.as_str());
        }
    }
}

/// How far an account is, per channel. [`MerchantStatus::at`] reads both generations of answers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MerchantStatus {
    /// Per channel, by the channel's word; in answers of 2022 and later.
    #[serde(default, deserialize_with = "channels")]
    pub merchant_status_info: BTreeMap<Box<str>, ChannelStatus>,
    /// The same for the second contracting company.
    #[serde(default, deserialize_with = "object")]
    pub new_merchant_status_info: Option<Map<String, Value>>,
    /// Whether each channel may take payments.
    #[serde(default, deserialize_with = "object")]
    pub pay_status_info: Option<Map<String, Value>>,
    /// WeChat, in answers of 2021.
    #[serde(default, deserialize_with = "count")]
    pub wx: Option<i64>,
    /// Alipay, in answers of 2021.
    #[serde(default, deserialize_with = "count")]
    pub alipay: Option<i64>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// How far an account is at one channel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChannelStatus {
    /// The platform's word: `SUCCESS`, `PROCESSING`, …
    #[serde(default, deserialize_with = "opaque")]
    pub status: Option<Box<str>>,
    /// Why it was refused.
    #[serde(default, deserialize_with = "opaque")]
    pub reject_reason: Option<Box<str>>,
    /// Where the legal representative identifies themselves.
    #[serde(default, deserialize_with = "opaque")]
    pub legal_validation_url: Option<Box<str>>,
    /// Where the contract is signed.
    #[serde(default, deserialize_with = "opaque")]
    pub legal_sign_url: Option<Box<str>>,
    /// The merchant's number.
    #[serde(default, deserialize_with = "merchant")]
    pub merchant_id: Option<MerchantUid>,
}

/// How far an account is, whichever way the platform said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnboardingState {
    /// Not begun.
    None,
    /// Open.
    Done,
    /// Refused.
    Failed,
    /// The platform looks at it.
    InReview,
    /// Open, and frozen.
    Frozen,
    /// A word or a number that is not documented.
    Other(Box<str>),
}

impl OnboardingState {
    fn of_word(word: &str) -> Self {
        match word {
            "SUCCESS" => Self::Done,
            "PROCESSING" => Self::InReview,
            "FAIL" | "FAILED" => Self::Failed,
            other => Self::Other(other.into()),
        }
    }

    fn of_number(number: i64) -> Self {
        match number {
            0 => Self::None,
            1 => Self::Done,
            2 => Self::Failed,
            3 => Self::InReview,
            4 => Self::Frozen,
            other => Self::Other(other.to_string().into()),
        }
    }
}

impl MerchantStatus {
    /// How far the account is at that channel; `None` when the answer does not say.
    pub fn at(&self, channel: &ChannelType) -> Option<OnboardingState> {
        let word = self.merchant_status_info.get(channel.as_str()).and_then(|it| it.status.as_deref());
        let number = match channel {
            ChannelType::WeChat => self.wx,
            ChannelType::Alipay => self.alipay,
            _ => None,
        };
        word.map(OnboardingState::of_word).or_else(|| number.map(OnboardingState::of_number))
    }
}

/// The channels that are objects; others are left out.
fn channels<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Box<str>, ChannelStatus>, D::Error> {
    let all: Map<String, Value> = object(from)?.unwrap_or_default();
    let read = |(name, value): (String, Value)| {
        value.is_object().then(|| serde_json::from_value(value).ok())?.map(|status| (name.into(), status))
    };
    Ok(all.into_iter().filter_map(read).collect())
}
