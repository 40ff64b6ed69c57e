use serde::{Deserialize, Serialize};

use super::Content;
use crate::BuildError;

/// An approved template, the only kind of message that may begin a conversation.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/template-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    name: String,
    language: Language,
}

impl Template {
    /// The template of this name in this language, such as `hello_world` in `en_US`.
    #[must_use]
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self { name: name.into(), language: Language { code: language.into() } }
    }
}

impl Content for Template {
    fn kind(&self) -> &'static str {
        "template"
    }

    fn check(&self) -> Result<(), BuildError> {
        match self.name.is_empty() || self.language.code.is_empty() {
            true => Err(BuildError::new("a template has a name and a language, such as hello_world and en_US")),
            false => Ok(()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Language {
    code: String,
}
