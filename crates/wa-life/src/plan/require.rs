//! What must hold before a call is made.

use std::time::Duration;

use wa_core::{
    AttemptKind,
    types::{ApiVersion, ErrorCode, NameStatus, NumberStatus, Platform},
};

use super::{ON_ITS_WAY, Planner, SETTLING, SHOWING, blocked, is_about_pin};
use crate::{
    Decision, Goal, Presence, Question, Reason, Step,
    ledger::{AttemptState, Entry},
};

impl Planner<'_> {
    /// The service has taken nothing from the number that registering and sending need.
    pub(super) fn require_no_sanction(&self) -> Result<(), Decision> {
        self.require_no_ban()?;
        match &self.number()?.status {
            Some(NumberStatus::Restricted) => blocked(Reason::Restricted),
            _ => Ok(()),
        }
    }

    /// The number is still there, and in use.
    pub(super) fn require_no_ban(&self) -> Result<(), Decision> {
        match &self.number()?.status {
            Some(NumberStatus::Banned) => blocked(Reason::Banned),
            Some(NumberStatus::Deleted) => blocked(Reason::Deleted),
            Some(NumberStatus::Migrated) => blocked(Reason::Moved),
            _ => Ok(()),
        }
    }

    pub(super) fn require_no_business_app(&self) -> Result<(), Decision> {
        if self.seen.is_on_business_app() { blocked(Reason::OnBusinessApp) } else { Ok(()) }
    }

    /// Whether the service has asked for another verification when the number was registered last, whatever reading shows.
    pub(super) fn must_verify(&self) -> bool {
        let is_demand =
            |entry: &&Entry| entry.kind == AttemptKind::Register && entry.code == Some(ErrorCode::VerificationNeeded);
        let is_proof = |entry: &&Entry| {
            let kind = matches!(entry.kind, AttemptKind::VerifyCode | AttemptKind::Register);
            kind && entry.state == AttemptState::Confirmed
        };
        let entries = self.attempts.entries();
        let demanded = entries.iter().rfind(is_demand).map(|entry| entry.id);
        demanded > entries.iter().rfind(is_proof).map(|entry| entry.id)
    }

    /// Ownership of a number that is to be registered must be proved by a one-time code.
    pub(super) fn require_ownership(&self) -> Result<(), Decision> {
        if self.history.confirmed.contains_key(&Step::VerifyCode) && !self.must_verify() {
            return Ok(());
        }
        match self.seen.is_verified() {
            _ if self.must_verify() => {}
            Some(true) => return Ok(()),
            Some(false) => {}
            None => return blocked(Reason::Unclear("code_verification_status")),
        }
        if self.history.has_code {
            return Err(Decision::Call(Step::VerifyCode));
        }
        self.nobody_is_about_to(AttemptKind::RequestCode, Step::RequestCode)?;
        // A code that was requested is not requested again before the person says that none has come. It lives ten minutes,
        // and proves ownership once: ids of entries grow, so what was used is no newer than the proof.
        let entries = self.attempts.entries();
        let is_proof = |entry: &&Entry| entry.kind == AttemptKind::VerifyCode && entry.state == AttemptState::Confirmed;
        let used = entries.iter().rfind(is_proof).map_or(0, |entry| entry.id);
        let is_valid = |entry: &&Entry| {
            let is_alive = entry.remaining(CODE_LIFE, self.attempts.now()).is_some();
            entry.state != AttemptState::Rejected && entry.id > used && is_alive
        };
        let sent = self.attempts.last(AttemptKind::RequestCode).filter(is_valid);
        let was_refused = self.history.times_failed(Step::RequestCode) > 0;
        if self.history.wants_another_code || (sent.is_none() && !was_refused) {
            return Err(Decision::Call(Step::RequestCode));
        }
        let Some((number, (method, _))) = self.goal.subject().number().cloned().zip(self.goal.code_by()) else {
            return blocked(Reason::Invalid(Step::RequestCode));
        };
        let mut question = Question::new(number, method.clone());
        question.is_certain = sent.is_some_and(|entry| entry.state == AttemptState::Confirmed);
        question.was_wrong = self.history.code_was_wrong;
        Err(Decision::Ask(question))
    }

    pub(super) fn require_name(&self) -> Result<(), Decision> {
        match &self.number()?.name_status {
            Some(NameStatus::Approved | NameStatus::AvailableWithoutReview) => Ok(()),
            Some(NameStatus::PendingReview) if self.goal.registers_in_review() => {
                // One attempt, and no other before the review ends.
                let refused = |entry: &Entry| entry.code == Some(ErrorCode::CertificateNotCreated);
                let last = self.attempts.last(AttemptKind::Register);
                if last.is_some_and(refused) { blocked(Reason::NameNotUsable) } else { Ok(()) }
            }
            Some(NameStatus::PendingReview) => self.await_review(),
            Some(NameStatus::Declined | NameStatus::Expired) => blocked(Reason::NameDeclined),
            Some(NameStatus::None | NameStatus::NonExists) => blocked(Reason::NameMissing),
            _ => blocked(Reason::Unclear("name_status")),
        }
    }

    pub(super) fn await_review(&self) -> Result<(), Decision> {
        self.wait(Reason::NameInReview, REVIEW)
    }

    /// The storage of a registered number cannot be changed.
    pub(super) fn storage_stays(&self) -> Result<(), Decision> {
        let Some(target) = self.goal.storage() else {
            return Ok(());
        };
        match self.seen.is_stored(target) {
            Some(true) => Ok(()),
            None if self.seen.storage.is_none() => Err(Decision::Call(Step::ReadStorage)),
            Some(false) => {
                self.show(Step::SetStorage)?;
                blocked(Reason::StorageFixed)
            }
            None => blocked(Reason::Unclear("storage_configuration")),
        }
    }

    pub(super) fn require_storage(&self) -> Result<(), Decision> {
        self.require_living_version()?;
        let Some(target) = self.goal.storage().filter(|_| !self.history.confirmed.contains_key(&Step::SetStorage))
        else {
            return Ok(());
        };
        match self.seen.is_stored(target) {
            Some(true) => Ok(()),
            None if self.seen.storage.is_none() => Err(Decision::Call(Step::ReadStorage)),
            // A number that was never registered may show none at all.
            Some(false) | None => self.call(Step::SetStorage),
        }
    }

    /// Up to v20 storage was part of registering. These versions have ended, and the service answers their calls with a newer
    /// one that takes it apart.
    pub(super) fn require_living_version(&self) -> Result<(), Decision> {
        let is_old = self.seen.version < ApiVersion::STORAGE_BY_SETTINGS;
        if is_old && self.goal.storage().is_some() { blocked(Reason::VersionEnded) } else { Ok(()) }
    }

    /// The last step: everything else must be settled before an attempt is spent.
    pub(super) fn register(&self, step: Step) -> Result<(), Decision> {
        if self.is_half_deregistered() {
            return self.deregister();
        }
        // A number of the WhatsApp Business app shows its platform before it shows as connected, so where the service does not
        // know the field that tells such numbers apart, this may be one.
        let is_unknown = self.history.certain_fields_only || self.history.unknown_fields.contains("is_on_biz_app");
        let is_on_platform = self.number()?.platform_type == Some(Platform::CloudApi);
        if is_unknown && is_on_platform && self.seen.presence() == Presence::Nowhere {
            return blocked(Reason::Unclear("is_on_biz_app"));
        }
        self.require_no_refused_pin()?;
        let deregistered = self.attempts.last(AttemptKind::Deregister);
        let deregistered = deregistered.filter(|entry| entry.state != AttemptState::Rejected);
        if let Some(left) =
            deregistered.and_then(|entry| entry.remaining(REST_AFTER_DEREGISTERING, self.attempts.now()))
        {
            return self.wait(Reason::JustDeregistered, left);
        }
        self.heed_last_refusal()?;
        self.require_settled(AttemptKind::Register)?;
        self.require_attempts(AttemptKind::Register, 1)?;
        self.require_no_losses()?;
        self.call(step)
    }

    /// What the service said to the last registration holds for a run that begins again, too.
    fn heed_last_refusal(&self) -> Result<(), Decision> {
        let last = self.attempts.last(AttemptKind::Register);
        let unfinished = last.filter(|entry| entry.code == Some(ErrorCode::DeletionUnfinished));
        match unfinished.and_then(|entry| entry.remaining(REST_AFTER_DEREGISTERING, self.attempts.now())) {
            Some(left) => self.wait(Reason::JustDeregistered, left),
            None => Ok(()),
        }
    }

    pub(super) fn deregister(&self) -> Result<(), Decision> {
        self.require_settled(AttemptKind::Register)?;
        self.require_settled(AttemptKind::Deregister)?;
        self.require_attempts(AttemptKind::Deregister, 1)?;
        self.call(Step::Deregister)
    }

    /// A registration that the ledger knows to be confirmed must show: by the service's answer alone it is not proved.
    pub(super) fn registration_shows(&self, step: Step) -> Result<(), Decision> {
        self.latest_shows(AttemptKind::Register, step)
    }

    /// The same for a deregistration.
    pub(super) fn deregistration_shows(&self) -> Result<(), Decision> {
        self.latest_shows(AttemptKind::Deregister, Step::Deregister)
    }

    /// No registration is under way, and the latest one shows: a number that reads as unregistered may be about to come up.
    pub(super) fn require_no_pending_registration(&self) -> Result<(), Decision> {
        self.require_settled(AttemptKind::Register)?;
        self.registration_shows(Step::Register)
    }

    /// No deregistration is under way, and the latest one shows: a number that reads as connected may be about to go down.
    pub(super) fn require_no_pending_deregistration(&self) -> Result<(), Decision> {
        self.require_settled(AttemptKind::Deregister)?;
        self.deregistration_shows()
    }

    fn latest_shows(&self, kind: AttemptKind, step: Step) -> Result<(), Decision> {
        let counted = |entry: &&Entry| {
            matches!(entry.kind, AttemptKind::Register | AttemptKind::Deregister)
                && entry.may_have_left()
                && entry.state != AttemptState::Rejected
        };
        let last = self.attempts.entries().iter().rfind(counted);
        let confirmed = last.filter(|entry| entry.kind == kind && entry.state == AttemptState::Confirmed);
        match confirmed.and_then(|entry| entry.remaining(SHOWING, self.attempts.now())) {
            Some(left) => self.read_again(Reason::Settling(step), left),
            // Of what an earlier run has confirmed, a person was told meanwhile.
            None => self.show(step),
        }
    }

    /// What another process may have confirmed a moment ago has had the time to show.
    pub(super) fn require_shown_by_time(&self, kind: AttemptKind) -> Result<(), Decision> {
        let last = self.attempts.last(kind).filter(|entry| entry.state != AttemptState::Rejected);
        match last.and_then(|entry| entry.remaining(SETTLING, self.attempts.now())) {
            Some(left) => self.wait(Reason::Settling(step_of(kind)), left),
            None => Ok(()),
        }
    }

    /// Another process may have sent one a moment ago, or what it did does not show yet.
    pub(super) fn require_settled(&self, kind: AttemptKind) -> Result<(), Decision> {
        let step = step_of(kind);
        self.nobody_is_about_to(kind, step)?;
        let length = match self.attempts.last(kind).map(|entry| entry.state) {
            Some(AttemptState::Sent) => ON_ITS_WAY + SETTLING,
            Some(AttemptState::Unknown) => SETTLING,
            _ => return Ok(()),
        };
        match self.attempts.last(kind).and_then(|entry| entry.remaining(length, self.attempts.now())) {
            Some(left) => self.wait(Reason::Settling(step), left),
            None => Ok(()),
        }
    }

    /// Another process may hold a reservation that it has not used yet. Those that nobody will use are given back before.
    pub(super) fn nobody_is_about_to(&self, kind: AttemptKind, step: Step) -> Result<(), Decision> {
        let reserved = |entry: &&Entry| entry.kind == kind && entry.state == AttemptState::Reserved;
        let waits = self.attempts.entries().iter().filter(reserved);
        match waits.filter_map(|entry| entry.remaining(ON_ITS_WAY, self.attempts.now())).max() {
            Some(left) => self.wait(Reason::Settling(step), left),
            None => Ok(()),
        }
    }

    pub(super) fn require_attempts(&self, kind: AttemptKind, needed: usize) -> Result<(), Decision> {
        let Some(length) = self.attempts.wait(kind, needed) else {
            return Ok(());
        };
        let reason = if self.attempts.is_locked() { Reason::Locked } else { Reason::NoAttempts };
        self.wait(reason, length)
    }

    /// Whether registering has worked at all of late: one that was confirmed and does not show has not.
    pub(super) fn require_no_losses(&self) -> Result<(), Decision> {
        let is_up = self.seen.presence() == Presence::Cloud;
        let mut lost = 0;
        for entry in self.attempts.entries().iter().filter(|entry| self.attempts.is_recent(entry)) {
            match (entry.kind, entry.state) {
                (_, AttemptState::NotSent | AttemptState::Reserved) => {}
                (AttemptKind::Register, AttemptState::Confirmed) if is_up => lost = 0,
                (AttemptKind::Register, _) => lost += 1,
                (AttemptKind::Deregister, AttemptState::Confirmed) => lost = 0,
                _ => {}
            }
        }
        if lost >= MOST_LOST { blocked(Reason::AttemptsLost) } else { Ok(()) }
    }

    pub(super) fn require_no_refused_pin(&self) -> Result<(), Decision> {
        let is_off = self.number()?.is_pin_enabled == Some(false);
        if is_off || self.goal.vouches_for_pin() || self.history.confirmed.contains_key(&Step::SetPin) {
            return Ok(());
        }
        // Whatever came after a wrong one: only a registration proves a PIN, or having set one.
        let proves = |entry: &&Entry| {
            matches!(entry.kind, AttemptKind::Register | AttemptKind::SetPin) && entry.state == AttemptState::Confirmed
        };
        let since = self.attempts.entries().iter().rev().take_while(|entry| !proves(entry));
        let is_refused = |entry: &&Entry| entry.kind == AttemptKind::Register && entry.state == AttemptState::Rejected;
        let refused: Vec<Option<ErrorCode>> = since.filter(is_refused).map(|entry| entry.code).collect();
        let is_migration = matches!(self.goal, Goal::Migrate(_));
        if refused.iter().flatten().copied().any(is_about_pin) {
            let is_down = is_migration && self.seen.presence() != Presence::OnPremises;
            return blocked(if is_down { Reason::OnPremisesDown } else { Reason::WrongPin });
        }
        // What takes a deployment down is not repeated over a refusal without a reason.
        if refused.iter().any(|code| code.map_or(is_migration, may_be_about_pin)) {
            return blocked(Reason::PinInDoubt);
        }
        Ok(())
    }

    /// Whether the service said so when the number was registered last, and it has not been deregistered since.
    fn is_half_deregistered(&self) -> bool {
        let has_effect = |entry: &&Entry| match (entry.kind, entry.state) {
            (AttemptKind::Register, _) => entry.may_have_left(),
            (AttemptKind::Deregister, AttemptState::Rejected) => entry.code == Some(ErrorCode::NotRegistered),
            (AttemptKind::Deregister, _) => entry.may_have_left(),
            _ => false,
        };
        let last = self.attempts.entries().iter().rfind(has_effect);
        last.is_some_and(|entry| entry.code == Some(ErrorCode::DeregistrationIncomplete))
    }
}

fn step_of(kind: AttemptKind) -> Step {
    if kind == AttemptKind::Deregister { Step::Deregister } else { Step::Register }
}

/// Codes that have a wrong PIN among their reasons: the API description has 100 for it, and accounts were locked over it.
fn may_be_about_pin(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::InvalidParameter | ErrorCode::AccountLocked)
}

/// Meta, "Verify phone numbers": a code lives about ten minutes.
const CODE_LIFE: Duration = Duration::from_secs(600);
/// Meta's page on 133015: wait five minutes after deregistering. The service's clock is read to the second only.
const REST_AFTER_DEREGISTERING: Duration = Duration::from_secs(301);
/// How often a review is looked at.
const REVIEW: Duration = Duration::from_secs(900);
/// So many registrations in a row without success, within 72 hours, ask for a person.
const MOST_LOST: u32 = 3;
