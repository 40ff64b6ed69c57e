//! What a fleet needs to know of a run, and no more.

use std::time::Duration;

use wa_core::{Config, types::VerificationCode};
use wa_life::{Event, Goal, Subject};

pub(crate) struct Run {
    subject: Subject,
}

impl Run {
    pub(crate) fn new(_: &Config, goal: Goal) -> Self {
        Self { subject: goal.subject() }
    }

    pub(crate) fn jitter(self, _: u64) -> Self {
        self
    }

    pub(crate) fn watch(self, _: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self
    }

    pub(crate) fn subject(&self) -> &Subject {
        &self.subject
    }

    pub(crate) fn wake(&mut self) {}

    pub(crate) fn end_wait(&mut self) {}

    pub(crate) fn is_retrying(&self) -> bool {
        false
    }

    pub(crate) fn replied(&mut self, reply: Reply) -> Option<Report> {
        matches!(reply, Reply::Stop).then(|| self.report(Ending::Done))
    }

    pub(crate) fn report(&self, ending: Ending) -> Report {
        Report { subject: self.subject.clone(), ending }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.subject.fmt(f)
    }
}

#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) subject: Subject,
    pub(crate) ending: Ending,
}

impl Report {
    pub(crate) fn new(subject: Subject) -> Self {
        Self { subject, ending: Ending::Done }
    }
}

#[derive(Debug)]
pub(crate) enum Ending {
    Done,
    Blocked(#[allow(dead_code, reason = "it is only shown")] Blocker),
}

#[derive(Debug)]
pub(crate) struct Blocker(#[allow(dead_code, reason = "it is only shown")] Reason);

impl Blocker {
    pub(crate) fn new(reason: Reason) -> Self {
        Self(reason)
    }
}

#[derive(Debug)]
#[allow(dead_code, reason = "they are only shown")]
pub(crate) enum Reason {
    Repeated,
    LedgerFailed(String),
    Interrupted,
    Time,
}

pub(crate) enum Reply {
    #[allow(dead_code, reason = "a fleet makes it, and no test needs it")]
    Code(VerificationCode),
    NotReceived,
    Stop,
}

#[derive(Clone, Debug)]
pub(crate) struct Question;

pub(crate) struct Wait {
    pub(crate) length: Duration,
    pub(crate) blocker: Blocker,
}

impl Wait {
    pub(crate) fn new(length: Duration) -> Self {
        Self { length, blocker: Blocker(Reason::Time) }
    }
}

pub(crate) enum Progress {
    Wait(Wait),
    Ask(Question),
    Done(Box<Report>),
}
