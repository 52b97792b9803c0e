//! Does the registry hold, and is the page what it says?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use douyin_pay_protocol::{ErrNo, trade};

use crate::page::page;
use crate::registry::{Cell, LAYERS, rows};
use crate::sources::Sources;

/// Cells that still wait for their test.
const OPEN_CELLS: usize = 0;
/// More would be another release.
const LEFT_OUT_MAX: usize = 10;
/// The open questions of the protocol's page.
const QUESTIONS: std::ops::RangeInclusive<u8> = 1..=20;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[test]
fn the_committed_page_is_the_registry() {
    let path = docs().join("coverage.md");
    if std::env::var_os("DOUYIN_PAY_WRITE_DOCS").is_some() {
        fs::write(&path, page()).expect("docs/ can be written");
    }
    let same = fs::read_to_string(&path).unwrap_or_default() == page();
    assert!(
        same,
        "docs/coverage.md is not what the registry says; write it anew as the head of main.rs says"
    );
}

#[test]
fn every_named_test_is_there() {
    let mut sources = Sources::default();
    let mut problems = BTreeSet::new();
    for (section, row) in rows() {
        for (layer, cell) in LAYERS.iter().zip(row.cells) {
            let Cell::By(tests) = cell else { continue };
            assert!(!tests.is_empty(), "{section}, {:?}, {layer}: no test is named", row.names);
            problems.extend(tests.iter().filter_map(|test| sources.problem(test)));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn what_is_left_out_is_little_and_decided() {
    let left_out: Vec<(&str, &str, u16)> = rows()
        .flat_map(|(section, row)| {
            row.cells.into_iter().zip(LAYERS).map(move |(cell, layer)| (section, layer, cell))
        })
        .filter_map(|(section, layer, cell)| match cell {
            Cell::NotInRelease(decision) => Some((section, layer, decision)),
            _ => None,
        })
        .collect();
    assert!(left_out.len() <= LEFT_OUT_MAX, "{} of at most {LEFT_OUT_MAX}: {left_out:#?}", left_out.len());
    let files: Vec<String> = fs::read_dir(docs().join("decisions"))
        .expect("the decisions")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    for (section, layer, decision) in left_out {
        let begin = format!("{decision:04}-");
        assert!(
            files.iter().any(|file| file.starts_with(&begin)),
            "{section}, {layer}: no decision {decision:04}"
        );
    }
}

#[test]
fn open_cells_are_counted() {
    let open: Vec<String> = rows()
        .flat_map(|(section, row)| {
            let open = row.cells.into_iter().zip(LAYERS).filter(|(cell, _)| *cell == Cell::Open);
            open.map(move |(_, layer)| format!("{section} | {} | {layer}", row.names.join(", ")))
        })
        .collect();
    assert_eq!(open.len(), OPEN_CELLS, "{open:#?}");
}

/// Whatever the protocol's types know must be listed.
#[test]
fn everything_the_protocol_knows_has_its_row() {
    let listed: BTreeSet<&str> = rows().flat_map(|(_, row)| row.names.iter().copied()).collect();
    let endpoints = trade::Endpoint::ALL.iter().map(|endpoint| endpoint.name().to_owned());
    let codes = ErrNo::documented_in_trade().map(|code| code.to_string());
    let notices = ["payment", "refund", "pre_create_refund", "settle"].map(str::to_owned);
    let types = trade::ProductType::all_known().iter().map(|known| known.product_type.to_string());
    let missing: Vec<String> = endpoints
        .chain(codes)
        .chain(notices)
        .chain(types)
        .filter(|name| !listed.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in the registry: {missing:?}");
}

#[test]
fn a_name_stands_once_in_its_section() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (section, row) in rows() {
        for name in row.names {
            assert!(seen.entry(section).or_default().insert(name), "{section}: `{name}` stands twice");
        }
    }
}

#[test]
fn questions_are_those_of_the_protocols_page() {
    let page = fs::read_to_string(docs().join("protocol/trade.md")).expect("the protocol's page");
    for (section, row) in rows() {
        for question in row.questions {
            let number = question.strip_prefix("Q-").and_then(|number| number.parse::<u8>().ok());
            assert!(number.is_some_and(|number| QUESTIONS.contains(&number)), "{section}: `{question}`");
            assert!(page.contains(question), "{section}: `{question}` is not in docs/protocol/trade.md");
        }
    }
}
