use serde::{Deserialize, Serialize};
use wa_types::MessageId;

use super::{Content, words::Words};
use crate::BuildError;

/// An emoji on a message of the last 30 days. Its only status is `sent`.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/reaction-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    message_id: MessageId,
    emoji: Words,
}

impl Reaction {
    /// Puts an emoji on a message, in place of the one that was there.
    #[must_use]
    pub fn new(message: MessageId, emoji: impl Into<String>) -> Self {
        Self { message_id: message, emoji: emoji.into().into() }
    }

    /// Takes the emoji off a message.
    #[must_use]
    pub fn remove(message: MessageId) -> Self {
        // Told by clients; Meta's page does not speak of it.
        Self { message_id: message, emoji: Words::from("") }
    }
}

impl Content for Reaction {
    fn kind(&self) -> &'static str {
        "reaction"
    }

    fn check(&self) -> Result<(), BuildError> {
        let is_plain = !self.emoji.is_empty() && self.emoji.is_ascii();
        if is_plain || self.emoji.len() > LONGEST_EMOJI {
            return Err(BuildError::new("a reaction is one emoji"));
        }
        Ok(())
    }
}

/// In bytes. The longest emoji, a family or a couple with all skin tones, has 35.
const LONGEST_EMOJI: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{refusal, sends};

    fn message() -> MessageId {
        MessageId::new("wamid.HBgLMTY0NjcwNDM1OTUVAgASGBQzQTdDNTg5RjY1MEMyRjlGMjRGNgA=").unwrap()
    }

    // Meta, "Reaction messages", example request.
    #[test]
    fn a_reaction_is_written_as_documented() {
        let sample = r#"{"message_id": "wamid.HBgLMTY0NjcwNDM1OTUVAgASGBQzQTdDNTg5RjY1MEMyRjlGMjRGNgA=", "emoji": "\uD83D\uDE00"}"#;
        sends(&Reaction::new(message(), "😀"), sample);
        sends(&Reaction::remove(message()), &sample.replace("\\uD83D\\uDE00", ""));
    }

    #[test]
    fn a_reaction_is_an_emoji() {
        for emoji in ["❤", "1️⃣", "🇨🇭", "👩🏽‍❤️‍💋‍👨🏿", "©"] {
            assert!(Reaction::new(message(), emoji).check().is_ok(), "{emoji}");
        }
        assert_eq!(refusal(&Reaction::new(message(), "ok")), "a reaction is one emoji");
        assert_eq!(refusal(&Reaction::new(message(), "🙂".repeat(17))), "a reaction is one emoji");
    }
}
