use serde::Serialize;

use super::{InboundContent, MessageContext};
use crate::{MessageId, model};

model! {
    /// A change of an earlier message.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct MessageEdit {
        /// The message that was changed.
        pub original_message_id: Option<MessageId>,
        /// What it says now.
        pub message: Option<EditedMessage>,
    }
}

model! {
    /// What a changed message says now.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct EditedMessage {
        /// What it refers to.
        pub context: Option<MessageContext>,
        ..
        /// What it says.
        pub content: InboundContent,
    }
}

model! {
    /// A message that was taken back.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct MessageRevocation {
        /// The message.
        pub original_message_id: Option<MessageId>,
    }
}
