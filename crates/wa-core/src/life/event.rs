use std::fmt;

use wa_types::{ErrorCode, PhoneNumberId};

use crate::{
    Timestamp,
    life::{Ending, Hindrance, Question, Task},
    time::in_words,
};

/// Something that happened in a run. `Display` says it in plain words.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Of which number.
    pub number: PhoneNumberId,
    /// What.
    pub what: Happening,
}

/// What happened in a run.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Happening {
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
    Waiting(Hindrance),
    /// The run is at its end.
    Ended(Ending),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.number)?;
        match &self.what {
            Happening::Calling(task) => write!(f, "{task}"),
            Happening::Confirmed(task) => write!(f, "{task}: done"),
            Happening::Refused(task, Some(code), title) => write!(f, "{task}: refused with {code}, {title}"),
            Happening::Refused(task, None, title) => write!(f, "{task}: {title}"),
            Happening::NotSent(task) => write!(f, "{task}: never left"),
            Happening::Unanswered(task) => write!(f, "{task}: no answer, so nobody can tell whether it happened"),
            Happening::NotGranted(task) => write!(f, "{task}: no attempt left, nothing was sent"),
            Happening::Asking(question) => write!(f, "asking: {question}"),
            Happening::Waiting(hindrance) => match hindrance.until {
                Some(until) => write!(f, "waiting {}: {hindrance}", in_words(until.since(self.at))),
                None => write!(f, "waiting: {hindrance}"),
            },
            Happening::Ended(ending) => write!(f, "{ending}"),
        }
    }
}
