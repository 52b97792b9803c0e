//! The registry as the pages `docs/coverage.md` and `docs/coverage/*.md`.

use std::fmt::Write as _;

use crate::registry::{BOOKS, Book, Cell, LAYERS, Row, Section};

const OVERVIEW: &str = include_str!("overview.txt");

/// The pages, each with its path below `docs/`.
pub(crate) fn pages() -> Vec<(&'static str, String)> {
    let books = BOOKS.iter().map(|book| (book.page, page(book)));
    [("coverage.md", overview())].into_iter().chain(books).collect()
}

/// How much there is of what.
fn overview() -> String {
    let mut text = OVERVIEW.to_owned();
    let head = "| system | rows | cells with a test | not offered | needs permission | not in this release | open |\n\
                |---|---|---|---|---|---|---|\n";
    text.push_str(head);
    for book in BOOKS {
        let count = |wanted: fn(Cell) -> bool| book.cells().filter(|(.., cell)| wanted(*cell)).count();
        writeln!(
            text,
            "| [{}]({}) | {} | {} | {} | {} | {} | {} |",
            book.system,
            book.page,
            book.rows().count(),
            count(|cell| matches!(cell, Cell::By(_))),
            count(|cell| cell == Cell::NotOffered),
            count(|cell| cell == Cell::NeedsPermission),
            count(|cell| matches!(cell, Cell::NotInRelease(_))),
            count(|cell| cell == Cell::Open),
        )
        .expect("a String takes every text");
    }
    text
}

/// One system's page.
fn page(book: &Book) -> String {
    let mut text = book.head.to_owned();
    for (title, sections) in book.chapters {
        write!(text, "\n## {title}\n").expect("a String takes every text");
        sections.iter().for_each(|section| write_section(&mut text, section));
    }
    text
}

fn write_section(text: &mut String, section: &Section) {
    let layers = LAYERS.join(" | ");
    write!(text, "\n### {}\n\n| name | {layers} | open |\n|---|---|---|---|---|---|\n", section.title)
        .expect("a String takes every text");
    for row in section.rows {
        writeln!(text, "{}", line(row)).expect("a String takes every text");
    }
}

fn line(row: &Row) -> String {
    let names: Vec<String> = row.names.iter().map(|name| shown(name)).collect();
    let cells: Vec<String> = row.cells.iter().map(|cell| words(*cell)).collect();
    format!("| {} | {} | {} |", names.join(", "), cells.join(" | "), row.questions.join(", "))
}

/// The platform's own words as code, ours as text.
fn shown(name: &str) -> String {
    if name.contains([' ', '`']) { name.to_owned() } else { format!("`{name}`") }
}

/// What a cell says.
pub(crate) fn words(cell: Cell) -> String {
    match cell {
        Cell::By(tests) => tests.iter().map(|test| link(test)).collect::<Vec<_>>().join(", "),
        Cell::NotOffered => "not offered by the platform".to_owned(),
        Cell::NeedsPermission => "needs partner permission".to_owned(),
        Cell::NotInRelease(decision) => format!("not in this release (decision {decision:04})"),
        Cell::Open => "**open**".to_owned(),
    }
}

/// `path::function`, as a link to the file.
fn link(test: &str) -> String {
    let path = test.split("::").next().unwrap_or_default();
    let function = test.rsplit("::").next().unwrap_or_default();
    format!("[{function}](../../crates/{path})")
}
