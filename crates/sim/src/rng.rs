//! One seed, one stream of decisions.

use std::sync::{Arc, Mutex};

use douyin_pay_env::Entropy;

/// A `SplitMix64` generator: small, fast and good enough to shuffle a simulation.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// A generator whose whole stream follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5bd1_e995_9e37_79b9)
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.draw() % bound }
    }

    /// True `per_mille` times out of a thousand.
    pub fn hits(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// A generator for another part of the world, independent of this one.
    pub fn fork(&mut self) -> Self {
        Self::new(self.draw())
    }
}

/// The same stream behind `env::Entropy`.
#[derive(Debug, Clone)]
pub struct SimEntropy(Arc<Mutex<Rng>>);

impl SimEntropy {
    /// Randomness that follows from `rng`.
    pub fn new(rng: Rng) -> Self {
        Self(Arc::new(Mutex::new(rng)))
    }
}

impl Entropy for SimEntropy {
    fn fill(&self, to: &mut [u8]) {
        let mut rng = self.0.lock().expect("the simulation has one thread");
        for chunk in to.chunks_mut(8) {
            let bytes = rng.draw().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}
