use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Counting, Time,
    rules::{MOST_ATTEMPTS, WINDOW},
};

/// The counted requests of a number, and the lock that the eleventh puts on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Attempts {
    /// When registering was tried.
    pub register: Vec<Time>,
    /// When deregistering was tried.
    pub deregister: Vec<Time>,
    /// Until when both are refused.
    pub locked_until: Option<Time>,
}

impl Attempts {
    /// How many attempts of one kind, or of both, lie in the window that ends now.
    #[must_use]
    pub fn used(&self, counting: Counting, deregister: bool, now: Time) -> usize {
        self.log(counting, deregister).filter(|at| now.since(*at) < WINDOW).count()
    }

    /// When one more attempt will be accepted; nothing if it is now.
    #[must_use]
    pub fn next_free(&self, counting: Counting, deregister: bool, now: Time) -> Option<Time> {
        let lock = self.locked_until.filter(|until| now < *until);
        let mut times: Vec<_> = self.log(counting, deregister).filter(|at| now.since(*at) < WINDOW).collect();
        times.sort_unstable();
        let full = times.len().checked_sub(MOST_ATTEMPTS).map(|oldest| times[oldest] + WINDOW);
        lock.max(full)
    }

    /// When the oldest attempt of the window leaves it.
    #[cfg(feature = "server")]
    pub(crate) fn oldest_ends(&self, counting: Counting, deregister: bool, now: Time) -> Option<Time> {
        self.log(counting, deregister).map(|at| at + WINDOW).filter(|end| now < *end).min()
    }

    /// Counts one more attempt, or refuses it. `Err` tells how long the number stays locked.
    pub(crate) fn admit(
        &mut self,
        counting: Counting,
        deregister: bool,
        prolong: bool,
        now: Time,
    ) -> Result<(), Duration> {
        let lock = self.locked_until.filter(|until| now < *until);
        if lock.is_none() && self.used(counting, deregister, now) < MOST_ATTEMPTS {
            self.log_mut(deregister).push(now);
            return Ok(());
        }
        let until = match lock {
            Some(until) if !prolong => until,
            _ => now + WINDOW,
        };
        self.locked_until = Some(until);
        Err(until.since(now))
    }

    /// Takes back the attempt that was counted last.
    pub(crate) fn forget_last(&mut self, deregister: bool) {
        self.log_mut(deregister).pop();
    }

    /// Forgets what can no longer count.
    pub(crate) fn prune(&mut self, now: Time) {
        self.register.retain(|at| now.since(*at) < WINDOW);
        self.deregister.retain(|at| now.since(*at) < WINDOW);
    }

    fn log(&self, counting: Counting, deregister: bool) -> impl Iterator<Item = Time> {
        let shared = counting == Counting::Shared;
        let register = self.register.iter().filter(move |_| shared || !deregister);
        let deregister = self.deregister.iter().filter(move |_| shared || deregister);
        register.chain(deregister).copied()
    }

    fn log_mut(&mut self, deregister: bool) -> &mut Vec<Time> {
        if deregister { &mut self.deregister } else { &mut self.register }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn admit(attempts: &mut Attempts, counting: Counting, deregister: bool, hour: u64) -> Result<(), u64> {
        let now = Time::from_millis(hour * HOUR);
        attempts.admit(counting, deregister, false, now).map_err(|wait| wait.as_secs() / 3_600)
    }

    #[test]
    fn the_eleventh_locks_for_72_hours_from_then() {
        let mut attempts = Attempts::default();
        for hour in 1..=10 {
            assert_eq!(admit(&mut attempts, Counting::Shared, hour % 2 == 0, hour), Ok(()));
        }
        assert_eq!(admit(&mut attempts, Counting::Shared, false, 20), Err(72));
        assert_eq!(admit(&mut attempts, Counting::Shared, true, 90), Err(2));
        assert_eq!(admit(&mut attempts, Counting::Shared, true, 92), Ok(()));
    }

    #[test]
    fn the_window_slides() {
        let mut attempts = Attempts::default();
        for hour in 1..=10 {
            assert_eq!(admit(&mut attempts, Counting::Shared, false, hour), Ok(()));
        }
        assert_eq!(
            attempts.next_free(Counting::Shared, false, Time::from_millis(11 * HOUR)),
            Some(Time::from_millis(73 * HOUR))
        );
        assert_eq!(admit(&mut attempts, Counting::Shared, false, 73), Ok(()));
        assert_eq!(admit(&mut attempts, Counting::Shared, false, 73), Err(72));
    }

    #[test]
    fn separate_counts_do_not_meet_but_the_lock_holds_for_both() {
        let mut attempts = Attempts::default();
        for hour in 1..=10 {
            assert_eq!(admit(&mut attempts, Counting::Separate, false, hour), Ok(()));
        }
        assert_eq!(admit(&mut attempts, Counting::Separate, true, 11), Ok(()));
        assert_eq!(admit(&mut attempts, Counting::Separate, false, 12), Err(72));
        assert_eq!(admit(&mut attempts, Counting::Separate, true, 13), Err(71));
    }
}
