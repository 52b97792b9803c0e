//! Mock and service as child processes; with faults the service is killed twenty times.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use douyin_pay_env::{Env, Net, OffsetClock, RealClock};
use douyin_pay_server::follow_clock;
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpListener;

use super::apps::{self, Configuration};
use super::hangup::Operator;
use super::kills::{KillingNet, Plan};
use super::{Telling, Told, faults, tell_on};
use crate::dev::home::{APP, Home};
use crate::dev::{free_address, loopback, serve_router};
use crate::lang::say;
use crate::shop::{HOOK_PATH, Shop};
use crate::story::{PassTime, Stage};

/// A child process that does not answer within this time is not going to.
const READY_WITHIN: Duration = Duration::from_secs(15);

pub(super) async fn tell(telling: Telling) -> anyhow::Result<Told> {
    let home = Home::temporary()?;
    let (platform_address, service_address) = (free_address()?, free_address()?);
    let console = home.write("mock.toml", &apps::console(telling.seed, service_address))?;
    let console = console.to_str().context("a path in UTF-8")?;
    let mock = spawn(&["mock", "--listen", &platform_address.to_string(), "--config", console])
        .context("starting the mock")?;
    let _mock = Guard(Mutex::new(Some(mock)));
    let env = Env::real();
    let platform = format!("http://{platform_address}");
    wait_for(&env, &format!("{platform}/mock/clock")).await.context("waiting for the mock")?;

    let clock = OffsetClock::new(Arc::new(RealClock));
    env.tasks.spawn(
        "follow the mock's clock",
        Box::pin(follow_clock(env.clone(), clock.clone(), platform.clone())),
    );
    let shop = Shop::new(home.hook_secret()?, Arc::new(clock));
    let listener = TcpListener::bind(loopback(0)).await.context("opening the shop")?;
    let hook = format!("http://{}{HOOK_PATH}", serve_router(listener, shop.router())?);
    let configuration = Configuration::new(home, service_address, platform.clone(), hook, true);
    let service = Arc::new(ServiceProcess::start(configuration.write()?, telling)?);
    let service_url = format!("http://{service_address}");
    wait_for(&env, &format!("{service_url}/healthz")).await.context("waiting for the service")?;

    let plan = Arc::new(Plan::of_seed(telling.seed));
    let net: Arc<dyn Net> = match telling.faults {
        false => Arc::clone(&env.net),
        true => {
            die_in_deliveries(&shop, &plan, &service);
            let (inner, plan, service) = (Arc::clone(&env.net), Arc::clone(&plan), Arc::clone(&service));
            Arc::new(KillingNet { inner, plan, service, platform: platform.clone() })
        }
    };
    let api_key = configuration.home.api_key.clone();
    let operator = Arc::new(Operator::new(env.clone(), configuration, Arc::clone(&service)));
    let build = |time: Arc<dyn PassTime>| Stage {
        env: Env { net: Arc::clone(&net), ..env.clone() },
        service: service_url.clone(),
        api_key: api_key.clone(),
        app: APP.to_owned(),
        platform: platform.clone(),
        shop: shop.clone(),
        time,
        operator,
        tell: Arc::new(move |line| telling.step(line)),
    };
    faults::put(&env.net, &platform, &faults::doubled_payment()).await?;
    let told = tell_on(build, telling.seed).await;
    shop.watch(None);
    service.end();
    if telling.faults {
        telling.step(format_args!(
            "{} {}, {} {}",
            say("已 kill -9", "killed"),
            service.kills(),
            say("未用上", "unused"),
            plan.left()
        ));
        if told.is_ok() && plan.left() > 0 {
            bail!("{} kills never found their moment", plan.left());
        }
    }
    told
}

/// The service dies while the merchant's back end has the delivery and has not answered.
fn die_in_deliveries(shop: &Shop, plan: &Arc<Plan>, service: &Arc<ServiceProcess>) {
    let (plan, service) = (Arc::clone(plan), Arc::clone(service));
    shop.watch(Some(Arc::new(move |event| {
        if plan.dies_in_delivery(event) {
            service.kill_and_restart(&format!("delivering {}", event["type"]));
        }
    })));
}

/// The service's process: killed and started again on the same files.
pub(super) struct ServiceProcess {
    config: PathBuf,
    telling: Telling,
    running: Guard,
    kills: Mutex<u32>,
}

impl ServiceProcess {
    fn start(config: PathBuf, telling: Telling) -> anyhow::Result<Self> {
        let child = Self::spawn(&config).context("starting the service")?;
        Ok(Self { config, telling, running: Guard(Mutex::new(Some(child))), kills: Mutex::new(0) })
    }

    fn spawn(config: &std::path::Path) -> anyhow::Result<Child> {
        let path = config.to_str().context("a path in UTF-8")?;
        spawn(&["serve", "--config", path])
    }

    /// `kill -9`, then a new process at once.
    pub(super) fn kill_and_restart(&self, moment: &str) {
        let mut running = self.running.0.lock().expect("no panic while locked");
        // Without a child the telling has ended: nothing may be started behind its back.
        let Some(child) = running.take() else { return };
        end(Some(child));
        *self.kills.lock().expect("no panic while locked") += 1;
        self.telling.step(format_args!("☠ kill -9: {moment}"));
        match Self::spawn(&self.config) {
            Ok(child) => *running = Some(child),
            Err(cause) => self.telling.step(format_args!("☠ {cause:#}")),
        }
    }

    /// SIGHUP: the configuration is read again.
    pub(super) fn hang_up(&self) -> anyhow::Result<()> {
        let running = self.running.0.lock().expect("no panic while locked");
        let child = running.as_ref().context("the service has ended")?;
        kill_process(Pid::from_child(child), Signal::HUP).context("sending SIGHUP")
    }

    /// Ends the process for good.
    fn end(&self) {
        end(self.running.0.lock().expect("no panic while locked").take());
    }

    fn kills(&self) -> u32 {
        *self.kills.lock().expect("no panic while locked")
    }
}

/// A child that never outlives its parent's interest.
struct Guard(Mutex<Option<Child>>);

impl Drop for Guard {
    fn drop(&mut self) {
        end(self.0.lock().expect("no panic while locked").take());
    }
}

fn end(child: Option<Child>) {
    let Some(mut child) = child else { return };
    // A child that has ended already cannot be killed; waiting reaps it either way.
    let _ended_already = child.kill();
    let _status = child.wait();
}

fn spawn(words: &[&str]) -> anyhow::Result<Child> {
    let program = std::env::current_exe().context("finding this program")?;
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
    command.env("RUST_LOG", "error").spawn().with_context(|| format!("`douyin-pay {}`", words.join(" ")))
}

async fn wait_for(env: &Env, url: &str) -> anyhow::Result<()> {
    let until = env.mono().plus(READY_WITHIN);
    loop {
        let request = http::Request::get(url).body(Bytes::new())?;
        match env.net.send(request, Duration::from_secs(1)).await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            _ if env.mono() >= until => bail!("{url} does not answer"),
            _ => env.sleep(Duration::from_millis(20)).await,
        }
    }
}
