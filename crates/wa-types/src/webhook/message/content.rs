use serde::Serialize;

use super::{ContactCard, InboundOrder, InteractiveReply, MessageEdit, MessageRevocation, SystemNotice};
use crate::{MediaId, MessageId, lenient::tagged, model};

tagged! {
    /// What a message says.
    ///
    /// Kinds come without notice: let the last arm of a `match` take what is new, and read it from the JSON of
    /// [`Other`](Self::Other) or of the event.
    InboundContent by
    /// The kind of a message.
    MessageKind {
        /// A text.
        Text(InboundText) = "text",
        /// An image.
        Image(InboundMedia) = "image",
        /// A video.
        Video(InboundMedia) = "video",
        /// A file of any kind.
        Document(InboundMedia) = "document",
        /// An audio file or a voice message.
        Audio(InboundMedia) = "audio",
        /// A sticker.
        Sticker(InboundMedia) = "sticker",
        /// A location.
        Location(InboundLocation) = "location",
        /// Contacts of the sender's address book, or the sender's own.
        Contacts(Vec<ContactCard>) = "contacts",
        /// A reaction to a message, or its removal.
        Reaction(InboundReaction) = "reaction",
        /// A quick-reply button of a template was pressed.
        Button(QuickReply) = "button",
        /// An interactive message was answered.
        Interactive(InteractiveReply) = "interactive",
        /// Products were ordered from a catalog.
        Order(InboundOrder) = "order",
        /// The user's number or id has changed.
        System(SystemNotice) = "system",
        /// A kind that the service does not pass on. The message's `errors` say why.
        Unsupported(Unsupported) = "unsupported" or Unsupported { kind: None, raw_type: None },
        /// What older versions call an unsupported message.
        Unknown(Unsupported) = "unknown" or Unsupported { kind: None, raw_type: None },
        /// An earlier message was changed, in the WhatsApp Business app.
        Edit(Box<MessageEdit>) = "edit",
        /// An earlier message was taken back, in the WhatsApp Business app.
        Revoke(MessageRevocation) = "revoke",
        /// A media message of the history; the file comes later in a message with the same id.
        MediaPlaceholder(NoContent) = "media_placeholder" or NoContent {},
        /// The chat was opened for the first time. Meta has sent it no more since March 2026.
        RequestWelcome(NoContent) = "request_welcome" or NoContent {},
    }
}

impl InboundContent {
    /// The file of an image, video, document, audio or sticker.
    #[must_use]
    pub fn media(&self) -> Option<&InboundMedia> {
        match self {
            Self::Image(media)
            | Self::Video(media)
            | Self::Document(media)
            | Self::Audio(media)
            | Self::Sticker(media) => Some(media),
            _ => None,
        }
    }
}

model! {
    /// A text.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct InboundText {
        /// The text.
        pub body: String,
    }
}

model! {
    /// A file that was sent.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct InboundMedia {
        /// The id to download it by, for seven days.
        pub id: Option<MediaId>,
        /// The MIME type, such as `image/jpeg` or `audio/ogg; codecs=opus`.
        pub mime_type: Option<String>,
        /// Its SHA-256: mostly as base64, in the history as hex digits.
        pub sha256: Option<String>,
        /// Where it can be downloaded for five minutes, with the access token.
        pub url: Option<String>,
        /// The caption.
        pub caption: Option<String>,
        /// The file name: documents have one.
        pub filename: Option<String>,
        /// Whether it is a voice message recorded in the app: audio has it.
        pub voice: Option<bool>,
        /// Whether it is animated: stickers have it.
        pub animated: Option<bool>,
    }
}

model! {
    /// A location that was sent.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct InboundLocation {
        /// The latitude in degrees.
        pub latitude: Option<f64>,
        /// The longitude in degrees.
        pub longitude: Option<f64>,
        /// The name of the place.
        pub name: Option<String>,
        /// Its address.
        pub address: Option<String>,
        /// Its URL.
        pub url: Option<String>,
    }
}

model! {
    /// A reaction to a message.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct InboundReaction {
        /// The message.
        pub message_id: Option<MessageId>,
        /// The emoji; none if an earlier reaction was removed.
        pub emoji: Option<String>,
    }
}

impl InboundReaction {
    /// Whether an earlier reaction was removed.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.emoji.as_deref().is_none_or(str::is_empty)
    }
}

model! {
    /// A quick-reply button of a template that was pressed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct QuickReply {
        /// The payload that the template was sent with for this button.
        pub payload: Option<String>,
        /// The button's text.
        pub text: Option<String>,
    }
}

model! {
    /// What is known of a message that the service does not pass on.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Unsupported {
        /// The kind of the original message, such as `poll_creation` or `gif`.
        pub kind: Option<String> = "type",
        /// The kind by another name, which some deliveries have in its place.
        pub raw_type: Option<String>,
    }
}

model! {
    /// The content of a kind of message that has none.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct NoContent {}
}
