use std::borrow::Cow;

/// Why a request cannot be built, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BuildError(Cow<'static, str>);

impl BuildError {
    /// Says what is wrong and what to do instead, without repeating a secret.
    #[must_use]
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}
