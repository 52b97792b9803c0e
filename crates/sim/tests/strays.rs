//! A timer, a socket or a task that goes past `env` makes the run fail.
#![expect(clippy::disallowed_methods, reason = "the strays are what is tested")]

use std::time::Duration;

use douyin_pay_env::BoxFuture;
use douyin_pay_sim::{Options, World, run_with};

/// Runs a seed in which the service's own process does `stray` once.
fn with_stray(stray: fn() -> BoxFuture<()>) -> String {
    let sabotage = move |world: &mut World| world.spawn_in_service("stray", stray());
    match run_with(1, Options::default(), sabotage) {
        Ok(_) => "kept".to_owned(),
        Err(broken) => format!("{:#}", broken.cause),
    }
}

#[test]
fn a_stray_timer_fails_the_run() {
    let said = with_stray(|| Box::pin(async { tokio::time::sleep(Duration::from_millis(1)).await }));
    assert!(said.contains("stray") && said.contains("reactor"), "{said}");
}

#[test]
fn a_stray_socket_fails_the_run() {
    let said = with_stray(|| {
        Box::pin(async {
            let _connected = tokio::net::TcpStream::connect("127.0.0.1:1").await;
        })
    });
    assert!(said.contains("stray") && said.contains("reactor"), "{said}");
}

#[test]
fn a_stray_task_fails_the_run() {
    let said = with_stray(|| {
        Box::pin(async {
            tokio::spawn(async {});
        })
    });
    assert!(said.contains("stray") && said.contains("reactor"), "{said}");
}

#[test]
fn a_task_through_the_environment_does_not() {
    assert_eq!(with_stray(|| Box::pin(async {})), "kept");
}
