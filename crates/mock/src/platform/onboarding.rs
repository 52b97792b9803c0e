//! 进件: links to the onboarding pages, and how far each merchant has come.

use std::collections::BTreeMap;

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::answers::{ACCEPTED, Denial, to_json};
use super::call::{Ask, Reply};
use super::fields::{Checked, Fields, wrong};
use super::{Platform, key};
use crate::config::MockProvider;

/// How long a link leads somewhere.
const LINK_LIVES_MS: i64 = 2 * 3_600_000;
/// The channels a merchant is onboarded for.
const CHANNELS: [&str; 3] = ["alipay", "wx", "hz"];

/// How far a merchant has come with one channel, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OnboardingStatus {
    /// Nothing was handed in.
    Init,
    /// Handed in and being looked at.
    Processing,
    /// Done: money can be received.
    Success,
    /// Refused.
    Fail,
    /// Frozen.
    Frozen,
}

impl OnboardingStatus {
    /// The number that stood for it in 2021.
    fn number(self) -> i64 {
        match self {
            Self::Init => 0,
            Self::Success => 1,
            Self::Fail => 2,
            Self::Processing => 3,
            Self::Frozen => 4,
        }
    }
}

/// One merchant that is onboarded by a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantBook {
    /// The app or the provider that onboards it.
    pub owner: String,
    /// Their own key for it; empty for the owner itself.
    pub sub_merchant_id: String,
    /// The platform's number of it.
    pub merchant_id: String,
    /// How far it has come, by channel.
    pub channels: BTreeMap<String, OnboardingStatus>,
    /// When the last link was made.
    pub linked_at: UnixMs,
}

/// Somebody at the platform decides about a merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnboardAsk {
    /// The platform's number of the merchant.
    pub merchant_id: String,
    /// `alipay`, `wx` or `hz`; all of them when absent.
    #[serde(default)]
    pub channel: Option<String>,
    /// What becomes of it.
    pub status: OnboardingStatus,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkKind {
    Onboarding,
    Balance,
}

fn kind(fields: Fields<'_>) -> Checked<LinkKind> {
    match fields.whole_number("url_type")? {
        1 => Ok(LinkKind::Onboarding),
        2 => Ok(LinkKind::Balance),
        other => Err(wrong("url_type", format!("is {other}; 1 is the onboarding page, 2 the balance page"))),
    }
}

impl Platform {
    /// `get_app_merchant`, `app_add_sub_merchant`, `add_sub_merchant`.
    pub(super) fn merchant_link(&mut self, ask: &Ask<'_>, host: &str, of_sub: bool) -> Checked<Reply> {
        let page = kind(ask.fields)?;
        let sub = if of_sub { ask.fields.text("sub_merchant_id", 64)? } else { "" };
        let merchant_id = self.merchant(ask.app_id(), sub, ask.now);
        let url = link(host, &merchant_id, page, ask.now);
        Ok(linked(&url, &merchant_id).into())
    }

    /// The provider whose component token a request has.
    pub(super) fn provider_of_token(&self, fields: Fields<'_>) -> Checked<&MockProvider> {
        let id = fields.text("thirdparty_component_id", 64)?;
        let token = fields
            .text("component_access_token", 512)
            .map_err(|denied| Denial::BadToken.because(denied.why))?;
        let provider = self.provider(id).ok_or_else(|| {
            Denial::UnknownProvider.because(format!("this mock does not know provider `{id}`"))
        })?;
        if provider.component_access_token != token {
            return Err(Denial::BadToken.because("`component_access_token` is not this provider's"));
        }
        Ok(provider)
    }

    /// `add_merchant`: a provider onboards itself.
    pub(super) fn add_merchant(
        &mut self,
        now: UnixMs,
        host: &str,
        id: &str,
        fields: Fields<'_>,
    ) -> Checked<Reply> {
        let page = kind(fields)?;
        let own = self.provider(id).and_then(|provider| provider.merchant_uid.clone());
        let merchant_id = match own {
            Some(uid) => uid.as_str().to_owned(),
            None => self.merchant(id, "", now),
        };
        let url = link(host, &merchant_id, page, now);
        // The number is told only when the onboarding is over.
        let done = provider_done(self, &merchant_id);
        Ok(linked(&url, if done { &merchant_id } else { "" }).into())
    }

    /// `create_merchant`: onboarding without a page, for selected partners.
    pub(super) fn create_merchant(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let sub = ask.fields.text("sub_merchant_id", 64)?.to_owned();
        ask.fields.text("merchant_name", 256)?;
        let merchant_id = self.merchant(ask.app_id(), &sub, ask.now);
        Ok(to_json(&json!({ "err_no": ACCEPTED, "err_tips": "", "merchant_id": merchant_id })).into())
    }

    pub(super) fn query_merchant_status(&self, ask: &Ask<'_>) -> Checked<Reply> {
        let merchant_id = ask.fields.optional_text("merchant_id", 64)?;
        let sub = ask.fields.optional_text("sub_merchant_id", 64)?;
        if merchant_id.is_none() && sub.is_none() {
            return Err(wrong("merchant_id", "and `sub_merchant_id` are both missing; name one of them"));
        }
        let own = ask.app.seller_uid.as_str();
        let fits = |one: &&MerchantBook| {
            one.owner == ask.app_id()
                && merchant_id.is_none_or(|id| id == one.merchant_id)
                && sub.is_none_or(|sub| sub == one.sub_merchant_id)
        };
        let channels = match self.merchants.values().find(fits) {
            Some(found) => (found.channels.clone(), found.merchant_id.clone()),
            None if merchant_id == Some(own) && sub.is_none() => {
                (all(OnboardingStatus::Success), own.to_owned())
            }
            None => {
                let named = merchant_id.or(sub).unwrap_or_default();
                return Err(Denial::MerchantOfAnother
                    .because(format!("merchant `{named}` was not onboarded by this app or provider")));
            }
        };
        Ok(to_json(&self.status_answer(&channels.0, &channels.1)).into())
    }

    fn status_answer(&self, channels: &BTreeMap<String, OnboardingStatus>, merchant_id: &str) -> Value {
        let info = |status: &OnboardingStatus| {
            json!({
                "status": status,
                "reject_reason": if *status == OnboardingStatus::Fail { "资料不清晰" } else { "" },
                "legal_validation_url": "",
                "legal_sign_url": "",
                "merchant_id": if *status == OnboardingStatus::Success { merchant_id } else { "" },
            })
        };
        let map: Map<String, Value> =
            channels.iter().map(|(name, status)| (name.clone(), info(status))).collect();
        let mut answer = json!({ "err_no": ACCEPTED, "err_tips": "", "merchant_status_info": map });
        if self.switches.merchant_status_2021 {
            for (name, status) in channels.iter().filter(|(name, _)| *name != "hz") {
                answer[name] = json!(status.number());
            }
        }
        answer
    }

    /// The merchant's number; a new one is handed out at the first link.
    fn merchant(&mut self, owner: &str, sub: &str, now: UnixMs) -> String {
        if let Some(known) = self.merchants.get_mut(&key(owner, sub)) {
            known.linked_at = now;
            return known.merchant_id.clone();
        }
        let own =
            self.apps.get(owner).filter(|_| sub.is_empty()).map(|app| app.seller_uid.as_str().to_owned());
        let status = if own.is_some() { OnboardingStatus::Success } else { OnboardingStatus::Init };
        let merchant_id = own.unwrap_or_else(|| format!("6{}0", self.dice.digits(18)));
        let book = MerchantBook {
            owner: owner.to_owned(),
            sub_merchant_id: sub.to_owned(),
            merchant_id: merchant_id.clone(),
            channels: all(status),
            linked_at: now,
        };
        self.merchants.insert(key(owner, sub), book);
        self.changes += 1;
        merchant_id
    }

    /// Decides about a merchant, as somebody at the platform would; one that is done may receive shares.
    pub(crate) fn onboard(&mut self, ask: &OnboardAsk) -> Result<MerchantBook, String> {
        let found = self.merchants.values_mut().find(|one| one.merchant_id == ask.merchant_id);
        let merchant =
            found.ok_or_else(|| format!("no merchant `{}` is being onboarded", ask.merchant_id))?;
        match &ask.channel {
            None => merchant.channels = all(ask.status),
            Some(channel) => {
                let place = merchant.channels.get_mut(channel);
                *place.ok_or_else(|| format!("there is no channel `{channel}`; use alipay, wx or hz"))? =
                    ask.status;
            }
        }
        let book = merchant.clone();
        if let (OnboardingStatus::Success, Some(receivers)) = (ask.status, &mut self.receivers) {
            receivers.insert(book.merchant_id.clone());
        }
        self.changes += 1;
        Ok(book)
    }

    /// Opens an onboarding link: what was never handed in is handed in; `None` when the link has expired.
    pub(crate) fn open_link(&mut self, now: UnixMs, merchant_id: &str, made_at: i64) -> Option<MerchantBook> {
        if now.since(UnixMs::new(made_at)) > LINK_LIVES_MS {
            return None;
        }
        let merchant = self.merchants.values_mut().find(|one| one.merchant_id == merchant_id)?;
        for status in merchant.channels.values_mut().filter(|status| **status == OnboardingStatus::Init) {
            *status = OnboardingStatus::Processing;
        }
        self.changes += 1;
        Some(merchant.clone())
    }

    pub(crate) fn merchant_books(&self) -> Vec<MerchantBook> {
        self.merchants.values().cloned().collect()
    }

    /// Whether this app or provider onboarded the merchant.
    pub(super) fn has_onboarded(&self, owner: &str, uid: &str) -> bool {
        self.merchants.values().any(|one| one.owner == owner && one.merchant_id == uid)
    }
}

fn provider_done(platform: &Platform, merchant_id: &str) -> bool {
    let known = platform.merchants.values().find(|one| one.merchant_id == merchant_id);
    known.is_none_or(|one| one.channels.values().any(|status| *status == OnboardingStatus::Success))
}

fn all(status: OnboardingStatus) -> BTreeMap<String, OnboardingStatus> {
    CHANNELS.iter().map(|name| ((*name).to_owned(), status)).collect()
}

fn link(host: &str, merchant_id: &str, page: LinkKind, now: UnixMs) -> String {
    let page = if page == LinkKind::Onboarding { "onboarding" } else { "balance" };
    format!("http://{host}/mock/merchant/{page}?merchant_id={merchant_id}&made_at={}", now.get())
}

fn linked(url: &str, merchant_id: &str) -> Vec<u8> {
    to_json(&json!({ "err_no": ACCEPTED, "err_tips": "", "url": url, "merchant_id": merchant_id }))
}
