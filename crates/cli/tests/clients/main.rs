//! The shops of `examples/clients`, run for real against `dev`; the guides that quote them.

#![expect(clippy::disallowed_methods, reason = "a test of processes and sockets")]

#[cfg(test)]
mod dev;
#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod guides;
#[cfg(test)]
mod language;
#[cfg(test)]
mod program;
#[cfg(test)]
mod repeats;
#[cfg(test)]
mod story;
#[cfg(test)]
mod wire;
