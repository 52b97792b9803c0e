//! `douyin-pay mock`: the mock platform on a socket.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args as ClapArgs;
use douyin_pay_env::{Env, OffsetClock, RealClock};
use douyin_pay_mock::{Mock, MockConfig};
use serde_json::json;

use crate::exit::{Ended, Failure};
use crate::lang::say;
use crate::out::{self, Form};

/// Options of `mock`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 监听地址 · address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8100")]
    listen: SocketAddr,
    /// 模拟平台的配置（TOML） · the mock's own configuration (TOML)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 保存账本的文件 · file that keeps the books between runs
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// 随机种子 · seed of everything random
    #[arg(long)]
    seed: Option<u64>,
    /// 客户端承诺的每秒查询次数，只计数 · calls per second the client promised; only counted
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
}

/// Serves the mock until it is interrupted.
///
/// # Errors
/// [`Failure::Usage`] when the configuration cannot be used, [`Failure::Outside`] when the port is taken.
pub fn run(args: Args, form: Form) -> Ended {
    let mut config = match &args.config {
        None => MockConfig::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| Failure::usage(format!("{}: {cause}", path.display())))?;
            MockConfig::from_toml(&text)
                .map_err(|cause| Failure::usage(format!("{}: {cause}", path.display())))?
        }
    };
    config.seed = args.seed.unwrap_or(config.seed);
    config.limit_watch = args.limit.unwrap_or(config.limit_watch);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(serve(args.listen, args.state, config, form))
}

async fn serve(listen: SocketAddr, state: Option<PathBuf>, config: MockConfig, form: Form) -> Ended {
    let (env, clock) = (Env::real(), OffsetClock::new(Arc::new(RealClock)));
    let mock = match state {
        None => Mock::with_clock(env, clock, config),
        Some(path) => Mock::with_state_file(env, clock, config, path)
            .map_err(|cause| Failure::usage(cause.to_string()))?,
    };
    let running = mock.listen(listen).await.with_context(|| {
        format!(
            "{listen}: {}",
            say(
                "无法监听，端口可能被占用；换一个 --listen",
                "cannot listen, the port may be taken; choose another --listen"
            )
        )
    })?;
    let url = running.url();
    match form {
        Form::Json => out::line(json!({ "mock": url, "books": format!("{url}/mock/books") })),
        Form::Text => {
            out::line(format_args!("{}: {url}", say("模拟平台", "mock platform")));
            out::line(format_args!("{}: {url}/mock/books", say("账本", "books")));
        }
    }
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    running.stop().await;
    Ok(())
}
