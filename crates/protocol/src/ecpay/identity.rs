//! Which identities a request carries, and whose salt signs it.

/// Which identities a request carries, and whose salt signs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// `app_id`, and `thirdparty_id` when a provider acts for the mini-program. Signed with the provider's salt if
    /// one was given, else with the mini-program's.
    App,
    /// `app_id` alone, signed with the mini-program's salt.
    AppAlone,
    /// As [`Identity::App`]; a provider that asks about itself sends `thirdparty_id` alone.
    AppOrProvider,
    /// `thirdparty_id` alone, signed with the provider's salt.
    Provider,
    /// `thirdparty_component_id` and a token of the provider's platform; not signed.
    Component,
    /// Only an access token; not signed.
    AccessToken,
}

impl Identity {
    /// Whether a mini-program can make such a call.
    pub const fn is_for_app(self) -> bool {
        matches!(self, Self::App | Self::AppAlone | Self::AppOrProvider | Self::AccessToken)
    }

    /// Whether a provider can make such a call without acting for one mini-program.
    pub const fn is_for_provider(self) -> bool {
        matches!(self, Self::AppOrProvider | Self::Provider | Self::Component)
    }

    /// Whether such a request is signed.
    pub const fn is_signed(self) -> bool {
        !matches!(self, Self::Component | Self::AccessToken)
    }
}
