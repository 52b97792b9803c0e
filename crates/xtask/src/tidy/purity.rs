//! What must be absent from certain crates: effects, SQL, floats, casts on money.

use super::Finding;
use super::scan::{Source, holds};

/// Crates without async, clock, randomness or IO.
const PURE: &[&str] = &["protocol", "ledger"];

const EFFECTS: &[(&str, &str)] = &[
    ("async", "no async here: the caller waits"),
    (".await", "no async here: the caller waits"),
    ("tokio", "no runtime here"),
    ("futures_util", "no async here: the caller waits"),
    ("SystemTime", "no clock here: time is a parameter"),
    ("Instant", "no clock here: time is a parameter"),
    ("Timestamp::now", "no clock here: time is a parameter"),
    ("Zoned::now", "no clock here: time is a parameter"),
    ("rand", "no randomness here: it is a parameter"),
    ("getrandom", "no randomness here: it is a parameter"),
    ("RandomState", "no randomness here: use an ordered map"),
    ("std::fs", "no IO here"),
    // Addresses are plain values; sockets and name look-ups are not.
    ("TcpStream", "no IO here"),
    ("TcpListener", "no IO here"),
    ("UdpSocket", "no IO here"),
    ("ToSocketAddrs", "no IO here"),
    ("std::process", "no IO here"),
    ("std::thread", "no threads here"),
    ("std::env", "no environment here: values are parameters"),
    ("File", "no IO here"),
    ("stdin", "no IO here"),
    ("stdout", "no IO here"),
    ("stderr", "no IO here"),
    ("println!", "no IO here"),
    ("eprintln!", "no IO here"),
];

/// What `use std::{…}` may bring in under another spelling of the list above.
const STD_PARTS: &[&str] = &["fs", "process", "thread", "env"];

/// Casts that silently change a sum.
const CASTS: &[&str] = &[
    "as i64", "as u64", "as i128", "as u128", "as isize", "as usize", "as i32", "as u32", "as f64", "as f32",
];

/// Beginnings and companions by which SQL is known.
const SQL: &[(&str, &str)] = &[
    ("SELECT ", " FROM "),
    ("INSERT INTO ", ""),
    ("INSERT OR ", ""),
    ("UPDATE ", " SET "),
    ("DELETE FROM ", ""),
    ("CREATE TABLE ", ""),
    ("CREATE INDEX ", ""),
    ("BEGIN IMMEDIATE", ""),
    ("PRAGMA ", ""),
];

/// Checks one Rust file against what its place forbids.
pub(super) fn check(source: &Source<'_>, findings: &mut Vec<Finding>) {
    let Some((krate, inside)) = source.place() else { return };
    let mut found = |line: usize, problem: String| {
        findings.push(Finding { path: source.file.path.clone(), line, problem })
    };
    let in_store = krate == "server" && (inside.starts_with("src/store/") || inside == "src/store.rs");
    let pure = PURE.contains(&krate);
    let counts_money = pure || in_store;
    let casts_forbidden = krate == "ledger" || in_store || inside == "src/fen.rs" && krate == "protocol";
    // The bench keeps a naive counterpart with its own tables; xtask holds these very patterns.
    let sql_allowed = in_store || matches!(krate, "bench" | "xtask");

    for (at, line) in source.product.iter().enumerate() {
        if pure {
            for (word, why) in EFFECTS.iter().filter(|(word, _)| holds(line, word)) {
                found(at + 1, format!("`{word}`: {why}"));
            }
            for part in STD_PARTS.iter().filter(|part| imports_std(line, part)) {
                found(at + 1, format!("`std::{part}`: no effects here"));
            }
        }
        if casts_forbidden {
            for cast in CASTS.iter().filter(|cast| holds(line, cast)) {
                found(
                    at + 1,
                    format!("`{cast}`: a cast may change a sum silently; use `try_from` or `from`"),
                );
            }
        }
        if !sql_allowed {
            for driver in ["rusqlite", "tokio_postgres"].iter().filter(|driver| holds(line, driver)) {
                found(at + 1, format!("`{driver}`: only `server/src/store` speaks to a database"));
            }
        }
    }
    if counts_money {
        // A reader that turns fractions away has to name what it turns away.
        let turned_away = |line: &str| line.contains("fn visit_f64<E>(self, _: f64)");
        for (at, line) in source.code.iter().enumerate().filter(|(_, line)| !turned_away(line)) {
            for float in ["f32", "f64"].iter().filter(|float| holds(line, float)) {
                found(at + 1, format!("`{float}`: money is counted in whole fen"));
            }
        }
    }
    let in_product = |line: usize| source.product.get(line - 1).is_some_and(|code| code.contains('"'));
    for (line, _) in
        source.strings.iter().filter(|(line, text)| !sql_allowed && in_product(*line) && is_sql(text))
    {
        found(*line, "SQL: only `server/src/store` speaks to a database".to_owned());
    }
}

fn imports_std(line: &str, part: &str) -> bool {
    line.trim_start().strip_prefix("use std::{").is_some_and(|list| holds(list, part))
}

fn is_sql(text: &str) -> bool {
    let text = format!("{} ", text.split_whitespace().collect::<Vec<_>>().join(" "));
    SQL.iter().any(|(begins, and)| text.starts_with(begins) && text.contains(and))
}

#[cfg(test)]
mod tests {
    use super::super::tree::TextFile;
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let file = TextFile { path: path.to_owned(), text: text.to_owned() };
        let mut findings = Vec::new();
        check(&Source::of(&file).unwrap(), &mut findings);
        findings.iter().map(|finding| format!("{}: {}", finding.line, finding.problem)).collect()
    }

    #[track_caller]
    fn one(path: &str, text: &str, begins: &str) {
        let problems = problems(path, text);
        assert!(problems.len() == 1 && problems[0].starts_with(begins), "{begins}: {problems:?}");
    }

    #[test]
    fn effects_are_found_in_pure_crates_only() {
        for (path, there) in [
            ("crates/protocol/src/a.rs", true),
            ("crates/ledger/src/a.rs", true),
            ("crates/sdk/src/a.rs", false),
        ] {
            for line in [
                "async fn f() {}",
                "let now = SystemTime::now();",
                "use std::{fmt, fs};",
                "std::net::TcpStream::connect(x)",
                "f(rand::rng())",
            ] {
                assert_eq!(!problems(path, line).is_empty(), there, "{path}: {line}");
            }
        }
        let calm = "use std::{fmt, net::Ipv4Addr};\n/// Not async, no `std::fs`.\nfn brand() -> &'static str { \"tokio::spawn\" }\n";
        assert_eq!(problems("crates/protocol/src/a.rs", calm), Vec::<String>::new());
    }

    #[test]
    fn tests_of_pure_crates_may_read_files_but_not_floats() {
        let text = "#[cfg(test)]\nmod tests { fn t() { std::fs::read(\"x\"); } }\n";
        assert!(problems("crates/protocol/src/a.rs", text).is_empty());
        assert!(problems("crates/protocol/tests/a.rs", "fn t() { std::fs::read(\"x\"); }").is_empty());
        one("crates/protocol/tests/a.rs", "let x: f64;", "1: `f64`");
    }

    #[test]
    fn floats_and_casts_are_found_where_money_is() {
        one("crates/ledger/src/a.rs", "let x: f32;", "1: `f32`");
        one("crates/protocol/src/a.rs", "fn visit_f64<E>(self, x: f64) -> R {", "1: `f64`");
        assert!(problems("crates/protocol/src/a.rs", "fn visit_f64<E>(self, _: f64) -> R {").is_empty());
        one("crates/server/src/store/sqlite.rs", "let x = y as i64;", "1: `as i64`");
        one("crates/protocol/src/fen.rs", "x as u64", "1: `as u64`");
        for path in ["crates/protocol/src/hex.rs", "crates/server/src/journal.rs", "crates/bench/src/a.rs"] {
            assert!(problems(path, "x as u64").is_empty(), "{path}");
        }
        assert!(problems("crates/ledger/src/a.rs", "use x as y; i64::from(z)").is_empty());
    }

    #[test]
    fn sql_stays_in_the_store() {
        let query = "fn q() { run(\"SELECT id\n  FROM orders\") }";
        one("crates/server/src/api/orders.rs", query, "1: SQL");
        one("crates/cli/src/main.rs", "fn q() { run(\"PRAGMA journal_mode\") }", "1: SQL");
        one("crates/cli/src/main.rs", "use rusqlite::Connection;", "1: `rusqlite`");
        for path in [
            "crates/server/src/store/sqlite/read.rs",
            "crates/server/src/store.rs",
            "crates/bench/src/naive.rs",
        ] {
            assert!(problems(path, query).is_empty(), "{path}");
        }
        assert!(
            problems("crates/cli/src/main.rs", "print(\"SELECT one of these\"); f(\"UPDATE soon\")")
                .is_empty()
        );
        assert!(
            problems(
                "crates/cli/src/main.rs",
                "#[cfg(test)]\nmod tests {\n fn q() { run(\"PRAGMA x\") }\n}\n"
            )
            .is_empty()
        );
    }
}
