//! The goals of a number.

use wa_core::{AttemptKind, types::NameStatus};

use super::{Planner, blocked, unconfirmed};
use crate::{
    Decision, Migration, Onboarding, Presence, Reason, Relocation, Renaming, Step, Unconfirmed, ledger::Entry,
};

impl Planner<'_> {
    pub(super) fn onboard(&self, goal: &Onboarding) -> Result<(), Decision> {
        self.number()?;
        if self.seen.is_on_business_app() {
            return self.onboard_with_business_app(goal);
        }
        match self.seen.presence() {
            Presence::Cloud => {
                self.require_no_pending_deregistration()?;
                self.require_no_ban()?;
                self.storage_stays()?;
            }
            Presence::OnPremises => return blocked(Reason::OnPremises),
            Presence::Unclear => return blocked(Reason::Unclear("platform_type")),
            Presence::Nowhere => {
                self.registration_shows(Step::Register)?;
                self.require_no_sanction()?;
                self.require_ownership()?;
                self.require_name()?;
                self.require_storage()?;
                return self.register(Step::Register);
            }
        }
        if let Some(subscription) = &goal.subscription {
            self.subscribe(subscription)?;
        }
        // A restricted number gets webhooks, and cannot send for now.
        self.require_no_sanction()?;
        self.greet(goal)
    }

    /// Such a number is registered by the app. What is left is to have its webhooks sent, and with them what it holds.
    fn onboard_with_business_app(&self, goal: &Onboarding) -> Result<(), Decision> {
        // Local storage is not offered for it, and off the platform only the app can connect it.
        if goal.storage.is_some() || self.seen.presence_on_business_app() != Presence::Cloud {
            return blocked(Reason::OnBusinessApp);
        }
        let Some(subscription) = &goal.subscription else {
            return blocked(Reason::SubscriptionNeeded);
        };
        self.subscribe(subscription)?;
        self.synchronise(Step::SyncContacts, AttemptKind::SyncContacts)?;
        self.synchronise(Step::SyncHistory, AttemptKind::SyncHistory)?;
        self.greet(goal)
    }

    pub(super) fn migrate(&self, goal: &Migration) -> Result<(), Decision> {
        self.number()?;
        self.require_no_business_app()?;
        match self.seen.presence() {
            Presence::Cloud => {
                self.require_no_pending_deregistration()?;
                return self.require_no_ban();
            }
            Presence::Unclear => return blocked(Reason::Unclear("platform_type")),
            // The deployment that a migration shut down serves the number no more.
            Presence::OnPremises | Presence::Nowhere => {}
        }
        // It may have failed over its PIN and have taken the deployment down: no reading tells.
        let was_lost = self.attempts.last(AttemptKind::Register).is_some_and(Entry::is_in_doubt);
        if self.history.unanswered == Some(Step::Migrate) || (was_lost && !goal.vouch_for_pin) {
            self.require_settled(AttemptKind::Register)?;
            return unconfirmed(Unconfirmed::unanswered(Step::Migrate));
        }
        self.registration_shows(Step::Migrate)?;
        self.require_no_sanction()?;
        // A registered number keeps its ownership, also where the proof has expired.
        if self.seen.presence() == Presence::Nowhere {
            self.require_ownership()?;
        }
        self.require_name()?;
        self.require_storage()?;
        self.register(Step::Migrate)
    }

    pub(super) fn rename(&self, goal: &Renaming) -> Result<(), Decision> {
        let number = self.number()?;
        self.require_no_business_app()?;
        let is_wanted = |name: &Option<String>| name.as_deref() == Some(&*goal.name);
        let asks_for_another = number.new_display_name.is_some() && !is_wanted(&number.new_display_name);
        // The name under review or approved: its status tells which.
        if is_wanted(&number.verified_name) && !asks_for_another {
            self.require_name()?;
            return self.take_effect(goal);
        }
        // Some versions do not show the name that was requested, only its review.
        let asked = self.history.confirmed.contains_key(&Step::Rename);
        let is_ours = is_wanted(&number.new_display_name) || (asked && number.new_display_name.is_none());
        if !is_ours {
            if number.is_official_business_account == Some(true) {
                return blocked(Reason::NameIsOfficial);
            }
            self.require_no_sanction()?;
            self.show(Step::Rename)?;
            return self.call(Step::Rename);
        }
        match &number.new_name_status {
            Some(NameStatus::Approved | NameStatus::AvailableWithoutReview) => self.take_effect(goal),
            Some(NameStatus::PendingReview) => self.await_review(),
            Some(NameStatus::Expired) if !asked => self.call(Step::Rename),
            Some(NameStatus::Declined | NameStatus::Expired) => blocked(Reason::NameDeclined),
            Some(NameStatus::None) | None if asked => self.await_review(),
            _ => blocked(Reason::Unclear("new_name_status")),
        }
    }

    /// Meta, "Display names": after its approval a name shows, and takes effect when the number is registered again.
    fn take_effect(&self, goal: &Renaming) -> Result<(), Decision> {
        match self.seen.presence() {
            Presence::Cloud => self.require_no_pending_deregistration()?,
            Presence::OnPremises => return blocked(Reason::OnPremises),
            Presence::Unclear => return blocked(Reason::Unclear("platform_type")),
            // It takes effect when the number is registered for the first time, which may have happened a moment ago.
            Presence::Nowhere => return self.registration_shows(Step::Register),
        }
        // What was registered under this name, once it was approved.
        let registered = self.attempts.last_registration().and_then(|entry| entry.display_name.as_ref());
        if goal.is_in_effect || self.history.confirmed.contains_key(&Step::Register) || registered == Some(&goal.name) {
            return Ok(());
        }
        self.require_no_sanction()?;
        if self.must_verify() {
            self.require_ownership()?;
        }
        self.register(Step::Register)
    }

    pub(super) fn relocate(&self, goal: &Relocation) -> Result<(), Decision> {
        self.number()?;
        self.require_no_business_app()?;
        let is_up = match self.seen.presence() {
            Presence::OnPremises => return blocked(Reason::OnPremises),
            Presence::Unclear => return blocked(Reason::Unclear("platform_type")),
            Presence::Nowhere => false,
            Presence::Cloud => match self.seen.is_stored(&goal.storage) {
                Some(true) => return self.require_no_pending_deregistration(),
                Some(false) => true,
                None if self.seen.storage.is_none() => return Err(Decision::Call(Step::ReadStorage)),
                None => return blocked(Reason::Unclear("storage_configuration")),
            },
        };
        if is_up {
            return self.take_down(goal);
        }
        self.registration_shows(Step::Register)?;
        self.require_no_sanction()?;
        self.require_ownership()?;
        self.require_name()?;
        self.require_storage()?;
        self.register(Step::Register)
    }

    /// Whatever would keep the number from coming back must be known before it goes.
    fn take_down(&self, goal: &Relocation) -> Result<(), Decision> {
        // The storage that was set a moment ago may not show yet.
        self.show(Step::SetStorage)?;
        self.require_shown_by_time(AttemptKind::Register)?;
        self.deregistration_shows()?;
        self.require_no_sanction()?;
        self.require_living_version()?;
        self.require_name()?;
        self.require_no_losses()?;
        self.require_attempts(AttemptKind::Register, 2)?;
        if goal.vouch_for_pin {
            self.require_no_refused_pin()?;
        } else if !self.history.confirmed.contains_key(&Step::SetPin) {
            // A wrong PIN would leave the number down, so it is made right while that still needs no old one.
            return self.call(Step::SetPin);
        }
        self.deregister()
    }

    pub(super) fn rotate_pin(&self) -> Result<(), Decision> {
        self.number()?;
        self.require_no_business_app()?;
        if self.history.confirmed.contains_key(&Step::SetPin) { Ok(()) } else { self.call(Step::SetPin) }
    }

    pub(super) fn retire(&self) -> Result<(), Decision> {
        self.number()?;
        // While its status lags behind, such a number looks as if it were retired already.
        if self.seen.is_on_business_app() && self.seen.presence_on_business_app() == Presence::Cloud {
            return blocked(Reason::OnBusinessApp);
        }
        match self.seen.presence() {
            Presence::Cloud => {
                self.deregistration_shows()?;
                self.deregister()
            }
            Presence::Nowhere | Presence::OnPremises => self.require_no_pending_registration(),
            Presence::Unclear => blocked(Reason::Unclear("platform_type")),
        }
    }
}
