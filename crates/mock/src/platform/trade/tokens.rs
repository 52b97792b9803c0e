//! Access tokens: the two newest live, an older one for five minutes more.

use std::collections::{BTreeMap, VecDeque};

use data_encoding::HEXLOWER;
use douyin_pay_protocol::UnixMs;

use crate::dice::Dice;

/// How long a token lives.
pub(crate) const LIFE_S: i64 = 7_200;
/// How long the one before stays usable after a new one was made.
const OLDER_MS: i64 = 300_000;
/// The window in which calls are counted, and how many are allowed in it.
const WINDOW_MS: i64 = 300_000;
const CALLS_MAX: usize = 500;
/// Dead tokens remembered per app, to tell an expired one from an unknown one.
const DEAD_MAX: usize = 100;

/// All tokens of all apps. They are secrets and never written to the state file.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    apps: BTreeMap<String, AppTokens>,
}

#[derive(Debug, Default)]
struct AppTokens {
    /// At most two, the older first.
    live: VecDeque<Token>,
    stable: Option<Token>,
    expired: VecDeque<String>,
    calls: VecDeque<UnixMs>,
}

#[derive(Debug, Clone)]
struct Token {
    text: String,
    expires_at: UnixMs,
}

/// What a token is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Worth {
    /// Belongs to this app.
    Of(String),
    Expired,
    Unknown,
}

impl Tokens {
    /// Counts a call; `false` means that there were too many within five minutes.
    pub(crate) fn admit(&mut self, app_id: &str, now: UnixMs) -> bool {
        let calls = &mut self.apps.entry(app_id.to_owned()).or_default().calls;
        while calls.front().is_some_and(|earlier| now.since(*earlier) >= WINDOW_MS) {
            calls.pop_front();
        }
        if calls.len() >= CALLS_MAX {
            return false;
        }
        calls.push_back(now);
        true
    }

    /// A new token and the seconds it lives. A third one drops the oldest; the one before gets five minutes.
    pub(crate) fn issue(&mut self, app_id: &str, now: UnixMs, dice: &mut Dice) -> (String, i64) {
        let tokens = self.apps.entry(app_id.to_owned()).or_default();
        tokens.sweep(now);
        let fresh = Token { text: text(dice), expires_at: now.plus_ms(LIFE_S * 1_000) };
        if let Some(older) = tokens.live.back_mut() {
            older.expires_at = older.expires_at.min(now.plus_ms(OLDER_MS));
        }
        tokens.live.push_back(fresh.clone());
        while tokens.live.len() > 2 {
            tokens.live.pop_front();
        }
        (fresh.text, LIFE_S)
    }

    /// The same token for two hours, with the seconds that are left of them.
    pub(crate) fn stable(&mut self, app_id: &str, now: UnixMs, dice: &mut Dice) -> (String, i64) {
        let tokens = self.apps.entry(app_id.to_owned()).or_default();
        if let Some(token) = tokens.stable.clone() {
            if token.expires_at > now {
                let left = token.expires_at.since(now);
                return (token.text, left / 1_000);
            }
            tokens.remember_dead(token.text);
        }
        let fresh = Token { text: text(dice), expires_at: now.plus_ms(LIFE_S * 1_000) };
        tokens.stable = Some(fresh.clone());
        (fresh.text, LIFE_S)
    }

    /// Looks a token up and sweeps out what has expired.
    pub(crate) fn worth(&mut self, text: &str, now: UnixMs) -> Worth {
        for (app_id, tokens) in &mut self.apps {
            tokens.sweep(now);
            let live = tokens.live.iter().chain(&tokens.stable).any(|token| token.text == text);
            if live {
                return Worth::Of(app_id.clone());
            }
            if tokens.expired.iter().any(|dead| dead == text) {
                return Worth::Expired;
            }
        }
        Worth::Unknown
    }

    /// Forgets every token, of one app or of all.
    pub(crate) fn revoke(&mut self, app_id: Option<&str>) {
        for (_, tokens) in
            self.apps.iter_mut().filter(|(id, _)| app_id.is_none_or(|only| only == id.as_str()))
        {
            tokens.live.clear();
            tokens.stable = None;
        }
    }
}

impl AppTokens {
    fn remember_dead(&mut self, text: String) {
        if self.expired.len() == DEAD_MAX {
            self.expired.pop_front();
        }
        self.expired.push_back(text);
    }

    fn sweep(&mut self, now: UnixMs) {
        let (live, dead): (Vec<_>, Vec<_>) = self.live.drain(..).partition(|token| token.expires_at > now);
        self.live = live.into();
        for token in dead {
            self.remember_dead(token.text);
        }
        if let Some(token) = self.stable.take_if(|token| token.expires_at <= now) {
            self.remember_dead(token.text);
        }
    }
}

fn text(dice: &mut Dice) -> String {
    let mut bytes = [0; 16];
    dice.bytes(&mut bytes);
    format!("clt.{}", HEXLOWER.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::UnixMs;

    use super::{Tokens, Worth};
    use crate::dice::Dice;

    fn at(seconds: i64) -> UnixMs {
        UnixMs::from_seconds(seconds)
    }

    #[test]
    fn only_the_two_newest_live_and_the_older_for_five_minutes() {
        let (mut tokens, mut dice) = (Tokens::default(), Dice::new(1));
        let of = || Worth::Of("tt1".to_owned());
        let (first, life) = tokens.issue("tt1", at(0), &mut dice);
        assert_eq!(life, 7_200);
        assert_eq!(tokens.worth(&first, at(7_199)), of());
        let (second, _) = tokens.issue("tt1", at(100), &mut dice);
        assert_eq!(tokens.worth(&first, at(399)), of(), "five minutes more");
        assert_eq!(tokens.worth(&first, at(400)), Worth::Expired);
        assert_eq!(tokens.worth(&second, at(7_299)), of());
        let (third, _) = tokens.issue("tt1", at(410), &mut dice);
        let (fourth, _) = tokens.issue("tt1", at(411), &mut dice);
        assert_eq!(tokens.worth(&second, at(412)), Worth::Unknown, "the third newest is gone at once");
        assert_eq!(tokens.worth(&third, at(412)), of());
        assert_eq!(tokens.worth(&fourth, at(412)), of());
        assert_eq!(tokens.worth(&fourth, at(7_611)), Worth::Expired);
    }

    #[test]
    fn a_token_that_nobody_used_any_more_has_expired_all_the_same() {
        let (mut tokens, mut dice) = (Tokens::default(), Dice::new(1));
        let (first, _) = tokens.issue("tt1", at(0), &mut dice);
        let (second, _) = tokens.issue("tt1", at(7_000), &mut dice);
        tokens.issue("tt1", at(7_310), &mut dice);
        assert_eq!(tokens.worth(&first, at(7_311)), Worth::Expired, "it was dead before the third came");
        assert_eq!(tokens.worth(&second, at(7_311)), Worth::Of("tt1".to_owned()));
    }

    #[test]
    fn an_old_token_never_gains_time() {
        let (mut tokens, mut dice) = (Tokens::default(), Dice::new(1));
        let (first, _) = tokens.issue("tt1", at(0), &mut dice);
        tokens.issue("tt1", at(7_100), &mut dice);
        assert_eq!(tokens.worth(&first, at(7_200)), Worth::Expired);
    }

    #[test]
    fn the_stable_token_stays_the_same_for_two_hours() {
        let (mut tokens, mut dice) = (Tokens::default(), Dice::new(1));
        let (first, life) = tokens.stable("tt1", at(0), &mut dice);
        assert_eq!((tokens.stable("tt1", at(7_199), &mut dice), life), ((first.clone(), 1), 7_200));
        tokens.issue("tt1", at(7_199), &mut dice);
        let (second, _) = tokens.stable("tt1", at(7_200), &mut dice);
        assert_ne!(first, second);
        assert_eq!(tokens.worth(&first, at(7_200)), Worth::Expired);
    }

    #[test]
    fn five_hundred_calls_in_five_minutes_are_enough() {
        let mut tokens = Tokens::default();
        assert_eq!((0..501).filter(|n| tokens.admit("tt1", UnixMs::new(*n))).count(), 500);
        assert!(tokens.admit("tt2", at(1)), "another app counts apart");
        assert!(!tokens.admit("tt1", UnixMs::new(299_999)));
        assert!(tokens.admit("tt1", UnixMs::new(300_000)));
    }

    #[test]
    fn revoked_tokens_are_unknown() {
        let (mut tokens, mut dice) = (Tokens::default(), Dice::new(1));
        let (token, _) = tokens.issue("tt1", at(0), &mut dice);
        let (stable, _) = tokens.stable("tt1", at(0), &mut dice);
        tokens.revoke(Some("tt2"));
        assert_eq!(tokens.worth(&token, at(1)), Worth::Of("tt1".to_owned()));
        tokens.revoke(None);
        assert_eq!(
            (tokens.worth(&token, at(1)), tokens.worth(&stable, at(1))),
            (Worth::Unknown, Worth::Unknown)
        );
    }
}
