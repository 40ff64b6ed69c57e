use std::{fmt, ops::Deref, time::Duration};

use http::{HeaderMap, StatusCode};
use wa_types::GraphError;

use crate::{Outcome, Usage, usage};

/// An answer as it came: its status, its headers, its bytes.
///
/// `Debug` shows neither the headers' values nor the bytes: the service may repeat a token in them.
pub struct RawAnswer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Box<[u8]>,
}

impl RawAnswer {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, bytes: &[u8]) -> Self {
        Self { status, headers, bytes: bytes.into() }
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

    /// The answer's bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
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
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().collect();
        f.debug_struct("RawAnswer")
            .field("status", &self.status)
            .field("headers", &names)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// An answer that is an error.
#[derive(Debug)]
pub struct ApiError {
    answer: RawAnswer,
    body: ErrorBody,
}

impl ApiError {
    pub(crate) fn new(answer: RawAnswer, body: ErrorBody) -> Self {
        Self { answer, body }
    }

    /// What the answer says.
    #[must_use]
    pub fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// The service's own error, if it is one.
    #[must_use]
    pub fn graph(&self) -> Option<&GraphError> {
        match &self.body {
            ErrorBody::Graph(graph) => Some(graph),
            _ => None,
        }
    }

    /// Only the service's own word is a verdict. What stands between it and us cannot know.
    pub(crate) fn outcome(&self) -> Outcome {
        match &self.body {
            ErrorBody::Refused => Outcome::Rejected,
            ErrorBody::Graph(graph) => match graph.meaning() {
                Some(meaning) if meaning.may_have_acted => Outcome::Unknown,
                // A code that nobody documented is a verdict only if the status does not speak of a fault.
                None if self.answer.status.is_server_error() => Outcome::Unknown,
                _ => Outcome::Rejected,
            },
            ErrorBody::Json | ErrorBody::Other => Outcome::Unknown,
        }
    }
}

impl Deref for ApiError {
    type Target = RawAnswer;

    fn deref(&self) -> &RawAnswer {
        &self.answer
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

/// An answer whose status says success, but whose content cannot be read.
#[derive(Debug)]
pub struct DecodeError {
    answer: RawAnswer,
    what: &'static str,
    line: usize,
    column: usize,
}

impl DecodeError {
    // serde_json's own text is not kept: it quotes the value that it stumbles over.
    pub(crate) fn new(answer: RawAnswer, error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let what = match error.classify() {
            Category::Data => "is not of the expected shape",
            Category::Eof => "ends too early",
            Category::Syntax | Category::Io => "is not JSON",
        };
        Self { answer, what, line: error.line(), column: error.column() }
    }
}

impl Deref for DecodeError {
    type Target = RawAnswer;

    fn deref(&self) -> &RawAnswer {
        &self.answer
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answer, what, line, column } = self;
        let (status, length) = (answer.status.as_u16(), answer.bytes.len());
        write!(f, "the answer (HTTP {status}, {length} bytes) {what}, at line {line} column {column}")
    }
}
