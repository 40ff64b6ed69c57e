use std::{fmt, ops::Deref};

use serde::{Deserialize, Serialize};

/// A text that is nobody's business but the sender's and the recipient's: `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Words(String);

impl<T: Into<String>> From<T> for Words {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Deref for Words {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.0.len())
    }
}

/// Makes a method for each optional text of a content.
macro_rules! optional_texts {
    ($($(#[$about:meta])* $member:ident),+ $(,)?) => {$(
        $(#[$about])*
        #[must_use]
        pub fn $member(mut self, $member: impl Into<String>) -> Self {
            self.$member = Some($member.into().into());
            self
        }
    )+};
}

pub(super) use optional_texts;
