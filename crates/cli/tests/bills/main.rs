//! Bills from the command line, against a platform of bytes.

#![expect(clippy::disallowed_methods, reason = "a test of processes and sockets")]

#[cfg(test)]
mod shop;
#[cfg(test)]
mod statements;
