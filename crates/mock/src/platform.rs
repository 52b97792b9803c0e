//! The platform's state and its rules, with time and randomness handed in.
//!
//! Nothing here waits, sends or reads a clock: every entrance takes `now`, first lets happen what was
//! due before it (time-outs, finished refunds and settlements), then acts. The books are checked
//! after every change; a broken rule stops the mock rather than the merchant's trust in it.

mod access_tokens;
mod accounts;
mod answers;
mod bank;
mod bills;
mod books;
mod call;
mod caller;
mod calls;
mod commission;
mod create_order;
mod create_refund;
mod diagnose;
mod fields;
mod known_fields;
mod limits;
mod messages;
mod notices;
mod objects;
mod onboarding;
mod order_push;
mod pay;
mod queries;
mod returns;
mod saas;
mod sandbox;
mod saved;
mod sending;
mod settle;
mod settleable;
mod settlements;
mod timers;
mod trade;
mod verify;
mod withdrawals;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use data_encoding::{BASE64, HEXLOWER};
use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::ecpay::json::Mistake;

use crate::config::{BillForm, MockApp, MockConfig, MockProvider, NegativeTest, Switches};
use crate::dice::Dice;
use crate::faults::Faults;

pub use bank::{BankAsk, BankError, BankOutcome};
pub(crate) use books::Bill;
pub use books::{
    Balance, Books, OrderBook, RefundBook, ReturnBook, SettlementBook, ShareBook, System, Totals,
    WithdrawalBook,
};
pub use calls::CallRecord;
pub use commission::{CommissionAsk, CommissionError};
pub use limits::LimitWatch;
pub use notices::{DeliveryRecord, WaitingCallback};
pub use objects::{OperationStatus, OrderStatus};
pub use onboarding::{MerchantBook, OnboardAsk, OnboardingStatus};
pub use order_push::PushBook;
pub use pay::{Outcome as PayOutcome, Paid, PayAsk, PayError, Way};
pub use trade::{
    AuditStatus, ConsoleChange, ConsoleError, Fulfilment, ItemBook, RefundItemBook, RefundSource,
};

pub(crate) use call::{Answer, Arrival, Head};
pub(crate) use notices::{Delivery, Heard};
pub(crate) use trade::{ConfirmAsk, Denied, RefundAsk};
pub use withdrawals::WithdrawalStatus;

use accounts::Accounts;
use calls::Calls;
use limits::Limits;
use notices::Notices;
use objects::{Order, Refund, Settlement};
use returns::Return;
use timers::Timer;
use trade::{Tokens, Trade};
use withdrawals::Withdrawal;

/// Warnings kept; older ones are dropped.
const WARNINGS_MAX: usize = 1_000;
/// Platform numbers count up from here, as production's do: 19 digits.
const NUMBER_BASE: u64 = 7_300_000_000_000_000_000;
/// Bytes of an order token before they become text.
const TOKEN_BYTES: usize = 108;

/// `app_id/number`: neither part can contain a slash.
type Key = String;

/// The whole pretended platform.
#[derive(Debug)]
pub(crate) struct Platform {
    apps: BTreeMap<String, Arc<MockApp>>,
    providers: Vec<MockProvider>,
    receivers: Option<BTreeSet<String>>,
    pub(crate) switches: Switches,
    signature_variants: Vec<Mistake>,
    bill_form: BillForm,
    negative_tests: BTreeMap<String, NegativeTest>,
    now: UnixMs,
    dice: Dice,
    fault_dice: Dice,
    pub(crate) faults: Faults,
    orders: BTreeMap<Key, Order>,
    order_ids: BTreeMap<String, Key>,
    refunds: BTreeMap<Key, Refund>,
    settlements: BTreeMap<Key, Settlement>,
    returns: BTreeMap<Key, Return>,
    withdrawals: BTreeMap<Key, Withdrawal>,
    /// By owner and the owner's key.
    merchants: BTreeMap<Key, MerchantBook>,
    pushes: VecDeque<PushBook>,
    access_tokens: Tokens,
    trade: Trade,
    accounts: Accounts,
    timers: BTreeSet<(UnixMs, u64, Timer)>,
    serial: u64,
    notices: Notices,
    limits: Limits,
    calls: Calls,
    warnings: VecDeque<String>,
    changes: u64,
}

impl Platform {
    pub(crate) fn new(config: MockConfig) -> Self {
        let sandbox = config.switches.sandbox;
        let here = |app: MockApp| if sandbox { app.in_sandbox() } else { app };
        let apps = config.apps.into_iter().map(|app| (app.app_id.as_str().to_owned(), Arc::new(here(app))));
        let receivers =
            config.receivers.map(|known| known.iter().map(|uid| uid.as_str().to_owned()).collect());
        Self {
            apps: apps.collect(),
            providers: config.providers,
            receivers,
            switches: config.switches,
            signature_variants: config.signature_variants,
            bill_form: config.bills,
            negative_tests: config.negative_tests,
            now: UnixMs::new(0),
            dice: Dice::new(config.seed),
            // Faults throw their own dice, so that switching them on leaves the platform's numbers as they were.
            fault_dice: Dice::new(!config.seed),
            faults: Faults::default(),
            orders: BTreeMap::new(),
            order_ids: BTreeMap::new(),
            refunds: BTreeMap::new(),
            settlements: BTreeMap::new(),
            returns: BTreeMap::new(),
            withdrawals: BTreeMap::new(),
            merchants: BTreeMap::new(),
            pushes: VecDeque::new(),
            access_tokens: Tokens::default(),
            trade: Trade::default(),
            accounts: Accounts::default(),
            timers: BTreeSet::new(),
            serial: 0,
            notices: Notices::default(),
            limits: Limits::new(config.limit_watch, config.limits, config.switches.query_order_30),
            calls: Calls::default(),
            warnings: VecDeque::new(),
            changes: 0,
        }
    }

    /// Adds an app, or replaces the one with the same id.
    pub(crate) fn put_app(&mut self, app: MockApp) {
        let app = if self.switches.sandbox { app.in_sandbox() } else { app };
        self.apps.insert(app.app_id.as_str().to_owned(), Arc::new(app));
    }

    pub(crate) fn apps(&self) -> impl Iterator<Item = &Arc<MockApp>> {
        self.apps.values()
    }

    /// Grows with every change of the books or the schedule, so that a keeper knows what to save.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    pub(crate) fn calls(&self) -> Vec<CallRecord> {
        self.calls.records()
    }

    pub(crate) fn limit_watch(&self) -> Vec<LimitWatch> {
        self.limits.watch()
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        self.warnings.iter().cloned().collect()
    }

    /// How long a call delayed on purpose waits.
    pub(crate) fn draw_delay_ms(&mut self) -> u64 {
        self.fault_dice.below(u64::from(self.faults.delay_ms_max) + 1)
    }

    fn warn(&mut self, warning: String) {
        if self.warnings.len() == WARNINGS_MAX {
            self.warnings.pop_front();
        }
        self.warnings.push_back(calls::shortened(warning));
    }

    /// A platform number: `N` and 19 digits in production, 19 digits in the sandbox.
    fn platform_number(&mut self) -> String {
        let number = self.bare_number();
        if self.switches.sandbox { number } else { format!("N{number}") }
    }

    /// A platform number without prefix, as withdrawals have it everywhere.
    fn bare_number(&mut self) -> String {
        self.serial += 1;
        (NUMBER_BASE + self.serial * 1_000 + self.dice.below(1_000)).to_string()
    }

    fn order_token(&mut self) -> String {
        let mut bytes = [0; TOKEN_BYTES];
        self.dice.bytes(&mut bytes);
        BASE64.encode(&bytes)
    }

    fn log_id(&mut self, now: UnixMs) -> String {
        let mut random = [0; 10];
        self.fault_dice.bytes(&mut random);
        let date: String = now.beijing_text().chars().filter(char::is_ascii_digit).collect();
        format!("{date}{}", HEXLOWER.encode(&random))
    }

    /// Called after every change of an order: the rules that must hold, whatever happened.
    fn check_order(&mut self, key: &str) {
        self.changes += 1;
        let order = self.orders.get(key).expect("the order was just changed");
        if let Err(broken) = order.verify() {
            panic!("the mock's books are broken, which is a bug of the mock: {broken}");
        }
    }
}

/// The key of an object.
fn key(app_id: &str, number: &str) -> Key {
    format!("{app_id}/{number}")
}
