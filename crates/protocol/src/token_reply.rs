//! What a token call gives, in both systems.

use crate::AccessToken;

/// A token and how long it lives. `Debug` does not show the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenReply {
    /// The token.
    pub access_token: AccessToken,
    /// How long it lives, in seconds from now.
    pub expires_in_s: u32,
}
