use std::time::Duration;

use wa_types::{ApiVersion, ErrorCode, NameStatus, NumberStatus, PhoneNumber};

use crate::{
    Attempt, Timestamp,
    ledger::{AttemptState, Attempts, Entry},
    life::{
        Blocker, Ending, Goal, Migration, Observed, Onboarding, PinRotation, Presence, Question, Reason, Relocation,
        Renaming, Step, Task, Unconfirmed,
    },
};

/// The one next step towards a goal, by what the number is and what the ledger remembers.
///
/// It is total: whatever was observed, words that nobody lists included, has a step.
#[must_use]
pub fn plan(goal: &Goal, observed: &Observed, attempts: &Attempts, now: Timestamp) -> Step {
    if let Some(ending) = &observed.ending {
        return Step::End(ending.clone());
    }
    let Some(number) = &observed.number else {
        return Step::Call(Task::ReadNumber);
    };
    let planner = Planner { goal, seen: observed, number, attempts, now };
    let done = match goal {
        Goal::Onboard(goal) => planner.onboard(goal),
        Goal::Migrate(goal) => planner.migrate(goal),
        Goal::Rename(goal) => planner.rename(goal),
        Goal::Relocate(goal) => planner.relocate(goal),
        Goal::RotatePin(goal) => planner.rotate_pin(goal),
        Goal::Retire(_) => planner.retire(),
    };
    done.err().unwrap_or(Step::End(Ending::Done))
}

/// What stands between a number and its goal, one function a requirement: `Err` is the step that must come first.
struct Planner<'a> {
    goal: &'a Goal,
    seen: &'a Observed,
    number: &'a PhoneNumber,
    attempts: &'a Attempts,
    now: Timestamp,
}

impl Planner<'_> {
    fn onboard(&self, goal: &Onboarding) -> Result<(), Step> {
        self.nothing_bars_it()?;
        match self.seen.presence() {
            Presence::Cloud => self.storage_is_right()?,
            Presence::OnPremises => return blocked(Reason::OnPremises),
            Presence::Unclear => return blocked(Reason::Unclear("platform_type")),
            Presence::Nowhere => {
                self.is_verified(goal)?;
                self.has_a_name()?;
                if self.number.is_pin_enabled == Some(false) && !self.seen.pin_needs_registration {
                    self.once(Task::SetPin)?;
                }
                self.storage_is_set()?;
                self.register(Task::Register)?;
            }
        }
        if goal.subscription.is_some() && !self.seen.confirmed.contains(&Task::Subscribe) {
            match self.seen.is_subscribed {
                Some(true) => {}
                Some(false) => self.once(Task::Subscribe)?,
                None => return Err(Step::Call(Task::ReadSubscriptions)),
            }
        }
        if goal.greeting.is_some() && !self.seen.confirmed.contains(&Task::Greet) {
            match self.attempts.last(Attempt::Message) {
                Some(entry) if entry.state == AttemptState::Confirmed => {}
                // Nothing shows whether it was sent; a refusal without a code is none of the service's own words.
                Some(entry) if entry.is_in_doubt() || entry.code.is_none() => return unknown(Task::Greet),
                _ => self.once(Task::Greet)?,
            }
        }
        Ok(())
    }

    fn migrate(&self, goal: &Migration) -> Result<(), Step> {
        match self.seen.presence() {
            Presence::Cloud => return Ok(()),
            Presence::Unclear => return blocked(Reason::Unclear("platform_type")),
            // The deployment that a migration shut down serves the number no more.
            Presence::OnPremises | Presence::Nowhere => {}
        }
        // It may have failed over its PIN and have taken the deployment down: no reading tells.
        let was_lost = self.attempts.last(Attempt::Register).is_some_and(Entry::is_in_doubt) && !goal.vouch_for_pin;
        if self.seen.doubt == Some(Task::Migrate) || was_lost {
            self.earlier_ones_have_settled(Attempt::Register)?;
            return unknown(Task::Migrate);
        }
        self.nothing_bars_it()?;
        self.is_owned()?;
        self.has_a_name()?;
        self.storage_is_set()?;
        self.register(Task::Migrate)
    }

    fn rename(&self, goal: &Renaming) -> Result<(), Step> {
        let is_wanted = |name: &Option<String>| name.as_deref() == Some(&*goal.name);
        let asks_for_another = self.number.new_display_name.is_some() && !is_wanted(&self.number.new_display_name);
        if self.seen.confirmed.contains(&Task::Register) {
            return Ok(());
        }
        if is_wanted(&self.number.verified_name) && !asks_for_another {
            return self.has_a_name();
        }
        // Some versions do not show the name that was asked for, only its review.
        let asked = self.seen.confirmed.contains(&Task::Rename);
        let is_ours = is_wanted(&self.number.new_display_name) || (asked && self.number.new_display_name.is_none());
        if !is_ours {
            self.nothing_bars_it()?;
            self.once(Task::Rename)?;
            // Confirmed, but not shown yet.
            return self.look_again(Reason::NameInReview);
        }
        match &self.number.new_name_status {
            Some(NameStatus::Approved | NameStatus::AvailableWithoutReview) => {}
            Some(NameStatus::PendingReview) => return self.look_again(Reason::NameInReview),
            Some(NameStatus::Declined) => return blocked(Reason::NameDeclined),
            Some(NameStatus::Expired) if !asked => return self.once(Task::Rename),
            Some(NameStatus::Expired) => return blocked(Reason::NameDeclined),
            Some(NameStatus::None) | None if asked => return self.look_again(Reason::NameInReview),
            _ => {
                return blocked(Reason::Unclear("new_name_status"));
            }
        }
        match self.seen.presence() {
            Presence::Cloud => {
                self.nothing_bars_it()?;
                self.register(Task::Register)
            }
            // It takes effect when the number is registered for the first time.
            Presence::Nowhere => Ok(()),
            Presence::OnPremises => blocked(Reason::OnPremises),
            Presence::Unclear => blocked(Reason::Unclear("platform_type")),
        }
    }

    fn relocate(&self, goal: &Relocation) -> Result<(), Step> {
        let is_up = match self.seen.presence() {
            Presence::OnPremises => return blocked(Reason::OnPremises),
            Presence::Unclear => return blocked(Reason::Unclear("platform_type")),
            Presence::Nowhere => false,
            Presence::Cloud => match self.seen.is_stored(&goal.storage) {
                Some(true) => return Ok(()),
                Some(false) => true,
                None if self.seen.storage.is_none() => return Err(Step::Call(Task::ReadStorage)),
                None => return blocked(Reason::Unclear("storage_configuration")),
            },
        };
        // Whatever would keep it from coming back must be known before it goes.
        self.nothing_bars_it()?;
        self.is_owned()?;
        self.has_a_name()?;
        self.pin_was_not_wrong()?;
        self.not_all_were_lost()?;
        if is_up {
            self.attempts_are_left(Attempt::Register, 2)?;
            self.deregister()?;
        }
        self.storage_is_set()?;
        self.register(Task::Register)
    }

    fn rotate_pin(&self, _: &PinRotation) -> Result<(), Step> {
        if self.seen.pin_needs_registration {
            return blocked(Reason::Unregistered);
        }
        let is_doubtful = self.seen.doubt == Some(Task::SetPin);
        match self.number.is_pin_enabled {
            // It was off before, and this shows that the call has set it.
            Some(true) if is_doubtful && self.seen.pin_was_off => Ok(()),
            Some(false) if is_doubtful => self.once(Task::SetPin),
            _ if is_doubtful => unknown(Task::SetPin),
            _ => self.once(Task::SetPin),
        }
    }

    fn retire(&self) -> Result<(), Step> {
        match self.seen.presence() {
            Presence::Cloud => self.deregister(),
            Presence::Nowhere | Presence::OnPremises => Ok(()),
            Presence::Unclear => blocked(Reason::Unclear("platform_type")),
        }
    }

    fn nothing_bars_it(&self) -> Result<(), Step> {
        match &self.number.status {
            Some(NumberStatus::Banned) => blocked(Reason::Banned),
            Some(NumberStatus::Restricted) => blocked(Reason::Restricted),
            Some(NumberStatus::Deleted) => blocked(Reason::Deleted),
            Some(NumberStatus::Migrated) => blocked(Reason::Moved),
            _ => Ok(()),
        }
    }

    fn is_verified(&self, goal: &Onboarding) -> Result<(), Step> {
        match self.seen.is_verified() {
            Some(true) => return Ok(()),
            None => return blocked(Reason::Unclear("code_verification_status")),
            Some(false) => {}
        }
        if self.seen.has_code {
            return Err(Step::Call(Task::VerifyCode));
        }
        // A code that was asked for is not asked for again before the person says that none has come.
        let entries = self.attempts.entries();
        let is_proof = |entry: &&Entry| entry.attempt == Attempt::VerifyCode && entry.state == AttemptState::Confirmed;
        let used = entries.iter().rev().find(is_proof).map(|entry| entry.id);
        let is_valid = |entry: &&Entry| {
            entry.state != AttemptState::Rejected && used < Some(entry.id) && self.now < entry.latest() + CODE_LIFE
        };
        let sent = self.attempts.last(Attempt::RequestCode).filter(is_valid);
        if self.seen.wants_another_code || (sent.is_none() && self.seen.times_failed(Task::RequestCode) == 0) {
            return Err(Step::Call(Task::RequestCode));
        }
        Err(Step::Ask(Question {
            number: goal.number.clone(),
            method: goal.method.clone(),
            is_certain: sent.is_some_and(|entry| entry.state == AttemptState::Confirmed),
            was_wrong: self.seen.code_was_wrong,
        }))
    }

    /// Ownership must have been proved before.
    fn is_owned(&self) -> Result<(), Step> {
        match self.seen.is_verified() {
            Some(true) => Ok(()),
            Some(false) => blocked(Reason::Unverified),
            None => blocked(Reason::Unclear("code_verification_status")),
        }
    }

    fn has_a_name(&self) -> Result<(), Step> {
        match &self.number.name_status {
            Some(NameStatus::Approved | NameStatus::AvailableWithoutReview) => Ok(()),
            Some(NameStatus::PendingReview) => self.look_again(Reason::NameInReview),
            Some(NameStatus::Declined | NameStatus::Expired) => blocked(Reason::NameDeclined),
            Some(NameStatus::None) => blocked(Reason::NameMissing),
            _ => blocked(Reason::Unclear("name_status")),
        }
    }

    /// Storage of a registered number cannot be changed.
    fn storage_is_right(&self) -> Result<(), Step> {
        let Some(target) = self.goal.storage() else {
            return Ok(());
        };
        match self.seen.is_stored(target) {
            Some(true) => Ok(()),
            Some(false) => blocked(Reason::StorageFixed),
            None if self.seen.storage.is_none() => Err(Step::Call(Task::ReadStorage)),
            None => blocked(Reason::Unclear("storage_configuration")),
        }
    }

    /// Up to v20 storage is part of registering.
    fn storage_is_set(&self) -> Result<(), Step> {
        let Some(target) = self.goal.storage().filter(|_| self.seen.version >= ApiVersion::STORAGE_BY_SETTINGS) else {
            return Ok(());
        };
        match self.seen.is_stored(target) {
            Some(true) => Ok(()),
            None if self.seen.storage.is_none() => Err(Step::Call(Task::ReadStorage)),
            // A number that was never registered may show none at all.
            Some(false) | None => self.once(Task::SetStorage),
        }
    }

    /// The last step: everything else must be settled before an attempt is spent.
    fn register(&self, task: Task) -> Result<(), Step> {
        if self.is_half_deregistered() {
            return self.deregister();
        }
        self.pin_was_not_wrong()?;
        let deregistered =
            self.attempts.last(Attempt::Deregister).filter(|entry| entry.state != AttemptState::Rejected);
        if let Some(free) = deregistered.map(|entry| entry.latest() + REST).filter(|free| self.now < *free) {
            return Err(Step::Wait(Blocker::until(Reason::JustDeregistered, free)));
        }
        self.earlier_ones_have_settled(Attempt::Register)?;
        self.attempts_are_left(Attempt::Register, 1)?;
        self.not_all_were_lost()?;
        self.once(task)
    }

    /// Whether the service said so when the number was registered last, and it has not been deregistered since.
    fn is_half_deregistered(&self) -> bool {
        let has_effect = |entry: &&Entry| match (entry.attempt, entry.state) {
            (Attempt::Register, state) => state != AttemptState::NotSent,
            (Attempt::Deregister, AttemptState::Rejected) => entry.code == Some(ErrorCode::NotRegistered),
            (Attempt::Deregister, state) => state != AttemptState::NotSent,
            _ => false,
        };
        let last = self.attempts.entries().iter().rfind(has_effect);
        last.is_some_and(|entry| entry.code == Some(ErrorCode::DeregistrationIncomplete))
    }

    /// Whether registering has worked at all of late: one that was confirmed and does not show has not.
    fn not_all_were_lost(&self) -> Result<(), Step> {
        let is_up = self.seen.presence() == Presence::Cloud;
        let mut lost = 0;
        for entry in self.attempts.entries().iter().filter(|entry| self.attempts.is_recent(entry, self.now)) {
            match (entry.attempt, entry.state) {
                (_, AttemptState::NotSent) => {}
                (Attempt::Register, AttemptState::Confirmed) if is_up => lost = 0,
                (Attempt::Register, _) => lost += 1,
                (Attempt::Deregister, AttemptState::Confirmed) => lost = 0,
                _ => {}
            }
        }
        if lost >= MOST_LOST { blocked(Reason::AttemptsLost) } else { Ok(()) }
    }

    fn deregister(&self) -> Result<(), Step> {
        if self.number.is_on_biz_app == Some(true) {
            return blocked(Reason::OnBusinessApp);
        }
        self.earlier_ones_have_settled(Attempt::Deregister)?;
        self.attempts_are_left(Attempt::Deregister, 1)?;
        self.once(Task::Deregister)
    }

    fn pin_was_not_wrong(&self) -> Result<(), Step> {
        if self.goal.vouches_for_pin() || self.number.is_pin_enabled == Some(false) {
            return Ok(());
        }
        // Whatever came after a wrong one: only a registration proves a PIN.
        let registers = self.attempts.entries().iter().rev().filter(|entry| entry.attempt == Attempt::Register);
        let refused = || {
            let unproved = registers.clone().take_while(|entry| entry.state != AttemptState::Confirmed);
            unproved.filter(|entry| entry.state == AttemptState::Rejected)
        };
        let is_migration = matches!(self.goal, Goal::Migrate(_));
        if refused().any(|entry| entry.code.is_some_and(is_about_pin)) {
            let is_down = is_migration && self.seen.presence() != Presence::OnPremises;
            return blocked(if is_down { Reason::OnPremisesDown } else { Reason::WrongPin });
        }
        // What takes a deployment down is not repeated over a refusal without a reason.
        if refused().any(|entry| entry.code.map_or(is_migration, may_be_about_pin)) {
            return blocked(Reason::PinInDoubt);
        }
        Ok(())
    }

    /// Another process may have sent one a moment ago, or what it did does not show yet.
    fn earlier_ones_have_settled(&self, attempt: Attempt) -> Result<(), Step> {
        let Some(last) = self.attempts.last(attempt).filter(|entry| entry.state != AttemptState::Rejected) else {
            return Ok(());
        };
        let on_its_way = if last.state == AttemptState::Open { ON_ITS_WAY } else { Duration::ZERO };
        let settled = last.latest() + on_its_way + SETTLING;
        if settled <= self.now {
            return Ok(());
        }
        let task = if attempt == Attempt::Register { Task::Register } else { Task::Deregister };
        Err(Step::Wait(Blocker::until(Reason::Settling(task), settled)))
    }

    fn attempts_are_left(&self, attempt: Attempt, needed: usize) -> Result<(), Step> {
        let Some(free) = self.attempts.free_at(attempt, needed, self.now) else {
            return Ok(());
        };
        let is_locked = self.attempts.locked_until().is_some_and(|until| self.now < until);
        let reason = if is_locked { Reason::Locked } else { Reason::NoAttempts };
        Err(Step::Wait(Blocker::until(reason, free)))
    }

    /// A call that was confirmed is not made again, nor one that failed too often.
    fn once(&self, task: Task) -> Result<(), Step> {
        if self.seen.confirmed.contains(&task) {
            return Ok(());
        }
        if self.seen.doubt == Some(task) && self.seen.times_failed(task) >= MOST_SENT {
            return unknown(task);
        }
        Err(Step::Call(task))
    }

    fn look_again(&self, reason: Reason) -> Result<(), Step> {
        Err(Step::Wait(Blocker::until(reason, self.now + REVIEW)))
    }
}

fn blocked(reason: Reason) -> Result<(), Step> {
    Err(Step::End(Ending::Blocked(Blocker::new(reason))))
}

fn unknown(task: Task) -> Result<(), Step> {
    Err(Step::End(Ending::Unknown(Unconfirmed::new(task))))
}

pub(crate) fn is_about_pin(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::PinMismatch | ErrorCode::PinGuessedTooOften | ErrorCode::PinGuessedTooFast)
}

/// Codes that have a wrong PIN among their reasons: the API description has 100 for it, and accounts were locked over it.
fn may_be_about_pin(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::InvalidParameter | ErrorCode::AccountLocked)
}

/// Meta, "Verify phone numbers": a code lives about ten minutes.
const CODE_LIFE: Duration = Duration::from_secs(600);
/// Meta's page on 133015: wait five minutes after deregistering. The service's clock is read to the second only.
const REST: Duration = Duration::from_secs(301);
/// How long a call may still be on its way, or its effect may not show: a migration takes up to 15 seconds.
pub(crate) const SETTLING: Duration = Duration::from_secs(30);
/// How long a call may be under way before its process gives up.
const ON_ITS_WAY: Duration = Duration::from_secs(60);
/// How often a review is looked at.
const REVIEW: Duration = Duration::from_secs(900);
/// So many registrations in a row without success, within 72 hours, ask for a person.
const MOST_LOST: u32 = 3;
/// How often a call is made before a run gives up over it: once more, after reading shows that it did not happen.
pub(crate) const MOST_SENT: u32 = 2;

#[cfg(test)]
mod tests;
