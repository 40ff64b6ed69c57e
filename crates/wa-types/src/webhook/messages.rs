use serde::{Deserialize, Serialize};

use crate::{ErrorCode, MessageId, PhoneNumberId, WhatsAppId, flexible, open::open_enum};

/// Which of the business's numbers a delivery concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The number's digits.
    #[serde(default, deserialize_with = "flexible::optional_text")]
    pub display_phone_number: Option<String>,
    /// The number's id.
    pub phone_number_id: PhoneNumberId,
}

/// A person who wrote or was written to. Since 2026 the phone number may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Contact {
    /// The person's WhatsApp id.
    pub wa_id: Option<WhatsAppId>,
    /// The person's id for this business.
    pub user_id: Option<WhatsAppId>,
    /// The person's name.
    pub profile: Option<ProfileName>,
    /// The hash of the person's identity key, if the check is on.
    pub identity_key_hash: Option<String>,
}

/// The name that a person gave himself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileName {
    /// The name.
    pub name: Option<String>,
    /// The username.
    pub username: Option<String>,
}

/// What a message refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageContext {
    /// Who wrote the message that it replies to.
    #[serde(default, deserialize_with = "flexible::optional_text")]
    pub from: Option<String>,
    /// The message that it replies to.
    pub id: Option<MessageId>,
    /// Whether it was forwarded.
    #[serde(default, deserialize_with = "flexible::flag")]
    pub forwarded: Option<bool>,
    /// Whether it was forwarded often.
    #[serde(default, deserialize_with = "flexible::flag")]
    pub frequently_forwarded: Option<bool>,
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
    #[serde(default, deserialize_with = "flexible::optional_text")]
    pub timestamp: Option<String>,
    /// Whom it was for.
    pub recipient_id: Option<WhatsAppId>,
    /// Whom it was for, by the id for this business.
    pub recipient_user_id: Option<WhatsAppId>,
    /// The text that was given with the message for this purpose.
    pub biz_opaque_callback_data: Option<String>,
    /// The conversation that it belongs to.
    pub conversation: Option<Conversation>,
    /// What it costs.
    pub pricing: Option<Pricing>,
    /// Why it failed.
    #[serde(default, deserialize_with = "flexible::list")]
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
    pub id: Option<String>,
    /// When it ends, in seconds since 1970.
    #[serde(default, deserialize_with = "flexible::optional_text")]
    pub expiration_timestamp: Option<String>,
    /// How it began.
    pub origin: Option<ConversationOrigin>,
}

/// How a conversation began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConversationOrigin {
    /// The kind of the first message, such as `utility`.
    #[serde(rename = "type")]
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
    pub pricing_model: Option<String>,
    /// The kind of price, such as `regular`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The kind of message, such as `marketing`.
    pub category: Option<String>,
}

/// A failure that the service tells by webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookFailure {
    /// What a program decides by; `code.meaning(None)` explains it.
    pub code: ErrorCode,
    /// A title.
    pub title: Option<String>,
    /// The reason in words.
    pub message: Option<String>,
    /// More about the reason.
    pub error_data: Option<FailureDetails>,
    /// Where it is explained.
    pub href: Option<String>,
}

/// More about a failure's reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FailureDetails {
    /// The reason in words.
    pub details: Option<String>,
}
