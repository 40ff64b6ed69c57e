use serde::Serialize;

use crate::{E164, GroupId, MessageId, ScopedUserId, WhatsAppId, model, open::open_enum};

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recipient {
    /// A phone number that a person gave.
    Phone(E164),
    /// A WhatsApp user whom a webhook named.
    User(WhatsAppId),
    /// A WhatsApp user whom a webhook named by the id that is valid for one business portfolio.
    ScopedUser(ScopedUserId),
    /// A group.
    Group(GroupId),
}

impl Recipient {
    /// The recipient as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::User(user) => user.as_str(),
            Self::ScopedUser(user) => user.as_str(),
            Self::Group(group) => group.as_str(),
        }
    }
}

impl From<E164> for Recipient {
    fn from(phone: E164) -> Self {
        Self::Phone(phone)
    }
}

impl From<WhatsAppId> for Recipient {
    fn from(user: WhatsAppId) -> Self {
        Self::User(user)
    }
}

impl From<ScopedUserId> for Recipient {
    fn from(user: ScopedUserId) -> Self {
        Self::ScopedUser(user)
    }
}

impl From<GroupId> for Recipient {
    fn from(group: GroupId) -> Self {
        Self::Group(group)
    }
}

model! {
    /// What the service says to a message that it took. Taken is not delivered: that comes by webhook.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct MessageReceipt {
        /// Always `whatsapp`.
        pub messaging_product: Option<String>,
        /// Whom it was sent to.
        pub contacts: Vec<SentTo>,
        /// The messages that were taken.
        pub messages: Vec<SentMessage> = required,
    }
}

impl MessageReceipt {
    /// The id of the message, by which webhooks speak of it.
    #[must_use]
    pub fn message_id(&self) -> Option<&MessageId> {
        self.messages.first().map(|message| &message.id)
    }
}

model! {
    /// Whom a message was sent to.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SentTo {
        /// The recipient as the request named it.
        pub input: String,
        /// The WhatsApp user behind it.
        pub wa_id: Option<WhatsAppId>,
        /// The user's business-scoped id, where the message went to one.
        pub user_id: Option<ScopedUserId>,
    }
}

model! {
    /// A message that was taken.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SentMessage {
        /// Its id.
        pub id: MessageId = required,
        /// The group that it went to.
        pub group_id: Option<GroupId>,
        /// Whether it goes out now.
        pub message_status: Option<AcceptedStatus>,
    }
}

open_enum! {
    /// What becomes of a message that was taken.
    AcceptedStatus {
        Accepted = "accepted",
        HeldForQualityAssessment = "held_for_quality_assessment",
        Paused = "paused",
    }
}
