//! Waits, and what time it is by the store's clock and by the service's.

use std::time::Duration;

use wa_core::Timestamp;

use super::Run;
use crate::{
    Blocker, EventKind, Reason, Step, Wait,
    ledger::{Attempts, Limit, Moment},
    transmission::FRESH,
};

impl Run {
    /// What is left of a wait; nothing if it is over.
    pub(super) fn held(&mut self, now: Timestamp) -> Option<Wait> {
        let hold = self.hold.as_mut()?;
        // A clock that went back must not make a wait of minutes one of years.
        hold.since = hold.since.min(now);
        let passed = now.since(hold.since);
        if passed < hold.wait.length && !hold.is_over {
            return Some(Wait { length: hold.wait.length - passed, blocker: hold.wait.blocker.clone() });
        }
        self.hold = None;
        if passed >= LONG {
            self.history.confirmed.retain(|step, _| !matches!(step, Step::VerifyCode | Step::SetPin));
        }
        self.seen.forget();
        self.attempts = None;
        None
    }

    pub(super) fn wait(&mut self, length: Duration, reason: Reason, now: Timestamp) {
        let length = length.clamp(SHORTEST_WAIT, LONGEST_WAIT);
        let wait = Wait { length, blocker: Blocker::until(reason, now + length) };
        self.say(EventKind::Waiting(wait.clone()), now);
        self.hold = Some(Hold { since: now, wait, is_over: false, is_retry: false, is_firm: false });
        self.answered = None;
    }

    /// What the ledger knows, as of this moment. An account has no attempts.
    pub(super) fn attempts_at(&self, moment: Moment) -> Attempts {
        self.attempts.clone().unwrap_or_else(|| Attempts::new(Limit::default(), moment)).at(moment)
    }

    /// The present moment: by the store's clock, as far as it has told its own, and by the service's.
    pub(super) fn moment(&self, now: Timestamp) -> Moment {
        let store = self.clocks.map_or(now, |(store, here)| store + now.since(here));
        Moment::new(store, self.fresh_answer(now).flatten())
    }

    /// Whether an answer came a moment ago, and what time it is by its date.
    pub(super) fn fresh_answer(&self, now: Timestamp) -> Option<Option<Timestamp>> {
        let (here, there) = self.answered?;
        let since = now.since(here);
        (here <= now && since <= FRESH).then(|| there.map(|there| there + since))
    }

    /// Ends the wait, whatever it is for: its time has passed by another clock.
    pub(crate) fn end_wait(&mut self) {
        if let Some(hold) = &mut self.hold {
            hold.is_over = true;
        }
    }

    /// Whether the run waits for a retry, which a fleet has a budget for.
    pub(crate) fn is_retrying(&self) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.is_retry)
    }
}

/// A wait that has begun.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) since: Timestamp,
    pub(super) wait: Wait,
    pub(super) is_over: bool,
    pub(super) is_retry: bool,
    /// Whether a webhook does not end it.
    pub(super) is_firm: bool,
}

/// However soon something is said to change, the service is not asked more often.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// However late something is said to change: the longest that the service documents, and the ledger's margin.
const LONGEST_WAIT: Duration = Duration::from_secs(73 * 3_600);
/// After a wait as long as this, a proof of ownership may have expired, and somebody may have set another PIN.
const LONG: Duration = Duration::from_secs(900);
