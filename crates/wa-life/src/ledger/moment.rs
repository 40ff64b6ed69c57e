use std::time::Duration;

use wa_core::Timestamp;

/// A moment by two clocks: the store's and, if an answer had a `Date`, the service's.
///
/// Dates of different clocks are never compared. If both clocks are known, a length of time has passed only when it has
/// passed by both, so that a single clock that is wrong, or jumps, frees no attempt too early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a pair of dates")]
pub struct Moment {
    /// By the clock of the store that keeps the attempts.
    pub store: Timestamp,
    /// By the clock of the service, from the `Date` of its answers.
    pub service: Option<Timestamp>,
}

impl Moment {
    /// A moment by both clocks.
    #[must_use]
    pub const fn new(store: Timestamp, service: Option<Timestamp>) -> Self {
        Self { store, service }
    }

    /// How much is left of a length of time that began at this moment; nothing if it has passed.
    ///
    /// If the beginning lies in the future by one clock, that clock was set in between, and only the other one counts. If
    /// neither clock can be used, the length of time counts from the beginning that was noted.
    #[must_use]
    pub fn remaining(self, length: Duration, now: Self) -> Option<Duration> {
        let by_store = Remaining::new(self.store, length, now.store);
        let by_service = self.service.zip(now.service).map(|(began, now)| Remaining::new(began, length, now));
        match (by_store, by_service) {
            (Remaining::Some(store), Some(Remaining::Some(service))) => Some(store.max(service)),
            (Remaining::Some(left), _) | (_, Some(Remaining::Some(left))) => Some(left),
            (Remaining::Contradictory, Some(Remaining::None)) => None,
            (Remaining::Contradictory, _) => Some(self.store.since(now.store).saturating_add(length)),
            (Remaining::None, _) => None,
        }
    }
}

impl From<Timestamp> for Moment {
    fn from(store: Timestamp) -> Self {
        Self { store, service: None }
    }
}

/// What one clock says about a time.
enum Remaining {
    Some(Duration),
    None,
    /// The time began in the future.
    Contradictory,
}

impl Remaining {
    fn new(began: Timestamp, length: Duration, now: Timestamp) -> Self {
        if began > now + TOLERANCE {
            return Self::Contradictory;
        }
        match (began + length).since(now) {
            Duration::ZERO => Self::None,
            left => Self::Some(left),
        }
    }
}

/// How far two readings of one clock may contradict each other: the clocks of the service's machines, and of the hosts that
/// share a store, differ a little.
const TOLERANCE: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn at(store: u64, service: Option<u64>) -> Moment {
        let hours = |hours: u64| Timestamp::from_millis(1_000_000_000_000 + hours * 3_600_000);
        Moment::new(hours(store), service.map(hours))
    }

    #[test]
    fn a_time_is_over_when_both_clocks_say_so() {
        for (began, now, left) in [
            (at(10, None), at(10, None), Some(72)),
            (at(10, None), at(81, None), Some(1)),
            (at(10, None), at(82, None), None),
            // A clock that only one of the dates has does not count.
            (at(10, Some(10)), at(82, None), None),
            (at(10, None), at(82, Some(20)), None),
            // Either clock holds it back.
            (at(10, Some(10)), at(82, Some(20)), Some(62)),
            (at(10, Some(10)), at(20, Some(82)), Some(62)),
            (at(10, Some(10)), at(20, Some(50)), Some(62)),
            (at(10, Some(10)), at(82, Some(82)), None),
            // The store's clock was set back: the service's decides, if it can.
            (at(90, Some(10)), at(20, Some(50)), Some(32)),
            (at(90, Some(10)), at(20, Some(82)), None),
            (at(90, None), at(20, None), Some(142)),
            // One date of the service was wrong: the store's decides.
            (at(10, Some(90)), at(20, Some(11)), Some(62)),
            (at(10, Some(90)), at(82, Some(11)), None),
            (at(90, Some(90)), at(20, Some(11)), Some(142)),
        ] {
            assert_eq!(began.remaining(72 * HOUR, now), left.map(|hours| hours * HOUR), "{began:?} {now:?}");
        }
    }

    #[test]
    fn a_few_minutes_in_the_future_are_no_contradiction() {
        let now = at(10, None);
        let soon = Moment::from(now.store + TOLERANCE);
        assert_eq!(soon.remaining(HOUR, now), Some(HOUR + TOLERANCE));
        let later = Moment::new(soon.store + Duration::from_millis(1), Some(now.store));
        let service = Moment::new(now.store, Some(now.store + HOUR));
        assert_eq!(later.remaining(HOUR, service), None, "the store's clock is passed over");
    }
}
