//! Standard output for people and pipes: a reader that left is no failure.

use std::fmt::Display;
use std::io::Write;

/// Writes `text` and a line end.
pub(crate) fn line(text: impl Display) {
    write(format_args!("{text}\n"));
}

/// Writes `text` as it is.
pub(crate) fn text(text: impl Display) {
    write(format_args!("{text}"));
}

fn write(text: std::fmt::Arguments<'_>) {
    // A pipe whose reader left, such as `| head`, must not end the command half-way.
    let _reader_left = std::io::stdout().lock().write_fmt(text);
}
