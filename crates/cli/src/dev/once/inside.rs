//! Everything in one process: mock, service and shop on loopback sockets, one shared clock.

use std::sync::{Arc, Mutex};

use anyhow::Context;
use douyin_pay_env::{BoxFuture, Env, OffsetClock, RealClock, TokioTasks};
use douyin_pay_mock::{Mock, MockConfig};
use douyin_pay_server::{Server, config, serve};
use tokio::net::TcpListener;

use super::apps::{self, Configuration};
use super::{Telling, faults, tell_on};
use crate::dev::home::{APP, Home};
use crate::dev::{free_address, loopback, serve_router};
use crate::shop::{HOOK_PATH, Shop};
use crate::story::{Operate, PassTime, Settings, Stage};

pub(super) async fn tell(telling: Telling) -> anyhow::Result<super::Told> {
    let clock = OffsetClock::new(Arc::new(RealClock));
    let env = Env { clock: Arc::new(clock.clone()), ..Env::real() };
    let address = free_address()?;
    let console = MockConfig::from_toml(&apps::console(telling.seed, address))?;
    let mock = Mock::with_clock(env.clone(), clock.clone(), console)
        .listen(loopback(0))
        .await
        .context("opening the mock")?;
    let home = Home::temporary()?;
    let shop = Shop::new(home.hook_secret()?, Arc::new(clock));
    let shop_address =
        serve_router(TcpListener::bind(loopback(0)).await.context("opening the shop")?, shop.router())?;
    let hook = format!("http://{shop_address}{HOOK_PATH}");
    let configuration = Configuration::new(home, address, mock.url(), hook, false);
    let path = configuration.write()?;
    // Tasks of its own: its orderly end waits for its own work, not for the mock's.
    let service_env = Env { tasks: Arc::new(TokioTasks::new()), ..env.clone() };
    let service = serve::start(config::load(&path)?, service_env).await.context("starting the service")?;

    let api_key = configuration.home.api_key.clone();
    let operator = Arc::new(Operator { configuration, server: Mutex::new(Some(service.server.clone())) });
    let build = |time: Arc<dyn PassTime>| Stage {
        env: env.clone(),
        service: format!("http://{address}"),
        api_key: api_key.clone(),
        app: APP.to_owned(),
        platform: mock.url(),
        shop: shop.clone(),
        time,
        operator: Arc::clone(&operator) as Arc<dyn Operate>,
        tell: Arc::new(move |line| telling.step(line)),
    };
    let chosen = if telling.faults { faults::everything() } else { faults::doubled_payment() };
    mock.set_faults(chosen);
    let told = tell_on(build, telling.seed).await;
    operator.leave();
    service.stop().await;
    mock.stop().await;
    told
}

/// Reloads the service in this process, as SIGHUP would.
struct Operator {
    configuration: Configuration,
    server: Mutex<Option<Server>>,
}

impl Operator {
    /// Lets go of the service, which ends only when nobody holds it.
    fn leave(&self) {
        *self.server.lock().expect("no panic while locked") = None;
    }
}

impl Operate for Operator {
    fn reload(&self, app: &str, settings: Settings) -> BoxFuture<anyhow::Result<()>> {
        let edited = self.configuration.edit(app, settings);
        let server = self.server.lock().expect("no panic while locked").clone();
        Box::pin(async move {
            let config = config::load(&edited?)?;
            server.context("the service has ended")?.reload(&config).context("reloading the configuration")
        })
    }
}
