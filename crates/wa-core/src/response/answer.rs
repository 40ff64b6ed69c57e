use std::{fmt, ops::Deref, time::Duration};

use http::{HeaderMap, StatusCode};
use wa_types::GraphError;

use super::{decode::Reason, usage};
use crate::{Outcome, Usage};

/// An answer as it came: its status, its headers, its bytes.
///
/// `Debug` shows neither the headers' values nor the bytes: the service may repeat a token in them.
pub struct RawAnswer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Box<[u8]>,
}

impl RawAnswer {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, bytes: Vec<u8>) -> Self {
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
    place: Option<(usize, usize)>,
}

impl DecodeError {
    // serde_json's own text is not kept: it quotes the value that it stumbles over.
    pub(super) fn new(answer: RawAnswer, reason: &Reason) -> Self {
        use serde_json::error::Category;
        let (what, place) = match reason {
            Reason::Json(error) => {
                let what = match error.classify() {
                    Category::Data => "is not of the expected shape",
                    Category::Eof => "ends too early",
                    Category::Syntax | Category::Io => "is not JSON",
                };
                (what, Some((error.line(), error.column())))
            }
            Reason::Other(what) => (*what, None),
            Reason::ErrorAnswer => ("is an error", None),
        };
        Self { answer, what, place }
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
        let Self { answer, what, place } = self;
        let (status, length) = (answer.status.as_u16(), answer.bytes.len());
        write!(f, "the answer (HTTP {status}, {length} bytes) {what}")?;
        match place {
            Some((line, column)) => write!(f, ", at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;
    use crate::{
        Error,
        api::number::{ReadNumber, Register},
        parse,
    };

    fn refused(status: u16, body: &str) -> Error {
        let response = Response::builder()
            .status(status)
            .header("retry-after", "7")
            .header("x-app-usage", r#"{"call_count":28}"#)
            .header("x-secret", "canary")
            .body(body);
        parse::<Register<'_>>(response.unwrap()).unwrap_err()
    }

    #[test]
    fn only_the_services_own_word_is_a_verdict() {
        use Outcome::{Rejected, Unknown};
        for (status, body, outcome) in [
            (400, r#"{"error":{"code":133005}}"#, Rejected),
            (500, r#"{"error":{"code":133005}}"#, Rejected),
            (200, r#"{"error":{"code":133005}}"#, Rejected),
            // Codes by which the service says that it may have acted.
            (400, r#"{"error":{"code":1}}"#, Unknown),
            (500, r#"{"error":{"code":2}}"#, Unknown),
            (400, r#"{"error":{"code":133004}}"#, Unknown),
            // Codes that no page explains.
            (200, r#"{"error":{"code":987654}}"#, Rejected),
            (400, r#"{"error":{"code":987654}}"#, Rejected),
            (499, r#"{"error":{"code":987654}}"#, Rejected),
            (500, r#"{"error":{"code":987654}}"#, Unknown),
            (503, r#"{"error":{"code":987654}}"#, Unknown),
            (200, r#"{"success":false}"#, Rejected),
            (400, r#"{"success":false}"#, Unknown),
            (200, r#"{"success":false,"success":true}"#, Unknown),
            (400, "{}", Unknown),
            (400, "<html>", Unknown),
            (302, "", Unknown),
        ] {
            assert_eq!(refused(status, body).outcome(), outcome, "{status} {body}");
        }
    }

    #[test]
    fn an_answer_is_described_without_its_words() {
        for (status, body, shown) in [
            (400, r#"{"error":{"code":133005,"message":"canary"}}"#, "code 133005, wrong two-step PIN, HTTP 400"),
            (400, r#"{"error":{"code":7654321}}"#, "code 7654321, undocumented, HTTP 400"),
            (200, r#"{"success":false}"#, "the service answers success: false, HTTP 200"),
            (404, r#"{"a":"canary"}"#, "HTTP 404 with 14 bytes of JSON that are no Graph error"),
            (502, "<html>canary", "HTTP 502 with 12 bytes that are not JSON"),
            (200, "{}", "the answer (HTTP 200, 2 bytes) is not of the expected shape, at line 1 column 2"),
            (200, "[7]", "the answer (HTTP 200, 3 bytes) is not of the expected shape, at line 1 column 0"),
            (200, "{\"success\":", "the answer (HTTP 200, 11 bytes) ends too early, at line 1 column 11"),
            (201, "{\n canary}", "the answer (HTTP 201, 10 bytes) is not JSON, at line 2 column 2"),
        ] {
            let error = refused(status, body);
            assert_eq!(error.to_string(), format!("number.register: {shown}"), "{status} {body}");
            assert!(!format!("{error:?} {error:#?}").contains("canary"), "{error:?}");
        }
    }

    #[test]
    fn both_kinds_of_failed_answers_keep_all_of_it() {
        for (status, body) in [(429, r#"{"error":{"code":4}}"#), (502, "<html>"), (200, "{}")] {
            let error = refused(status, body);
            let answer = error.answer().unwrap();
            assert_eq!((answer.status().as_u16(), answer.bytes()), (status, body.as_bytes()));
            assert_eq!(answer.headers()["x-secret"], "canary");
            assert_eq!(answer.retry_after(), Some(Duration::from_secs(7)));
            assert_eq!(answer.usage().highest(), Some(28.0));
            let shown = format!("{answer:?}");
            assert!(shown.contains("x-secret") && shown.contains(&format!("bytes: {}", body.len())), "{shown}");
        }
    }

    #[test]
    fn the_services_error_is_there_where_it_gave_one() {
        let read = parse::<ReadNumber<'_>>(Response::builder().status(404).body(r#"{"error":{"code":803}}"#).unwrap());
        let Err(Error::Api { answer, .. }) = read else { panic!("{read:?}") };
        assert_eq!(answer.graph().map(|graph| graph.code.number()), Some(803));
        let Error::Api { answer, .. } = refused(404, "{}") else { panic!() };
        assert_eq!((answer.graph(), answer.body()), (None, &ErrorBody::Json));
    }
}
