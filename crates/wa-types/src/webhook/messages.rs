use serde::Serialize;

use crate::{
    ErrorCode, ErrorData, MessageId, PhoneNumberId, ScopedUserId, Timestamp, WhatsAppId, model, open::open_enum,
    time::as_seconds,
};

model! {
    /// Which of the business's numbers a delivery concerns.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Metadata {
        /// The number's digits.
        pub display_phone_number: Option<String>,
        /// The number's id.
        pub phone_number_id: PhoneNumberId = required,
    }
}

model! {
    /// A person who wrote or was written to. Since 2026 the phone number may be missing.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Contact {
        /// The person's WhatsApp id.
        pub wa_id: Option<WhatsAppId>,
        /// The person's id for this business.
        pub user_id: Option<ScopedUserId>,
        /// The person's name.
        pub profile: Option<ProfileName>,
        /// The hash of the person's identity key, if the check is on.
        pub identity_key_hash: Option<String>,
    }
}

model! {
    /// The name that a person gave himself.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ProfileName {
        /// The name.
        pub name: Option<String>,
        /// The username.
        pub username: Option<String>,
    }
}

model! {
    /// What a message refers to.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct MessageContext {
        /// Who wrote the message that it replies to.
        pub from: Option<String>,
        /// The message that it replies to.
        pub id: Option<MessageId>,
        /// Whether it was forwarded.
        pub forwarded: Option<bool>,
        /// Whether it was forwarded often.
        pub frequently_forwarded: Option<bool>,
    }
}

model! {
    /// A message from a person.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct InboundMessage {
        /// Its id. A repeated delivery has the same.
        pub id: MessageId = required,
        /// Who wrote it; since 2026 only `from_user_id` may be there.
        pub from: Option<WhatsAppId>,
        /// Who wrote it, by the id for this business.
        pub from_user_id: Option<ScopedUserId>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// Its kind, such as `text` or `image`.
        pub kind: String = "type",
        /// The text, if it is one. What other kinds hold is in the event's JSON.
        pub text: Option<TextContent>,
        /// What it refers to.
        pub context: Option<MessageContext>,
        /// Why its content is missing.
        pub errors: Vec<WebhookFailure>,
    }
}

model! {
    /// What a text says.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TextContent {
        /// The words.
        pub body: String,
    }
}

model! {
    /// What became of a message that was sent.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct StatusUpdate {
        /// The message.
        pub id: MessageId = required,
        /// What became of it. The steps may come out of order, and `delivered` may be left out.
        pub status: DeliveryStatus = required,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// Whom it was for.
        pub recipient_id: Option<WhatsAppId>,
        /// Whom it was for, by the id for this business.
        pub recipient_user_id: Option<ScopedUserId>,
        /// The text that was given with the message for this purpose.
        pub biz_opaque_callback_data: Option<String>,
        /// The conversation that it belongs to.
        pub conversation: Option<Conversation>,
        /// What it costs.
        pub pricing: Option<Pricing>,
        /// Why it failed.
        pub errors: Vec<WebhookFailure>,
    }
}

open_enum! {
    /// What became of a message.
    DeliveryStatus {
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        Played = "played",
        Failed = "failed",
    }
}

model! {
    /// The conversation that a message belongs to.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Conversation {
        /// Its id.
        pub id: Option<String>,
        /// When it ends.
        #[serde(serialize_with = "as_seconds")]
        pub expiration_timestamp: Option<Timestamp>,
        /// How it began.
        pub origin: Option<ConversationOrigin>,
    }
}

model! {
    /// How a conversation began.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ConversationOrigin {
        /// The kind of the first message, such as `utility`.
        pub kind: Option<String> = "type",
    }
}

model! {
    /// What a message costs.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Pricing {
        /// Whether it costs anything.
        pub billable: Option<bool>,
        /// By what it is counted: `PMP` is the message, `CBP` the conversation.
        pub pricing_model: Option<String>,
        /// The kind of price, such as `regular`.
        pub kind: Option<String> = "type",
        /// The kind of message, such as `marketing`.
        pub category: Option<String>,
    }
}

model! {
    /// A failure that the service tells by webhook.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct WebhookFailure {
        /// What a program decides by; `code.meaning(None)` explains it.
        pub code: ErrorCode = required,
        /// A title.
        pub title: Option<String>,
        /// The reason in words.
        pub message: Option<String>,
        /// More about the reason.
        pub error_data: Option<ErrorData>,
        /// Where it is explained.
        pub href: Option<String>,
    }
}
