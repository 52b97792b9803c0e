//! The whole story in each language: order, payment, part refund, settlement with a share.

use std::path::Path;

use serde_json::{Value, json};

use super::dev::Dev;
use super::language::{Language, Shop};
use super::program::Program;
use super::wire::{free_port, until};

const WEEK_SECONDS: u64 = 7 * 86_400;

#[test]
fn php() {
    story_of(Language::Php);
}

#[test]
fn node() {
    story_of(Language::Node);
}

#[test]
fn python() {
    story_of(Language::Python);
}

#[test]
fn go() {
    story_of(Language::Go);
}

#[test]
fn java() {
    story_of(Language::Java);
}

fn story_of(language: Language) {
    let Some(shop) = language.shop() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let dev = Dev::start(port);
    let mut receiver = receive(&shop, &dev, port, folder.path());
    let number = format!("A-{}", language.name());

    let mut story = shop.run(&dev, &["story", &number]);
    let pay: Value = serde_json::from_str(&story.line("pay ")).expect("JSON");
    assert_eq!((&pay["kind"], &pay["service"]), (&json!("tt.pay"), &json!(5)), "{pay}");
    assert!(pay["order_token"].as_str().is_some_and(|token| !token.is_empty()), "{pay}");
    dev.pay(&pay["order_id"]);
    assert_eq!(story.line(&format!("paid {number} ")), "12.80 yuan");
    receiver.line(&format!("event order.paid {number} 1280 ord_"));

    dev.finish(&number, "refunds");
    assert_eq!(story.line(&format!("refunded R-{number} ")), "2.80 yuan");
    receiver.line(&format!("event refund.succeeded {number} 280 ord_"));

    // Seven days too early: told with the platform's reason, and no failure of the program.
    assert!(story.line("not settled yet: 422 platform_refused: ").contains("2010"));
    let ended = story.end();
    assert_eq!(ended.code, Some(0), "{}", ended.complained);

    dev.jump(WEEK_SECONDS);
    let mut settle = shop.run(&dev, &["settle", &number]);
    dev.finish(&number, "settlements");
    assert_eq!(settle.line(&format!("settled S2-{number} ")), "9.94 yuan fee 0.06 yuan");
    let last = format!("order {number} paid paid 12.80 yuan refunded 2.80 yuan settled 10.00 yuan");
    assert_eq!(settle.end().said.last(), Some(&last));
    receiver.line(&format!("event settlement.succeeded {number} 994 ord_"));
    check_books(&dev, &number);

    // Told again from the beginning, nothing happens twice.
    let again = shop.run(&dev, &["story", &number]).end();
    assert_eq!((again.code, again.said.last()), (Some(0), Some(&last)), "{}", again.complained);
    check_books(&dev, &number);
    assert_eq!(kinds(&receiver), ["order.paid", "refund.succeeded", "settlement.succeeded"]);
}

/// Starts the shop's receiver. `dev` jumps a week ahead of this machine, and its events with it.
fn receive(shop: &Shop, dev: &Dev, port: u16, folder: &Path) -> Program {
    let mut command = shop.command(&["serve"]);
    command.env("PORT", port.to_string()).env("WEBHOOK_SECRET", dev.text("webhook_secret"));
    command.env("EVENTS_FILE", folder.join("events.log"));
    command.env("WEBHOOK_TOLERANCE", (2 * WEEK_SECONDS).to_string());
    let program = Program::start(command);
    until("an open port", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
    program
}

/// The platform has the same amounts as the program told, once each.
fn check_books(dev: &Dev, number: &str) {
    let books = dev.books(number);
    let order = &books["orders"][0];
    let sums =
        ["amount_fen", "refunded_fen", "settled_fen", "shared_fen", "rake_fen"].map(|name| &order[name]);
    assert_eq!(sums, [1280, 280, 1000, 60, 6], "{order}");
    let done = |list: &str| {
        let all = books[list].as_array().expect("a list").iter();
        all.filter(|one| one["status"] == "SUCCESS").count()
    };
    assert_eq!(
        (books["orders"].as_array().map(Vec::len), done("refunds"), done("settlements")),
        (Some(1), 1, 1)
    );
}

/// The kinds of the events whose work was done, in order.
fn kinds(receiver: &Program) -> Vec<String> {
    let lines = receiver.lines();
    let events = lines.iter().filter_map(|line| line.strip_prefix("event "));
    let kinds = events.filter_map(|event| event.split(' ').next()).map(str::to_owned);
    // The refused settlement may or may not be worth an event; it is none of the money's.
    kinds.filter(|kind| kind != "settlement.failed").collect()
}
