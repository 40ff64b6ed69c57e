use std::{fmt, str};

use http::{HeaderMap, Response, StatusCode, response::Parts};
use serde::{Deserialize, de::IgnoredAny};
use wa_types::{Confirmed, ErrorCode, GraphError};

use crate::{ApiError, Decode, DecodeError, Endpoint, Error, ErrorBody, Operation, Usage};

/// Reads the answer to a call that [`Config::request`](crate::Config::request) built.
///
/// # Errors
///
/// The answer is an error, says `"success": false`, or cannot be read.
pub fn parse<E: Endpoint + ?Sized>(response: Response<impl AsRef<[u8]>>) -> Result<E::Response, Error> {
    let (parts, body) = response.into_parts();
    read(parts.status, body.as_ref()).map_err(|failure| failure.into_error::<E>(parts, body.as_ref()))
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
        Err(failure) => Err(failure.into_error::<E>(parts, &bytes)),
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

enum Failure {
    Error,
    Text,
    Json(serde_json::Error),
}

fn read<T: Decode>(status: StatusCode, bytes: &[u8]) -> Result<T, Failure> {
    if !status.is_success() {
        return Err(Failure::Error);
    }
    let text = str::from_utf8(bytes).map_err(|_| Failure::Text)?;
    // Most members of an answer may be missing, so an error or a refusal would read as an empty answer.
    let is_suspect = text.contains("\"error\"") || text.contains("\"success\"");
    if is_suspect && Verdict::of(text).is_some() {
        return Err(Failure::Error);
    }
    // A list would pass for an object without the names of its members.
    if text.trim_ascii_start().starts_with('[') {
        return Err(Failure::Json(serde::de::Error::custom("a list")));
    }
    serde_json::from_str(text).map_err(Failure::Json)
}

impl Failure {
    fn into_error<E: Endpoint + ?Sized>(self, parts: Parts, bytes: &[u8]) -> Error {
        let operation = Operation::new::<E>();
        let Parts { status, headers, .. } = parts;
        let answer = match self {
            Self::Error => {
                let answer = Box::new(ApiError::new(status, headers, error_body(status, bytes), bytes));
                return Error::Api { operation, answer };
            }
            Self::Text => DecodeError::text(status, headers, bytes),
            Self::Json(error) => DecodeError::json(status, headers, bytes, &error),
        };
        Error::Decode { operation, answer: Box::new(answer) }
    }
}

/// What an answer says instead of what was asked for.
enum Verdict {
    Error,
    Refusal,
}

impl Verdict {
    /// Looks for the names first: an answer that has neither costs no allocation.
    fn of(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Named {
            error: Option<IgnoredAny>,
        }

        #[derive(Deserialize)]
        struct Confirmation {
            success: Option<Confirmed>,
        }

        let Named { error } = serde_json::from_str(text).ok()?;
        if error.is_some() {
            return Some(Self::Error);
        }
        let Confirmation { success } = serde_json::from_str(text).ok()?;
        success.is_some_and(|success| !success.is_true()).then_some(Self::Refusal)
    }
}

fn graph_error(text: &str) -> Option<GraphError> {
    #[derive(Deserialize)]
    struct Full {
        error: GraphError,
    }

    /// For answers with texts that no Rust string can hold: these are passed over here.
    #[derive(Deserialize)]
    struct Bare {
        error: Code,
    }

    #[derive(Deserialize)]
    struct Code {
        code: ErrorCode,
        error_subcode: Option<ErrorCode>,
    }

    if let Ok(Full { error }) = serde_json::from_str(text) {
        return Some(error);
    }
    let Bare { error } = serde_json::from_str(text).ok()?;
    Some(GraphError::from_code(error.code, error.error_subcode.map(ErrorCode::number)))
}

fn error_body(status: StatusCode, bytes: &[u8]) -> ErrorBody {
    let Ok(text) = str::from_utf8(bytes) else {
        return ErrorBody::Other;
    };
    let verdict = Verdict::of(text);
    if let Some(Verdict::Error) = verdict
        && let Some(error) = graph_error(text)
    {
        return ErrorBody::Graph(error);
    }
    match verdict {
        // With another status it is the word of something in between: gateways write such bodies too.
        Some(Verdict::Refusal) if status.is_success() => ErrorBody::Refused,
        _ if serde_json::from_str::<IgnoredAny>(text).is_ok() => ErrorBody::Json,
        _ => ErrorBody::Other,
    }
}

#[cfg(test)]
mod tests {
    use wa_types::{ErrorCode, PhoneNumber};

    use super::*;
    use crate::{Outcome, account::ListNumbers, number::ReadNumber, registration::Register, settings::ReadSettings};

    fn parsed<E: Endpoint>(status: u16, body: impl AsRef<[u8]>) -> Result<E::Response, Error> {
        parse::<E>(Response::builder().status(status).header("x-fb-trace-id", "T").body(body).unwrap())
    }

    fn register(status: u16, body: impl AsRef<[u8]>) -> Error {
        parsed::<Register<'_>>(status, body).unwrap_err()
    }

    #[test]
    fn a_confirmation_is_read_in_both_spellings() {
        for body in [r#"{"success":true}"#, r#" {"new": [1], "success" : "true"} "#] {
            assert!(parsed::<Register<'_>>(200, body).unwrap().success.is_true(), "{body}");
        }
    }

    #[test]
    fn success_false_is_a_refusal() {
        for body in [
            r#"{"success":false}"#,
            r#"{"success":"false"}"#,
            r#"{"success":"FALSE"}"#,
            r#"{"more":{},"success":false}"#,
        ] {
            // Also where the answer has no such member.
            assert_eq!(parsed::<ReadSettings<'_>>(200, body).unwrap_err().outcome(), Outcome::Rejected);
            let error = register(200, body);
            let Error::Api { answer, .. } = &error else { panic!("{error}") };
            assert_eq!((answer.body(), answer.status().as_u16()), (&ErrorBody::Refused, 200), "{body}");
            assert_eq!((answer.bytes(), error.outcome()), (body.as_bytes(), Outcome::Rejected));
            // A gateway's word is no verdict.
            let error = register(504, body);
            let Error::Api { answer, .. } = &error else { panic!("{error}") };
            assert_eq!((answer.body(), error.outcome()), (&ErrorBody::Json, Outcome::Unknown));
        }
    }

    #[test]
    fn an_error_with_status_200_is_an_error_wherever_it_stands() {
        for body in [
            r#"{"error":{"message":"m","type":"t","code":133016}}"#,
            r#"{"more":1,"error":{"message":"m","type":"t","code":133016}}"#,
            r#"{"success":true,"error":{"code":133016}}"#,
            r#"{"data":[],"id":"1","error":{"code":133016}}"#,
        ] {
            let limit = Some(ErrorCode::RegistrationLimit);
            assert_eq!(register(200, body).code(), limit);
            assert_eq!(parsed::<ReadSettings<'_>>(200, body).unwrap_err().code(), limit);
            assert_eq!(parsed::<ListNumbers<'_>>(200, body).unwrap_err().code(), limit);
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_in_doubt_and_keeps_everything() {
        let deep = "[".repeat(100_000);
        let bodies: [&[u8]; 13] = [
            b"",
            b"<html>login</html>",
            b"{\"success\":tr",
            b"{}",
            b"null",
            b"{\"success\":1}",
            b"{\"success\":true,\"success\":true}",
            b"\xef\xbb\xbf{\"success\":true}",
            b"{\"success\":\"\xff\"}",
            b"{\"success\":\"\\ud800\"}",
            b"{\"success\":1e400}",
            b"[true]",
            deep.as_bytes(),
        ];
        for body in bodies {
            let error = register(200, body);
            let Error::Decode { answer, .. } = &error else { panic!("{error}") };
            assert_eq!((answer.bytes(), answer.status().as_u16()), (body, 200));
            assert_eq!(answer.headers()["x-fb-trace-id"], "T");
            assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, None));
        }
        assert!(matches!(register(204, ""), Error::Decode { .. }));
    }

    #[test]
    fn an_error_without_a_code_is_nobodys_verdict() {
        let deep = format!("{{\"error\":{}", "{\"error\":".repeat(100_000));
        let cases: [(&[u8], ErrorBody); 15] = [
            (b"", ErrorBody::Other),
            (b"<html>502 Bad Gateway</html>", ErrorBody::Other),
            (b"{\"error\":{\"code\":1330", ErrorBody::Other),
            (b"{\"error\":{\"code\":133016,\"message\":\"\xff\"}}", ErrorBody::Other),
            (b"\xef\xbb\xbf{\"error\":{\"code\":133016}}", ErrorBody::Other),
            (deep.as_bytes(), ErrorBody::Other),
            (b"{\"error\":{\"code\":1e400}}", ErrorBody::Json),
            (b"{}", ErrorBody::Json),
            (b"[1]", ErrorBody::Json),
            (b"{\"error\":\"no\"}", ErrorBody::Json),
            (b"{\"error\":{\"message\":\"no code\"}}", ErrorBody::Json),
            (b"{\"error\":{\"code\":18446744073709551616}}", ErrorBody::Json),
            (b"{\"error\":{\"code\":1,\"code\":2}}", ErrorBody::Json),
            (b"{\"error\":{\"code\":1},\"error\":{\"code\":2}}", ErrorBody::Json),
            (b"{\"error\":null,\"code\":133016}", ErrorBody::Json),
        ];
        for status in [302, 400, 404, 413, 429, 500, 502] {
            for (body, grade) in &cases {
                let error = register(status, body);
                let Error::Api { answer, .. } = &error else { panic!("{error}") };
                let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
                assert_eq!(
                    (answer.body(), answer.bytes(), answer.status().as_u16()),
                    (grade, *body, status),
                    "{shown}"
                );
                assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, None), "{shown}");
            }
        }
    }

    #[test]
    fn the_code_decides_and_not_the_status() {
        for status in [200, 400, 429, 500] {
            let error = register(status, r#"{"error":{"code":133000}}"#);
            assert_eq!((error.code(), error.outcome()), (Some(ErrorCode::DeregistrationIncomplete), Outcome::Rejected));
        }
        let lone_surrogate = register(400, r#"{"error":{"message":"\ud800","error_subcode":7,"code":133000}}"#);
        assert_eq!(lone_surrogate.code(), Some(ErrorCode::DeregistrationIncomplete));
        assert_eq!(lone_surrogate.graph().unwrap().subcode, Some(7));
        assert_eq!(register(400, r#"{"error":{"code":2}}"#).outcome(), Outcome::Unknown);
        assert_eq!(register(400, r#"{"error":{"code":987654}}"#).outcome(), Outcome::Rejected);
        assert_eq!(register(500, r#"{"error":{"code":987654}}"#).outcome(), Outcome::Unknown);
    }

    #[test]
    fn unknown_words_and_members_are_kept_or_passed_over() {
        let body = r#"{"data":[{"id":"1","status":"ASLEEP","quality_rating":"PURPLE","new":{"x":[1e300]}},{"id":2}],
            "paging":{"cursors":{"before":"a","after":"b"},"new":null},"summary":{}}"#;
        let page = parsed::<ListNumbers<'_>>(200, body).unwrap();
        let words: Vec<_> =
            page.data.iter().map(|number| number.status.as_ref().map(|status| status.as_str())).collect();
        assert_eq!(words, [Some("ASLEEP"), None]);
        assert_eq!(page.data[1].id.as_str(), "2");
    }

    #[test]
    fn an_answer_keeps_its_headers() {
        let usage = r#"{"call_count":28,"total_time":25,"total_cputime":25}"#;
        let body = br#"{"id":"1","brand_new":7}"#.to_vec();
        let response = Response::builder().header("X-App-Usage", usage).body(body).unwrap();
        let answer: Answer<PhoneNumber> = parse_full::<ReadNumber<'_>>(response).unwrap();
        assert_eq!((answer.value.id.as_str(), answer.usage().highest()), ("1", Some(28.0)));
        assert_eq!(answer.bytes, br#"{"id":"1","brand_new":7}"#);
    }
}
