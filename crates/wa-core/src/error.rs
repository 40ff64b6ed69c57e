use std::{borrow::Cow, error, fmt};

use wa_types::{ErrorCode, GraphError};

use crate::{ApiError, AttemptKind, DecodeError, Operation, RawAnswer, TransportError};

/// Why a call failed.
///
/// `Display` tells the whole reason; only a transport's own error stands apart, in `source`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be built: nothing was sent.
    #[non_exhaustive]
    Build {
        /// Which call.
        operation: Operation,
        /// What is wrong with it.
        reason: BuildError,
    },
    /// No complete answer came.
    #[non_exhaustive]
    Transport {
        /// Which call.
        operation: Operation,
        /// What the transport met.
        reason: TransportError,
    },
    /// The answer is an error.
    #[non_exhaustive]
    Api {
        /// Which call.
        operation: Operation,
        /// The answer.
        answer: Box<ApiError>,
    },
    /// The answer's status says success, but its content cannot be read.
    #[non_exhaustive]
    Decode {
        /// Which call.
        operation: Operation,
        /// The answer.
        answer: Box<DecodeError>,
    },
}

impl Error {
    /// A request of this operation that could not be built.
    #[must_use]
    pub fn build(operation: Operation, reason: BuildError) -> Self {
        Self::Build { operation, reason }
    }

    /// A transport's failure to get an answer to this operation.
    #[must_use]
    pub fn transport(operation: Operation, reason: TransportError) -> Self {
        Self::Transport { operation, reason }
    }

    /// Which call failed.
    #[must_use]
    pub fn operation(&self) -> Operation {
        match self {
            Self::Build { operation, .. }
            | Self::Transport { operation, .. }
            | Self::Api { operation, .. }
            | Self::Decode { operation, .. } => *operation,
        }
    }

    /// What became of the request.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Build { .. } => Outcome::NotSent,
            Self::Transport { reason, .. } if reason.kind().is_before_sending() => Outcome::NotSent,
            Self::Api { answer, .. } => answer.outcome(),
            Self::Transport { .. } | Self::Decode { .. } => Outcome::Unknown,
        }
    }

    /// The answer, if one came: its status, its headers, its bytes.
    #[must_use]
    pub fn answer(&self) -> Option<&RawAnswer> {
        match self {
            Self::Api { answer, .. } => Some(answer),
            Self::Decode { answer, .. } => Some(answer),
            Self::Build { .. } | Self::Transport { .. } => None,
        }
    }

    /// The service's code, if it gave one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.graph().map(|graph| graph.code)
    }

    /// The service's own error, if it is one.
    #[must_use]
    pub fn graph(&self) -> Option<&GraphError> {
        match self {
            Self::Api { answer, .. } => answer.graph(),
            _ => None,
        }
    }

    /// Whether the service refused since the number has no attempts left: stop for 72 hours.
    ///
    /// The limit comes as 133016 and, on a call that spends attempts, also as 4 with subcode 2446079.
    #[must_use]
    pub fn is_registration_limit(&self) -> bool {
        self.graph().is_some_and(|graph| match graph.code {
            ErrorCode::RegistrationLimit => true,
            ErrorCode::AppRateLimit => {
                graph.subcode == Some(LIMIT_SUBCODE) && self.operation().attempt.is_some_and(AttemptKind::is_counted)
            }
            _ => false,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation().name)?;
        match self {
            Self::Build { reason, .. } => reason.fmt(f),
            Self::Transport { reason, .. } => reason.fmt(f),
            Self::Api { answer, .. } => answer.fmt(f),
            Self::Decode { answer, .. } => answer.fmt(f),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Transport { reason, .. } => error::Error::source(reason),
            _ => None,
        }
    }
}

/// What became of a request whose call failed. (A call that succeeded is the fourth case: it happened.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The service said no: it did not happen.
    Rejected,
    /// It never left.
    NotSent,
    /// Nobody can tell whether it happened. Before anything is sent again, read what the call changes: the number's state
    /// after a registration, nothing at all after a message, whose webhooks tell.
    Unknown,
}

/// Why a request cannot be built, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BuildError(Cow<'static, str>);

impl BuildError {
    /// Says what is wrong and what to do instead, without repeating a secret.
    #[must_use]
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}

/// Meta's API description, "Too Many Requests": what code 4 says beside it of a registration call. Without it, code 4 is the
/// app's hourly budget.
const LIMIT_SUBCODE: i64 = 2_446_079;
