//! `docs/coverage*`: what of both systems is covered, and by which test.
//!
//! `DOUYIN_PAY_WRITE_DOCS=1 cargo test -p douyin-pay-cli --test coverage` writes the pages anew.

#[cfg(test)]
mod checks;
#[cfg(test)]
mod page;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod sources;
