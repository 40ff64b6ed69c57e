use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::BuildError;

/// What a message holds: a text, an image, a template. [`SendMessage`](super::SendMessage) takes any.
///
/// Implement it for a kind that this crate does not have:
///
/// ```
/// use wa_core::{BuildError, api::message::Content};
///
/// #[derive(serde::Serialize)]
/// struct Poll {
///     question: String,
/// }
///
/// impl Content for Poll {
///     fn kind(&self) -> &'static str {
///         "poll"
///     }
///
///     fn check(&self) -> Result<(), BuildError> {
///         match self.question.is_empty() {
///             true => Err(BuildError::new("a poll has a question")),
///             false => Ok(()),
///         }
///     }
/// }
/// ```
pub trait Content: Serialize {
    /// The message's `type`, which is also the name of the member that holds the content.
    fn kind(&self) -> &'static str;

    /// What the service would refuse, or drop after taking it.
    ///
    /// # Errors
    ///
    /// Says what is wrong and what is allowed.
    fn check(&self) -> Result<(), BuildError>;

    /// What stands under the name of the kind: mostly the content itself.
    fn payload(&self) -> impl Serialize + '_ {
        self
    }
}

/// A content as it stands in a message: `"type": kind, kind: payload`.
pub(super) struct Typed<'a, C>(pub(super) &'a C);

impl<C: Content> Serialize for Typed<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(content) = self;
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry("type", content.kind())?;
        members.serialize_entry(content.kind(), &content.payload())?;
        members.end()
    }
}
