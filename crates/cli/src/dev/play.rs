//! `dev`: the world with its demo shop, until somebody ends it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use douyin_pay_env::{Clock as _, Env, OffsetClock, RealClock, TokioTasks, UnixMs};
use douyin_pay_ledger::System;
use douyin_pay_mock::{DEFAULT_APP_ID, Mock, MockApp, MockConfig, MockTrade, Running as RunningMock};
use douyin_pay_protocol::AppId;
use douyin_pay_server::serve::Running as RunningService;
use douyin_pay_server::{config, serve};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::demo::Demo;
use super::home::{APP, AppEntry, Home, TEA};
use super::wire::Wire;
use super::{Args, free_address, loopback, serve_router};
use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};
use crate::shop::{HOOK_PATH, Shop};

/// Where the demo shop is unless `--port` says otherwise.
const PORT: u16 = 8700;
/// The apps for the user's own back end: one opens orders in guaranteed payment, one in the general trade system.
const MINE: &str = "mine";
const MINE_APP_ID: &str = "tt0000000000000002";
const MINE_TRADE: &str = "mine-trade";
const MINE_TRADE_APP_ID: &str = "tt0000000000000004";
const TEA_APP_ID: &str = "tt0000000000000003";

/// Three addresses on loopback.
struct Places {
    shop: TcpListener,
    service: SocketAddr,
    mock: SocketAddr,
}

/// Everything that runs.
struct World {
    home: Home,
    config: std::path::PathBuf,
    shop: String,
    service: RunningService,
    mock: RunningMock,
}

pub(super) async fn run(args: &Args, form: Form) -> Ended {
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let places = match args.port {
        Some(port) => open(port).await.map_err(|cause| Failure::Outside(cause.context("`--port`")))?,
        None => open_anywhere(form).await?,
    };
    let world = World::start(args, places).await?;
    world.introduce(args, form);
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    world.service.stop().await;
    world.mock.stop().await;
    Ok(())
}

/// The well-known ports, or any free ones when somebody has taken them.
async fn open_anywhere(form: Form) -> anyhow::Result<Places> {
    match open(PORT).await {
        Ok(places) => Ok(places),
        Err(taken) => {
            out::remark(
                form,
                format_args!("{}: {taken:#}", say("改用任意空闲端口", "using any free ports instead")),
            );
            open(0).await
        }
    }
}

async fn open(port: u16) -> anyhow::Result<Places> {
    let next = |by: u16| match port {
        0 => free_address(),
        _ => {
            let port = port.checked_add(by).context(say("端口号太大", "the port is too high"))?;
            // The service and the mock open it for themselves in a moment; a taken one should be told now.
            std::net::TcpListener::bind(loopback(port)).with_context(|| taken(port))?;
            Ok(loopback(port))
        }
    };
    let shop = TcpListener::bind(loopback(port)).await.with_context(|| taken(port))?;
    Ok(Places { shop, service: next(1)?, mock: next(2)? })
}

fn taken(port: u16) -> String {
    match crate::lang::Lang::current() {
        crate::lang::Lang::Zh => format!("端口 {port} 不可用，可能已被占用；换一个 `--port`"),
        crate::lang::Lang::En => {
            format!("port {port} cannot be used, perhaps it is taken; choose another `--port`")
        }
    }
}

impl World {
    async fn start(args: &Args, places: Places) -> Result<Self, Failure> {
        let home = Home::well_known(args.data.as_deref())?;
        let shop_url = format!("http://{}", places.shop.local_addr().context("the shop's address")?);
        let (service_url, platform_url) =
            (format!("http://{}", places.service), format!("http://{}", places.mock));
        let clock = OffsetClock::new(Arc::new(RealClock));
        let plain = Env { clock: Arc::new(clock.clone()), ..Env::real() };
        let wire = Wire::new(Arc::clone(&plain.clock), service_url.clone(), platform_url.clone());
        let tapped = Env { net: wire.net(Arc::clone(&plain.net)), ..plain.clone() };

        let state = home.file("mock.json");
        resume(&clock, &state)?;
        let hook = format!("{shop_url}{HOOK_PATH}");
        let apps = apps(&hook, args.webhook.as_deref());
        let platform = platform_config(&apps, &service_url)?;
        let mock = Mock::with_state_file(tapped.clone(), clock.clone(), platform, state)
            .context("the mock's books")?;
        let mock = mock.listen(places.mock).await.context("opening the mock")?;

        let config = home.configure(places.service, &platform_url, &apps, false)?;
        let loaded = config::load(&config).map_err(|cause| Failure::usage(cause.to_string()))?;
        // Tasks of its own: its orderly end waits for its own work, not for the mock's.
        let service_env = Env { tasks: Arc::new(TokioTasks::new()), ..tapped.clone() };
        let service = serve::start(loaded, service_env).await.context("starting the service")?;

        let shop = Shop::new(home.hook_secret()?, Arc::clone(&plain.clock));
        let demo = Demo {
            plain,
            tapped: tapped.net,
            wire,
            service: service_url,
            platform: platform_url,
            shop: shop_url.clone(),
            api_key: home.api_key.clone(),
            mock: (*mock).clone(),
            wishes: Arc::default(),
        };
        serve_router(places.shop, demo.router().merge(shop.router()))?;
        Ok(Self { home, config, shop: shop_url, service, mock })
    }

    fn trade_shop(&self) -> String {
        format!("{}/?system=trade", self.shop)
    }

    fn introduce(&self, args: &Args, form: Form) {
        let service = format!("http://{}", self.service.address);
        if form == Form::Json {
            let line = json!({
                "shop": self.shop, "trade_shop": self.trade_shop(), "service": service, "mock": self.mock.url(), "app": MINE, "trade_app": MINE_TRADE, "api_key": self.home.api_key,
                "webhook_secret": self.home.hook_secret_text(), "webhook": args.webhook, "config": self.config,
            });
            out::line(line);
            return;
        }
        let hook =
            args.webhook.as_deref().unwrap_or(say("无；用 --webhook URL 指定", "none; give --webhook URL"));
        let secret = self.home.hook_secret_text();
        let lines = [
            (
                "",
                say(
                    "在浏览器里打开，买一杯咖啡（担保支付）：",
                    "Open this in a browser and buy a coffee (guaranteed payment):",
                )
                .to_owned(),
            ),
            ("", format!("  {}", self.shop)),
            (
                "",
                say(
                    "或者约一次茶艺咨询（通用交易系统）：",
                    "or an hour with the tea master (general trade system):",
                )
                .to_owned(),
            ),
            ("", format!("  {}", self.trade_shop())),
            ("", String::new()),
            (say("支付服务", "service"), service),
            (say("模拟平台", "mock platform"), self.mock.url()),
            (
                say("接口密钥", "API key"),
                format!("{}  ({})", self.home.api_key, say("仅供本机", "for this machine only")),
            ),
            (
                say("给你自己后端的应用", "apps for your own back end"),
                say(
                    "mine（担保支付）、mine-trade（通用交易系统）",
                    "mine (guaranteed payment), mine-trade (general trade system)",
                )
                .to_owned(),
            ),
            (say("它的事件发往", "its events go to"), hook.to_owned()),
            (say("事件签名密钥", "their signing secret"), secret),
            (say("配置文件", "configuration"), self.config.display().to_string()),
            ("", String::new()),
            (
                "",
                say(
                    "不需要任何真实账号，不会发生真实付款。按 Ctrl-C 结束。",
                    "No credentials needed, no money moves. Ctrl-C ends it.",
                )
                .to_owned(),
            ),
        ];
        for (name, value) in lines {
            match name {
                "" => out::line(value),
                _ => out::line(format_args!("{name}: {value}")),
            }
        }
    }
}

/// What is sold, and what a visitor's own back end may sell.
fn apps<'a>(hook: &'a str, own: Option<&'a str>) -> [AppEntry<'a>; 4] {
    let entry = |name, app_id, webhook, new_orders| {
        let (second_key, settle_after_days) = (false, None);
        AppEntry { name, app_id, webhook, new_orders, second_key, settle_after_days }
    };
    [
        entry(APP, DEFAULT_APP_ID, Some(hook), System::Ecpay),
        entry(TEA, TEA_APP_ID, Some(hook), System::Trade),
        entry(MINE, MINE_APP_ID, own, System::Ecpay),
        entry(MINE_TRADE, MINE_TRADE_APP_ID, own, System::Trade),
    ]
}

/// All apps; orders of one are not the other's business.
fn platform_config(apps: &[AppEntry<'_>], service: &str) -> anyhow::Result<MockConfig> {
    let known = |app: &AppEntry<'_>| -> anyhow::Result<MockApp> {
        let trade = MockTrade::default().with_callbacks(format!("{service}/callbacks/{}", app.name));
        Ok(MockApp { app_id: AppId::new(app.app_id)?, ..MockApp::default() }.with_trade(trade))
    };
    let apps = apps.iter().map(known).collect::<anyhow::Result<_>>()?;
    Ok(MockConfig { apps, ..MockConfig::default() })
}

/// Goes on where the kept books stopped: time must not run backwards for them.
fn resume(clock: &OffsetClock, state: &std::path::Path) -> anyhow::Result<()> {
    #[derive(serde::Deserialize)]
    struct Kept {
        now: UnixMs,
    }
    let text = match std::fs::read(state) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(anyhow::Error::new(cause).context(state.display().to_string())),
    };
    let kept: Kept = serde_json::from_slice(&text).with_context(|| state.display().to_string())?;
    let behind = kept.now.since(clock.now());
    if let Ok(behind @ 1..) = u64::try_from(behind) {
        clock.advance(Duration::from_millis(behind));
    }
    Ok(())
}
