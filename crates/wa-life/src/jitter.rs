use std::time::Duration;

/// Stretches waits by chance, so that many numbers that failed together do not try again together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jitter(u64);

impl Jitter {
    /// Stretches nothing.
    pub(crate) fn none() -> Self {
        Self(0)
    }

    /// Stretches by a chance that follows from this seed.
    pub(crate) fn new(seed: u64) -> Self {
        // Neighbouring seeds must not give neighbouring chances, and 0 is the one that stretches nothing.
        Self((seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1)
    }

    /// A length between this one and half as much more.
    pub(crate) fn stretch(&mut self, length: Duration) -> Duration {
        if self.0 == 0 {
            return length;
        }
        // Marsaglia, "Xorshift RNGs", the 64-bit generator with 13, 7 and 17.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let part = u32::try_from(self.0 >> 44).unwrap_or_default();
        length.saturating_add((length / 2 / (1 << 20)).saturating_mul(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spread_over_half_their_length() {
        let length = Duration::from_secs(60);
        let waits: Vec<_> = (0..1_000).map(|seed| Jitter::new(seed).stretch(length)).collect();
        assert!(waits.iter().all(|wait| *wait >= length && *wait <= length * 3 / 2));
        let late = waits.iter().filter(|wait| **wait > length * 5 / 4).count();
        assert!((400..600).contains(&late), "{late} of 1,000 are in the later half");
        assert_eq!(Jitter::none().stretch(length), length);
    }
}
