//! What a client holds and what a caller does about it. Pure; time is a parameter.

use std::sync::Arc;

use douyin_pay_env::{Mono, UnixMs};
use douyin_pay_protocol::AccessToken;

use super::flight::Flight;
use super::rest::Rest;
use super::{Flying, NoToken, Pass};

/// A token is renewed so long before it expires. The one before lives on for five minutes: the same time.
pub(super) const RENEW_EARLY_MS: i64 = 300_000;

/// A token and how long it lives.
pub(super) struct Held {
    pub(super) pass: Pass,
    pub(super) expires_at: UnixMs,
}

/// What all callers of one client share.
pub(super) struct State {
    current: Option<Held>,
    /// The last token that the platform did not take: not to be used again from a cache.
    rejected: Option<AccessToken>,
    flight: Option<Arc<Flight>>,
    rest: Rest,
}

/// What a caller does.
pub(super) enum Look {
    /// Calls with this token.
    Use(Pass),
    /// Calls with this token, and launches the flight that renews it.
    UseAndLaunch(Pass, Arc<Flight>),
    /// Launches the flight and waits for it.
    Launch(Arc<Flight>),
    /// Waits for the flight that is under way.
    Join(Arc<Flight>),
    /// Gives up for now.
    Rest(NoToken),
}

impl State {
    pub(super) fn new(now: Mono) -> Self {
        Self { current: None, rejected: None, flight: None, rest: Rest::new(now) }
    }

    /// What a caller at this moment does. The flight it launches counts as under way from here on.
    pub(super) fn look(&mut self, now: UnixMs, mono: Mono) -> Look {
        let live = self.current.as_ref().filter(|held| held.expires_at > now);
        match (live, &self.flight) {
            (Some(held), None)
                if held.expires_at <= now.plus_ms(RENEW_EARLY_MS) && self.rest.lets_renew_early(mono) =>
            {
                let pass = held.pass.clone();
                Look::UseAndLaunch(pass, self.take_off())
            }
            (Some(held), _) => Look::Use(held.pass.clone()),
            (None, Some(flight)) => Look::Join(Arc::clone(flight)),
            (None, None) => match self.rest.lets_fetch(mono) {
                Ok(()) => Look::Launch(self.take_off()),
                Err(problem) => Look::Rest(problem),
            },
        }
    }

    fn take_off(&mut self) -> Arc<Flight> {
        Arc::clone(self.flight.insert(Arc::default()))
    }

    /// The platform did not take `pass`. Nothing changes if it has been replaced already.
    pub(super) fn reject(&mut self, pass: &Pass, mono: Mono) {
        if self.current.as_ref().is_some_and(|held| held.pass.token() == pass.token()) {
            self.current = None;
            self.rejected = Some(pass.token().clone());
            self.rest.rejected(mono);
        }
    }

    pub(super) fn is_rejected(&self, token: &AccessToken) -> bool {
        self.rejected.as_ref() == Some(token)
    }

    /// The flight is over. A failure changes nothing about a token that lives.
    pub(super) fn land(&mut self, flying: Flying, result: Result<Held, NoToken>, attempts: u32, mono: Mono) {
        self.flight = None;
        match flying {
            Flying::Early => self.rest.renewed_early(attempts, mono),
            Flying::Needed => self.rest.fetched(attempts, result.as_ref().err(), mono),
        }
        if let Ok(held) = result {
            self.current = Some(held);
        }
    }
}
