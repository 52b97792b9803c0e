//! The operating system's random bytes.

use crate::Entropy;

/// The operating system's random bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the door through which entropy enters")]
    fn fill(&self, to: &mut [u8]) {
        getrandom::fill(to).expect("the operating system always has random bytes after its start");
    }
}
