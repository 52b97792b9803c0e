//! The assembled service: everything but sockets, signals and threads.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use douyin_pay::{Limits, MemoryTokenCache, Observer, SlidingPacer};
use douyin_pay_env::Env;
use douyin_pay_protocol::{AppId, UnixMs};
use tokio_util::sync::CancellationToken;

use crate::ask::{CallLog, Numbers};
use crate::config::{Config, Database, Retention};
use crate::journal::{AppLabel, AppLabels, Journal, JournalWriter, journal};
use crate::live::{self, Live, UnusableApp, limits};
use crate::ops::metrics;
use crate::reconcile::Runs;
use crate::store::sqlite::{PatientStore, SqliteReads, SqliteStore};
use crate::store::{Reads, Store, StoreError};
use crate::{api, workers};

/// After a start nothing is asked for so long: an earlier process may have used the permit.
const QUIET_AFTER_START: Duration = Duration::from_secs(1);
/// Threads that read the books.
const READERS: usize = 4;

/// The service without its sockets: a router, workers, and the journal between them.
///
/// Clones are the same service.
#[derive(Clone)]
pub struct Server(Arc<Shared>);

struct Shared {
    env: Env,
    /// When this process took over the books.
    began: UnixMs,
    journal: Journal,
    reads: Arc<dyn Reads>,
    live: ArcSwap<Live>,
    labels: Labels,
    pacer: SlidingPacer,
    /// What the clients of every reload share.
    clients: live::Shared,
    numbers: Numbers,
    retention: ArcSwap<Retention>,
    /// Reconciliations under way.
    runs: Runs,
    stop: CancellationToken,
}

/// Why the service cannot be assembled.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// The books cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of the books cannot be made.
    #[error("the folder `{folder}` for the books cannot be made: {cause}; make it, or change `database`")]
    Folder {
        /// The folder.
        folder: String,
        /// Why not.
        cause: std::io::Error,
    },
    /// An app cannot be used.
    #[error(transparent)]
    App(#[from] UnusableApp),
}

/// The names of the apps in events; a reload changes them.
#[derive(Clone, Default)]
pub struct Labels(Arc<ArcSwap<BTreeMap<AppId, AppLabel>>>);

impl Labels {
    /// The names in this configuration.
    pub fn of(config: &Config) -> Self {
        let labels = Self::default();
        labels.update(config);
        labels
    }

    /// What the journal looks names up with.
    pub fn lookup(&self) -> AppLabels {
        let labels = Arc::clone(&self.0);
        Arc::new(move |app_id| labels.load().get(app_id).cloned())
    }

    fn update(&self, config: &Config) {
        let label = |app: &crate::config::AppConfig| AppLabel {
            name: app.name.clone(),
            deliver: app.webhook.is_some(),
        };
        self.0.store(Arc::new(config.apps.iter().map(|app| (app.app_id.clone(), label(app))).collect()));
    }
}

impl Server {
    /// The service over books that are open already. Nothing runs yet.
    ///
    /// # Errors
    /// When an app cannot be used.
    pub fn assemble(
        config: Config,
        env: Env,
        journal: Journal,
        reads: Arc<dyn Reads>,
        labels: Labels,
    ) -> Result<Self, AssembleError> {
        metrics::install();
        let numbers = Numbers::default();
        let observer: Arc<dyn Observer> = Arc::new(CallLog::new(journal.clone(), numbers.clone()));
        let pacer = SlidingPacer::new(env.clone(), limits(&config), QUIET_AFTER_START);
        let clients = live::Shared {
            env: env.clone(),
            pacer: Arc::new(pacer.clone()),
            observer,
            tokens: Arc::new(MemoryTokenCache::new()),
        };
        let live = Live::of(&config, &clients)?;
        Ok(Self(Arc::new(Shared {
            began: env.now(),
            env,
            journal,
            reads,
            live: ArcSwap::from_pointee(live),
            labels,
            pacer,
            clients,
            numbers,
            retention: ArcSwap::from_pointee(config.retention),
            runs: Runs::default(),
            stop: CancellationToken::new(),
        })))
    }

    /// Opens the books that the configuration names, with threads that read them, and assembles the service.
    /// The writer must be driven, usually by [`JournalWriter::run_on_thread`].
    ///
    /// # Errors
    /// When the books cannot be opened or an app cannot be used.
    pub fn open(config: Config, env: Env) -> Result<(Self, JournalWriter), AssembleError> {
        Self::open_with(config, env, PatientStore::open, |path| {
            Ok(Arc::new(SqliteReads::threads(path, READERS)?))
        })
    }

    /// As [`Server::open`], but reads happen where they are asked for: for one thread, without tokio.
    ///
    /// # Errors
    /// When the books cannot be opened or an app cannot be used.
    pub fn open_inline(config: Config, env: Env) -> Result<(Self, JournalWriter), AssembleError> {
        Self::open_with(config, env, SqliteStore::open, |path| Ok(Arc::new(SqliteReads::inline(path)?)))
    }

    fn open_with<S: Store + 'static>(
        config: Config,
        env: Env,
        store: impl FnOnce(&Path) -> Result<S, StoreError>,
        reads: impl FnOnce(&Path) -> Result<Arc<dyn Reads>, StoreError>,
    ) -> Result<(Self, JournalWriter), AssembleError> {
        let Database::Sqlite(path) = &config.database.clone();
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|cause| AssembleError::Folder { folder: folder.display().to_string(), cause })?;
        }
        let store = store(path)?;
        let labels = Labels::of(&config);
        let (journal, writer) = journal(Box::new(store), labels.lookup())?;
        let reads = reads(path)?;
        Ok((Self::assemble(config, env, journal, reads, labels)?, writer))
    }

    /// Everything that is reached over HTTP.
    pub fn router(&self) -> Router {
        api::router(self)
    }

    /// Starts the workers through `env.tasks`; they end after [`Server::stop`].
    pub fn start_workers(&self) {
        workers::start(self);
    }

    /// Asks the workers to end. What is under way is finished; `env.tasks.drain` waits for it.
    pub fn stop(&self) {
        self.0.stop.cancel();
    }

    /// Takes over apps, keys, tokens, webhooks, limits and retention of a checked configuration.
    ///
    /// # Errors
    /// When an app cannot be used; everything stays as it was then.
    pub fn reload(&self, config: &Config) -> Result<(), AssembleError> {
        let shared = &*self.0;
        let live = Live::of(config, &shared.clients)?;
        shared.pacer.set_limits(limits(config));
        shared.live.store(Arc::new(live));
        shared.labels.update(config);
        shared.retention.store(Arc::new(config.retention));
        Ok(())
    }

    /// The limits that hold now.
    pub fn limits(&self) -> Limits {
        self.0.pacer.limits()
    }

    pub(crate) fn env(&self) -> &Env {
        &self.0.env
    }

    /// When this process took over the books.
    pub(crate) fn began(&self) -> UnixMs {
        self.0.began
    }

    /// The way in for every change.
    pub fn journal(&self) -> &Journal {
        &self.0.journal
    }

    /// Views of what is committed.
    pub fn reads(&self) -> &dyn Reads {
        &*self.0.reads
    }

    pub(crate) fn live(&self) -> Arc<Live> {
        self.0.live.load_full()
    }

    pub(crate) fn pacer(&self) -> &SlidingPacer {
        &self.0.pacer
    }

    pub(crate) fn numbers(&self) -> &Numbers {
        &self.0.numbers
    }

    pub(crate) fn retention(&self) -> Retention {
        **self.0.retention.load()
    }

    pub(crate) fn runs(&self) -> &Runs {
        &self.0.runs
    }

    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.0.stop
    }
}
