//! The general trade system from the command line: signing, verifying, platform, trigger.

#![expect(clippy::disallowed_methods, reason = "a test of processes and sockets")]

#[cfg(test)]
mod codes;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod program;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod sent;
#[cfg(test)]
mod service;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod told;
#[cfg(test)]
mod trigger;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod verifying;
