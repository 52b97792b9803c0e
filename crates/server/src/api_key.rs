//! API keys: 256 random bits, kept as a hash, with role and scope.

use std::collections::BTreeSet;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use douyin_pay_env::Entropy;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// So that a leaked key is recognised as one.
const PREFIX: &str = "dpk_";

/// What a key may do; a later role may do everything an earlier one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Opens orders, refunds and settles.
    Merchant,
    /// Asks the platform at once, sends events again, resolves exceptions.
    Operator,
    /// Everything.
    Admin,
}

impl Role {
    const ALL: [Self; 4] = [Self::Viewer, Self::Merchant, Self::Operator, Self::Admin];

    /// The word in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Merchant => "merchant",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let role = Self::ALL.into_iter().find(|role| role.as_str() == text);
        role.ok_or_else(|| format!("`{text}` is not a role; write viewer, merchant, operator or admin"))
    }
}

/// A key as it is configured: never the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Whose it is, for logs.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The apps it may touch; all if not given.
    pub apps: Option<BTreeSet<String>>,
    /// The key's hash.
    pub sha256: [u8; 32],
}

impl ApiKey {
    /// Whether the key may touch the app of that name.
    pub fn reaches(&self, app: &str) -> bool {
        self.apps.as_ref().is_none_or(|apps| apps.contains(app))
    }

    /// Finds whose key this is. Takes the same time whether and where one fits.
    pub fn find<'a>(keys: &'a [Self], key: &str) -> Option<&'a Self> {
        let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let mut found = None;
        for known in keys {
            if bool::from(known.sha256.ct_eq(&digest)) {
                found = Some(known);
            }
        }
        found
    }
}

/// A new key: `dpk_` and 256 random bits. Show it once and keep only its hash.
///
/// ```
/// use douyin_pay_env::OsEntropy;
/// use douyin_pay_server::api_key;
///
/// let key = api_key::generate(&OsEntropy);
/// assert!(key.starts_with("dpk_") && key.len() == 47);
/// assert_eq!(api_key::sha256_hex(&key).len(), 64);
/// ```
pub fn generate(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes))
}

/// The hash of a key, as the configuration keeps it.
pub fn sha256_hex(key: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, secret: &str) -> ApiKey {
        let sha256 = Sha256::digest(secret.as_bytes()).into();
        ApiKey { name: name.into(), role: Role::Merchant, apps: Some(["coffee".into()].into()), sha256 }
    }

    #[test]
    fn only_the_right_key_is_found() {
        let keys = [key("a", "dpk_one"), key("b", "dpk_two")];
        assert_eq!(ApiKey::find(&keys, "dpk_two").map(|key| key.name.as_str()), Some("b"));
        for wrong in ["", "dpk_", "dpk_three", "DPK_ONE"] {
            assert_eq!(ApiKey::find(&keys, wrong), None, "{wrong}");
        }
        assert!(keys[0].reaches("coffee") && !keys[0].reaches("tea"));
    }

    #[test]
    fn roles_are_ordered_by_what_they_may() {
        assert!(
            Role::Viewer < Role::Merchant && Role::Merchant < Role::Operator && Role::Operator < Role::Admin
        );
        assert_eq!("operator".parse(), Ok(Role::Operator));
        assert!("root".parse::<Role>().is_err());
    }
}
