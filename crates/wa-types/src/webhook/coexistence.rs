//! Numbers that are used with the WhatsApp Business app as well.

use serde::Serialize;

use crate::{
    MessageId, ScopedUserId, Timestamp, WhatsAppId, model,
    open::open_enum,
    time::as_seconds,
    webhook::{InboundContent, MessageContext, Referral, User, WebhookFailure},
};

model! {
    /// `smb_message_echoes` and `message_echoes`: a message that the business sent otherwise than by this API.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct MessageEcho {
        /// Its id.
        pub id: MessageId = required,
        /// The business's number.
        pub from: Option<WhatsAppId>,
        /// Whom it was written to.
        pub to: Option<WhatsAppId>,
        /// Whom it was written to, by the id for this business.
        pub to_user_id: Option<ScopedUserId>,
        /// Whom it was written to, by the id for the parent of this business.
        pub to_parent_user_id: Option<ScopedUserId>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// What made it, such as `created_by_1p_bot`.
        pub message_creation_type: Option<String>,
        /// What it refers to.
        pub context: Option<MessageContext>,
        /// Why its content is missing.
        pub errors: Vec<WebhookFailure>,
        ..
        /// What it says.
        pub content: InboundContent,
    }
}

impl MessageEcho {
    /// Whom it was written to: the business-scoped id, else the phone number.
    #[must_use]
    pub fn recipient(&self) -> Option<User<'_>> {
        User::new(self.to_user_id.as_ref(), self.to.as_ref())
    }
}

model! {
    /// `history`: a piece of the chats before a number was onboarded. Pieces come in any order.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct HistoryChunk {
        /// Where the piece belongs.
        pub metadata: Option<HistoryMetadata>,
        /// The chats.
        pub threads: Vec<HistoryThread>,
        /// Why there is none: code 2593109 if the business shares no history.
        pub errors: Vec<WebhookFailure>,
    }
}

model! {
    /// Where a piece of the history belongs.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct HistoryMetadata {
        /// Which span: 0 is the last day, 1 the last 90 days, 2 the last 180.
        pub phase: Option<i64>,
        /// Its place among the pieces.
        pub chunk_order: Option<i64>,
        /// How much has come, in percent.
        pub progress: Option<i64>,
    }
}

model! {
    /// One chat of the history.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct HistoryThread {
        /// The user's phone number.
        pub id: Option<WhatsAppId>,
        /// The user.
        pub context: Option<HistoryUser>,
        /// The messages.
        pub messages: Vec<HistoryMessage>,
    }
}

model! {
    /// The user of a chat of the history.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct HistoryUser {
        /// The WhatsApp id.
        pub wa_id: Option<WhatsAppId>,
        /// The id for this business.
        pub user_id: Option<ScopedUserId>,
        /// The id for the parent of this business.
        pub parent_user_id: Option<ScopedUserId>,
        /// The username.
        pub username: Option<String>,
    }
}

model! {
    /// A message of the history, from the user or from the business.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct HistoryMessage {
        /// Its id. A file comes later in a message with the same id.
        pub id: MessageId = required,
        /// Who wrote it: the user or the business.
        pub from: Option<WhatsAppId>,
        /// Who wrote it, by the id for this business.
        pub from_user_id: Option<ScopedUserId>,
        /// Who wrote it, by the id for the parent of this business.
        pub from_parent_user_id: Option<ScopedUserId>,
        /// Whom the business wrote to.
        pub to: Option<WhatsAppId>,
        /// Whom the business wrote to, by the id for this business.
        pub to_user_id: Option<ScopedUserId>,
        /// Whom the business wrote to, by the id for the parent of this business.
        pub to_parent_user_id: Option<ScopedUserId>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// What had become of it.
        pub history_context: Option<HistoryContext>,
        /// What it refers to.
        pub context: Option<MessageContext>,
        /// The advertisement that led to it.
        pub referral: Option<Referral>,
        /// Why its content is missing.
        pub errors: Vec<WebhookFailure>,
        ..
        /// What it says.
        pub content: InboundContent,
    }
}

model! {
    /// What had become of a message of the history.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct HistoryContext {
        /// What had become of it.
        pub status: Option<HistoryStatus>,
    }
}

open_enum! {
    /// What had become of a message of the history.
    HistoryStatus {
        Delivered = "DELIVERED",
        Error = "ERROR",
        Pending = "PENDING",
        Played = "PLAYED",
        Read = "READ",
        Sent = "SENT",
    }
}

model! {
    /// `smb_app_state_sync`: a contact in the WhatsApp Business app's address book.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct StateSync {
        /// What it is: `contact`.
        pub kind: Option<String> = "type",
        /// The contact.
        pub contact: Option<BookContact>,
        /// What was done to it.
        pub action: Option<StateAction>,
        /// When.
        pub metadata: Option<StateMetadata>,
    }
}

model! {
    /// A contact in the WhatsApp Business app's address book.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BookContact {
        /// The whole name. A removed contact has no names.
        pub full_name: Option<String>,
        /// The first name.
        pub first_name: Option<String>,
        /// The phone number.
        pub phone_number: Option<String>,
        /// The id for this business.
        pub user_id: Option<ScopedUserId>,
        /// The id for the parent of this business.
        pub parent_user_id: Option<ScopedUserId>,
        /// The username.
        pub username: Option<String>,
    }
}

open_enum! {
    /// What was done to a contact in the address book.
    StateAction {
        /// It is new, or was edited.
        Add = "add",
        Remove = "remove",
    }
}

model! {
    /// When a contact in the address book was changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct StateMetadata {
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
    }
}
