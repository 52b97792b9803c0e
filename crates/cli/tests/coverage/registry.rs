//! What the platform has, and for each layer the test that covers it.

mod ecpay;
mod trade;

use std::ops::RangeInclusive;

/// Whether a layer covers something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Proven by these tests, written `path::function`, the path counted from `crates/`.
    By(&'static [&'static str]),
    /// The platform has nothing there that this layer could cover.
    NotOffered,
    /// Only for those whom the platform has admitted to a programme of its own.
    NeedsPermission,
    /// Left out on purpose; the number of the decision that says why.
    NotInRelease(u16),
    /// To be filled.
    Open,
}

/// One or more names that the same tests prove.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// As the platform spells them.
    pub(crate) names: &'static [&'static str],
    /// SDK (with its protocol), mock, server, command line.
    pub(crate) cells: [Cell; 4],
    /// The open questions it depends on: `Q-5`.
    pub(crate) questions: &'static [&'static str],
}

/// Rows of one thing: a call, a callback, a table of codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    /// What it is about.
    pub(crate) title: &'static str,
    /// What the rows are.
    pub(crate) rows: &'static [Row],
}

/// One system with a page of its own.
#[derive(Debug)]
pub(crate) struct Book {
    /// What people call it.
    pub(crate) system: &'static str,
    /// Its page below `docs/`.
    pub(crate) page: &'static str,
    /// How its page begins.
    pub(crate) head: &'static str,
    /// Where its protocol is described, below `docs/`.
    pub(crate) protocol: &'static str,
    /// The open questions there.
    pub(crate) questions: RangeInclusive<u8>,
    /// The sections by chapter, in the order of the page.
    pub(crate) chapters: &'static [(&'static str, &'static [Section])],
}

/// The columns.
pub(crate) const LAYERS: [&str; 4] = ["SDK", "mock", "server", "CLI"];

/// Both systems, in the order of the overview.
pub(crate) const BOOKS: [&Book; 2] = [&ecpay::BOOK, &trade::BOOK];

/// A row without an open question.
const fn row(names: &'static [&'static str], cells: [Cell; 4]) -> Row {
    Row { names, cells, questions: &[] }
}

impl Row {
    /// The same row, which depends on open questions.
    const fn asks(self, questions: &'static [&'static str]) -> Self {
        Self { questions, ..self }
    }
}

impl Book {
    /// Every row with the title of its section.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&'static str, &'static Row)> {
        let sections = self.chapters.iter().flat_map(|(_, sections)| sections.iter());
        sections.flat_map(|section| section.rows.iter().map(|row| (section.title, row)))
    }

    /// Every cell with the title of its section, its row and its layer.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&'static str, &'static Row, &'static str, Cell)> {
        self.rows().flat_map(|(section, row)| {
            row.cells.into_iter().zip(LAYERS).map(move |(cell, layer)| (section, row, layer, cell))
        })
    }
}
