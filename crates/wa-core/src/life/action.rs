use std::{fmt, time::Duration};

use http::{Method, Request};
use wa_types::PhoneNumberId;

use crate::{
    Attempt, Body, Operation, Timestamp,
    ledger::Reservation,
    life::{Blocker, Ending, Question, Task, calls::operation},
};

/// What a run wants done.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives a run must handle every case")]
pub enum Action {
    /// Send this, and give the answer to [`Run::receive`](crate::life::Run::receive).
    Send(Box<Call>),
    /// Call [`Run::next`](crate::life::Run::next) again after this time.
    Wait(Wait),
    /// Ask the person; [`Run::code`](crate::life::Run::code) or [`Run::code_not_received`](crate::life::Run::code_not_received) takes the answer.
    Ask(Question),
    /// Nothing more.
    Done(Report),
}

impl Action {
    /// What is to be sent, or else what a client's `step` comes to.
    #[allow(clippy::result_large_err, reason = "it is taken apart at once")]
    pub(crate) fn into_call(self) -> Result<Box<Call>, Progress> {
        match self {
            Self::Send(call) => Ok(call),
            Self::Wait(wait) => Err(Progress::Wait(wait)),
            Self::Ask(question) => Err(Progress::Ask(question)),
            Self::Done(report) => Err(Progress::Done(report)),
        }
    }
}

/// What a client's `step` came to.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives a run must handle every case")]
pub enum Progress {
    /// A call was made: go on.
    Moved,
    /// Go on after this time.
    Wait(Wait),
    /// Ask the person; [`Run::code`](crate::life::Run::code) or [`Run::code_not_received`](crate::life::Run::code_not_received) takes the answer.
    Ask(Question),
    /// Nothing more.
    Done(Report),
}

/// A request of a run.
#[derive(Debug)]
pub struct Call {
    pub(crate) task: Task,
    pub(crate) at: Timestamp,
    pub(crate) timeout: Duration,
    pub(crate) request: Request<Body>,
}

impl Call {
    /// What it does.
    #[must_use]
    pub fn task(&self) -> Task {
        self.task
    }

    /// What must be reserved in the ledger before it leaves.
    #[must_use]
    pub fn attempt(&self) -> Option<Attempt> {
        self.task.attempt()
    }

    /// The moment to reserve it for: by the service's own clock, where that is known.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The request and how long to wait for its answer. What must be reserved needs its reservation.
    ///
    /// # Errors
    ///
    /// There is no reservation for it.
    pub fn release(self, reservation: Option<&Reservation>) -> Result<(Request<Body>, Duration), Unreserved> {
        if reservation.map(|reservation| reservation.attempt) == self.attempt() {
            Ok(self.into_parts())
        } else {
            Err(Unreserved(self.task))
        }
    }

    pub(crate) fn operation(&self) -> Operation {
        operation(self.task)
    }

    pub(crate) fn method(&self) -> &Method {
        self.request.method()
    }

    pub(crate) fn into_parts(self) -> (Request<Body>, Duration) {
        (self.request, self.timeout)
    }
}

/// A request that must be reserved in the ledger first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreserved(Task);

impl std::error::Error for Unreserved {}

impl fmt::Display for Unreserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} needs a reservation: reserve the attempt in the ledger first", self.0)
    }
}

/// How long to wait, and why.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Wait {
    /// How long.
    pub length: Duration,
    /// Why.
    pub blocker: Blocker,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The number.
    pub number: PhoneNumberId,
    /// How it ended.
    pub ending: Ending,
    /// How many requests it took.
    pub requests: u32,
    /// What the service or the transport said, if that ended it.
    pub error: Option<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.number, self.ending)?;
        self.error.as_ref().map_or(Ok(()), |error| write!(f, " ({error})"))
    }
}
