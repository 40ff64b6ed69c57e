use serde::{Deserialize, Serialize};

use super::{Content, limit::length, words::Words};
use crate::BuildError;

/// A text. WhatsApp shows `*bold*`, `_italic_`, `~struck~` and `` `code` `` as such.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    body: Words,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    preview_url: bool,
}

impl Text {
    /// A text of 1 to 4,096 characters.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into().into(), preview_url: false }
    }

    /// Shows a preview of the first link in the text.
    #[must_use]
    pub fn preview_url(mut self) -> Self {
        self.preview_url = true;
        self
    }
}

impl Content for Text {
    fn kind(&self) -> &'static str {
        "text"
    }

    fn check(&self) -> Result<(), BuildError> {
        length("a text", 1..=LONGEST_TEXT, &self.body)
    }
}

const LONGEST_TEXT: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{refusal, sends};

    // Meta's API description v23.0, sendMessage, "Send Text Message with Preview URL".
    #[test]
    fn a_text_is_written_as_documented() {
        sends(
            &Text::new("Please visit https://youtu.be/hpltvTEiRrY.").preview_url(),
            r#"{"preview_url": true, "body": "Please visit https://youtu.be/hpltvTEiRrY."}"#,
        );
    }

    #[test]
    fn limits_are_checked() {
        assert_eq!(refusal(&Text::new("")), "a text has 1 to 4,096 characters: this one has 0");
        assert_eq!(refusal(&Text::new("é".repeat(4_097))), "a text has 1 to 4,096 characters: this one has 4,097");
        assert!(Text::new("é".repeat(4_096)).check().is_ok());
    }

    #[test]
    fn the_text_is_not_shown() {
        assert_eq!(format!("{:?}", Text::new("private words")), "Text { body: (13 bytes), preview_url: false }");
    }
}
