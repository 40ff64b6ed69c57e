mod signs;

use std::fmt;

use http::{HeaderMap, Response, StatusCode, response::Parts};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use wa_types::{ErrorCode, GraphError};

use signs::Signs;

use super::decode::{DecodeFailure, Reason};
use crate::{ApiError, Decode, DecodeError, Endpoint, Error, ErrorBody, Operation, RawAnswer, Usage, json};

/// Reads the answer to a call that [`Config::request`](crate::Config::request) built.
///
/// # Errors
///
/// The answer is an error, says `"success": false`, or cannot be read.
pub fn parse<E: Endpoint + ?Sized>(response: Response<impl Into<Vec<u8>>>) -> Result<E::Response, Error> {
    parse_full::<E>(response.map(Into::into)).map(|answer| answer.value)
}

/// Reads the answer to a call as [`parse`] does, and keeps what came with it.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_full<E: Endpoint + ?Sized>(response: Response<Vec<u8>>) -> Result<Answer<E::Response>, Error> {
    read::<E>(response, |_, _| Ok(()))
}

/// Reads the answer to this call as [`parse_full`] does, once the call has [verified](Endpoint::verify) it.
///
/// # Errors
///
/// As [`parse`], or the answer is not what this call asked for.
pub fn parse_for<E: Endpoint + ?Sized>(
    endpoint: &E,
    response: Response<Vec<u8>>,
) -> Result<Answer<E::Response>, Error> {
    read::<E>(response, |headers, bytes| endpoint.verify(headers, bytes))
}

fn read<E: Endpoint + ?Sized>(
    response: Response<Vec<u8>>,
    verify: impl FnOnce(&HeaderMap, &[u8]) -> Result<(), DecodeFailure>,
) -> Result<Answer<E::Response>, Error> {
    let (parts, mut bytes) = response.into_parts();
    let read = match parts.status.is_success() {
        true => verify(&parts.headers, &bytes).and_then(|()| E::Response::decode(&parts.headers, &mut bytes)),
        false => Err(DecodeFailure(Reason::ErrorAnswer)),
    };
    match read {
        Ok(value) => Ok(Answer { value, status: parts.status, headers: parts.headers, bytes }),
        Err(failure) => Err(failure.into_error(Operation::new::<E>(), parts, bytes)),
    }
}

/// The error that an answer in JSON is, whatever it was asked for.
#[cfg(feature = "tracing")]
pub(crate) fn error_in(operation: Operation, response: &Response<Vec<u8>>) -> Option<Error> {
    let (mut parts, ()) = Response::new(()).into_parts();
    parts.status = response.status();
    let failure = match parts.status.is_success() {
        true => read_json::<IgnoredAny>(response.body()).err()?,
        false => DecodeFailure(Reason::ErrorAnswer),
    };
    Some(failure.into_error(operation, parts, response.body().clone()))
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

pub(super) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeFailure> {
    let text = String::from_utf8_lossy(bytes);
    check(&text)?;
    json::from_str(&text).map_err(|error| DecodeFailure(Reason::Json(error)))
}

/// Most members of an answer may be missing, so an error or a refusal would read as an empty answer.
fn check(text: &str) -> Result<(), DecodeFailure> {
    if Signs::may_be_in(text) {
        let signs: Signs = json::from_str(text).map_err(|error| DecodeFailure(Reason::Json(error)))?;
        if signs.is_failure() {
            return Err(DecodeFailure(Reason::ErrorAnswer));
        }
    }
    Ok(())
}

impl DecodeFailure {
    fn into_error(self, operation: Operation, parts: Parts, bytes: Vec<u8>) -> Error {
        let body = matches!(self.0, Reason::ErrorAnswer).then(|| error_body(parts.status, &bytes));
        let answer = RawAnswer::new(parts.status, parts.headers, bytes);
        match body {
            Some(body) => Error::Api { operation, answer: Box::new(ApiError::new(answer, body)) },
            None => Error::Decode { operation, answer: Box::new(DecodeError::new(answer, &self.0)) },
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
