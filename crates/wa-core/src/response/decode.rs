use std::fmt;

use http::HeaderMap;
use serde::{Serialize, de::DeserializeOwned};
use wa_types::{Confirmed, model};

use super::parse::read_json;

/// An answer that can be read: everything that `serde` reads from a JSON object, and what implements it by itself because it
/// is no JSON, such as the bytes of a file.
///
/// It is asked only where the status is one of success. Where JSON is expected, a refusal or an error in place of the answer
/// is noticed before, whatever the type.
pub trait Decode: Sized {
    /// Reads the answer. It may take the bytes instead of copying them, if it can read them; then they are not in
    /// [`Answer::bytes`](crate::Answer::bytes).
    ///
    /// # Errors
    ///
    /// The bytes are not such an answer.
    fn decode(headers: &HeaderMap, bytes: &mut Vec<u8>) -> Result<Self, DecodeFailure>;
}

impl<T: DeserializeOwned> Decode for T {
    fn decode(_: &HeaderMap, bytes: &mut Vec<u8>) -> Result<Self, DecodeFailure> {
        read_json(bytes)
    }
}

/// Why bytes are not the answer to a call.
#[derive(Debug)]
pub struct DecodeFailure(pub(super) Reason);

impl DecodeFailure {
    /// Says what is wrong with them, such as `is not an image`. The text must not repeat any of them.
    #[must_use]
    pub fn new(reason: &'static str) -> Self {
        Self(Reason::Other(reason))
    }
}

pub(super) enum Reason {
    /// It is an error or a refusal.
    ErrorAnswer,
    /// It is not JSON, or not of the shape that the call answers.
    Json(serde_json::Error),
    /// What the type itself says.
    Other(&'static str),
}

impl fmt::Debug for Reason {
    /// The text of a JSON error quotes the value that it stumbles over.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ErrorAnswer => f.write_str("ErrorAnswer"),
            Self::Json(error) => write!(f, "Json({:?} at {}:{})", error.classify(), error.line(), error.column()),
            Self::Other(reason) => write!(f, "Other({reason:?})"),
        }
    }
}

model! {
    /// The answer of a call that has nothing else to say.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Success {
        /// Always true: a `false` from the service becomes an error.
        pub success: Confirmed = required,
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Response};

    use super::*;
    use crate::{Endpoint, Error, Outcome, Route, parse, parse_full};

    /// An answer that is no JSON.
    struct Picture(Vec<u8>);

    impl Decode for Picture {
        fn decode(headers: &HeaderMap, bytes: &mut Vec<u8>) -> Result<Self, DecodeFailure> {
            match headers.get("content-type") {
                Some(media_type) if media_type == "image/png" => Ok(Self(std::mem::take(bytes))),
                _ => Err(DecodeFailure::new("is not a picture")),
            }
        }
    }

    struct Draw;

    impl Endpoint for Draw {
        const NAME: &'static str = "test.draw";
        const METHOD: Method = Method::GET;
        type Response = Picture;

        fn route(&self) -> Route<'_> {
            Route::node("1")
        }
    }

    fn answer(status: u16, media_type: &str, body: &[u8]) -> Response<Vec<u8>> {
        Response::builder().status(status).header("content-type", media_type).body(body.to_vec()).unwrap()
    }

    #[test]
    fn an_answer_that_is_no_json_takes_its_bytes_without_a_copy() {
        let response = answer(200, "image/png", br#"{"error":{"code":1}}"#);
        let place = response.body().as_ptr();
        let whole = parse_full::<Draw>(response).unwrap();
        assert_eq!((whole.value.0.as_ptr(), whole.bytes.len()), (place, 0));
    }

    #[test]
    fn bytes_that_are_no_answer_are_kept_in_the_error() {
        let Err(error) = parse::<Draw>(answer(200, "text/html", b"<html>canary")) else { panic!() };
        assert!(matches!(error, Error::Decode { .. }));
        assert_eq!(error.answer().unwrap().bytes(), b"<html>canary");
        assert_eq!(error.to_string(), "test.draw: the answer (HTTP 200, 12 bytes) is not a picture");
    }

    #[test]
    fn an_error_is_noticed_whatever_the_answer_would_be() {
        let Err(error) = parse::<Draw>(answer(404, "application/json", br#"{"error":{"code":100}}"#)) else { panic!() };
        assert_eq!((error.code().map(|code| code.number()), error.outcome()), (Some(100), Outcome::Rejected));
    }

    #[test]
    fn a_failure_shows_none_of_the_bytes() {
        let Err(failure) = u64::decode(&HeaderMap::new(), &mut br#""canary""#.to_vec()) else { panic!() };
        let Err(other) = Picture::decode(&HeaderMap::new(), &mut b"canary".to_vec()) else { panic!() };
        let shown = format!("{failure:?} {other:?}");
        assert!(!shown.contains("canary") && shown.contains("is not a picture"), "{shown}");
    }
}
