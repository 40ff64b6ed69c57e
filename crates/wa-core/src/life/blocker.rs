use std::{borrow::Cow, fmt};

use wa_types::Actor;

use crate::{Advice, Timestamp, life::Task};

/// What keeps a number from going on, who can lift it, and how. `Display` says all of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Blocker {
    /// What it is.
    pub reason: Reason,
    /// When to look again, if time may lift it.
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
        write!(f, "{}. {}", self.reason, self.reason.step())
    }
}

/// Why a number cannot go on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// Its display name is in review.
    NameInReview,
    /// Its display name was declined, or the approval has expired.
    NameDeclined,
    /// It has no display name.
    NameMissing,
    /// It is banned.
    Banned,
    /// It is restricted.
    Restricted,
    /// It was deleted from its account.
    Deleted,
    /// It has moved to another account.
    Moved,
    /// An On-Premises deployment serves it.
    OnPremises,
    /// The WhatsApp Business app uses it too.
    OnBusinessApp,
    /// It is not registered.
    Unregistered,
    /// Nobody has proved that it is theirs, or that was too long ago.
    Unverified,
    /// The list of numbers has it twice.
    Repeated,
    /// The service does not say what must be known first: the name of the field.
    Unclear(&'static str),
    /// The service has locked it.
    Locked,
    /// Its ten attempts are spent, or too few are left for what is to be done.
    NoAttempts,
    /// Its last attempts were all refused or lost.
    AttemptsLost,
    /// The PIN is wrong.
    WrongPin,
    /// The last registration was refused for a reason that may be its PIN.
    PinInDoubt,
    /// The PIN of a migration is wrong, so the On-Premises deployment is down.
    OnPremisesDown,
    /// Its messages are stored elsewhere than they shall be, and it is registered.
    StorageFixed,
    /// It was deregistered a moment ago.
    JustDeregistered,
    /// Too many codes were asked for.
    TooManyCodes,
    /// A call was made a moment ago, perhaps by another process: time must pass before reading shows what it did.
    Settling(Task),
    /// The service cannot be reached.
    Unreachable(Task),
    /// The service refused for now.
    Busy(Task, Advice),
    /// The service refused.
    Refused(Task, Advice),
    /// Its worker died in the middle.
    Interrupted,
    /// The call cannot be built as it is.
    Impossible(Task),
}

impl Reason {
    /// Who can lift it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::NameInReview | Self::Banned | Self::Restricted => Actor::Meta,
            Self::NameDeclined
            | Self::NameMissing
            | Self::Deleted
            | Self::Moved
            | Self::OnPremises
            | Self::OnBusinessApp
            | Self::Unregistered
            | Self::Unverified
            | Self::Unclear(_)
            | Self::WrongPin
            | Self::PinInDoubt
            | Self::OnPremisesDown => Actor::Business,
            Self::Locked
            | Self::NoAttempts
            | Self::JustDeregistered
            | Self::TooManyCodes
            | Self::Settling(_)
            | Self::Busy(..) => Actor::Time,
            Self::Repeated
            | Self::AttemptsLost
            | Self::StorageFixed
            | Self::Unreachable(_)
            | Self::Interrupted
            | Self::Impossible(_) => Actor::Caller,
            Self::Refused(_, advice) => advice.actor,
        }
    }

    /// How it is lifted.
    #[must_use]
    pub fn step(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::NameInReview => "Meta reviews it, which may take days; look again then.",
            Self::NameDeclined => "Ask for another name in WhatsApp Manager or with a renaming, then start again.",
            Self::NameMissing => "Give the number a display name in WhatsApp Manager or with a renaming.",
            Self::Banned => "Ask for a review in Business Support Home; only Meta can lift a ban.",
            Self::Restricted => "See the account's quality page in WhatsApp Manager; only Meta can lift it.",
            Self::Deleted => "Add the number to the account again.",
            Self::Moved => "Use the id that the number has in its new account.",
            Self::OnPremises => "Migrate the number instead: a backup of the deployment and its PIN are needed.",
            Self::OnBusinessApp => "Disconnect the number in the WhatsApp Business app first.",
            Self::Unregistered => "Onboard the number; registering sets its PIN.",
            Self::Unverified => {
                "Verify the number with a one-time code first: in WhatsApp Manager, or with RequestCode and VerifyCode."
            }
            Self::Repeated => "Look at the report of its first goal; start again for the other.",
            Self::Unclear(_) => "Look the number up in WhatsApp Manager; registering blindly would cost an attempt.",
            Self::Locked => "Nothing but time helps; further attempts are refused.",
            Self::NoAttempts => "An attempt comes back 72 hours after it was made.",
            Self::AttemptsLost => {
                "Find the cause in the ledger's codes and trace ids first; registering goes on as the attempts leave the window."
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
            Self::Settling(_) => "Then the number is read; nothing is sent again before.",
            Self::Unreachable(_) => "Check the network, the host's name and its certificates.",
            Self::Interrupted => "Start again: what was under way is settled by reading first.",
            Self::Impossible(_) => "The run's error says what is wrong with it.",
            Self::Busy(_, advice) => advice.step,
            Self::Refused(Task::Migrate, advice) => {
                return format!(
                    "{} The On-Premises deployment is probably down: check it. The PIN may be the reason: do not guess, look it up, then migrate again and vouch for it.",
                    advice.step
                )
                .into();
            }
            Self::Refused(Task::SetStorage, advice) => {
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
            Self::Banned => "the number is banned",
            Self::Restricted => "the number is restricted",
            Self::Deleted => "the number was deleted from its account",
            Self::Moved => "the number has moved to another account",
            Self::OnPremises => "an On-Premises deployment serves the number",
            Self::OnBusinessApp => "the WhatsApp Business app uses the number too",
            Self::Unregistered => "the number is not registered",
            Self::Unverified => "nobody has proved that the number is theirs, or too long ago",
            Self::Repeated => "the list has the number twice",
            Self::Unclear(field) => return write!(f, "the service does not say a {field} that is known here"),
            Self::Locked => "the service has locked the number",
            Self::NoAttempts => "too few of the ten attempts in 72 hours are left",
            Self::AttemptsLost => "the last attempts to register were all refused or lost",
            Self::WrongPin => "a PIN that was sent to this number was wrong",
            Self::PinInDoubt => "the last registration was refused, and the PIN may be the reason",
            Self::OnPremisesDown => "the PIN was wrong, and the On-Premises deployment is down",
            Self::StorageFixed => "the number is registered with another storage",
            Self::JustDeregistered => "the number was deregistered a moment ago",
            Self::TooManyCodes => "too many one-time codes were asked for",
            Self::Settling(task) => return write!(f, "{task}: what became of it may not show yet"),
            Self::Unreachable(task) => return write!(f, "{task} failed: the service cannot be reached"),
            Self::Interrupted => "its worker died in the middle",
            Self::Impossible(task) => return write!(f, "{task} cannot be asked for as it stands"),
            Self::Busy(task, advice) | Self::Refused(task, advice) => {
                return write!(f, "{task} was refused: {}", advice.title);
            }
        })
    }
}

/// A call of which nobody can tell whether it happened. `Display` says what to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unconfirmed {
    /// The call.
    pub task: Task,
}

impl Unconfirmed {
    pub(crate) fn new(task: Task) -> Self {
        Self { task }
    }

    /// What to check.
    #[must_use]
    pub fn check(&self) -> &'static str {
        match self.task {
            Task::Greet => "wait for the message's status webhook, or ask its recipient, before sending another",
            Task::SetPin => "the PIN is the old or the new one: setting the new one again is safe, registering is not",
            Task::Migrate => {
                "see in WhatsApp Manager whether the number is on the Cloud API, and whether the On-Premises deployment runs"
            }
            _ => "see in WhatsApp Manager what the number is, then start again",
        }
    }
}

impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} had no answer; {}", self.task, self.check())
    }
}
