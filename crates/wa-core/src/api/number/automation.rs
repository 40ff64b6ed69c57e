//! A number's conversational components: prompts and commands.
//!
//! Read them with [`ReadNumber`](crate::api::number::ReadNumber) and the field `conversational_automation`.

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, Command, PhoneNumberId};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Route, Success};

/// `POST /{number}/conversational_automation`
///
/// Replaces a number's conversational components: what is left out is switched off.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/conversational-components)
#[derive(Clone, Debug, Serialize)]
pub struct SetAutomation<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    prompts: Vec<String>,
    commands: Vec<Command>,
}

impl<'a> SetAutomation<'a> {
    /// Leaves this number without components.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number, prompts: Vec::new(), commands: Vec::new() }
    }

    /// Offers a text that a person can send with a tap; four at most.
    #[must_use]
    pub fn prompt(mut self, text: impl Into<String>) -> Self {
        self.prompts.push(text.into());
        self
    }

    /// Offers a command; thirty at most.
    #[must_use]
    pub fn command(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }
}

impl Endpoint for SetAutomation<'_> {
    const NAME: &'static str = "number.set_automation";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("conversational_automation")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if self.prompts.len() > MOST_PROMPTS || self.commands.len() > MOST_COMMANDS {
            return Err(BuildError::new("a number has at most 4 prompts and 30 commands"));
        }
        if self.prompts.iter().any(|prompt| prompt.chars().count() > LONGEST_PROMPT) {
            return Err(BuildError::new("a prompt has at most 80 characters"));
        }
        for command in &self.commands {
            let name = &command.command_name;
            let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !(1..=LONGEST_NAME).contains(&name.len()) || !is_word {
                return Err(BuildError::new("a command's name has 1 to 32 characters: letters, digits and _"));
            }
            if command.command_description.chars().count() > LONGEST_DESCRIPTION {
                return Err(BuildError::new("a command's description has at most 256 characters"));
            }
        }
        Ok(())
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(SetAutomation::new(number).prompt("Hello").command(Command::new("help", "Helps")));
    Ok(())
}

const MOST_PROMPTS: usize = 4;
const MOST_COMMANDS: usize = 30;
const LONGEST_PROMPT: usize = 80;
const LONGEST_NAME: usize = 32;
const LONGEST_DESCRIPTION: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const SET: &str = "POST /{Version}/{Phone-Number-ID}/conversational_automation";

    // Meta's API description v23.0, configureConversationalAutomation, after the example full_automation_setup; Meta removed
    // its `enable_welcome_message` on 27 March 2026.
    #[test]
    fn sets_all_components() {
        let number = testing::number();
        let set = SetAutomation::new(&number)
            .prompt("Welcome! How can I assist you?")
            .command(Command::new("catalog", "View our product catalog"));
        Vector::at(SET, &set).builds(
            "POST /v23.0/106540352242922/conversational_automation",
            concat!(
                r#"{"prompts":["Welcome! How can I assist you?"],"#,
                r#""commands":[{"command_name":"catalog","command_description":"View our product catalog"}]}"#,
            ),
        );
        Vector::at(SET, &SetAutomation::new(&number))
            .builds("POST /v23.0/106540352242922/conversational_automation", r#"{"prompts":[],"commands":[]}"#);
    }

    // Meta, "Conversational components": up to four prompts.
    #[test]
    fn four_prompts_are_taken_and_five_are_not() {
        let number = testing::number();
        let four = SetAutomation::new(&number).prompt("a").prompt("b").prompt("c").prompt("d");
        Vector::at(SET, &four)
            .differs_from_description(
                "the description allows three prompts, the guide four",
                "body /prompts: value has more than 3 items",
            )
            .builds(
                "POST /v23.0/106540352242922/conversational_automation",
                r#"{"prompts":["a","b","c","d"],"commands":[]}"#,
            );
        Vector::at(SET, &four.prompt("e")).refuses("at most 4 prompts");
    }

    #[test]
    fn limits_are_checked() {
        let number = testing::number();
        let set = || SetAutomation::new(&number);
        Vector::at(SET, &set().prompt("x".repeat(81))).refuses("80 characters");
        Vector::at(SET, &set().command(Command::new("", "x"))).refuses("letters, digits and _");
        Vector::at(SET, &set().command(Command::new("two words", "x"))).refuses("letters, digits and _");
        Vector::at(SET, &set().command(Command::new("x", "x".repeat(257)))).refuses("256 characters");
        let many = (0..31).fold(set(), |set, _| set.command(Command::new("x", "x")));
        Vector::at(SET, &many).refuses("30 commands");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<SetAutomation<'_>>(SET);
    }
}
