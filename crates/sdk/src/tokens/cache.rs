//! Where tokens are kept, so that clients and processes can share them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use douyin_pay_env::{BoxFuture, UnixMs};
use douyin_pay_protocol::{AccessToken, AppId, Endpoint, ecpay, trade};

/// Which of the general trade system's tokens is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TokenKind {
    /// `client_token`: each call makes a new token; the one before lives on for five minutes, and only the two
    /// newest live at all. For one process, or several with a common [`TokenCache`].
    #[default]
    Client,
    /// `stable_client_token`: every call gives the same token until it expires, so processes without a common
    /// cache do not take it from each other. That all calls accept it is likely and not documented.
    Stable,
}

impl TokenKind {
    /// The call that makes it.
    pub const fn endpoint(self) -> trade::Endpoint {
        match self {
            Self::Client => trade::Endpoint::ClientToken,
            Self::Stable => trade::Endpoint::StableClientToken,
        }
    }
}

/// Whose token it is: the app's, at one platform, made by one call. As text it is a key for any store.
///
/// ```
/// use douyin_pay::{AppId, TokenKey, TokenKind};
///
/// let key = TokenKey::new(AppId::new("tt1")?, "https://open.douyin.com", TokenKind::Client);
/// assert_eq!(key.to_string(), "client_token tt1 https://open.douyin.com");
/// let key = TokenKey::ecpay(AppId::new("tt1")?, "https://developer.toutiao.com");
/// assert_eq!(key.to_string(), "apps_token tt1 https://developer.toutiao.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenKey {
    app_id: AppId,
    platform: String,
    made_by: Endpoint,
}

impl TokenKey {
    /// The key of that app's token in the general trade system; `platform` is the base URL without a slash at its end.
    pub fn new(app_id: AppId, platform: impl Into<String>, kind: TokenKind) -> Self {
        Self { app_id, platform: platform.into(), made_by: kind.endpoint().into() }
    }

    /// The key of that app's token in guaranteed payment; `platform` is the base URL without a slash at its end.
    pub fn ecpay(app_id: AppId, platform: impl Into<String>) -> Self {
        Self { app_id, platform: platform.into(), made_by: ecpay::Endpoint::Token.into() }
    }

    /// The mini-program.
    pub fn app_id(&self) -> &AppId {
        &self.app_id
    }

    /// The platform's base URL.
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// The call that makes the token.
    pub fn made_by(&self) -> Endpoint {
        self.made_by
    }
}

impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.made_by, self.app_id, self.platform)
    }
}

/// A token and how long it lives. `Debug` does not show the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedToken {
    /// The token. Whoever has it can call for the app: store it like a password.
    pub token: AccessToken,
    /// From when on the platform does not take it any more.
    pub expires_at: UnixMs,
}

/// Keeps tokens for whoever shares it: clients of one process, or several processes.
///
/// Each client remembers its token and looks here only when it needs another one, before it asks the platform.
/// Two processes that renew at the same moment make two tokens; when the older one dies, its owner is told so once,
/// and finds the other here.
///
/// A cache that cannot be reached answers `None` and says so in its own log: the client then makes a token for
/// itself. After one second it is not waited for any longer.
/// To write a token down use `token.expose()`, to read it back `AccessToken::new`.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use douyin_pay::env::BoxFuture;
/// use douyin_pay::{CachedToken, TokenCache, TokenKey};
///
/// /// One row of a database that all processes use.
/// #[derive(Clone, Default)]
/// struct Row(Arc<Mutex<Option<CachedToken>>>);
///
/// impl TokenCache for Row {
///     fn load(&self, _key: &TokenKey) -> BoxFuture<Option<CachedToken>> {
///         let row = self.clone();
///         Box::pin(async move { row.0.lock().ok()?.clone() })
///     }
///
///     fn store(&self, _key: &TokenKey, token: CachedToken) -> BoxFuture<()> {
///         let row = self.clone();
///         Box::pin(async move { *row.0.lock().expect("nobody panics with it") = Some(token) })
///     }
/// }
/// ```
pub trait TokenCache: Send + Sync + 'static {
    /// What is kept under `key`, expired or not.
    fn load(&self, key: &TokenKey) -> BoxFuture<Option<CachedToken>>;

    /// Keeps `token` under `key` in place of what was there.
    fn store(&self, key: &TokenKey, token: CachedToken) -> BoxFuture<()>;
}

/// A cache in memory. Clones share it: give one to all clients of a process.
#[derive(Clone, Default)]
pub struct MemoryTokenCache(Arc<Mutex<BTreeMap<TokenKey, CachedToken>>>);

impl MemoryTokenCache {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn tokens(&self) -> MutexGuard<'_, BTreeMap<TokenKey, CachedToken>> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}

impl TokenCache for MemoryTokenCache {
    fn load(&self, key: &TokenKey) -> BoxFuture<Option<CachedToken>> {
        Box::pin(std::future::ready(self.tokens().get(key).cloned()))
    }

    fn store(&self, key: &TokenKey, token: CachedToken) -> BoxFuture<()> {
        self.tokens().insert(key.clone(), token);
        Box::pin(std::future::ready(()))
    }
}

impl fmt::Debug for MemoryTokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryTokenCache({} tokens)", self.tokens().len())
    }
}
