//! An app in the general trade system: keys, defaults of goods, pages.

use douyin_pay::TokenKind;
use douyin_pay_protocol::trade::{
    ApplicationKey, ImageUrl, KeyError, KeyVersion, PlatformPublicKey, ProductType, TagGroupId,
};
use douyin_pay_protocol::{AppSecret, FieldError};

use super::build::Findings;
use super::ecpay::{platform, resolved};
use super::page::page;
use super::raw::{RawEntry, RawSku, RawTrade};
use super::secrets::SecretRef;
use super::{SkuDefaults, Surroundings, TradeConfig};

/// Where orders and refunds lead to when nobody says.
const PATH: &str = "pages/index/index";

pub(super) fn trade(
    at: &str,
    name: &str,
    given: &RawTrade,
    around: &Surroundings,
    found: &mut Findings,
) -> Option<TradeConfig> {
    let platform = platform(&format!("{at}.platform"), &given.platform, found);
    let secret = resolved(&format!("{at}.app_secret"), &given.app_secret, around, AppSecret::new);
    let app_secret = found.take(secret);
    let key =
        key(&format!("{at}.private_key"), &given.private_key, around, |text| ApplicationKey::parse(text));
    let private_key = found.take(key);
    let version = KeyVersion::new(&given.key_version);
    let key_version =
        found.take(version.map_err(|refused| format!("`{at}.key_version`: {}", refused.problem)));
    let platform_public_keys = public_keys(at, name, given, private_key.as_ref(), around, found);
    let token = found.take(token(at, given.token.as_deref()));
    let sku_defaults = found.take(sku(at, &given.sku_defaults));
    if given.entry.is_none() && given.refund_entry.is_none() {
        found.warn(format!(
            "app `{name}`: `[apps.trade]` has no `entry`: the platform's order pages lead to `{PATH}`"
        ));
    }
    let entry_of = |key: &str, own: Option<&RawEntry>, found: &mut Findings| {
        let key = format!("{at}.{key}");
        match own.or(given.entry.as_ref()) {
            Some(raw) => found.take(page(&key, &raw.path, own.and_then(|own| own.params.as_deref()))),
            None => found.take(page(&key, PATH, None)),
        }
    };
    let entry = entry_of("entry", given.entry.as_ref(), found);
    let refund_entry = entry_of("refund_entry", given.refund_entry.as_ref(), found);
    Some(TradeConfig {
        platform: platform?,
        app_secret: app_secret?,
        private_key: private_key?,
        key_version: key_version?,
        platform_public_keys,
        token: token?,
        sku_defaults: sku_defaults?,
        entry: entry?,
        refund_entry: refund_entry?,
        secret_from: given.app_secret.clone(),
        key_from: given.private_key.clone(),
        public_keys_from: given.platform_public_keys.clone(),
    })
}

/// The platform's keys: each must be one, and none may be the application's own.
fn public_keys(
    at: &str,
    name: &str,
    given: &RawTrade,
    own: Option<&ApplicationKey>,
    around: &Surroundings,
    found: &mut Findings,
) -> Vec<PlatformPublicKey> {
    let mut keys = Vec::with_capacity(given.platform_public_keys.len());
    for (n, reference) in given.platform_public_keys.iter().enumerate() {
        let place = format!("{at}.platform_public_keys[{n}]");
        let read = key(&place, reference, around, |text| PlatformPublicKey::parse(text));
        let Some(one) = found.take(read) else { continue };
        if own.is_some_and(|own| one.is_of(own)) {
            found.problem(format!(
                "`{place}`: is the application's own public key, used as the platform's; the console shows both: \
                 copy the platform public key (平台公钥)"
            ));
        }
        if keys.contains(&one) {
            found.warn(format!("`{place}` repeats an earlier platform key of app `{name}`"));
        }
        keys.push(one);
    }
    if given.platform_public_keys.is_empty() {
        found.problem(format!(
            "`{at}.platform_public_keys`: is empty; without a key no callback can be verified"
        ));
    }
    keys
}

fn key<K>(
    place: &str,
    reference: &SecretRef,
    around: &Surroundings,
    parse: impl FnOnce(&str) -> Result<K, KeyError>,
) -> Result<K, String> {
    let text = reference.resolve(around).map_err(|problem| format!("`{place}`: {problem}"))?;
    parse(&text).map_err(|refused| format!("`{place}`: {refused}"))
}

fn token(at: &str, given: Option<&str>) -> Result<TokenKind, String> {
    match given {
        None | Some("client") => Ok(TokenKind::Client),
        Some("stable") => Ok(TokenKind::Stable),
        Some(other) => Err(format!(
            "`{at}.token`: `{other}` is unknown; write \"client\", or \"stable\" when several programs share the app"
        )),
    }
}

fn sku(at: &str, given: &RawSku) -> Result<SkuDefaults, String> {
    let wrong = |key: &str, refused: FieldError| format!("`{at}.sku_defaults.{key}`: {}", refused.problem);
    // Numbers that do not even fit are no product types either.
    let kind = given.kind.map(|number| ProductType::new(u16::try_from(number).unwrap_or(0))).transpose();
    let tag = given.tag_group_id.as_ref().map(TagGroupId::new).transpose();
    let image = given.image.as_ref().map(ImageUrl::new).transpose();
    Ok(SkuDefaults {
        product_type: kind.map_err(|refused| wrong("type", refused))?,
        tag_group_id: tag.map_err(|refused| wrong("tag_group_id", refused))?,
        image: image.map_err(|refused| wrong("image", refused))?,
    })
}
