//! A service that can be killed, a platform and a shop on simulated wires.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::Context;
use douyin_pay_cli::shop::Shop;
use douyin_pay_cli::story::{Operate, Settings};
use douyin_pay_env::{BoxFuture, Clock, Env, UnixMs};
use douyin_pay_mock::Mock;
use douyin_pay_protocol::Secret;
use douyin_pay_server::Server;
use douyin_pay_server::config::Config;
use douyin_pay_server::journal::JournalWriter;

use crate::apps::{self, Chosen};
use crate::clock::SimClock;
use crate::executor::{Executor, Process, SimTasks};
use crate::net::Wires;
use crate::rng::{Rng, SimEntropy};
use crate::trace::Trace;

const PLATFORM: Process = Process(1);
const SHOP: Process = Process(2);
/// The process in which merchants and users act.
pub(crate) const PEOPLE: Process = Process(3);
const FIRST_SERVICE: u32 = 100;

/// The merchant's API key in the simulated world.
pub(crate) const API_KEY: &str = "dpk_simulation_key_simulation_key_simulation";
const WEBHOOK_SECRET: &[u8] = b"simulation-webhook-secret-32-bytes";

/// Everything that exists in one simulated world.
pub struct World {
    /// Time.
    pub clock: SimClock,
    /// All tasks.
    pub executor: Executor,
    /// The wires between hosts.
    pub wires: Wires,
    /// What happened.
    pub trace: Trace,
    /// The platform.
    pub mock: Mock,
    /// The merchant's ears.
    pub shop: Shop,
    /// How often the service was killed.
    pub crashes: u32,
    service: Option<Running>,
    desk: Arc<Desk>,
    rng: Rng,
    #[expect(dead_code, reason = "dropping it removes the world's files")]
    folder: tempfile::TempDir,
}

/// Where the operator sits: the configuration's file, and the service that reads it again.
struct Desk {
    folder: PathBuf,
    chosen: Mutex<Chosen>,
    server: Mutex<Option<Server>>,
}

impl Desk {
    fn config(&self) -> anyhow::Result<Config> {
        let chosen = self.chosen.lock().expect("one thread");
        Config::parse(&apps::config_text(&self.folder, API_KEY, &chosen))
            .context("the simulated configuration")
    }

    fn edit(&self, app: &str, settings: Settings) -> anyhow::Result<()> {
        self.chosen.lock().expect("one thread").insert(app.to_owned(), settings);
        let config = self.config()?;
        match &*self.server.lock().expect("one thread") {
            Some(server) => server.reload(&config).context("reloading the simulated configuration"),
            None => Ok(()),
        }
    }
}

impl Operate for Desk {
    fn reload(&self, app: &str, settings: Settings) -> BoxFuture<anyhow::Result<()>> {
        let edited = self.edit(app, settings);
        Box::pin(std::future::ready(edited))
    }
}

struct Running {
    process: Process,
    writer: JournalWriter,
    server: Server,
}

impl World {
    /// A world that follows from `rng` alone.
    ///
    /// # Errors
    /// When the temporary folder or the database cannot be made.
    pub fn new(mut rng: Rng, trace: Trace) -> anyhow::Result<Self> {
        let epoch = UnixMs::new(1_767_574_800_000);
        let clock = SimClock::starting_at(epoch);
        let executor = Executor::default();
        let wires = Wires::new(clock.clone(), executor.clone(), trace.clone(), rng.fork());
        let platform_env = env_of(&clock, &executor, &wires, PLATFORM, rng.fork());
        let mock = Mock::new(platform_env, apps::console(rng.draw())?);
        wires.connect("platform.sim", PLATFORM, mock.router());
        mock.start();
        let secret = Secret::new(WEBHOOK_SECRET.to_vec()).context("the webhook secret")?;
        let shop = Shop::new(secret, Arc::new(clock.clone()));
        wires.connect("shop.sim", SHOP, shop.router());
        let folder = tempfile::tempdir().context("a temporary folder")?;
        apps::write_secrets(folder.path(), WEBHOOK_SECRET).context("the simulated secrets")?;
        let desk = Arc::new(Desk {
            folder: folder.path().to_owned(),
            chosen: Mutex::new(apps::at_first()),
            server: Mutex::new(None),
        });
        let mut world =
            Self { clock, executor, wires, trace, mock, shop, crashes: 0, service: None, desk, rng, folder };
        world.boot()?;
        Ok(world)
    }

    /// The door that `process` looks through.
    pub fn env(&mut self, process: Process) -> Env {
        env_of(&self.clock, &self.executor, &self.wires, process, self.rng.fork())
    }

    /// Lets the journal take whatever waits; how many jobs that were.
    pub fn step_journal(&mut self) -> usize {
        self.service.as_mut().map_or(0, |service| service.writer.step().jobs)
    }

    /// Kills the service as `kill -9` would and starts it again on the same files.
    ///
    /// # Errors
    /// When the database cannot be reopened.
    pub fn crash(&mut self) -> anyhow::Result<()> {
        self.trace.line("☠ the service is killed");
        self.crashes += 1;
        self.wires.disconnect("pay.sim");
        *self.desk.server.lock().expect("one thread") = None;
        if let Some(service) = self.service.take() {
            self.executor.kill(service.process);
        }
        self.boot()
    }

    /// Adds a task to the service's process.
    pub fn spawn_in_service(&self, name: &'static str, task: BoxFuture<()>) {
        let service = self.service.as_ref().expect("the service runs except inside `crash`");
        self.executor.spawn(service.process, name, task);
    }

    /// The running service.
    pub fn server(&self) -> &Server {
        &self.service.as_ref().expect("the service runs except inside `crash`").server
    }

    /// Who changes the service's configuration.
    pub(crate) fn operator(&self) -> Arc<dyn Operate> {
        Arc::clone(&self.desk) as Arc<dyn Operate>
    }

    fn boot(&mut self) -> anyhow::Result<()> {
        let process = Process(FIRST_SERVICE + self.crashes);
        let env = self.env(process);
        let config = self.desk.config()?;
        let (server, writer) = Server::open_inline(config, env).context("opening the service")?;
        self.wires.connect("pay.sim", process, server.router());
        server.start_workers();
        *self.desk.server.lock().expect("one thread") = Some(server.clone());
        self.service = Some(Running { process, writer, server });
        Ok(())
    }
}

fn env_of(clock: &SimClock, executor: &Executor, wires: &Wires, process: Process, rng: Rng) -> Env {
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    Env {
        clock,
        entropy: Arc::new(SimEntropy::new(rng)),
        net: Arc::new(wires.clone()),
        tasks: Arc::new(SimTasks::new(executor.clone(), process)),
    }
}
