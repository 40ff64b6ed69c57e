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
        /// Words.
        Text(InboundText) = "text",
        /// A picture.
        Image(InboundMedia) = "image",
        /// A film.
        Video(InboundMedia) = "video",
        /// A file of any kind.
        Document(InboundMedia) = "document",
        /// A sound, which may be a voice message.
        Audio(InboundMedia) = "audio",
        /// A sticker.
        Sticker(InboundMedia) = "sticker",
        /// A place.
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
        /// A file of the history, which comes later in a message with the same id.
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
    /// What a text says.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct InboundText {
        /// The words.
        pub body: String,
    }
}

model! {
    /// A file that was sent.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct InboundMedia {
        /// What it is fetched by, for seven days.
        pub id: Option<MediaId>,
        /// What it is, such as `image/jpeg` or `audio/ogg; codecs=opus`.
        pub mime_type: Option<String>,
        /// Its SHA-256: mostly as base64, in the history as hex digits.
        pub sha256: Option<String>,
        /// Where it lies for five minutes. Fetching it takes the access token.
        pub url: Option<String>,
        /// The words below it.
        pub caption: Option<String>,
        /// Its name: documents have one.
        pub filename: Option<String>,
        /// Whether it was spoken into the app: audio has it.
        pub voice: Option<bool>,
        /// Whether it moves: stickers have it.
        pub animated: Option<bool>,
    }
}

model! {
    /// A place that was sent.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct InboundLocation {
        /// Degrees to the north.
        pub latitude: Option<f64>,
        /// Degrees to the east.
        pub longitude: Option<f64>,
        /// What the place is called.
        pub name: Option<String>,
        /// Its address.
        pub address: Option<String>,
        /// Its page.
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
        /// What the template was sent with for this button.
        pub payload: Option<String>,
        /// What stands on the button.
        pub text: Option<String>,
    }
}

model! {
    /// What is known of a message that the service does not pass on.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Unsupported {
        /// What it was, such as `poll_creation` or `gif`.
        pub kind: Option<String> = "type",
        /// What some deliveries tell in its place.
        pub raw_type: Option<String>,
    }
}

model! {
    /// A kind of message that says all by itself.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct NoContent {}
}
