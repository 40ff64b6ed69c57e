use std::{borrow::Cow, fmt};

use wa_core::{Advice, Timestamp, types::Actor};

use crate::Step;

/// What keeps a goal from being reached. `Display` says what it is and how to remove it; a report adds when to look
/// again.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Blocker {
    /// What it is.
    pub reason: Reason,
    /// When to look again, if time may remove it.
    pub until: Option<Timestamp>,
}

impl Blocker {
    pub(crate) fn new(reason: Reason) -> Self {
        Self { reason, until: None }
    }

    pub(crate) fn until(reason: Reason, until: Timestamp) -> Self {
        Self { reason, until: Some(until) }
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.reason, self.reason.remedy())
    }
}

/// Why a goal cannot be reached, or not yet.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The display name is in review.
    NameInReview,
    /// The display name was declined, or the approval has expired.
    NameDeclined,
    /// The number has no display name.
    NameMissing,
    /// The number has an Official Business Account, whose name no call changes.
    NameIsOfficial,
    /// Registering was refused since the display name cannot be used yet.
    NameNotUsable,
    /// Registering was refused since the number belongs to a WhatsApp account on a phone.
    OnAnotherAccount,
    /// Registering was refused with 100/2388001, which has two causes, and the service did not say which it is.
    CertificateRefused,
    /// The number is banned.
    Banned,
    /// The number is restricted.
    Restricted,
    /// The number was deleted from its account.
    Deleted,
    /// The number has moved to another account.
    Moved,
    /// An On-Premises deployment serves the number.
    OnPremises,
    /// The WhatsApp Business app uses the number too.
    OnBusinessApp,
    /// The WhatsApp Business app uses the number too, and no subscription was asked for.
    SubscriptionNeeded,
    /// Somebody else has set another callback address.
    Overridden(String),
    /// The number is not registered.
    Unregistered,
    /// The service asks for another verification of ownership, and refuses it.
    VerificationRefused,
    /// The person's code is needed, and nobody gave it.
    CodeNeeded,
    /// The list of goals has the number twice.
    Repeated,
    /// The service does not say what must be known first: the name of the field.
    Unclear(&'static str),
    /// The configured version of the API has ended.
    VersionEnded,
    /// The service has locked the number.
    Locked,
    /// The ten attempts of the number are spent, or too few are left for what is to be done.
    NoAttempts,
    /// The last attempts of the number were all refused or lost.
    AttemptsLost,
    /// The PIN is wrong.
    WrongPin,
    /// The last registration was refused for a reason that may be the PIN.
    PinInDoubt,
    /// The PIN of a migration is wrong, so the On-Premises deployment is down.
    OnPremisesDown,
    /// Messages are stored elsewhere than they are to be, and the number is registered.
    StorageFixed,
    /// The number was deregistered a moment ago.
    JustDeregistered,
    /// Too many codes were requested.
    TooManyCodes,
    /// A text was refused since its recipient has not written within 24 hours.
    OutsideWindow,
    /// A call was made a moment ago, perhaps by another process: what it did may not show yet.
    Settling(Step),
    /// The service cannot be reached.
    Unreachable(Step),
    /// The service answers with an error of its own.
    Faulty(Step, Advice),
    /// The service refused for now.
    Busy(Step, Advice),
    /// The service refused.
    Refused(Step, Advice),
    /// The ledger failed for this number.
    LedgerFailed(String),
    /// The worker of the number died in the middle.
    Interrupted,
    /// The call cannot be built as it is.
    Invalid(Step),
}

impl Reason {
    /// Who can remove it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::NameInReview | Self::NameNotUsable | Self::Banned | Self::Restricted => Actor::Meta,
            Self::NameDeclined
            | Self::NameMissing
            | Self::NameIsOfficial
            | Self::OnAnotherAccount
            | Self::CertificateRefused
            | Self::Deleted
            | Self::Moved
            | Self::OnPremises
            | Self::OnBusinessApp
            | Self::Unregistered
            | Self::VerificationRefused
            | Self::CodeNeeded
            | Self::Unclear(_)
            | Self::WrongPin
            | Self::PinInDoubt
            | Self::OnPremisesDown => Actor::Business,
            Self::Locked
            | Self::NoAttempts
            | Self::JustDeregistered
            | Self::TooManyCodes
            | Self::Settling(_)
            | Self::Faulty(..)
            | Self::Busy(..) => Actor::Time,
            Self::Repeated
            | Self::SubscriptionNeeded
            | Self::Overridden(_)
            | Self::VersionEnded
            | Self::AttemptsLost
            | Self::StorageFixed
            | Self::OutsideWindow
            | Self::Unreachable(_)
            | Self::LedgerFailed(_)
            | Self::Interrupted
            | Self::Invalid(_) => Actor::Caller,
            Self::Refused(_, advice) => advice.actor,
        }
    }

    /// How it is removed.
    #[must_use]
    pub fn remedy(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::NameInReview => {
                "Meta reviews it, which may take days. A run that is kept, or started again later, reads the number until it ends."
            }
            Self::NameDeclined => "Request another name in WhatsApp Manager or with a renaming, then start again.",
            Self::NameMissing => "Give the number a display name in WhatsApp Manager or with a renaming.",
            Self::NameIsOfficial => "Ask Meta's support to change the name of an Official Business Account.",
            Self::NameNotUsable => {
                "Wait for the review of the display name; nothing else helps. The report has the service's message for people."
            }
            Self::OnAnotherAccount => {
                "Time does not help: delete the WhatsApp account on the phone, or choose coexistence with the WhatsApp Business app. The report has the service's message for people."
            }
            Self::CertificateRefused => {
                "Either the display name cannot be used yet, or the number belongs to a WhatsApp account on a phone, which must be deleted. The report has the service's message for people."
            }
            Self::Banned => "Ask for a review in Business Support Home; only Meta can lift a ban.",
            Self::Restricted => {
                "See the account's quality page in WhatsApp Manager; only Meta can lift the restriction."
            }
            Self::Deleted => "Add the number to the account again.",
            Self::Moved => "Use the id that the number has in its new account.",
            Self::OnPremises => "Migrate the number instead: a backup of the deployment and its PIN are needed.",
            Self::OnBusinessApp => {
                "Such a number is never registered, deregistered or given a PIN. Connect and disconnect it in the WhatsApp Business app."
            }
            Self::SubscriptionNeeded => {
                "Onboard it with a subscription: contacts, history and messages come by webhook, and the number is not registered."
            }
            Self::Overridden(_) => "Ask whoever set it, then start again with `replace_override` to replace it.",
            Self::Unregistered => "Onboard the number; registering sets its PIN.",
            Self::VerificationRefused => "Verify the number in WhatsApp Manager, then start again.",
            Self::CodeNeeded => "Start again when the code can be given.",
            Self::Repeated => "See the report of its first goal; start again for the other.",
            Self::Unclear(_) => "Look the number up in WhatsApp Manager; registering blindly would cost an attempt.",
            Self::VersionEnded => {
                "Configure v21.0 or newer: the service answers calls of a version that has ended with a newer one, which takes the storage by /settings and not when registering."
            }
            Self::Locked => "Nothing but time helps; further attempts are refused.",
            Self::NoAttempts => "An attempt comes back 72 hours after it was made.",
            Self::AttemptsLost => {
                "Find the cause in the ledger's codes and trace ids first. Registering goes on when the attempts have left the window."
            }
            Self::WrongPin => {
                "Do not guess. Look the PIN up, or have two-step verification switched off in WhatsApp Manager, then start again and vouch for the PIN."
            }
            Self::PinInDoubt => {
                "Do not guess. Look up why the last registration was refused, and the PIN, then start again and vouch for the PIN. If it was a migration, the On-Premises deployment is probably down."
            }
            Self::OnPremisesDown => {
                "The number's WhatsApp is off. Do not guess. Look the PIN up, or have two-step verification switched off in WhatsApp Manager, then migrate again and vouch for the PIN; or register the On-Premises deployment again."
            }
            Self::StorageFixed => "Relocate the number: it must be deregistered for that.",
            Self::JustDeregistered => "The service asks for five minutes before it is registered again.",
            Self::TooManyCodes => "The service sends no more codes for an hour or more.",
            Self::OutsideWindow => {
                "A text reaches only a person who has written within the last 24 hours. Send an approved template instead, such as `Greeting::template(\"hello_world\", \"en_US\")`."
            }
            Self::Settling(_) => "The number is read after that; nothing is sent before.",
            Self::Unreachable(_) => "Check the network, the host's name and its certificates.",
            Self::LedgerFailed(_) => "Nothing is sent without the ledger. Mend what its error names, then start again.",
            Self::Interrupted => "Start again: what was under way is settled by reading first.",
            Self::Invalid(_) => "The report's error says what is wrong with it.",
            Self::Faulty(_, advice) | Self::Busy(_, advice) => advice.step,
            Self::Refused(Step::Migrate, advice) => {
                return format!(
                    "{} The On-Premises deployment is probably down: check it. The PIN may be the reason: do not guess, look it up, then migrate again and vouch for it.",
                    advice.step
                )
                .into();
            }
            Self::Refused(Step::SetStorage, advice) => {
                return format!(
                    "{} If the number was deregistered for it, onboard the number to bring it back.",
                    advice.step
                )
                .into();
            }
            Self::Refused(_, advice) => advice.step,
        })
    }
}

/// What is the matter.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameInReview => "the display name is in review",
            Self::NameDeclined => "the display name was declined or has expired",
            Self::NameMissing => "the number has no display name",
            Self::NameIsOfficial => {
                "the number has an Official Business Account, whose name cannot be changed by a call"
            }
            Self::NameNotUsable => "registering was refused: the display name cannot be used yet",
            Self::OnAnotherAccount => {
                "registering was refused: the number is registered to an existing WhatsApp account"
            }
            Self::CertificateRefused => "registering was refused: no certificate could be created",
            Self::Banned => "the number is banned",
            Self::Restricted => "the number is restricted",
            Self::Deleted => "the number was deleted from its account",
            Self::Moved => "the number has moved to another account",
            Self::OnPremises => "an On-Premises deployment serves the number",
            Self::OnBusinessApp | Self::SubscriptionNeeded => "the WhatsApp Business app uses the number too",
            Self::Overridden(address) => {
                return write!(f, "somebody else has the webhooks sent to {}", without_query(address));
            }
            Self::Unregistered => "the number is not registered",
            Self::VerificationRefused => "the service asks for another verification of ownership, and refuses it",
            Self::CodeNeeded => "the one-time code was not given",
            Self::Repeated => "the list has the number twice",
            Self::Unclear(field) => return write!(f, "the service does not say what must be known first, `{field}`"),
            Self::VersionEnded => "the configured version of the API has ended",
            Self::Locked => "the service has locked the number",
            Self::NoAttempts => "too few of the ten attempts in 72 hours are left",
            Self::AttemptsLost => "the last attempts to register were all refused or lost",
            Self::WrongPin => "a PIN that was sent to this number was wrong",
            Self::PinInDoubt => "the last registration was refused, and the PIN may be the reason",
            Self::OnPremisesDown => "the PIN was wrong, and the On-Premises deployment is down",
            Self::StorageFixed => "the number is registered with another storage",
            Self::JustDeregistered => "the number was deregistered a moment ago",
            Self::TooManyCodes => "too many one-time codes were requested",
            Self::OutsideWindow => "the recipient has not written within 24 hours",
            Self::Settling(step) => return write!(f, "{step}: its effect may not show yet"),
            Self::Unreachable(step) => return write!(f, "{step} failed: the service cannot be reached"),
            Self::LedgerFailed(error) => return f.write_str(error),
            Self::Interrupted => "its worker died in the middle",
            Self::Invalid(step) => return write!(f, "{step} cannot be requested as it stands"),
            Self::Faulty(step, advice) => {
                return write!(f, "{step} failed: {}", advice.title);
            }
            Self::Busy(step, advice) | Self::Refused(step, advice) => {
                return write!(f, "{step} was refused: {}", advice.title);
            }
        })
    }
}

/// A call whose effect is unknown and cannot be read. `Display` says what to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unconfirmed {
    /// The step whose call it is.
    pub step: Step,
    /// Whether the service has confirmed the call, and only its effect does not show.
    pub is_accepted: bool,
}

impl Unconfirmed {
    pub(crate) fn unanswered(step: Step) -> Self {
        Self { step, is_accepted: false }
    }

    pub(crate) fn accepted(step: Step) -> Self {
        Self { step, is_accepted: true }
    }

    /// What to check.
    #[must_use]
    pub fn check(&self) -> &'static str {
        match (self.step, self.is_accepted) {
            (Step::Greet, true) => {
                "a text is delivered only to a person who has written within the last 24 hours: wait for its status webhook (131047 means that nobody had), or send an approved template"
            }
            (Step::Greet, false) => {
                "wait for the message's status webhook, or ask its recipient, before sending another"
            }
            (Step::SetPin, _) => {
                "the PIN is the old or the new one: setting the new one again is safe, registering is not"
            }
            (Step::Migrate, _) => {
                "see in WhatsApp Manager whether the number is on the Cloud API, and whether the On-Premises deployment runs"
            }
            (Step::Register, true) => {
                "see in WhatsApp Manager whether the number is connected; if it stays pending, its display name or another WhatsApp account may be the reason"
            }
            (Step::SyncContacts | Step::SyncHistory, _) => {
                "wait for the webhooks smb_app_state_sync and history; each may be requested once, within 24 hours after the number was connected"
            }
            _ => "see in WhatsApp Manager what the number is, then start again",
        }
    }
}

impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.is_accepted { "was accepted, and its effect does not show" } else { "had no answer" };
        write!(f, "{} {what}; {}", self.step, self.check())
    }
}

/// An address may hold a secret in its query.
fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}
