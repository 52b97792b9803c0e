//! `douyin-pay serve`: the service.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args as ClapArgs;
use douyin_pay_server::serve::{self, ServeError};
use serde_json::json;

use crate::exit::{Ended, Failure};
use crate::out::{self, Form};

/// Options of `serve`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 配置文件 · configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// Runs the service until it is asked to stop.
///
/// # Errors
/// [`Failure::Usage`] when the configuration cannot be used, [`Failure::Outside`] when the machine refuses.
pub fn run(args: Args, form: Form) -> Ended {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    let listening = |address: SocketAddr| {
        if form == Form::Json {
            out::line(json!({ "service": format!("http://{address}") }));
        }
    };
    runtime.block_on(serve::run(&args.config, listening)).map_err(|cause| match cause {
        ServeError::Config(_) => Failure::usage(cause.to_string()),
        _ => Failure::Outside(anyhow::Error::new(cause)),
    })
}
