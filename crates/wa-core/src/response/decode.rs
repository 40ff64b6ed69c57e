use serde::{Serialize, de::DeserializeOwned};
use wa_types::{Confirmed, model};

/// An answer that can be read: anything that `serde` reads from a JSON object.
///
/// A refusal or an error in place of the answer is noticed before, whatever the type.
pub trait Decode: DeserializeOwned {}

impl<T: DeserializeOwned> Decode for T {}

model! {
    /// The answer of a call that has nothing else to say.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Success {
        /// Always true: a `false` from the service becomes an error.
        pub success: Confirmed = required,
    }
}
