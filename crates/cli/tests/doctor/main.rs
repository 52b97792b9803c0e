//! `doctor` on installations that are wrong on purpose, with real sockets.

#![expect(clippy::disallowed_methods, reason = "a test of processes and sockets")]

#[cfg(test)]
mod configuration;
#[cfg(test)]
mod machine;
#[cfg(test)]
mod on_the_way;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod trade;
#[cfg(test)]
mod world;
