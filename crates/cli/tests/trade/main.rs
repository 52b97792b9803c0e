//! The general trade system from the command line: signing, verifying, platform, trigger.

#[cfg(test)]
mod program;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod verifying;
