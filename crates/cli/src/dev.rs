//! `douyin-pay dev`: mock platform, service and demo shop on loopback, with one shared clock.

#![expect(clippy::disallowed_methods, reason = "a world on loopback has real sockets, processes and time")]

mod demo;
mod home;
mod once;
mod play;
mod wire;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context;
use axum::Router;
use clap::Args as ClapArgs;
use tokio::net::TcpListener;

use crate::exit::Ended;
use crate::out::Form;

/// The options of a telling; the world that keeps running takes none of them.
const HEADLESS: [&str; 4] = ["once", "seed", "faults", "split"];

/// Options of `dev`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 无界面跑完整个故事 · tell the whole story headless, then exit
    #[arg(long)]
    once: bool,
    /// 随机种子 · seed of everything random (with --faults: just this seed)
    #[arg(long, requires = "once")]
    seed: Option<u64>,
    /// 注入故障：丢请求、丢响应、回调丢失/迟到/重复 · inject faults; 20 seeds unless --seed names one
    #[arg(long, requires = "once")]
    faults: bool,
    /// 服务与平台各为子进程；与 --faults 合用时 kill -9 服务二十次 · run service and platform as child processes; with --faults the service is killed twenty times
    #[arg(long, requires = "once")]
    split: bool,
    /// 演示商店的端口，服务用下一个，平台再下一个；0 为任意空闲端口 · port of the demo shop; the service takes the next, the platform the one after; 0 for any free ports [default: 8700]
    #[arg(long, value_name = "N", conflicts_with_all = HEADLESS)]
    port: Option<u16>,
    /// 数据保存目录，下次启动接着用 · keep the data in this folder and go on with it next time
    #[arg(long, value_name = "DIR", conflicts_with_all = HEADLESS)]
    data: Option<PathBuf>,
    /// 你自己后端的地址，接收应用 `mine` 的事件 · your own back end, which is sent the events of the app `mine`
    #[arg(long, value_name = "URL", conflicts_with_all = HEADLESS)]
    webhook: Option<String>,
}

/// Runs the world until it is interrupted, or tells the story once.
///
/// # Errors
/// [`crate::Failure::No`] when the books of a telling differ, [`crate::Failure::Usage`] when an option cannot be
/// used, [`crate::Failure::Outside`] when the machine or the story fails.
pub fn run(args: Args, form: Form) -> Ended {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("starting the runtime")?;
    match args.once {
        true => once::run(&runtime, &args, form),
        false => runtime.block_on(play::run(&args, form)),
    }
}

/// A port of loopback; 0 stands for any that is free.
fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Serves a router on an open listener until the process ends.
fn serve_router(listener: TcpListener, router: Router) -> anyhow::Result<SocketAddr> {
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// A port that was free a moment ago.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(loopback(0)).context("finding a free port")?;
    Ok(listener.local_addr()?)
}
