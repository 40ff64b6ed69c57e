use serde::Serialize;

use crate::model;

model! {
    /// A number's conversational components: ice breakers and commands.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ConversationalAutomation {
        /// The id of the set of components.
        pub id: Option<String>,
        /// Texts that a person can send with a tap.
        pub prompts: Vec<String>,
        /// Commands that a person can pick after a `/`.
        pub commands: Vec<Command>,
    }
}

model! {
    /// A command that a person can pick in the chat.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Command {
        /// The word after the `/`.
        pub command_name: String,
        /// What it is for.
        pub command_description: String,
    }
}

impl Command {
    /// Names a command and says what it is for.
    #[must_use]
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self { command_name: name.into(), command_description: description.into() }
    }
}
