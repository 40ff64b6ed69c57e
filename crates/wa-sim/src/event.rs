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
    /// A message gets a new status.
    MessageStatus {
        /// The number that sent it.
        number: String,
        /// The message.
        message: String,
        /// The person.
        recipient: String,
        /// The status, such as `delivered`.
        status: String,
        /// The code of the failure, if it is one.
        error: Option<i64>,
        /// What the sender wants to see again.
        tag: Option<String>,
    },
}
