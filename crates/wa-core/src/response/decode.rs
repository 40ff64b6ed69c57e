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

#[derive(Debug)]
pub(super) enum Reason {
    /// It is an error or a refusal.
    ErrorAnswer,
    /// It is not JSON, or not of the shape that the call answers.
    Json(serde_json::Error),
    /// What the type itself says.
    Other(&'static str),
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
