//! Does the registry hold, and are the pages what it says?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use douyin_pay_protocol::{ErrNo, ecpay, trade};

use crate::page::pages;
use crate::registry::{BOOKS, Cell};
use crate::sources::Sources;

/// Cells that still wait for their test.
const OPEN_CELLS: usize = 0;
/// More, in one system, would be another release.
const LEFT_OUT_MAX: usize = 10;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[test]
fn the_committed_pages_are_the_registry() {
    for (name, text) in pages() {
        let path = docs().join(name);
        if std::env::var_os("DOUYIN_PAY_WRITE_DOCS").is_some() {
            fs::create_dir_all(path.parent().expect("docs/")).expect("docs/ can be written");
            fs::write(&path, &text).expect("docs/ can be written");
        }
        let same = fs::read_to_string(&path).unwrap_or_default() == text;
        assert!(same, "docs/{name} is not what the registry says; write it anew as the head of main.rs says");
    }
}

#[test]
fn every_named_test_is_there() {
    let mut sources = Sources::default();
    let mut problems = BTreeSet::new();
    for (section, row, layer, cell) in BOOKS.iter().flat_map(|book| book.cells()) {
        let Cell::By(tests) = cell else { continue };
        assert!(!tests.is_empty(), "{section}, {:?}, {layer}: no test is named", row.names);
        problems.extend(tests.iter().filter_map(|test| sources.problem(test)));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn what_is_left_out_is_little_and_decided() {
    let files: Vec<String> = fs::read_dir(docs().join("decisions"))
        .expect("the decisions")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    for book in BOOKS {
        let left_out: Vec<(&str, &str, u16)> = book
            .cells()
            .filter_map(|(section, _, layer, cell)| match cell {
                Cell::NotInRelease(decision) => Some((section, layer, decision)),
                _ => None,
            })
            .collect();
        let count = left_out.len();
        assert!(count <= LEFT_OUT_MAX, "{}: {count} of at most {LEFT_OUT_MAX}: {left_out:#?}", book.system);
        for (section, layer, decision) in left_out {
            let begin = format!("{decision:04}-");
            let decided = files.iter().any(|file| file.starts_with(&begin));
            assert!(decided, "{section}, {layer}: no decision {decision:04}");
        }
    }
}

#[test]
fn open_cells_are_counted() {
    let open: Vec<String> = BOOKS
        .iter()
        .flat_map(|book| book.cells())
        .filter(|(.., cell)| *cell == Cell::Open)
        .map(|(section, row, layer, _)| format!("{section} | {} | {layer}", row.names.join(", ")))
        .collect();
    assert_eq!(open.len(), OPEN_CELLS, "{open:#?}");
}

/// Whatever the protocol's types know of a system must be listed on its page.
#[test]
fn everything_the_protocol_knows_has_its_row() {
    let types = trade::ProductType::all_known().iter().map(|known| known.product_type.to_string());
    let notices_of_trade = ["payment", "refund", "pre_create_refund", "settle"].map(str::to_owned);
    let of_trade: Vec<String> = trade::Endpoint::ALL
        .iter()
        .map(|endpoint| endpoint.name().to_owned())
        .chain(ErrNo::documented_in_trade().map(|code| code.to_string()))
        .chain(notices_of_trade)
        .chain(types)
        .collect();
    let notices_of_ecpay = ["payment", "refund", "settle", "withdraw", "return"].map(str::to_owned);
    let of_ecpay: Vec<String> = ecpay::Endpoint::ALL
        .iter()
        .map(|endpoint| endpoint.path().to_owned())
        .chain(ErrNo::documented_in_ecpay().map(|code| code.to_string()))
        .chain(notices_of_ecpay)
        .collect();
    for (book, known) in BOOKS.iter().zip([of_ecpay, of_trade]) {
        let listed: BTreeSet<&str> = book.rows().flat_map(|(_, row)| row.names.iter().copied()).collect();
        let missing: Vec<&String> = known.iter().filter(|name| !listed.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "{}: not in the registry: {missing:?}", book.system);
    }
}

#[test]
fn a_name_stands_once_in_its_section() {
    for book in BOOKS {
        let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (section, row) in book.rows() {
            for name in row.names {
                assert!(seen.entry(section).or_default().insert(name), "{section}: `{name}` stands twice");
            }
        }
    }
}

#[test]
fn questions_are_those_of_the_protocols_page() {
    for book in BOOKS {
        let page = fs::read_to_string(docs().join(book.protocol)).expect("the protocol's page");
        for (section, row) in book.rows() {
            for question in row.questions {
                let number = question.strip_prefix("Q-").and_then(|number| number.parse::<u8>().ok());
                assert!(
                    number.is_some_and(|number| book.questions.contains(&number)),
                    "{section}: `{question}`"
                );
                assert!(
                    page.contains(&format!("| {question} |")),
                    "{section}: `{question}` is not in docs/{}",
                    book.protocol
                );
            }
        }
        for number in book.questions.clone() {
            assert!(page.contains(&format!("| Q-{number} |")), "docs/{}: no Q-{number}", book.protocol);
        }
    }
}
