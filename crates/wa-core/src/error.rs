use std::{borrow::Cow, error, fmt, time::Duration};

use http::{HeaderMap, StatusCode};
use wa_types::{ErrorCode, GraphError};

use crate::{AttemptKind, Operation, TransportError, Usage, usage};

/// Why a call has no answer.
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
    /// There is no complete answer.
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
    /// The limit has two faces, 133016 and, on a call that spends attempts, 4 with subcode 2446079.
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

/// What became of a request that has no good answer. (`Ok` is the fourth case: it happened.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The service said no: it did not happen.
    Rejected,
    /// It never left.
    NotSent,
    /// Nobody can tell whether it happened. Read the number's state before anything is sent again.
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

/// An answer that is an error. Its status, headers and bytes are kept, whatever they are.
///
/// Neither `Display` nor `Debug` shows the headers' values or the bytes: the service may repeat a token in them.
pub struct ApiError {
    status: StatusCode,
    headers: HeaderMap,
    body: ErrorBody,
    bytes: Box<[u8]>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: ErrorBody, bytes: &[u8]) -> Self {
        Self { status, headers, body, bytes: bytes.into() }
    }

    /// The HTTP status. Decide by the code, not by it: the documents disagree about the status of most errors.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer's headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What the answer says.
    #[must_use]
    pub fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// The answer's bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The service's own error, if it is one.
    #[must_use]
    pub fn graph(&self) -> Option<&GraphError> {
        match &self.body {
            ErrorBody::Graph(graph) => Some(graph),
            _ => None,
        }
    }

    /// How much of the call budgets is used up.
    #[must_use]
    pub fn usage(&self) -> Usage {
        Usage::from_headers(&self.headers)
    }

    /// How long the answer asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        usage::retry_after(&self.headers)
    }

    /// Only the service's own word is a verdict. What stands between it and us cannot know.
    fn outcome(&self) -> Outcome {
        match &self.body {
            ErrorBody::Refused => Outcome::Rejected,
            ErrorBody::Graph(graph) if graph.meaning().is_some_and(|meaning| meaning.in_doubt) => Outcome::Unknown,
            // A code that nobody documented is a verdict only if the status does not speak of a fault.
            ErrorBody::Graph(graph) if graph.meaning().is_none() && self.status.is_server_error() => Outcome::Unknown,
            ErrorBody::Graph(_) => Outcome::Rejected,
            ErrorBody::Json | ErrorBody::Other => Outcome::Unknown,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_u16();
        let length = self.bytes.len();
        match &self.body {
            ErrorBody::Graph(graph) => write!(f, "{graph}, HTTP {status}"),
            ErrorBody::Refused => write!(f, "the service answers success: false, HTTP {status}"),
            ErrorBody::Json => write!(f, "HTTP {status} with {length} bytes of JSON that are no Graph error"),
            ErrorBody::Other => write!(f, "HTTP {status} with {length} bytes that are not JSON"),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_answer(f, "ApiError", self.status, &self.headers, &self.bytes).field("body", &self.body).finish()
    }
}

/// What an answer that is an error says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "it lives in a box, and the large variant is the common one")]
pub enum ErrorBody {
    /// A Graph error.
    Graph(GraphError),
    /// `"success": false` with a status of success: a refusal without a reason.
    Refused,
    /// JSON, but neither of these.
    Json,
    /// Not JSON: an HTML page, nothing at all, a piece of something.
    Other,
}

/// An answer whose status says success, but whose content cannot be read. Its status, headers and bytes are kept.
pub struct DecodeError {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Box<[u8]>,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    Text,
    Json { what: &'static str, line: usize, column: usize },
}

impl DecodeError {
    pub(crate) fn text(status: StatusCode, headers: HeaderMap, bytes: &[u8]) -> Self {
        Self { status, headers, bytes: bytes.into(), problem: Problem::Text }
    }

    // serde_json's own text is not kept: it quotes the value that it stumbles over.
    pub(crate) fn json(status: StatusCode, headers: HeaderMap, bytes: &[u8], error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let what = match error.classify() {
            Category::Data => "is not of the expected shape",
            Category::Eof => "ends too early",
            Category::Syntax | Category::Io => "is not JSON",
        };
        let problem = Problem::Json { what, line: error.line(), column: error.column() };
        Self { status, headers, bytes: bytes.into(), problem }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer's headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The answer's bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, length) = (self.status.as_u16(), self.bytes.len());
        write!(f, "the answer (HTTP {status}, {length} bytes) ")?;
        match self.problem {
            Problem::Text => f.write_str("is not UTF-8"),
            Problem::Json { what, line, column } => write!(f, "{what}, at line {line} column {column}"),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_answer(f, "DecodeError", self.status, &self.headers, &self.bytes).field("problem", &self.problem).finish()
    }
}

fn debug_answer<'a, 'b>(
    f: &'a mut fmt::Formatter<'b>,
    name: &str,
    status: StatusCode,
    headers: &HeaderMap,
    bytes: &[u8],
) -> fmt::DebugStruct<'a, 'b> {
    let names: Vec<_> = headers.keys().collect();
    let mut debug = f.debug_struct(name);
    debug.field("status", &status).field("headers", &names).field("bytes", &bytes.len());
    debug
}

const LIMIT_SUBCODE: i64 = 2_446_079;
