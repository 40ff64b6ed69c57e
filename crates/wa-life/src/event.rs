use std::fmt;

use wa_core::{Advice, Timestamp, types::ErrorCode};

use crate::{Ending, Question, Step, Subject, Wait, words::in_words};

/// Something that happened in a run. `Display` says it in plain words, with the number.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Of which number.
    pub subject: Subject,
    /// What.
    pub kind: EventKind,
}

/// What happened in a run. `Display` says it in plain words.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// A call is made.
    Calling(Step),
    /// It did what it should.
    Confirmed(Step),
    /// The service refused it.
    Refused(Step, Fault),
    /// The service answered with an error of its own. A call that changes something may have done so.
    Failed(Step, Fault),
    /// It cannot be built as it stands.
    Invalid(Step),
    /// Its request never left.
    NotSent(Step),
    /// There is no answer. A call that changes something may have done so.
    Unanswered(Step),
    /// The ledger granted no attempt for it.
    NotGranted(Step),
    /// Somebody else has made an attempt with the number, so it was not made.
    Overtaken(Step),
    /// The person is asked.
    Asking(Question),
    /// The run waits.
    Waiting(Wait),
    /// The run is over.
    Ended(Ending),
}

/// The error that an answer reports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Its code, if it has one.
    pub code: Option<ErrorCode>,
    /// What it means, in a few words.
    pub title: &'static str,
    /// The trace id by which Meta's support finds the request.
    pub trace_id: Option<String>,
}

impl Fault {
    pub(crate) fn new(code: Option<ErrorCode>, advice: &Advice, trace_id: Option<&str>) -> Self {
        Self { code, title: advice.title, trace_id: trace_id.map(str::to_owned) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.code {
            write!(f, "{code}, ")?;
        }
        f.write_str(self.title)?;
        self.trace_id.as_ref().map_or(Ok(()), |id| write!(f, ", trace id {id}"))
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.kind)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calling(step) => write!(f, "{step}"),
            Self::Confirmed(step) => write!(f, "{step}: done"),
            Self::Refused(step, fault) => write!(f, "{step}: refused with {fault}"),
            Self::Failed(step, fault) => {
                write!(f, "{step}: failed, {fault}")?;
                f.write_str(if step.is_read() { "" } else { "; it does not say whether it happened" })
            }
            Self::Invalid(step) => write!(f, "{step}: it cannot be requested as it stands"),
            Self::NotSent(step) => write!(f, "{step}: not sent, the service cannot be reached"),
            Self::Unanswered(step) if step.is_read() => write!(f, "{step}: no complete answer"),
            Self::Unanswered(step) => write!(f, "{step}: no complete answer, so nobody can tell whether it happened"),
            Self::NotGranted(step) => write!(f, "{step}: no attempt is left, nothing was sent"),
            Self::Overtaken(step) => write!(f, "{step}: somebody else was faster, nothing was sent"),
            Self::Asking(question) => write!(f, "asking: {question}"),
            Self::Waiting(wait) => write!(f, "waiting {}: {}", in_words(wait.length), wait.blocker),
            Self::Ended(ending) => write!(f, "{ending}"),
        }
    }
}
