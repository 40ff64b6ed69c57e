use std::{error, fmt};

use serde::de::DeserializeOwned;
use wa_types::{ErrorCode, GraphError};

use crate::{ApiError, AttemptKind, BuildError, DecodeError, Operation, RawAnswer, TransportError, json};

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

    /// What else the answer of an error says, as this type: some calls do part of what they were asked for, and tell in the
    /// body of the error what they did.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        json::from_str(&String::from_utf8_lossy(self.answer()?.bytes())).ok()
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

/// Meta's API description, "Too Many Requests": what code 4 says beside it of a registration call. Without it, code 4 is the
/// app's hourly budget.
const LIMIT_SUBCODE: i64 = 2_446_079;

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use http::Response;
    use serde_json::json;

    use super::*;
    use crate::{
        Endpoint, Outcome, TransportErrorKind,
        api::{
            message::{SendMessage, Text},
            number::{Deregister, Migrate, ReadNumber, Register, RequestCode},
        },
        parse,
    };

    fn unbuilt() -> Error {
        Error::Build { operation: Operation::new::<Register<'_>>(), reason: BuildError::new("wrong") }
    }

    fn cut(kind: TransportErrorKind) -> Error {
        Error::transport(Operation::new::<Register<'_>>(), TransportError::with_source(kind, "os error 104"))
    }

    fn refused<E: Endpoint>(code: i64, subcode: Option<i64>) -> Error {
        let body = json!({"error": {"code": code, "error_subcode": subcode}}).to_string();
        parse::<E>(Response::builder().status(400).body(body).unwrap()).map(drop).unwrap_err()
    }

    fn unreadable() -> Error {
        parse::<Register<'_>>(Response::new("{}")).unwrap_err()
    }

    #[test]
    fn only_what_failed_before_the_request_left_was_not_sent() {
        assert_eq!(unbuilt().outcome(), Outcome::NotSent);
        for (kind, outcome) in [
            (TransportErrorKind::Resolve, Outcome::NotSent),
            (TransportErrorKind::Connect, Outcome::NotSent),
            (TransportErrorKind::Tls, Outcome::NotSent),
            (TransportErrorKind::Timeout, Outcome::Unknown),
            (TransportErrorKind::Closed, Outcome::Unknown),
            (TransportErrorKind::Protocol, Outcome::Unknown),
            (TransportErrorKind::TooLarge, Outcome::Unknown),
            (TransportErrorKind::Other, Outcome::Unknown),
        ] {
            assert_eq!(cut(kind).outcome(), outcome, "{kind}");
        }
        assert_eq!(refused::<Register<'_>>(133_005, None).outcome(), Outcome::Rejected);
        assert_eq!(unreadable().outcome(), Outcome::Unknown);
    }

    #[test]
    fn an_error_tells_what_it_has() {
        let refused = refused::<Register<'_>>(133_005, Some(7));
        assert_eq!(refused.code(), Some(ErrorCode::PinMismatch));
        assert_eq!(refused.graph().and_then(|graph| graph.subcode), Some(7));
        assert_eq!(refused.answer().map(|answer| answer.status().as_u16()), Some(400));
        assert_eq!(unreadable().answer().map(|answer| answer.bytes().to_vec()), Some(b"{}".to_vec()));
        for error in [unbuilt(), cut(TransportErrorKind::Timeout)] {
            assert!(error.answer().is_none() && error.code().is_none(), "{error}");
        }
        for error in [unbuilt(), cut(TransportErrorKind::Timeout), refused, unreadable()] {
            assert_eq!(error.operation(), Operation::new::<Register<'_>>());
            assert!(error.to_string().starts_with("number.register: "), "{error}");
            assert_eq!(error.source().is_some(), matches!(error, Error::Transport { .. }), "{error}");
        }
        assert_eq!(unbuilt().to_string(), "number.register: wrong");
    }

    // Meta's API description v23.0, blockUsers: some users are blocked, others fail, and the status is 400.
    #[test]
    fn an_error_may_say_what_was_done_all_the_same() {
        #[derive(serde::Deserialize)]
        struct Blocked {
            block_users: Users,
        }

        #[derive(serde::Deserialize)]
        struct Users {
            added_users: Vec<serde_json::Value>,
        }

        let body = r#"{"messaging_product":"whatsapp","block_users":{"added_users":[{"input":"+16505551234"}],
            "failed_users":[{"input":"+16505551235"}]},"error":{"message":"(#139100) ..","code":139100}}"#;
        let error = parse::<Register<'_>>(Response::builder().status(400).body(body).unwrap()).unwrap_err();
        assert_eq!(error.code().map(|code| code.number()), Some(139_100));
        assert_eq!(error.read::<Blocked>().unwrap().block_users.added_users.len(), 1);
        assert!(error.read::<Vec<u8>>().is_none() && unbuilt().read::<Blocked>().is_none());
    }

    // The second form is that of Meta's API description, "Too Many Requests".
    #[test]
    fn the_limit_of_a_number_has_two_forms_and_the_second_only_on_calls_that_count() {
        const FORM: Option<i64> = Some(2_446_079);
        for (error, is_limit) in [
            (refused::<Register<'_>>(133_016, None), true),
            (refused::<ReadNumber<'_>>(133_016, None), true),
            (refused::<Register<'_>>(4, FORM), true),
            (refused::<Migrate<'_>>(4, FORM), true),
            (refused::<Deregister<'_>>(4, FORM), true),
            (refused::<Register<'_>>(4, None), false),
            (refused::<Register<'_>>(4, Some(2_446_078)), false),
            (refused::<Register<'_>>(17, FORM), false),
            (refused::<ReadNumber<'_>>(4, FORM), false),
            (refused::<RequestCode<'_>>(4, FORM), false),
            (refused::<SendMessage<'_, Text>>(4, FORM), false),
            (unreadable(), false),
            (unbuilt(), false),
        ] {
            assert_eq!(error.is_registration_limit(), is_limit, "{error}");
        }
    }
}
