use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, Header, Rules},
};
use crate::{
    BuildError,
    api::message::{
        Content,
        limit::{count, lengths, unique},
        words::Words,
    },
};

/// A question with one to three buttons to answer it.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Buttons(Frame<Reply>);

impl Buttons {
    /// A body of at most 1,024 characters, and 1 to 3 buttons below it.
    #[must_use]
    pub fn new(body: impl Into<String>, buttons: impl IntoIterator<Item = Button>) -> Self {
        Self(Frame::new(Reply { buttons: buttons.into_iter().collect() }).body(body))
    }

    /// What stands above the body: a text, an image, a video or a document.
    #[must_use]
    pub fn header(self, header: impl Into<Header>) -> Self {
        Self(self.0.header(header))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for Buttons {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::ALL)?;
        let buttons = &self.0.action.buttons;
        count("a message", 1..=3, "button", buttons.len())?;
        check_replies(buttons.iter().map(|button| &button.reply), 256)
    }
}

/// A button: its title is sent back as the person's answer, with its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "reply")]
pub struct Button {
    pub(super) reply: Answer,
}

impl Button {
    /// A button with an id of at most 256 characters and a title of at most 20.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { reply: Answer { id: id.into().into(), title: title.into().into() } }
    }
}

/// What a button answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) id: Words,
    pub(super) title: Words,
}

/// Checks buttons that stand together.
pub(super) fn check_replies<'a>(
    answers: impl Iterator<Item = &'a Answer> + Clone,
    longest_id: usize,
) -> Result<(), BuildError> {
    lengths("the title of a button", 1..=20, answers.clone().map(|answer| &*answer.title))?;
    lengths("the id of a button", 1..=longest_id, answers.clone().map(|answer| &*answer.id))?;
    if answers.clone().any(|answer| answer.id.trim() != &*answer.id) {
        return Err(BuildError::new("the id of a button neither begins nor ends with a space"));
    }
    unique("the id of a button", answers.clone().map(|answer| &*answer.id))?;
    unique("the title of a button", answers.map(|answer| &*answer.title))
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Reply {
    buttons: Vec<Button>,
}

impl Action for Reply {
    const TYPE: &'static str = "button";
}

#[cfg(test)]
mod tests {
    use wa_types::MediaId;

    use super::*;
    use crate::api::message::{
        Image,
        testing::{refusal, sends},
    };

    fn buttons(titles: &[&str]) -> Buttons {
        Buttons::new(
            "Question?",
            titles.iter().zip(0..).map(|(title, id): (_, u8)| Button::new(id.to_string(), *title)),
        )
    }

    // Meta, "Interactive reply buttons messages", example request.
    #[test]
    fn buttons_are_written_as_documented() {
        let content = Buttons::new(
            "Hi Pablo! Your gardening workshop is scheduled for 9am tomorrow. Use the buttons if you need to reschedule. Thank you!",
            [Button::new("change-button", "Change"), Button::new("cancel-button", "Cancel")],
        )
        .header(Image::id(MediaId::new("2762702990552401").unwrap()))
        .footer("Lucky Shrub: Your gateway to succulents!™");
        sends(
            &content,
            r#"{"type": "button", "header": {"type": "image", "image": {"id": "2762702990552401"}},
                "body": {"text": "Hi Pablo! Your gardening workshop is scheduled for 9am tomorrow. Use the buttons if you need to reschedule. Thank you!"},
                "footer": {"text": "Lucky Shrub: Your gateway to succulents!™"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "change-button", "title": "Change"}},
                                       {"type": "reply", "reply": {"id": "cancel-button", "title": "Cancel"}}]}}"#,
        );
    }

    #[test]
    fn limits_are_checked() {
        assert_eq!(
            refusal(&buttons(&["a", "b", "twenty-seven characters !!!"])),
            "the title of a button has 1 to 20 characters: the third has 27"
        );
        assert_eq!(refusal(&buttons(&["a", "b", "c", "d"])), "a message has 1 to 3 buttons: this one has 4");
        assert_eq!(
            refusal(&buttons(&["a", "b", "a"])),
            "the title of a button stands once in a message: the first and the third are the same"
        );
        let with = |id: &str| Buttons::new("x", [Button::new(id, "x")]);
        assert!(refusal(&with(" id")).contains("neither begins nor ends with a space"));
        assert!(refusal(&with(&"x".repeat(257))).contains("1 to 256"));
        let twins = Buttons::new("x", [Button::new("id", "a"), Button::new("id", "b")]);
        assert!(refusal(&twins).contains("the id of a button stands once"));
    }

    #[test]
    fn the_parts_around_are_checked() {
        assert!(refusal(&Buttons::new("", [Button::new("a", "b")])).contains("the body of a message has 1 to 1,024"));
        assert!(refusal(&buttons(&["a"]).footer("x".repeat(61))).contains("the footer of a message has 1 to 60"));
        assert!(refusal(&buttons(&["a"]).header("x".repeat(61))).contains("the header of a message has 1 to 60"));
        let captioned = Image::link("https://x").caption("text");
        assert!(refusal(&buttons(&["a"]).header(captioned)).contains("write it into the body"));
        assert!(refusal(&buttons(&["a"]).header(Image::link("x"))).contains("https://"));
    }
}
