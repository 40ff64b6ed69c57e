use std::fmt;

use wa_types::{CodeMethod, PhoneNumberId};

use crate::{
    Attempt,
    life::{Blocker, Unconfirmed},
};

/// The next thing to do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Make this call.
    Call(Task),
    /// Ask the person for the one-time code.
    Ask(Question),
    /// Wait, and look again.
    Wait(Blocker),
    /// Nothing more.
    End(Ending),
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ending {
    /// The number is what it shall be.
    Done,
    /// It cannot go on before somebody has done something.
    Blocked(Blocker),
    /// Nobody can tell whether the last call happened, and no call reads it.
    Unknown(Unconfirmed),
}

/// `Display` says it in plain words.
impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Blocked(blocker) => write!(f, "blocked: {blocker}"),
            Self::Unknown(doubt) => write!(f, "unknown: {doubt}"),
        }
    }
}

/// A call that a run makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names of the calls say it")]
pub enum Task {
    ReadNumber,
    ReadStorage,
    ReadSubscriptions,
    RequestCode,
    VerifyCode,
    SetPin,
    SetStorage,
    Rename,
    Register,
    Migrate,
    Deregister,
    Subscribe,
    Greet,
}

impl Task {
    /// What a ledger notes before the call is made.
    #[must_use]
    pub fn attempt(self) -> Option<Attempt> {
        Some(match self {
            Self::RequestCode => Attempt::RequestCode,
            Self::VerifyCode => Attempt::VerifyCode,
            Self::Register | Self::Migrate => Attempt::Register,
            Self::Deregister => Attempt::Deregister,
            Self::Greet => Attempt::Message,
            _ => return None,
        })
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(self, Self::ReadNumber | Self::ReadStorage | Self::ReadSubscriptions)
    }

    pub(crate) fn is_counted(self) -> bool {
        self.attempt().is_some_and(Attempt::is_counted)
    }
}

/// What is done, such as `registering the number`.
impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ReadNumber => "reading what the number is",
            Self::ReadStorage => "reading where messages are stored",
            Self::ReadSubscriptions => "reading which apps get webhooks",
            Self::RequestCode => "having a one-time code sent",
            Self::VerifyCode => "proving ownership with the code",
            Self::SetPin => "setting the PIN of two-step verification",
            Self::SetStorage => "setting where messages are stored",
            Self::Rename => "asking for the new display name",
            Self::Register => "registering the number",
            Self::Migrate => "moving the number to the Cloud API",
            Self::Deregister => "deregistering the number",
            Self::Subscribe => "subscribing the app to webhooks",
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

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.method == CodeMethod::Voice { "by a call" } else { "by SMS" };
        if self.was_wrong {
            return write!(f, "that code was not accepted: which six digits came {way} to the number {}?", self.number);
        }
        match self.is_certain {
            true => write!(f, "which six digits came {way} to the number {}?", self.number),
            false => write!(f, "a code may have come {way} to the number {}: has it?", self.number),
        }
    }
}
