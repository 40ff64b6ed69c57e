mod signs;

use std::fmt;

use http::{HeaderMap, Response, StatusCode, response::Parts};
use serde::{Deserialize, de::IgnoredAny};
use wa_types::{ErrorCode, GraphError};

use signs::Signs;

use crate::{ApiError, Decode, DecodeError, Endpoint, Error, ErrorBody, Operation, RawAnswer, Usage, json};

/// Reads the answer to a call that [`Config::request`](crate::Config::request) built.
///
/// # Errors
///
/// The answer is an error, says `"success": false`, or cannot be read.
pub fn parse<E: Endpoint + ?Sized>(response: Response<impl AsRef<[u8]>>) -> Result<E::Response, Error> {
    let (parts, body) = response.into_parts();
    read(parts.status, body.as_ref()).map_err(|failure| failure.into_error(Operation::new::<E>(), parts, body.as_ref()))
}

/// Reads the answer to a call as [`parse`] does, and keeps what came with it.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_full<E: Endpoint + ?Sized>(response: Response<Vec<u8>>) -> Result<Answer<E::Response>, Error> {
    let (parts, bytes) = response.into_parts();
    match read(parts.status, &bytes) {
        Ok(value) => Ok(Answer { value, status: parts.status, headers: parts.headers, bytes }),
        Err(failure) => Err(failure.into_error(Operation::new::<E>(), parts, &bytes)),
    }
}

/// The error that an answer is, whatever it was asked for.
#[cfg(feature = "tracing")]
pub(crate) fn error_in(operation: Operation, response: &Response<Vec<u8>>) -> Option<Error> {
    let (mut parts, ()) = Response::new(()).into_parts();
    parts.status = response.status();
    let failure = read::<IgnoredAny>(parts.status, response.body()).err()?;
    Some(failure.into_error(operation, parts, response.body()))
}

/// An answer with what came with it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer<T> {
    /// What the service answered.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The bytes, with all that is not typed.
    pub bytes: Vec<u8>,
}

impl<T> Answer<T> {
    /// How much of the call budgets is used up.
    #[must_use]
    pub fn usage(&self) -> Usage {
        Usage::from_headers(&self.headers)
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("value", &self.value).field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why a response holds no answer to the call.
enum Failure {
    /// It is an error or a refusal, or its status says so.
    ErrorAnswer,
    /// It is not JSON, or not of the shape that the call answers.
    Unreadable(serde_json::Error),
}

fn read<T: Decode>(status: StatusCode, bytes: &[u8]) -> Result<T, Failure> {
    if !status.is_success() {
        return Err(Failure::ErrorAnswer);
    }
    let text = String::from_utf8_lossy(bytes);
    // Most members of an answer may be missing, so an error or a refusal would read as an empty answer.
    if Signs::may_be_in(&text) {
        let signs: Signs = json::from_str(&text).map_err(Failure::Unreadable)?;
        if signs.is_failure() {
            return Err(Failure::ErrorAnswer);
        }
    }
    json::from_str(&text).map_err(Failure::Unreadable)
}

impl Failure {
    fn into_error(self, operation: Operation, parts: Parts, bytes: &[u8]) -> Error {
        let answer = RawAnswer::new(parts.status, parts.headers, bytes);
        match self {
            Self::ErrorAnswer => {
                let answer = Box::new(ApiError::new(answer, error_body(parts.status, bytes)));
                Error::Api { operation, answer }
            }
            Self::Unreadable(error) => Error::Decode { operation, answer: Box::new(DecodeError::new(answer, &error)) },
        }
    }
}

fn error_body(status: StatusCode, bytes: &[u8]) -> ErrorBody {
    let text = String::from_utf8_lossy(bytes);
    let Ok(signs) = json::from_str::<Signs>(&text) else {
        return match json::from_str::<IgnoredAny>(&text) {
            Ok(_) => ErrorBody::Json,
            Err(_) => ErrorBody::Other,
        };
    };
    if let Some(error) = graph_error(&text) {
        return ErrorBody::Graph(error);
    }
    // With another status it is the word of something in between: gateways write such bodies too.
    if !signs.has_error && signs.is_refusal() && status.is_success() {
        return ErrorBody::Refused;
    }
    ErrorBody::Json
}

fn graph_error(text: &str) -> Option<GraphError> {
    #[derive(Deserialize)]
    struct Full {
        error: GraphError,
    }

    /// For an error with a member that cannot be read at all, such as a number beyond all limits.
    #[derive(Deserialize)]
    struct Bare {
        error: Codes,
    }

    #[derive(Deserialize)]
    struct Codes {
        code: ErrorCode,
        error_subcode: Option<Subcode>,
    }

    /// It is written as a code is, and is none.
    #[derive(Deserialize)]
    struct Subcode(ErrorCode);

    if let Ok(Full { error }) = json::from_str(text) {
        return Some(error);
    }
    let Bare { error } = json::from_str(text).ok()?;
    Some(GraphError::from_code(error.code, error.error_subcode.map(|Subcode(subcode)| subcode.number())))
}

#[cfg(test)]
mod tests;
