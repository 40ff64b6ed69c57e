use std::{fmt, time::Duration};

use http::Request;
use wa_core::{
    Body, CallLimits, Operation,
    types::{PhoneNumber, PhoneNumberId},
};

use crate::{
    Blocker, Ending, Question, Step, Subject,
    ledger::{Attempt, Moment, Reservation, Settlement},
};

/// What a [`Run`](crate::Run) wants done next.
///
/// The documentation of each variant names the method of the run that takes its result. Until that method is called,
/// [`poll`](crate::Run::poll) returns the same operation again, so an operation that failed, or whose future was dropped, is
/// repeated. [`Send`](Self::Send) is the exception, because its request may have left.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives a run must handle every case")]
pub enum Op {
    /// Load the attempts of a number from the ledger: [`loaded`](crate::Run::loaded).
    Load {
        /// The number.
        number: PhoneNumberId,
        /// The present moment.
        now: Moment,
    },
    /// Reserve an attempt in the ledger: [`reserved`](crate::Run::reserved).
    Reserve {
        /// The number.
        number: PhoneNumberId,
        /// What is to be tried.
        attempt: Attempt,
        /// The present moment.
        now: Moment,
    },
    /// Mark an attempt as sent in the ledger, before its request leaves: [`marked_sent`](crate::Run::marked_sent).
    MarkSent {
        /// The reservation that it leaves under.
        reservation: Reservation,
        /// The present moment.
        now: Moment,
    },
    /// Send a request, once: [`answered`](crate::Run::answered). If no answer is recorded, the run takes the request for one
    /// that may have had its effect.
    Send(Box<Call>),
    /// Settle an attempt in the ledger: [`settled`](crate::Run::settled).
    Settle {
        /// The attempt.
        reservation: Reservation,
        /// The outcome of the attempt.
        settlement: Settlement,
        /// When the outcome was known.
        now: Moment,
    },
    /// Poll again after a time, or earlier after [`wake`](crate::Run::wake).
    Wait(Wait),
    /// Ask the person for the one-time code: [`code_received`](crate::Run::code_received) or
    /// [`code_not_received`](crate::Run::code_not_received).
    Ask(Question),
    /// Nothing more.
    Done(Box<Report>),
}

/// Why [`Drive::drive`](crate::Drive::drive) has returned.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives a run must handle every case")]
pub enum Progress {
    /// Go on after this time.
    Wait(Wait),
    /// Ask the person; [`Run::code_received`](crate::Run::code_received) or
    /// [`Run::code_not_received`](crate::Run::code_not_received) takes the answer.
    Ask(Question),
    /// Nothing more.
    Done(Box<Report>),
}

/// A request that is ready to be sent.
///
/// Whoever sends it must not follow redirects, must not send it twice, and keeps to the limits.
#[derive(Debug)]
#[non_exhaustive]
pub struct Call {
    /// Which operation of the API it is.
    pub operation: Operation,
    /// The request.
    pub request: Request<Body>,
    /// How long to wait for the answer, and how large it may be.
    pub limits: CallLimits,
}

impl Call {
    pub(crate) fn new(operation: Operation, request: Request<Body>, limits: CallLimits) -> Self {
        Self { operation, request, limits }
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
    /// The number or account that the run was for.
    pub subject: Subject,
    /// How the run ended.
    pub ending: Ending,
    /// Whether the goal was reached before the run began, so that no call of the run can have changed anything.
    pub was_reached: bool,
    /// How many requests the run has made.
    pub requests: u32,
    /// How many of the ten attempts are left, if the ledger was asked.
    pub attempts_left: Option<usize>,
    /// The number as it was read last.
    pub number: Option<PhoneNumber>,
    /// The id of a number that was added.
    pub added: Option<PhoneNumberId>,
    /// The webhook fields that the goal makes the service send.
    pub webhooks: &'static [&'static str],
    /// The error that ended the run, or the last one before its end, with code and trace id.
    pub error: Option<String>,
    /// The title and the message for people that the service gave with that error. They may repeat what was sent.
    pub user_message: Option<(Option<String>, Option<String>)>,
    /// The last step that was tried.
    pub step: Option<Step>,
}

impl Report {
    pub(crate) fn new(subject: Subject) -> Self {
        Self {
            subject,
            ending: Ending::Done,
            was_reached: false,
            requests: 0,
            attempts_left: None,
            number: None,
            added: None,
            webhooks: &[],
            error: None,
            user_message: None,
            step: None,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.ending)?;
        if let Ending::Blocked(Blocker { until: Some(until), .. }) = &self.ending {
            write!(f, " Look again at {until}.")?;
        }
        if self.ending == Ending::Done && self.was_reached {
            f.write_str(", nothing had to be changed")?;
        }
        if let Some(error) = &self.error {
            write!(f, " ({error})")?;
        }
        Ok(())
    }
}
