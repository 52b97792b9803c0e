//! The apps of the stories, at the platform and in the service's configuration.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Mutex;

use douyin_pay_ledger::System;
use douyin_pay_mock::DEFAULT_APP_ID;

use crate::dev::home::{APP, AppEntry, Home, TEA};
use crate::story::Settings;

/// The app that moves from one system to the other.
pub(super) const JUICE: &str = "juice";
/// The app whose orders the service settles by itself.
pub(super) const BUN: &str = "bun";
/// The app whose orders the platform settles by itself.
pub(super) const DONUT: &str = "donut";

/// After how many days [`BUN`] is settled: the platform's own period.
const SETTLE_AFTER_DAYS: u16 = 7;

struct StoryApp {
    name: &'static str,
    app_id: &'static str,
    begins_with: System,
}

const APPS: [StoryApp; 5] = [
    StoryApp { name: APP, app_id: DEFAULT_APP_ID, begins_with: System::Ecpay },
    StoryApp { name: TEA, app_id: "tt0000000000000003", begins_with: System::Trade },
    StoryApp { name: JUICE, app_id: "tt0000000000000005", begins_with: System::Ecpay },
    StoryApp { name: BUN, app_id: "tt0000000000000006", begins_with: System::Ecpay },
    StoryApp { name: DONUT, app_id: "tt0000000000000007", begins_with: System::Ecpay },
];

/// The mock's configuration: each app in both systems, its callbacks published.
pub(super) fn console(seed: u64, service: SocketAddr) -> String {
    let mut text = format!("seed = {seed}\n");
    for app in &APPS {
        let StoryApp { name, app_id, .. } = app;
        let (salt, token) = (douyin_pay_mock::DEFAULT_SALT, douyin_pay_mock::DEFAULT_TOKEN);
        let automatic = *name == DONUT;
        write!(
            text,
            r#"
[[apps]]
app_id = "{app_id}"
salt = "{salt}"
token = "{token}"
automatic_settlement = {automatic}
[apps.trade]
settle_days = 7
[apps.trade.published]
"#
        )
        .expect("a String takes any text");
        for ability in ["payment", "refund", "pre_create_refund", "settle"] {
            writeln!(text, "{ability} = \"http://{service}/callbacks/{name}\"")
                .expect("a String takes any text");
        }
    }
    text
}

/// The service's configuration, which the operator edits while everything runs.
pub(super) struct Configuration {
    pub(super) home: Home,
    pub(super) service: SocketAddr,
    pub(super) platform: String,
    pub(super) hook: String,
    pub(super) follow_clock: bool,
    settings: Mutex<BTreeMap<&'static str, Settings>>,
}

impl Configuration {
    pub(super) fn new(
        home: Home,
        service: SocketAddr,
        platform: String,
        hook: String,
        follow_clock: bool,
    ) -> Self {
        let begins = |app: &StoryApp| Settings { new_orders: app.begins_with, second_key: false };
        let settings = APPS.iter().map(|app| (app.name, begins(app))).collect();
        Self { home, service, platform, hook, follow_clock, settings: Mutex::new(settings) }
    }

    /// Writes the file as it is now.
    pub(super) fn write(&self) -> anyhow::Result<PathBuf> {
        let settings = self.settings.lock().expect("no panic while locked");
        let entry = |app: &StoryApp| {
            let Settings { new_orders, second_key } = settings[app.name];
            let settle_after_days = (app.name == BUN).then_some(SETTLE_AFTER_DAYS);
            let (name, app_id, webhook) = (app.name, app.app_id, Some(self.hook.as_str()));
            AppEntry { name, app_id, webhook, new_orders, second_key, settle_after_days }
        };
        let apps: Vec<_> = APPS.iter().map(entry).collect();
        self.home.configure(self.service, &self.platform, &apps, self.follow_clock)
    }

    /// Edits what the file says of one app.
    pub(super) fn edit(&self, app: &str, changed: Settings) -> anyhow::Result<PathBuf> {
        for (name, settings) in &mut *self.settings.lock().expect("no panic while locked") {
            if *name == app {
                *settings = changed;
            }
        }
        self.write()
    }
}
