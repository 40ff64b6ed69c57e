use std::fmt;

use wa_core::{
    AttemptKind,
    types::{CodeMethod, PhoneNumberId},
};

use crate::{Blocker, Unconfirmed};

/// What the planner decides.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Decision {
    /// Make the call of this step.
    Call(Step),
    /// Ask the person for the one-time code.
    Ask(Question),
    /// Wait, and read again.
    Wait(Blocker),
    /// Nothing more.
    End(Ending),
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ending {
    /// The goal is reached.
    Done,
    /// It cannot go on before somebody has done something.
    Blocked(Blocker),
    /// Whether the last call took effect is unknown, and no call can read it.
    Unconfirmed(Unconfirmed),
}

/// `Display` says it in plain words.
impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Blocked(blocker) => write!(f, "blocked: {blocker}"),
            Self::Unconfirmed(unconfirmed) => write!(f, "unconfirmed: {unconfirmed}"),
        }
    }
}

/// One call on the way to a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names of the calls say it")]
pub enum Step {
    ReadNumber,
    ReadStorage,
    ReadSubscriptions,
    ListNumbers,
    AddNumber,
    RequestCode,
    VerifyCode,
    SetPin,
    SetStorage,
    Rename,
    Register,
    Migrate,
    Deregister,
    Subscribe,
    OverrideCallback,
    SyncContacts,
    SyncHistory,
    Greet,
}

impl Step {
    /// All steps.
    pub const ALL: &'static [Self] = &[
        Self::ReadNumber,
        Self::ReadStorage,
        Self::ReadSubscriptions,
        Self::ListNumbers,
        Self::AddNumber,
        Self::RequestCode,
        Self::VerifyCode,
        Self::SetPin,
        Self::SetStorage,
        Self::Rename,
        Self::Register,
        Self::Migrate,
        Self::Deregister,
        Self::Subscribe,
        Self::OverrideCallback,
        Self::SyncContacts,
        Self::SyncHistory,
        Self::Greet,
    ];

    /// What a ledger notes before the call is made.
    #[must_use]
    pub fn attempt(self) -> Option<AttemptKind> {
        Some(match self {
            Self::RequestCode => AttemptKind::RequestCode,
            Self::VerifyCode => AttemptKind::VerifyCode,
            Self::SetPin => AttemptKind::SetPin,
            Self::Register | Self::Migrate => AttemptKind::Register,
            Self::Deregister => AttemptKind::Deregister,
            Self::SyncContacts => AttemptKind::SyncContacts,
            Self::SyncHistory => AttemptKind::SyncHistory,
            Self::Greet => AttemptKind::Greeting,
            _ => return None,
        })
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(self, Self::ReadNumber | Self::ReadStorage | Self::ReadSubscriptions | Self::ListNumbers)
    }

    pub(crate) fn is_counted(self) -> bool {
        self.attempt().is_some_and(AttemptKind::is_counted)
    }
}

/// What is done, such as `registering the number`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ReadNumber => "reading the state of the number",
            Self::ReadStorage => "reading where messages are stored",
            Self::ReadSubscriptions => "reading which apps get webhooks",
            Self::ListNumbers => "listing the numbers of the account",
            Self::AddNumber => "adding the number to the account",
            Self::RequestCode => "requesting a one-time code",
            Self::VerifyCode => "verifying the one-time code",
            Self::SetPin => "setting the PIN of two-step verification",
            Self::SetStorage => "setting where messages are stored",
            Self::Rename => "requesting the new display name",
            Self::Register => "registering the number",
            Self::Migrate => "migrating the number to the Cloud API",
            Self::Deregister => "deregistering the number",
            Self::Subscribe => "subscribing the app to webhooks",
            Self::OverrideCallback => "overriding the callback address",
            Self::SyncContacts => "requesting the contacts of the WhatsApp Business app",
            Self::SyncHistory => "requesting the message history of the WhatsApp Business app",
            Self::Greet => "sending the first message",
        })
    }
}

/// What the person is asked for: the one-time code that came to the number's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// The number.
    pub number: PhoneNumberId,
    /// How the code was sent.
    pub method: CodeMethod,
    /// Whether a code was certainly sent. If not, none may have come: then have another one sent.
    pub is_certain: bool,
    /// Whether the last code was wrong.
    pub was_wrong: bool,
}

impl Question {
    pub(crate) fn new(number: PhoneNumberId, method: CodeMethod) -> Self {
        Self { number, method, is_certain: false, was_wrong: false }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let means = if self.method == CodeMethod::Voice { "by a call" } else { "by SMS" };
        if self.was_wrong {
            write!(f, "that code was not accepted: ")?;
        }
        match self.is_certain || self.was_wrong {
            true => write!(f, "which six digits came {means} to the number {}?", self.number),
            false => write!(f, "a code may have come {means} to the number {}: has it?", self.number),
        }
    }
}
