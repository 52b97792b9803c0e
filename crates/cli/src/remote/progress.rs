//! Signs of life on standard error while something takes long.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use douyin_pay_env::{Env, Mono};
use futures_util::future::{Either, select};

use crate::lang::tell;
use crate::out::{self, Form};

/// A person begins to wonder after this long.
const FIRST_AFTER: Duration = Duration::from_secs(2);
/// From then on.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Since when a person has been waiting.
pub(super) struct Progress<'a> {
    env: &'a Env,
    form: Form,
    begun: Mono,
    next: Cell<Mono>,
}

impl<'a> Progress<'a> {
    pub(super) fn begin(env: &'a Env, form: Form) -> Self {
        let begun = env.mono();
        Self { env, form, begun, next: Cell::new(begun.plus(FIRST_AFTER)) }
    }

    /// Drives `work`, and says now and then that it goes on.
    pub(super) async fn during<F: Future>(&self, work: F) -> F::Output {
        let mut work = pin!(work);
        loop {
            match select(work.as_mut(), self.env.sleep_until(self.next.get())).await {
                Either::Left((output, _)) => return output,
                Either::Right(((), _)) => self.say(),
            }
        }
    }

    fn say(&self) {
        let now = self.env.mono();
        let seconds = now.since(self.begun) / 1000;
        self.next.set(now.plus(AGAIN_AFTER));
        out::remark(self.form, tell!("… 已等待 {seconds} 秒", "… still waiting after {seconds} s"));
    }
}
