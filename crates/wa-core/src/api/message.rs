//! Sending a text: the proof that a number works.

use std::fmt;

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, MessageId, MessageReceipt, PhoneNumberId, Recipient};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{AttemptKind, Body, BuildError, Endpoint, Route};

/// `POST /{number}/messages` with `text`
///
/// Sends a text.
///
/// The answer says that it was taken, not that it arrived: that comes by webhook. More than 24 hours after the
/// person's last message only templates arrive.
///
/// The service has no key against sending twice, so this is never repeated by this library.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages)
#[derive(Clone)]
pub struct SendText<'a> {
    number: &'a PhoneNumberId,
    to: Recipient,
    text: String,
    preview_url: bool,
    reply_to: Option<MessageId>,
    tag: Option<String>,
}

impl<'a> SendText<'a> {
    /// Sends a text of 1 to 4,096 characters from this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, to: impl Into<Recipient>, text: impl Into<String>) -> Self {
        Self { number, to: to.into(), text: text.into(), preview_url: false, reply_to: None, tag: None }
    }

    /// Shows a preview of the first link in the text.
    #[must_use]
    pub fn preview_url(mut self) -> Self {
        self.preview_url = true;
        self
    }

    /// Shows it as a reply to this message.
    #[must_use]
    pub fn reply_to(mut self, message: MessageId) -> Self {
        self.reply_to = Some(message);
        self
    }

    /// Has the service repeat this text, of at most 512 characters, in the message's status webhooks.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }
}

impl fmt::Debug for SendText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendText")
            .field("number", &self.number)
            .field("length", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl Endpoint for SendText<'_> {
    const NAME: &'static str = "message.send_text";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::Message);
    type Response = MessageReceipt;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("messages")
    }

    fn body(&self) -> Result<Body, BuildError> {
        #[derive(Serialize)]
        struct Request<'a> {
            messaging_product: &'static str,
            // Optional in Meta's prose, required in its description.
            recipient_type: &'static str,
            to: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            context: Option<Context<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            biz_opaque_callback_data: Option<&'a str>,
            r#type: &'static str,
            text: Text<'a>,
        }

        #[derive(Serialize)]
        struct Context<'a> {
            message_id: &'a MessageId,
        }

        #[derive(Serialize)]
        struct Text<'a> {
            body: &'a str,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            preview_url: bool,
        }

        Body::json(&Request {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to: self.to.as_str(),
            context: self.reply_to.as_ref().map(|message_id| Context { message_id }),
            biz_opaque_callback_data: self.tag.as_deref(),
            r#type: "text",
            text: Text { body: &self.text, preview_url: self.preview_url },
        })
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if !(1..=LONGEST_TEXT).contains(&self.text.chars().count()) {
            return Err(BuildError::new("a text has 1 to 4,096 characters"));
        }
        if self.tag.as_deref().is_some_and(|tag| tag.chars().count() > LONGEST_TAG) {
            return Err(BuildError::new("a tag has at most 512 characters"));
        }
        Ok(())
    }
}

/// `POST /{number}/messages` with `template`
///
/// Sends an approved template without parameters.
///
/// It is the only kind of message that may begin a conversation.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/template-messages)
#[derive(Clone, Debug)]
pub struct SendTemplate<'a> {
    number: &'a PhoneNumberId,
    to: Recipient,
    name: String,
    language: String,
}

impl<'a> SendTemplate<'a> {
    /// Sends the template of this name in this language, such as `hello_world` in `en_US`.
    #[must_use]
    pub fn new(
        number: &'a PhoneNumberId,
        to: impl Into<Recipient>,
        name: impl Into<String>,
        language: impl Into<String>,
    ) -> Self {
        Self { number, to: to.into(), name: name.into(), language: language.into() }
    }
}

impl Endpoint for SendTemplate<'_> {
    const NAME: &'static str = "message.send_template";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::Message);
    type Response = MessageReceipt;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("messages")
    }

    fn body(&self) -> Result<Body, BuildError> {
        #[derive(Serialize)]
        struct Request<'a> {
            messaging_product: &'static str,
            recipient_type: &'static str,
            to: &'a str,
            r#type: &'static str,
            template: Template<'a>,
        }

        #[derive(Serialize)]
        struct Template<'a> {
            name: &'a str,
            language: Language<'a>,
        }

        #[derive(Serialize)]
        struct Language<'a> {
            code: &'a str,
        }

        Body::json(&Request {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to: self.to.as_str(),
            r#type: "template",
            template: Template { name: &self.name, language: Language { code: &self.language } },
        })
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        match self.name.is_empty() || self.language.is_empty() {
            true => Err(BuildError::new("a template has a name and a language, such as hello_world and en_US")),
            false => Ok(()),
        }
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    let phone = || wa_types::E164::new("+16505551234");
    to.call(SendText::new(number, phone()?, samples::WORD).tag("order-17"));
    to.call(SendTemplate::new(number, phone()?, "hello_world", "en_US"));
    Ok(())
}

const LONGEST_TEXT: usize = 4_096;
const LONGEST_TAG: usize = 512;

#[cfg(test)]
mod tests {
    use wa_types::{E164, WhatsAppId};

    use super::*;
    use crate::testing::{self, Vector};

    const SEND: &str = "POST /{Version}/{Phone-Number-ID}/messages";

    // Meta, "Text messages", sample request.
    #[test]
    fn sends_a_text() {
        let number = testing::number();
        let phone = E164::new("+1 650-555-1234").unwrap();
        Vector::at(SEND, &SendText::new(&number, phone, "Hello").preview_url()).builds(
            "POST /v23.0/106540352242922/messages",
            concat!(
                r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+16505551234","#,
                r#""type":"text","text":{"body":"Hello","preview_url":true}}"#,
            ),
        );
    }

    // Meta, "Contextual replies", sample request.
    #[test]
    fn replies_to_a_message() {
        let number = testing::number();
        let reply = SendText::new(&number, WhatsAppId::new("16505551234").unwrap(), "You're welcome!")
            .reply_to(MessageId::new("wamid.HBgLMTY0").unwrap())
            .tag("order-17");
        let reason = "the page of message webhooks has it, the description only for marketing messages";
        Vector::at(SEND, &reply).differs_from_description(reason, "body /biz_opaque_callback_data: is not").builds(
            "POST /v23.0/106540352242922/messages",
            concat!(
                r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"16505551234","#,
                r#""context":{"message_id":"wamid.HBgLMTY0"},"biz_opaque_callback_data":"order-17","#,
                r#""type":"text","text":{"body":"You're welcome!"}}"#,
            ),
        );
    }

    #[test]
    fn limits_are_checked() {
        let number = testing::number();
        let send = |text: String| SendText::new(&number, E164::new("+16505551234").unwrap(), text);
        Vector::at(SEND, &send(String::new())).refuses("1 to 4,096");
        Vector::at(SEND, &send("é".repeat(4_097))).refuses("1 to 4,096");
        assert!(testing::config().request(&send("é".repeat(4_096))).is_ok());
        Vector::at(SEND, &send("x".into()).tag("x".repeat(513))).refuses("512");
    }

    #[test]
    fn the_text_is_not_shown() {
        let number = testing::number();
        let send = SendText::new(&number, E164::new("+16505551234").unwrap(), "private words");
        assert!(!format!("{send:?}").contains("private"));
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples_except::<SendText<'_>>(
            SEND,
            &[("Send typing indicator and read receipt", "the answer of marking a message as read, another call")],
        );
    }

    // Meta, "Template messages": the request of a template without components.
    #[test]
    fn sends_a_template() {
        let number = testing::number();
        let to = E164::new("+16505551234").unwrap();
        let send = SendTemplate::new(&number, to.clone(), "hello_world", "en_US");
        let reason = "the description wants a policy, of which there is one, as no page does";
        Vector::at(SEND, &send).differs_from_description(reason, "body /template/language/policy: is missing").builds(
            "POST /v23.0/106540352242922/messages",
            r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+16505551234","type":"template","template":{"name":"hello_world","language":{"code":"en_US"}}}"#,
        );
        Vector::at(SEND, &SendTemplate::new(&number, to, "", "en_US")).refuses("a name and a language");
    }
}
