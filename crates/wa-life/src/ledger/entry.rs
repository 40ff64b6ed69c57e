use std::time::Duration;

use wa_core::{
    AttemptKind, Error, Outcome,
    types::{ErrorCode, PhoneNumberId},
};

use crate::ledger::Moment;

/// What a ledger is asked to reserve.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// What is to be tried.
    pub kind: AttemptKind,
    /// The newest entry of the number that the caller has seen: if there is a newer one by now, nothing is reserved.
    pub newest_seen: Option<u64>,
    /// The approved display name that the number has when it is registered.
    pub display_name: Option<String>,
}

impl Attempt {
    /// An attempt that may be made whatever others have tried meanwhile.
    #[must_use]
    pub fn new(kind: AttemptKind) -> Self {
        Self { kind, newest_seen: None, display_name: None }
    }

    /// Has the reservation refused if the ledger has an entry with a greater id that is of the same kind or shares its limit.
    /// Pass 0 if no entry was seen.
    #[must_use]
    pub fn unless_newer_than(mut self, id: u64) -> Self {
        self.newest_seen = Some(id);
        self
    }

    /// Notes the approved display name that the number is registered under.
    #[must_use]
    pub fn display_name(mut self, name: Option<impl Into<String>>) -> Self {
        self.display_name = name.map(Into::into);
        self
    }
}

/// A reserved attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reservation {
    /// Its id in the ledger.
    pub id: u64,
    /// The number.
    pub number: PhoneNumberId,
    /// What may be tried.
    pub kind: AttemptKind,
}

impl Reservation {
    /// What a ledger returns for an attempt that it has reserved.
    #[must_use]
    pub fn new(id: u64, number: PhoneNumberId, kind: AttemptKind) -> Self {
        Self { id, number, kind }
    }
}

/// One attempt, as a ledger remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its id in the ledger: ids of one number grow.
    pub id: u64,
    /// What was tried.
    pub kind: AttemptKind,
    /// Whether it is one of the ten in 72 hours.
    pub is_counted: bool,
    /// What became of it.
    pub state: AttemptState,
    /// When it was reserved.
    pub reserved: Moment,
    /// When its outcome was noted: by the service's clock, when it answered.
    pub settled: Option<Moment>,
    /// The service's code, if it was refused.
    pub code: Option<ErrorCode>,
    /// The approved display name that the number was registered under.
    pub display_name: Option<String>,
}

impl Entry {
    /// An attempt that was just reserved.
    #[must_use]
    pub fn new(id: u64, kind: AttemptKind, reserved: Moment) -> Self {
        Self {
            id,
            kind,
            is_counted: kind.is_counted(),
            state: AttemptState::Reserved,
            reserved,
            settled: None,
            code: None,
            display_name: None,
        }
    }

    /// Whether nobody knows if it happened: its request was handed to a transport, and no answer was noted.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.state, AttemptState::Sent | AttemptState::Unknown)
    }

    /// Whether its request may have left.
    #[must_use]
    pub fn may_have_left(&self) -> bool {
        !matches!(self.state, AttemptState::Reserved | AttemptState::NotSent)
    }

    /// The latest moment at which the service can have seen it, as far as is known.
    #[must_use]
    pub fn latest(&self) -> Moment {
        let Some(settled) = self.settled else {
            return self.reserved;
        };
        Moment::new(settled.store.max(self.reserved.store), settled.service.or(self.reserved.service))
    }

    /// How much of this time since the attempt is left, by both clocks; nothing if it is over.
    #[must_use]
    pub fn remaining(&self, length: Duration, now: Moment) -> Option<Duration> {
        self.latest().remaining(length, now)
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptState {
    /// Its request has not left. It counts until it is given back, since the request may leave at any moment.
    Reserved,
    /// Its request was handed to a transport: it is under way, or the process that sent it died.
    Sent,
    /// The service did it.
    Confirmed,
    /// The service refused it. It counts all the same.
    Rejected,
    /// Its request certainly never left. It does not count.
    NotSent,
    /// No answer came, or none that says whether it happened.
    Unknown,
}

impl AttemptState {
    /// Its name, for stores and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a name. One that is not known here is [`Unknown`](Self::Unknown), which counts.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        [Self::Reserved, Self::Sent, Self::Confirmed, Self::Rejected, Self::NotSent]
            .into_iter()
            .find(|state| state.as_str() == name)
            .unwrap_or(Self::Unknown)
    }
}

/// The outcome of an attempt, as it is noted in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settlement {
    /// What became of it.
    pub state: AttemptState,
    /// How that is known, which decides whether it may overwrite what was noted before.
    pub source: Source,
    /// The service's code, if it refused. The registration limit has one code here, whichever of its two the answer had.
    pub code: Option<ErrorCode>,
    /// The trace id by which Meta's support finds the request.
    pub trace_id: Option<String>,
}

impl Settlement {
    /// What the answer to the attempt, or its absence, says.
    #[must_use]
    pub const fn new(state: AttemptState) -> Self {
        Self { state, source: Source::Answer, code: None, trace_id: None }
    }

    /// What an answer, or its absence, means for the attempt.
    #[must_use]
    pub fn from_result<T>(result: &Result<T, Error>) -> Self {
        let state = match result.as_ref().map_err(Error::outcome) {
            Ok(_) => AttemptState::Confirmed,
            Err(Outcome::Rejected) => AttemptState::Rejected,
            Err(Outcome::NotSent) => AttemptState::NotSent,
            Err(_) => AttemptState::Unknown,
        };
        let graph = result.as_ref().err().and_then(Error::graph);
        let is_limit = result.as_ref().is_err_and(Error::is_registration_limit);
        // 100 means a dozen things; of these one has a code of its own.
        let code = graph.map(|graph| match graph.subcode.map(ErrorCode::from) {
            _ if is_limit => ErrorCode::RegistrationLimit,
            Some(code @ ErrorCode::CertificateNotCreated) => code,
            _ => graph.code,
        });
        let trace_id = graph.and_then(|graph| graph.sound_trace_id()).map(str::to_owned);
        Self { state, source: Source::Answer, code, trace_id }
    }

    /// What reading the number has shown of an attempt that had no answer.
    #[must_use]
    pub const fn from_reading(state: AttemptState) -> Self {
        Self { state, source: Source::Reading, code: None, trace_id: None }
    }

    /// Gives back a reservation that nobody will use any more.
    #[must_use]
    pub const fn abandoned() -> Self {
        Self { state: AttemptState::NotSent, source: Source::Abandoned, code: None, trace_id: None }
    }
}

/// How the outcome of an attempt is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// By the answer, or by its absence: whoever sent the request says so. It always applies.
    Answer,
    /// By reading the number later. It applies only while the attempt is in doubt.
    Reading,
    /// Its holder has died or given up. It applies only while the attempt is reserved, not yet sent.
    Abandoned,
}

#[cfg(test)]
mod tests {
    use http::Response;
    use wa_core::{Operation, Timestamp, TransportError, TransportErrorKind, api::number::Register, parse};

    use super::*;

    // The second form of the limit is that of Meta's API description, "Too Many Requests".
    #[test]
    fn an_answer_is_noted_under_the_code_that_says_the_most() {
        use AttemptState::{Confirmed, Rejected, Unknown};
        for (status, body, state, code) in [
            (200, r#"{"success":true}"#, Confirmed, None),
            (200, r#"{"success":false}"#, Rejected, None),
            (400, r#"{"error":{"code":133005}}"#, Rejected, Some(ErrorCode::PinMismatch)),
            (400, r#"{"error":{"code":133016}}"#, Rejected, Some(ErrorCode::RegistrationLimit)),
            (400, r#"{"error":{"code":4,"error_subcode":2446079}}"#, Rejected, Some(ErrorCode::RegistrationLimit)),
            (400, r#"{"error":{"code":4}}"#, Rejected, Some(ErrorCode::AppRateLimit)),
            (
                400,
                r#"{"error":{"code":100,"error_subcode":2388001}}"#,
                Rejected,
                Some(ErrorCode::CertificateNotCreated),
            ),
            (400, r#"{"error":{"code":100,"error_subcode":33}}"#, Rejected, Some(ErrorCode::InvalidParameter)),
            (500, r#"{"error":{"code":2}}"#, Unknown, Some(ErrorCode::from(2))),
            (502, "<html>", Unknown, None),
        ] {
            let result = parse::<Register<'_>>(Response::builder().status(status).body(body).unwrap());
            let noted = Settlement::from_result(&result);
            assert_eq!((noted.state, noted.code, noted.source), (state, code, Source::Answer), "{body}");
        }
        let refused =
            Error::transport(Operation::new::<Register<'_>>(), TransportError::new(TransportErrorKind::Connect));
        assert_eq!(Settlement::from_result::<()>(&Err(refused)), Settlement::new(AttemptState::NotSent));
    }

    #[test]
    fn every_state_has_a_name_that_reads_back() {
        for state in [
            AttemptState::Reserved,
            AttemptState::Sent,
            AttemptState::Confirmed,
            AttemptState::Rejected,
            AttemptState::NotSent,
            AttemptState::Unknown,
        ] {
            assert_eq!(AttemptState::from_name(state.as_str()), state);
        }
        assert_eq!(AttemptState::from_name("elsewhere"), AttemptState::Unknown);
    }

    #[test]
    fn the_latest_moment_is_that_of_the_answer_and_never_before_the_reservation() {
        let at = |store, service: Option<u64>| {
            Moment::new(Timestamp::from_millis(store), service.map(Timestamp::from_millis))
        };
        let mut entry = Entry::new(1, AttemptKind::Register, at(10, Some(110)));
        assert_eq!(entry.latest(), at(10, Some(110)));
        entry.settled = Some(at(20, Some(120)));
        assert_eq!(entry.latest(), at(20, Some(120)));
        entry.settled = Some(at(5, None));
        assert_eq!(entry.latest(), at(10, Some(110)));
    }
}
