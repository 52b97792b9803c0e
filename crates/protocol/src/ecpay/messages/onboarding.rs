//! The pages on which accounts are opened (进件): four calls, one answer.

use serde::Deserialize;

use super::read::merchant;
use crate::ecpay::{Endpoint, Fields, Identity, Request};
use crate::read::opaque;
use crate::{AppId, ComponentToken, MerchantUid, SubMerchantId};

/// Which page is wanted: `url_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MerchantPage {
    /// 1, where the account is opened.
    Onboarding,
    /// 2, where its balance is seen and withdrawn.
    Balance,
}

impl MerchantPage {
    /// The platform's number of the page.
    pub const fn number(self) -> i64 {
        match self {
            Self::Onboarding => 1,
            Self::Balance => 2,
        }
    }
}

/// A page of the platform for a merchant.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct MerchantLink {
    /// Where the page is, for two hours. Whoever has it can fill the page in.
    #[serde(default, deserialize_with = "opaque")]
    pub url: Option<Box<str>>,
    /// The merchant's number, usable as a receiver of shares; with `add_merchant` only after the account is open.
    #[serde(default, deserialize_with = "merchant")]
    pub merchant_id: Option<MerchantUid>,
}

impl std::fmt::Debug for MerchantLink {
    /// Without the address, which carries a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = if self.url.is_some() { "…" } else { "none" };
        write!(f, "MerchantLink({url}, {:?})", self.merchant_id)
    }
}

/// 服务商进件: a provider opens its own account. Not signed: the token of the provider's platform is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddMerchant {
    component_access_token: ComponentToken,
    page: MerchantPage,
}

impl AddMerchant {
    /// Asks for that page.
    pub fn new(component_access_token: ComponentToken, page: MerchantPage) -> Self {
        Self { component_access_token, page }
    }
}

impl Request for AddMerchant {
    const ENDPOINT: Endpoint = Endpoint::AddMerchant;
    const IDENTITY: Identity = Identity::Component;
    type Reply = MerchantLink;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("component_access_token", self.component_access_token.expose());
        to.number("url_type", self.page.number());
    }
}

/// 服务商为小程序进件: a provider opens a mini-program's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAppMerchant {
    app_id: AppId,
    page: MerchantPage,
}

impl GetAppMerchant {
    /// Asks for that page for that mini-program.
    pub fn new(app_id: AppId, page: MerchantPage) -> Self {
        Self { app_id, page }
    }
}

impl Request for GetAppMerchant {
    const ENDPOINT: Endpoint = Endpoint::GetAppMerchant;
    const IDENTITY: Identity = Identity::Provider;
    type Reply = MerchantLink;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("app_id", self.app_id.as_str());
        to.number("url_type", self.page.number());
    }
}

/// 小程序为分账方进件: a mini-program opens the account of a receiver of shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppAddSubMerchant {
    sub_merchant_id: SubMerchantId,
    page: MerchantPage,
}

impl AppAddSubMerchant {
    /// Asks for that page for the receiver with that key of ours.
    pub fn new(sub_merchant_id: SubMerchantId, page: MerchantPage) -> Self {
        Self { sub_merchant_id, page }
    }
}

impl Request for AppAddSubMerchant {
    const ENDPOINT: Endpoint = Endpoint::AppAddSubMerchant;
    const IDENTITY: Identity = Identity::AppAlone;
    type Reply = MerchantLink;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("sub_merchant_id", self.sub_merchant_id.as_str());
        to.number("url_type", self.page.number());
    }
}

/// 服务商为分账方进件: a provider opens the account of a receiver of shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddSubMerchant {
    sub_merchant_id: SubMerchantId,
    page: MerchantPage,
}

impl AddSubMerchant {
    /// Asks for that page for the receiver with that key of ours.
    pub fn new(sub_merchant_id: SubMerchantId, page: MerchantPage) -> Self {
        Self { sub_merchant_id, page }
    }
}

impl Request for AddSubMerchant {
    const ENDPOINT: Endpoint = Endpoint::AddSubMerchant;
    const IDENTITY: Identity = Identity::Provider;
    type Reply = MerchantLink;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("sub_merchant_id", self.sub_merchant_id.as_str());
        to.number("url_type", self.page.number());
    }
}
