//! A token as calls carry it.

use std::sync::Arc;

use douyin_pay_protocol::AccessToken;
use http::HeaderValue;

/// A token, ready to be sent. Clones are cheap.
#[derive(Clone)]
pub(crate) struct Pass(Arc<(AccessToken, HeaderValue)>);

impl Pass {
    /// `None` when the token cannot stand in a header.
    pub(super) fn of(token: AccessToken) -> Option<Self> {
        let mut header = HeaderValue::from_str(token.expose()).ok()?;
        header.set_sensitive(true);
        Some(Self(Arc::new((token, header))))
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.1.clone()
    }

    pub(crate) fn token(&self) -> &AccessToken {
        &self.0.0
    }
}
