//! A service that can be killed, a platform and a shop on simulated wires.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use douyin_pay_cli::shop::Shop;
use douyin_pay_env::{BoxFuture, Clock, Env, UnixMs};
use douyin_pay_mock::{Mock, MockConfig};
use douyin_pay_protocol::Secret;
use douyin_pay_server::Server;
use douyin_pay_server::config::Config;
use douyin_pay_server::journal::JournalWriter;

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
    rng: Rng,
    folder: tempfile::TempDir,
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
        let mock = Mock::new(platform_env, MockConfig { seed: rng.draw(), ..MockConfig::default() });
        wires.connect("platform.sim", PLATFORM, mock.router());
        mock.start();
        let secret = Secret::new(WEBHOOK_SECRET.to_vec()).context("the webhook secret")?;
        let shop = Shop::new(secret, Arc::new(clock.clone()));
        wires.connect("shop.sim", SHOP, shop.router());
        let folder = tempfile::tempdir().context("a temporary folder")?;
        write_secrets(folder.path()).context("the simulated secrets")?;
        let mut world =
            Self { clock, executor, wires, trace, mock, shop, crashes: 0, service: None, rng, folder };
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

    fn boot(&mut self) -> anyhow::Result<()> {
        let process = Process(FIRST_SERVICE + self.crashes);
        let env = self.env(process);
        let config =
            Config::parse(&config_text(self.folder.path())).context("the simulated configuration")?;
        let (server, writer) = Server::open_inline(config, env).context("opening the service")?;
        self.wires.connect("pay.sim", process, server.router());
        server.start_workers();
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

fn write_secrets(folder: &Path) -> std::io::Result<()> {
    std::fs::write(folder.join("salt"), "mock_salt")?;
    std::fs::write(folder.join("token"), "mocktoken")?;
    let hook = format!("whsec_{}", data_encoding::BASE64.encode(WEBHOOK_SECRET));
    std::fs::write(folder.join("hook"), hook)
}

fn config_text(folder: &Path) -> String {
    let key_hash =
        data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(API_KEY.as_bytes()));
    format!(
        r#"
listen = "127.0.0.1:0"
public_url = "https://pay.sim"
database = "sqlite://{folder}/sim.db"

[[api_keys]]
name = "shop"
role = "operator"
apps = ["coffee"]
sha256 = "{key_hash}"

[[apps]]
name = "coffee"
app_id = "tt0000000000000001"
new_orders = "ecpay"
webhook = {{ url = "https://shop.sim/hooks/douyin", secrets = [{{ file = "{folder}/hook" }}] }}

[apps.ecpay]
platform = "https://platform.sim"
salt = {{ file = "{folder}/salt" }}
callback_tokens = [{{ file = "{folder}/token" }}]
"#,
        folder = folder.display()
    )
}
