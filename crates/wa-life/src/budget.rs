use std::time::Duration;

/// How many retries may be made: some at once, then one at intervals. Time is the fleet's own.
#[derive(Debug)]
pub(crate) struct Budget {
    burst: u32,
    interval: Duration,
    left: u32,
    /// Until when it was refilled.
    refilled: Duration,
}

impl Budget {
    pub(crate) fn new(burst: u32, interval: Duration) -> Self {
        Self { burst, interval, left: burst, refilled: Duration::ZERO }
    }

    /// Spends one retry, if one is left at this time.
    pub(crate) fn spend(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.refilled).as_nanos();
        let whole = passed.checked_div(self.interval.as_nanos()).unwrap_or_else(|| self.burst.into());
        let refill = u32::try_from(whole).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(refill).min(self.burst);
        // What is full stays full: the time until then is not saved up.
        self.refilled =
            if self.left == self.burst { now } else { self.refilled + self.interval.saturating_mul(refill) };
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(50, Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_burst_one_retry_an_interval_is_left() {
        let second = Duration::from_secs;
        let mut budget = Budget::new(3, second(2));
        let mut spend = |seconds| budget.spend(second(seconds));
        assert_eq!(
            [0, 0, 0, 0, 1, 2, 2, 3, 4].map(&mut spend),
            [true, true, true, false, false, true, false, false, true]
        );
        assert_eq!([100, 100, 100, 100, 101, 102].map(&mut spend), [true, true, true, false, false, true]);
        assert!(!Budget::new(0, second(1)).spend(second(9)));
        assert!((0..10).all(|_| Budget::new(1, Duration::ZERO).spend(second(9))));
    }
}
