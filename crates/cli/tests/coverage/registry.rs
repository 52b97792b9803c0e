//! What the platform has, and for each layer the test that covers it.

mod callbacks;
mod calls;
mod client;
mod codes;
mod funds;
mod refund_callbacks;
mod refunds;
mod rules;
mod settlements;
mod signing;
mod tokens;

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

/// The columns.
pub(crate) const LAYERS: [&str; 4] = ["SDK", "mock", "server", "CLI"];

/// The whole registry, in the order of the page.
pub(crate) const CHAPTERS: [(&str, &[Section]); 11] = [
    ("Signing", signing::SECTIONS),
    ("Access tokens", tokens::SECTIONS),
    ("Orders", calls::SECTIONS),
    ("Refunds", refunds::SECTIONS),
    ("Settlement", settlements::SECTIONS),
    ("Balance, withdrawal, statements, deduction", funds::SECTIONS),
    ("Callbacks", callbacks::SECTIONS),
    ("Callbacks about refunds", refund_callbacks::SECTIONS),
    ("The client's side", client::SECTIONS),
    ("States and rules", rules::SECTIONS),
    ("Error codes", codes::SECTIONS),
];

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

/// Every row with the title of its section.
pub(crate) fn rows() -> impl Iterator<Item = (&'static str, &'static Row)> {
    let sections = CHAPTERS.iter().flat_map(|(_, sections)| sections.iter());
    sections.flat_map(|section| section.rows.iter().map(|row| (section.title, row)))
}
