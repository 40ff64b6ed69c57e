use serde::{Deserialize, Serialize};

use crate::flexible;

/// A number's conversational components: ice breakers and commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConversationalAutomation {
    /// The id of the set of components.
    #[serde(default, deserialize_with = "flexible::text")]
    pub id: Option<String>,
    /// Texts that a person can send with a tap.
    #[serde(default, deserialize_with = "flexible::texts")]
    pub prompts: Vec<String>,
    /// Commands that a person can pick after a `/`.
    #[serde(default, deserialize_with = "flexible::objects")]
    pub commands: Vec<Command>,
}

/// A command that a person can pick in the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Command {
    /// The word after the `/`.
    #[serde(default, deserialize_with = "flexible::plain")]
    pub command_name: String,
    /// What it is for.
    #[serde(default, deserialize_with = "flexible::plain")]
    pub command_description: String,
}

impl Command {
    /// Names a command and says what it is for.
    #[must_use]
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self { command_name: name.into(), command_description: description.into() }
    }
}
