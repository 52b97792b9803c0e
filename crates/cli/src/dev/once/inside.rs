//! Everything in one process: mock, service and shop on loopback sockets, one shared clock.

use std::sync::Arc;

use anyhow::Context;
use douyin_pay_env::{Env, OffsetClock, RealClock, TokioTasks};
use douyin_pay_ledger::System;
use douyin_pay_mock::{DEFAULT_APP_ID, Mock, MockConfig};
use douyin_pay_server::{config, serve};
use tokio::net::TcpListener;

use super::{Telling, faults, tell_on};
use crate::dev::home::{APP, AppEntry, Home};
use crate::dev::{free_address, loopback, serve_router};
use crate::shop::{HOOK_PATH, Shop};
use crate::story::{Comparison, PassTime, Plot, Stage};

pub(super) async fn tell(telling: Telling) -> anyhow::Result<Comparison> {
    let clock = OffsetClock::new(Arc::new(RealClock));
    let env = Env { clock: Arc::new(clock.clone()), ..Env::real() };
    let config = MockConfig { seed: telling.seed, ..MockConfig::default() };
    let mock = Mock::with_clock(env.clone(), clock.clone(), config)
        .listen(loopback(0))
        .await
        .context("opening the mock")?;
    let home = Home::temporary()?;
    let shop = Shop::new(home.hook_secret()?, Arc::new(clock));
    let shop_address =
        serve_router(TcpListener::bind(loopback(0)).await.context("opening the shop")?, shop.router())?;
    let address = free_address()?;
    let hook = format!("http://{shop_address}{HOOK_PATH}");
    let app = AppEntry { name: APP, app_id: DEFAULT_APP_ID, webhook: Some(&hook), new_orders: System::Ecpay };
    let path = home.configure(address, &mock.url(), &[app], false)?;
    // Tasks of its own: its orderly end waits for its own work, not for the mock's.
    let service_env = Env { tasks: Arc::new(TokioTasks::new()), ..env.clone() };
    let service = serve::start(config::load(&path)?, service_env).await.context("starting the service")?;

    let build = |time: Arc<dyn PassTime>| Stage {
        env: env.clone(),
        service: format!("http://{address}"),
        api_key: home.api_key.clone(),
        app: APP.to_owned(),
        platform: mock.url(),
        shop: shop.clone(),
        time,
        tell: Arc::new(move |line| telling.step(line)),
    };
    let chosen = if telling.faults { faults::everything() } else { faults::doubled_payment() };
    mock.set_faults(chosen);
    let told = tell_on(build, &Plot::latte(format!("{}", telling.seed))).await;
    service.stop().await;
    mock.stop().await;
    told
}
