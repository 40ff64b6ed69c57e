use serde::{Deserialize, Serialize};

/// Something that will happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The review of a number's display name ends.
    NameReview {
        /// The number's id.
        number: String,
    },
    /// A number's upgrade to higher throughput ends.
    ThroughputUpgrade {
        /// The number's id.
        number: String,
    },
    /// A registration that was answered with success connects its number at last.
    Connected {
        /// The number's id.
        number: String,
    },
    /// What the WhatsApp Business app holds is told.
    BusinessAppSync {
        /// The number's id.
        number: String,
        /// Which part of it.
        part: SyncPart,
    },
    /// The review of a template ends.
    TemplateReview {
        /// The template's id.
        template: String,
    },
    /// A message gets a new status.
    MessageStatus {
        /// The number that sent it.
        number: String,
        /// The message.
        message: String,
        /// The person's digits, if they are known.
        recipient: Option<String>,
        /// The person's business-scoped user id.
        user: Option<String>,
        /// The status, such as `delivered`.
        status: String,
        /// The code of the failure, if it is one.
        error: Option<i64>,
        /// What the sender wants to see again.
        tag: Option<String>,
    },
}

/// A part of what the WhatsApp Business app holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SyncPart {
    /// The contacts.
    Contacts,
    /// One phase of the history, from 0 to 2.
    History(u8),
}
