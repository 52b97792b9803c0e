//! Standard output for people and pipes: a reader that left is no failure.

use std::fmt::Display;
use std::io::Write;

/// Who reads what a command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A person.
    Text,
    /// A program: JSON on standard output, failures as JSON on standard error.
    Json,
}

impl Form {
    /// The form that the flag `--json` asks for.
    pub fn of_flag(json: bool) -> Self {
        if json { Self::Json } else { Self::Text }
    }
}

/// Writes `text` and a line end.
pub(crate) fn line(text: impl Display) {
    write(format_args!("{text}\n"));
}

/// Writes `text` as it is.
pub(crate) fn text(text: impl Display) {
    write(format_args!("{text}"));
}

/// A remark beside the output, for people.
pub(crate) fn remark(form: Form, text: impl Display) {
    if form == Form::Text {
        let _reader_left = writeln!(std::io::stderr().lock(), "{text}");
    }
}

/// Text from elsewhere without control characters, which could rewrite a terminal's screen.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn write(text: std::fmt::Arguments<'_>) {
    // A pipe whose reader left, such as `| head`, must not end the command half-way.
    let _reader_left = std::io::stdout().lock().write_fmt(text);
}
