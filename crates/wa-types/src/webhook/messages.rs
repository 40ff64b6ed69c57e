use serde::{Deserialize, Serialize};

use crate::{ErrorCode, ErrorData, MessageId, PhoneNumberId, ScopedUserId, WhatsAppId, flexible, open::open_enum};

/// Which of the business's numbers a delivery concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The number's digits.
    #[serde(default, deserialize_with = "flexible::text")]
    pub display_phone_number: Option<String>,
    /// The number's id.
    pub phone_number_id: PhoneNumberId,
}

/// A person who wrote or was written to. Since 2026 the phone number may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// The person's WhatsApp id.
    #[serde(default, deserialize_with = "flexible::id")]
    pub wa_id: Option<WhatsAppId>,
    /// The person's id for this business.
    #[serde(default, deserialize_with = "flexible::id")]
    pub user_id: Option<ScopedUserId>,
    /// The person's name.
    #[serde(default, deserialize_with = "flexible::object")]
    pub profile: Option<ProfileName>,
    /// The hash of the person's identity key, if the check is on.
    #[serde(default, deserialize_with = "flexible::text")]
    pub identity_key_hash: Option<String>,
}

/// The name that a person gave himself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileName {
    /// The name.
    #[serde(default, deserialize_with = "flexible::text")]
    pub name: Option<String>,
    /// The username.
    #[serde(default, deserialize_with = "flexible::text")]
    pub username: Option<String>,
}

/// What a message refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageContext {
    /// Who wrote the message that it replies to.
    #[serde(default, deserialize_with = "flexible::text")]
    pub from: Option<String>,
    /// The message that it replies to.
    #[serde(default, deserialize_with = "flexible::id")]
    pub id: Option<MessageId>,
    /// Whether it was forwarded.
    #[serde(default, deserialize_with = "flexible::flag")]
    pub forwarded: Option<bool>,
    /// Whether it was forwarded often.
    #[serde(default, deserialize_with = "flexible::flag")]
    pub frequently_forwarded: Option<bool>,
}

/// A message from a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InboundMessage {
    /// Its id. A repeated delivery has the same.
    pub id: MessageId,
    /// Who wrote it; since 2026 only `from_user_id` may be there.
    #[serde(default, deserialize_with = "flexible::id")]
    pub from: Option<WhatsAppId>,
    /// Who wrote it, by the id for this business.
    #[serde(default, deserialize_with = "flexible::id")]
    pub from_user_id: Option<ScopedUserId>,
    /// When, in seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub timestamp: Option<i64>,
    /// Its kind, such as `text` or `image`.
    #[serde(default, rename = "type", deserialize_with = "flexible::plain")]
    pub kind: String,
    /// The text, if it is one. What other kinds hold is in the event's JSON.
    #[serde(default, deserialize_with = "flexible::object")]
    pub text: Option<TextContent>,
    /// What it refers to.
    #[serde(default, deserialize_with = "flexible::object")]
    pub context: Option<MessageContext>,
    /// Why its content is missing.
    #[serde(default, deserialize_with = "flexible::objects")]
    pub errors: Vec<WebhookFailure>,
}

/// What a text says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextContent {
    /// The words.
    #[serde(default, deserialize_with = "flexible::plain")]
    pub body: String,
}

/// What became of a message that was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StatusUpdate {
    /// The message.
    pub id: MessageId,
    /// What became of it. The steps may come out of order, and `delivered` may be left out.
    pub status: DeliveryStatus,
    /// When, in seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub timestamp: Option<i64>,
    /// Whom it was for.
    #[serde(default, deserialize_with = "flexible::id")]
    pub recipient_id: Option<WhatsAppId>,
    /// Whom it was for, by the id for this business.
    #[serde(default, deserialize_with = "flexible::id")]
    pub recipient_user_id: Option<ScopedUserId>,
    /// The text that was given with the message for this purpose.
    #[serde(default, deserialize_with = "flexible::text")]
    pub biz_opaque_callback_data: Option<String>,
    /// The conversation that it belongs to.
    #[serde(default, deserialize_with = "flexible::object")]
    pub conversation: Option<Conversation>,
    /// What it costs.
    #[serde(default, deserialize_with = "flexible::object")]
    pub pricing: Option<Pricing>,
    /// Why it failed.
    #[serde(default, deserialize_with = "flexible::objects")]
    pub errors: Vec<WebhookFailure>,
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

/// The conversation that a message belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Conversation {
    /// Its id.
    #[serde(default, deserialize_with = "flexible::text")]
    pub id: Option<String>,
    /// When it ends, in seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub expiration_timestamp: Option<i64>,
    /// How it began.
    #[serde(default, deserialize_with = "flexible::object")]
    pub origin: Option<ConversationOrigin>,
}

/// How a conversation began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConversationOrigin {
    /// The kind of the first message, such as `utility`.
    #[serde(default, deserialize_with = "flexible::text", rename = "type")]
    pub kind: Option<String>,
}

/// What a message costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pricing {
    /// Whether it costs anything.
    #[serde(default, deserialize_with = "flexible::flag")]
    pub billable: Option<bool>,
    /// By what it is counted: `PMP` is the message, `CBP` the conversation.
    #[serde(default, deserialize_with = "flexible::text")]
    pub pricing_model: Option<String>,
    /// The kind of price, such as `regular`.
    #[serde(default, deserialize_with = "flexible::text", rename = "type")]
    pub kind: Option<String>,
    /// The kind of message, such as `marketing`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub category: Option<String>,
}

/// A failure that the service tells by webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookFailure {
    /// What a program decides by; `code.meaning(None)` explains it.
    pub code: ErrorCode,
    /// A title.
    #[serde(default, deserialize_with = "flexible::text")]
    pub title: Option<String>,
    /// The reason in words.
    #[serde(default, deserialize_with = "flexible::text")]
    pub message: Option<String>,
    /// More about the reason.
    pub error_data: Option<ErrorData>,
    /// Where it is explained.
    #[serde(default, deserialize_with = "flexible::text")]
    pub href: Option<String>,
}
