//! Seeded randomness: the same seed throws the same numbers.

use serde::{Deserialize, Serialize};

/// A small generator (SplitMix64) whose whole state is one number, so that it can be saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or_default()
    }

    /// Milliseconds from `least` to `most`, both included.
    pub(crate) fn millis(&mut self, least: u32, most: u32) -> i64 {
        let span = u64::from(most.saturating_sub(least)) + 1;
        i64::from(least) + i64::try_from(self.below(span)).expect("a span of 32 bits")
    }

    pub(crate) fn bytes(&mut self, to: &mut [u8]) {
        for chunk in to.chunks_mut(8) {
            let fresh = self.next().to_le_bytes();
            chunk.copy_from_slice(&fresh[..chunk.len()]);
        }
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).expect("one digit"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_throws_the_same_numbers() {
        let throw = |seed| (0..20).map(|_| Dice::new(seed).next()).collect::<Vec<_>>();
        assert_eq!(throw(4), throw(4));
        assert_ne!(throw(4), throw(5));
    }

    #[test]
    fn millis_stay_inside_their_span() {
        let mut dice = Dice::new(1);
        let thrown: Vec<i64> = (0..5_000).map(|_| dice.millis(10, 12)).collect();
        assert!(thrown.iter().all(|ms| (10..=12).contains(ms)));
        assert!((10..=12).all(|ms| thrown.contains(&ms)));
    }
}
