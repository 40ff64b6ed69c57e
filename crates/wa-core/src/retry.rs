use std::time::Duration;

use wa_types::RetryClass;

use crate::{Error, Outcome, Replay};

/// When a failed call is made again without asking anybody: never, unless set.
///
/// Only two kinds of calls ever are: those that certainly never left, and those that may be repeated at will (reads)
/// when the service was throttling or faulty. A registration, a code or a message whose fate is unknown is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    times: u32,
    first: Duration,
    longest: Duration,
}

impl Retry {
    /// Makes no call again.
    pub const NEVER: Self = Self::times(0);

    /// Makes a call again so many times at most, after pauses that begin with half a second and double up to a minute.
    #[must_use]
    pub const fn times(times: u32) -> Self {
        Self { times, first: Duration::from_millis(500), longest: Duration::from_secs(60) }
    }

    /// Sets the first pause and the longest. A call that would have to wait longer is not made again.
    #[must_use]
    pub const fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// How long to pause before the call is made again, or nothing if it must not be. `failed` counts the calls so far.
    #[must_use]
    pub fn pause(&self, failed: u32, replay: Replay, error: &Error) -> Option<Duration> {
        if failed > self.times {
            return None;
        }
        let advice = error.advice();
        let may_help = match (error, error.outcome()) {
            (Error::Build { .. }, _) => false,
            (_, Outcome::NotSent) => true,
            _ => {
                replay == Replay::Always
                    && matches!(advice.retry, RetryClass::Wait | RetryClass::Backoff | RetryClass::CheckFirst)
            }
        };
        let doubled = self.first.saturating_mul(1 << (failed.saturating_sub(1)).min(20)).min(self.longest);
        let pause = advice.wait.map_or(doubled, |wait| wait.max(doubled));
        (may_help && pause <= self.longest).then_some(pause)
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::NEVER
    }
}
