//! The mock as its users hold it: one lock, one door to the outside.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use douyin_pay_env::{Env, OffsetClock};
use douyin_pay_protocol::UnixMs;
use serde::Serialize;
use tokio::sync::Notify;

use crate::config::{MockApp, MockConfig};
use crate::faults::Faults;
use crate::platform::{
    BankAsk, BankError, Books, CallRecord, CommissionAsk, CommissionError, ConsoleChange, ConsoleError,
    DeliveryRecord, LimitWatch, MerchantBook, OnboardAsk, Paid, PayAsk, PayError, Platform, WaitingCallback,
    WithdrawalStatus,
};
use crate::sender::Sending;
use crate::state_file::{self, StateError};

/// A mock platform; clones are handles to the same one.
///
/// [`Mock::router`] serves it without sockets, [`Mock::listen`] with them. Callbacks are sent only
/// after [`Mock::start`] (which `listen` calls).
#[derive(Clone)]
pub struct Mock(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) env: Env,
    clock: Option<OffsetClock>,
    platform: Mutex<Platform>,
    /// Says that something may have become due.
    pub(crate) wake: Notify,
    pub(crate) sending: Sending,
    started: AtomicBool,
    pub(crate) stopped: AtomicBool,
    pub(crate) state_file: Option<PathBuf>,
}

/// The calls the platform has seen, and how fast they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// The last calls, oldest first.
    pub calls: Vec<CallRecord>,
    /// How fast each app called each endpoint.
    pub limits: Vec<LimitWatch>,
}

/// The callbacks the platform has sent and will send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Callbacks {
    /// The last deliveries and their answers, in the order in which they were answered.
    pub deliveries: Vec<DeliveryRecord>,
    /// Callbacks that wait for a delivery.
    pub waiting: Vec<WaitingCallback>,
}

/// Why time cannot be moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdvanceError {
    /// The mock was made without a movable clock.
    #[error(
        "this mock's clock cannot be moved; start it with `Mock::with_clock`, or through `douyin-pay dev` or `mock`"
    )]
    Fixed,
}

impl Mock {
    /// A mock that reads the clock of `env`, which it cannot move.
    pub fn new(env: Env, config: MockConfig) -> Self {
        Self::build(env, None, Platform::new(config), None)
    }

    /// A mock whose clock can be moved forward; it becomes the clock of `env`.
    pub fn with_clock(mut env: Env, clock: OffsetClock, config: MockConfig) -> Self {
        env.clock = Arc::new(clock.clone());
        Self::build(env, Some(clock), Platform::new(config), None)
    }

    /// As [`Mock::with_clock`], with books that are read from `path` and kept there.
    ///
    /// The file is written about twice a second while something changes, and at [`Mock::stop`]; it
    /// holds neither apps nor secrets. Configure the same apps again.
    ///
    /// # Errors
    /// When the file exists and cannot be read, or its books are not sound.
    pub fn with_state_file(
        mut env: Env,
        clock: OffsetClock,
        config: MockConfig,
        path: impl Into<PathBuf>,
    ) -> Result<Self, StateError> {
        let path = path.into();
        let mut platform = Platform::new(config);
        state_file::load(&mut platform, &path)?;
        env.clock = Arc::new(clock.clone());
        Ok(Self::build(env, Some(clock), platform, Some(path)))
    }

    fn build(env: Env, clock: Option<OffsetClock>, platform: Platform, state_file: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            env,
            clock,
            platform: Mutex::new(platform),
            wake: Notify::new(),
            sending: Sending::default(),
            started: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            state_file,
        }))
    }

    /// The HTTP side: the platform's paths and `/mock/*`.
    pub fn router(&self) -> axum::Router {
        crate::web::router(self.clone())
    }

    /// Begins to send callbacks, as a task of the environment; more calls change nothing.
    pub fn start(&self) {
        if self.0.started.swap(true, Ordering::SeqCst) {
            return;
        }
        self.0.env.tasks.spawn("mock callbacks", Box::pin(crate::sender::run(self.clone())));
        if self.0.state_file.is_some() {
            self.0.env.tasks.spawn("mock state file", Box::pin(state_file::keep(self.clone())));
        }
    }

    /// Sends no further callback, and saves the state file once more.
    ///
    /// # Errors
    /// When the state file cannot be written.
    pub fn stop(&self) -> Result<(), StateError> {
        self.0.stopped.store(true, Ordering::SeqCst);
        self.0.wake.notify_waiters();
        self.0.wake.notify_one();
        self.save()
    }

    /// Writes the state file now, if there is one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> Result<(), StateError> {
        let Some(path) = &self.0.state_file else { return Ok(()) };
        let json = self.platform().to_json();
        state_file::write(path, &json)
    }

    /// The user acts at the cashier.
    ///
    /// # Errors
    /// When there is no such order, the token is not its own, or it cannot be paid any more.
    pub fn pay(&self, ask: &PayAsk) -> Result<Paid, PayError> {
        self.change(|platform, now| platform.pay(now, ask))
    }

    /// Gives an order a promoter, as the platform's marketing does.
    ///
    /// # Errors
    /// When there is no such order in guaranteed payment, the commission exceeds it, or its last settlement
    /// is made or under way.
    pub fn give_commission(&self, ask: &CommissionAsk) -> Result<(), CommissionError> {
        self.change(|platform, now| platform.give_commission(now, ask))
    }

    /// Ends a withdrawal at once, or sends the money of a successful one back; says how it stands then.
    ///
    /// # Errors
    /// When there is no such withdrawal, or its state does not allow that.
    pub fn act_as_bank(&self, ask: &BankAsk) -> Result<WithdrawalStatus, BankError> {
        self.change(|platform, now| platform.act_as_bank(now, ask))
    }

    /// All orders, operations and balances as of now.
    pub fn books(&self) -> Books {
        self.change(|platform, now| platform.books(now, None, None))
    }

    /// Recomputes every sum of the books from the single operations.
    ///
    /// # Errors
    /// Says what is wrong; that would be a bug of the mock.
    pub fn verify(&self) -> Result<(), String> {
        self.platform().verify()
    }

    /// What goes wrong on purpose, with what is left of scripted faults.
    pub fn faults(&self) -> Faults {
        self.platform().faults.clone()
    }

    /// Changes what goes wrong on purpose, from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.platform().faults = faults;
    }

    /// The calls the platform has seen.
    pub fn calls(&self) -> Calls {
        let platform = self.platform();
        Calls { calls: platform.calls(), limits: platform.limit_watch() }
    }

    /// The callbacks sent and waiting.
    pub fn callbacks(&self) -> Callbacks {
        self.change(|platform, now| {
            platform.advance_to(now);
            Callbacks { deliveries: platform.delivery_records(), waiting: platform.waiting_callbacks() }
        })
    }

    /// Adds an app, or replaces the one with the same id.
    pub fn put_app(&self, app: MockApp) {
        self.platform().put_app(app);
    }

    /// Changes an app's terms in the general trade system, as a person at the console would.
    ///
    /// # Errors
    /// When the app is unknown or a key is none; nothing is changed then.
    pub fn change_console(&self, change: &ConsoleChange) -> Result<(), ConsoleError> {
        self.platform().change_console(change).map(drop)
    }

    /// Forgets every access token: the next call of each app is refused until it fetches a new one.
    pub fn revoke_tokens(&self) {
        self.platform().revoke_tokens();
    }

    /// Opens an order from what a mini-program hands to `tt.requestOrder`, and answers as the client hears it:
    /// `{errNo: 0, orderId, itemOrderList, logId}` or `{errNo, errMsg, errLogId}`.
    pub fn request_order(&self, data: &str, byte_authorization: &str, open_id: &str) -> serde_json::Value {
        let texts = [("data", data), ("byteAuthorization", byte_authorization), ("open_id", open_id)];
        let body = texts.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect();
        self.change(|platform, now| platform.request_order(now, &body))
    }

    /// Moves the clock forward. Whatever is due on the way happens at its time: callbacks are sent
    /// in due order, each answer awaited before the clock moves on.
    ///
    /// # Errors
    /// When the mock has no movable clock.
    pub async fn advance(&self, by: Duration) -> Result<UnixMs, AdvanceError> {
        let clock = self.0.clock.clone().ok_or(AdvanceError::Fixed)?;
        crate::sender::jump(self, &clock, by).await;
        Ok(self.now())
    }

    /// Decides about a merchant that is being onboarded, as somebody at the platform would.
    ///
    /// # Errors
    /// When nobody onboards such a merchant, or there is no such channel.
    pub fn onboard(&self, ask: &OnboardAsk) -> Result<MerchantBook, String> {
        self.platform().onboard(ask)
    }

    /// The environment the mock lives in.
    pub fn env(&self) -> &Env {
        &self.0.env
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn now(&self) -> UnixMs {
        self.0.env.now()
    }

    /// The platform, for something that makes nothing due. Never held across an await.
    pub(crate) fn platform(&self) -> MutexGuard<'_, Platform> {
        self.0
            .platform
            .lock()
            .expect("the mock found its own books broken earlier and stopped; see the first panic")
    }

    /// Changes the platform, then wakes whoever waits for something to become due.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Platform, UnixMs) -> T) -> T {
        let (before, after, result) = {
            let now = self.now();
            let mut platform = self.platform();
            let before = platform.changes();
            let result = change(&mut platform, now);
            (before, platform.changes(), result)
        };
        if before != after {
            self.0.wake.notify_one();
        }
        result
    }
}
