use std::fmt;

use wa_types::{ErrorCode, PhoneNumberId};

use crate::{
    Timestamp,
    life::{Ending, Question, Task, Wait},
    time::in_words,
};

/// Something that happened in a run. `Display` says it in plain words, with the number.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Of which number.
    pub number: PhoneNumberId,
    /// What.
    pub what: EventKind,
}

/// What happened in a run. `Display` says it in plain words.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// A call is made.
    Calling(Task),
    /// It did what it should.
    Confirmed(Task),
    /// The service refused it.
    Refused(Task, Option<ErrorCode>, &'static str),
    /// It never left.
    NotSent(Task),
    /// It has no answer: nobody can tell yet whether it happened.
    Unanswered(Task),
    /// The ledger gave no attempt for it.
    NotGranted(Task),
    /// The person is asked.
    Asking(Question),
    /// The run waits.
    Waiting(Wait),
    /// The run is at its end.
    Ended(Ending),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.number, self.what)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calling(task) => write!(f, "{task}"),
            Self::Confirmed(task) => write!(f, "{task}: done"),
            Self::Refused(task, Some(code), title) => write!(f, "{task}: refused with {code}, {title}"),
            Self::Refused(task, None, title) => write!(f, "{task}: {title}"),
            Self::NotSent(task) => write!(f, "{task}: never left"),
            Self::Unanswered(task) => write!(f, "{task}: no answer, so nobody can tell whether it happened"),
            Self::NotGranted(task) => write!(f, "{task}: no attempt left, nothing was sent"),
            Self::Asking(question) => write!(f, "asking: {question}"),
            Self::Waiting(wait) => write!(f, "waiting {}: {}", in_words(wait.length), wait.blocker),
            Self::Ended(ending) => write!(f, "{ending}"),
        }
    }
}
