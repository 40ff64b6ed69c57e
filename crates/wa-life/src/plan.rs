//! Decides the next step from the state of the number and the entries of the ledger.

mod number;
mod require;

use std::time::Duration;

use wa_core::{
    AttemptKind,
    types::{ErrorCode, PhoneNumber},
};

use crate::{
    Addition, Blocker, Decision, Ending, Goal, History, Listing, Observed, Onboarding, Reason, Step, Subscribed,
    Subscription, Unconfirmed,
    ledger::{AttemptState, Attempts},
};

/// Decides the one next step towards a goal.
///
/// It decides by the state that was read, the entries of the ledger and the answers to this run's calls, never by a call that
/// is only believed to have been made. Every input leads to a decision, also one with words that are not listed here.
#[must_use]
pub fn plan(goal: &Goal, seen: &Observed, history: &History, attempts: &Attempts) -> Decision {
    if let Some(ending) = &history.ending {
        return Decision::End(ending.clone());
    }
    let planner = Planner { goal, seen, history, attempts };
    let reached = match goal {
        Goal::Onboard(goal) => planner.onboard(goal),
        Goal::Migrate(goal) => planner.migrate(goal),
        Goal::Rename(goal) => planner.rename(goal),
        Goal::Relocate(goal) => planner.relocate(goal),
        Goal::RotatePin(_) => planner.rotate_pin(),
        Goal::Retire(_) => planner.retire(),
        Goal::Add(goal) => planner.add(goal),
        Goal::Subscribe(goal) => planner.subscribe(goal),
    };
    reached.err().unwrap_or(Decision::End(Ending::Done))
}

/// The requirements of a goal, one function each. `Err` is the decision that must come first.
struct Planner<'a> {
    goal: &'a Goal,
    seen: &'a Observed,
    history: &'a History,
    attempts: &'a Attempts,
}

impl Planner<'_> {
    fn number(&self) -> Result<&PhoneNumber, Decision> {
        self.seen.number.as_ref().ok_or(Decision::Call(Step::ReadNumber))
    }

    fn add(&self, _: &Addition) -> Result<(), Decision> {
        match &self.seen.listing {
            Some(Listing::Found(_)) => Ok(()),
            Some(Listing::Absent) => {
                self.show(Step::AddNumber)?;
                self.call(Step::AddNumber)
            }
            Some(Listing::Endless) => blocked(Reason::Unclear("paging")),
            Some(Listing::More { .. }) | None => Err(Decision::Call(Step::ListNumbers)),
        }
    }

    /// A subscription without an override would remove an override that somebody else has set, so it is read first. And the
    /// service refuses an override for an app that is not subscribed yet.
    fn subscribe(&self, goal: &Subscription) -> Result<(), Decision> {
        let Some(subscribed) = &self.seen.subscription else {
            return Err(Decision::Call(Step::ReadSubscriptions));
        };
        let wanted = goal.callback.as_ref().map(|(address, _)| address);
        match (subscribed, wanted) {
            (Subscribed::No, _) => {
                self.show(Step::Subscribe)?;
                self.call(Step::Subscribe)
            }
            (Subscribed::Yes | Subscribed::Overridden(_), None) => Ok(()),
            (Subscribed::Overridden(address), Some(wanted)) if address == wanted => Ok(()),
            (Subscribed::Overridden(address), Some(_)) if !goal.replaces_override => {
                self.show(Step::OverrideCallback)?;
                blocked(Reason::Overridden(address.clone()))
            }
            (Subscribed::Yes | Subscribed::Overridden(_), Some(_)) => {
                self.show(Step::OverrideCallback)?;
                self.call(Step::OverrideCallback)
            }
        }
    }

    fn greet(&self, goal: &Onboarding) -> Result<(), Decision> {
        let Some((_, greeting)) = &goal.greeting else {
            return Ok(());
        };
        self.nobody_is_about_to(AttemptKind::Greeting, Step::Greet)?;
        match self.attempts.last(AttemptKind::Greeting) {
            Some(entry) if entry.state == AttemptState::Confirmed => {
                if greeting.is_settled_by_acceptance() {
                    Ok(())
                } else {
                    unconfirmed(Unconfirmed::accepted(Step::Greet))
                }
            }
            // Nothing shows whether it was sent; a refusal without a code is none of the service's own words.
            Some(entry) if entry.is_in_doubt() || entry.code.is_none() => {
                unconfirmed(Unconfirmed::unanswered(Step::Greet))
            }
            _ => self.call(Step::Greet),
        }
    }

    /// A synchronisation may be requested once, and nothing but its webhooks shows it.
    fn synchronise(&self, step: Step, kind: AttemptKind) -> Result<(), Decision> {
        self.nobody_is_about_to(kind, step)?;
        match self.attempts.last(kind) {
            Some(entry) if entry.state == AttemptState::Confirmed => Ok(()),
            Some(entry) if entry.is_in_doubt() => unconfirmed(Unconfirmed::unanswered(step)),
            _ => self.call(step),
        }
    }

    /// Makes a call unless it has failed too often without an answer.
    fn call(&self, step: Step) -> Result<(), Decision> {
        if self.history.unanswered == Some(step) && self.history.times_unanswered(step) >= MOST_SENT {
            return unconfirmed(Unconfirmed::unanswered(step));
        }
        Err(Decision::Call(step))
    }

    /// What the service has confirmed must show: its answer alone proves nothing, and reading may lag behind.
    fn show(&self, step: Step) -> Result<(), Decision> {
        let Some(confirmed) = self.history.confirmed.get(&step) else {
            return Ok(());
        };
        match confirmed.remaining(SHOWING, self.attempts.now()) {
            Some(left) => self.read_again(Reason::Settling(step), left),
            None => unconfirmed(Unconfirmed::accepted(step)),
        }
    }

    /// Reads again within this time, at growing intervals.
    fn read_again(&self, reason: Reason, left: Duration) -> Result<(), Decision> {
        let interval = (SHOWING.saturating_sub(left) / 3).max(SHORTEST_INTERVAL);
        self.wait(reason, interval.min(left))
    }

    fn wait(&self, reason: Reason, length: Duration) -> Result<(), Decision> {
        Err(Decision::Wait(Blocker::until(reason, self.attempts.now().store + length)))
    }
}

fn blocked(reason: Reason) -> Result<(), Decision> {
    Err(Decision::End(Ending::Blocked(Blocker::new(reason))))
}

fn unconfirmed(unconfirmed: Unconfirmed) -> Result<(), Decision> {
    Err(Decision::End(Ending::Unconfirmed(unconfirmed)))
}

pub(crate) fn is_about_pin(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::PinMismatch | ErrorCode::PinGuessedTooOften | ErrorCode::PinGuessedTooFast)
}

/// How long a call may still be on its way, or its effect may not show: a migration takes up to 15 seconds.
pub(crate) const SETTLING: Duration = Duration::from_secs(30);
/// How long a call may be under way before the process that makes it gives up.
pub(crate) const ON_ITS_WAY: Duration = Duration::from_secs(60);
/// How often a call is made before a run gives up over it: once more, after reading shows that it did not happen.
pub(crate) const MOST_SENT: u32 = 2;
/// How long what the service has confirmed may take to show: reading has been seen to lag by minutes.
const SHOWING: Duration = Duration::from_secs(900);
const SHORTEST_INTERVAL: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests;
