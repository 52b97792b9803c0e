//! Logs to standard error: text for people, or one JSON object per line.

use std::io::IsTerminal;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::LogConfig;

/// Starts logging; when a program around us logs already, nothing changes.
pub(crate) fn start(config: &LogConfig) {
    let filter: Targets =
        config.filter.parse().unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let started = if config.json {
        let layer = layer.json().flatten_event(true).with_current_span(true).with_span_list(false);
        tracing_subscriber::registry().with(layer.with_filter(filter)).try_init()
    } else {
        let layer = layer.with_ansi(std::io::stderr().is_terminal());
        tracing_subscriber::registry().with(layer.with_filter(filter)).try_init()
    };
    // Only one can be the first.
    let _started_before = started;
}
