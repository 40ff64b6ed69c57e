use std::time::Duration;

use wa_types::ErrorCode;

use crate::{Attempt, Error, Outcome, Timestamp};

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its id in the ledger.
    pub id: u64,
    /// What was tried.
    pub attempt: Attempt,
    /// When it was reserved.
    pub at: Timestamp,
    /// When its outcome was noted.
    pub settled: Option<Timestamp>,
    /// What became of it.
    pub state: AttemptState,
    /// The service's code, if it was refused.
    pub code: Option<ErrorCode>,
}

impl Entry {
    /// An attempt as a store remembers it.
    #[must_use]
    pub fn new(id: u64, attempt: Attempt, at: Timestamp) -> Self {
        Self { id, attempt, at, settled: None, state: AttemptState::Open, code: None }
    }

    /// Sets what became of it.
    #[must_use]
    pub fn settled(mut self, at: Timestamp, state: AttemptState, code: Option<ErrorCode>) -> Self {
        (self.settled, self.state, self.code) = (Some(at), state, code);
        self
    }

    /// Whether nobody knows if it happened: no answer came, or the process died before it.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.state, AttemptState::Open | AttemptState::Unknown)
    }

    /// The latest moment at which the service can have seen it.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.settled.map_or(self.at, |settled| settled.max(self.at))
    }

    /// Whether it counts. What seems to lie in the future does: some clock was wrong, so nothing is given back.
    pub(super) fn is_within(&self, span: Duration, now: Timestamp) -> bool {
        now < self.latest() + span
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptState {
    /// It is under way, or the process that made it died.
    Open,
    /// The service did it.
    Confirmed,
    /// The service refused it. It counts all the same.
    Rejected,
    /// It certainly never left. It does not count.
    NotSent,
    /// Nobody can tell.
    Unknown,
}

impl AttemptState {
    /// Its name, for stores and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a name. What is not known is [`Unknown`](Self::Unknown), which counts.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        [Self::Open, Self::Confirmed, Self::Rejected, Self::NotSent]
            .into_iter()
            .find(|state| state.as_str() == name)
            .unwrap_or(Self::Unknown)
    }
}

/// What to note of an attempt once its answer is there, or will not come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settlement {
    /// What became of it.
    pub state: AttemptState,
    /// The service's code, if it refused.
    pub code: Option<ErrorCode>,
    /// The trace id by which Meta's support finds the request.
    pub trace_id: Option<String>,
    /// Whether the service refused since no attempts are left.
    pub is_limit: bool,
}

impl Settlement {
    /// This state, without a code.
    #[must_use]
    pub const fn new(state: AttemptState) -> Self {
        Self { state, code: None, trace_id: None, is_limit: false }
    }

    /// What an answer, or its absence, means for the attempt.
    #[must_use]
    pub fn from_result<T>(result: &Result<T, Error>) -> Self {
        let state = match result.as_ref().map_err(Error::outcome) {
            Ok(_) => AttemptState::Confirmed,
            Err(Outcome::Rejected) => AttemptState::Rejected,
            Err(Outcome::NotSent) => AttemptState::NotSent,
            Err(Outcome::Unknown) => AttemptState::Unknown,
        };
        let graph = result.as_ref().err().and_then(Error::graph);
        // 100 means a dozen things; of these one has a code of its own.
        let code = graph.map(|graph| match graph.subcode.map(ErrorCode::from) {
            Some(code @ ErrorCode::CertificateNotCreated) => code,
            _ => graph.code,
        });
        Self {
            state,
            code,
            trace_id: graph.and_then(|graph| graph.sound_trace_id()).map(str::to_owned),
            is_limit: result.as_ref().is_err_and(Error::is_registration_limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_has_a_name_that_reads_back() {
        for state in [
            AttemptState::Open,
            AttemptState::Confirmed,
            AttemptState::Rejected,
            AttemptState::NotSent,
            AttemptState::Unknown,
        ] {
            assert_eq!(AttemptState::from_name(state.as_str()), state);
        }
        assert_eq!(AttemptState::from_name("elsewhere"), AttemptState::Unknown);
    }
}
