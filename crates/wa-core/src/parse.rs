use std::str;

use http::{HeaderMap, Response, StatusCode, response::Parts};
use serde::{Deserialize, de::IgnoredAny};
use wa_types::GraphError;

use crate::{ApiError, Decode, DecodeError, Endpoint, Error, ErrorBody, Operation, Usage};

/// Reads the answer to a call that [`Config::request`](crate::Config::request) built.
///
/// # Errors
///
/// The answer is an error, says `"success": false`, or cannot be read.
pub fn parse<E: Endpoint + ?Sized>(response: Response<impl AsRef<[u8]>>) -> Result<E::Response, Error> {
    parse_full::<E>(response).map(|answer| answer.value)
}

/// Reads the answer to a call as [`parse`] does, and keeps what came with it.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_full<E: Endpoint + ?Sized>(response: Response<impl AsRef<[u8]>>) -> Result<Answer<E::Response>, Error> {
    let (parts, body) = response.into_parts();
    let bytes = body.as_ref();
    match read(parts.status, bytes) {
        Ok(value) => Ok(Answer { value, status: parts.status, headers: parts.headers }),
        Err(failure) => Err(failure.into_error(Operation::of::<E>(), parts, bytes)),
    }
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
}

impl<T> Answer<T> {
    /// How much of the call budgets is used up.
    #[must_use]
    pub fn usage(&self) -> Usage {
        Usage::from_headers(&self.headers)
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("value", &self.value).field("status", &self.status).finish_non_exhaustive()
    }
}

enum Failure {
    Error,
    Refusal,
    Text,
    Json(serde_json::Error),
}

fn read<T: Decode>(status: StatusCode, bytes: &[u8]) -> Result<T, Failure> {
    if !status.is_success() {
        return Err(Failure::Error);
    }
    let text = str::from_utf8(bytes).map_err(|_| Failure::Text)?;
    // An answer may have no member that it must have: an error would read as an empty one.
    if begins_with_error(text) {
        return Err(Failure::Error);
    }
    let value: T = serde_json::from_str(text).map_err(Failure::Json)?;
    if value.is_refusal() { Err(Failure::Refusal) } else { Ok(value) }
}

impl Failure {
    fn into_error(self, operation: Operation, parts: Parts, bytes: &[u8]) -> Error {
        let Parts { status, headers, .. } = parts;
        let refused =
            |body| Error::Api { operation, answer: Box::new(ApiError::new(status, headers.clone(), body, bytes)) };
        match self {
            Self::Error => refused(error_body(bytes)),
            Self::Refusal => refused(ErrorBody::Refused),
            Self::Text => Error::Decode { operation, answer: Box::new(DecodeError::text(status, headers, bytes)) },
            // An error whose members come in another order is found here, a refusal with members of its own too.
            Self::Json(error) => match error_body(bytes) {
                body @ (ErrorBody::Graph(_) | ErrorBody::Refused) => refused(body),
                ErrorBody::Json | ErrorBody::Other => {
                    Error::Decode { operation, answer: Box::new(DecodeError::json(status, headers, bytes, &error)) }
                }
            },
        }
    }
}

fn begins_with_error(text: &str) -> bool {
    let inside = text.trim_ascii_start().strip_prefix('{').map(str::trim_ascii_start);
    inside.is_some_and(|members| members.starts_with("\"error\""))
}

fn error_body(bytes: &[u8]) -> ErrorBody {
    #[derive(Deserialize)]
    struct Envelope {
        error: GraphError,
    }

    #[derive(Deserialize)]
    struct Refusal {
        success: wa_types::Confirmed,
    }

    let Ok(text) = str::from_utf8(bytes) else {
        return ErrorBody::Other;
    };
    if let Ok(envelope) = serde_json::from_str::<Envelope>(text) {
        return ErrorBody::Graph(envelope.error);
    }
    match serde_json::from_str::<Refusal>(text) {
        Ok(refusal) if !refusal.success.is_true() => ErrorBody::Refused,
        _ if serde_json::from_str::<IgnoredAny>(text).is_ok() => ErrorBody::Json,
        _ => ErrorBody::Other,
    }
}
