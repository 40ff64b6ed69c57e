use http::Method;
use serde::{Serialize, Serializer, ser::SerializeMap};
use wa_types::{ApiVersion, MessageId, MessageReceipt, PhoneNumberId, Recipient};

use super::{
    Content,
    content::Typed,
    limit::{length, present, range},
    words::Words,
};
use crate::{AttemptKind, Body, BuildError, Endpoint, Route};

/// `POST /{number}/messages`
///
/// Sends a message of any kind.
///
/// The answer says that it was taken, not that it arrived: that comes by webhook. More than 24 hours after the
/// person's last message or call only templates arrive. Messages arrive in any order: wait for `delivered` where it
/// matters.
///
/// The service has no key against sending twice, so this is never repeated by this library.
///
/// ```
/// use wa_core::api::message::{Button, Buttons, SendMessage};
/// use wa_core::types::{E164, PhoneNumberId};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let number = PhoneNumberId::new("106540352242922")?;
/// let question = Buttons::new("Shall we deliver today?", [Button::new("yes", "Yes"), Button::new("no", "Tomorrow")]);
/// let call = SendMessage::new(&number, E164::new("+16505551234")?, question).tag("order-17");
/// # drop(call);
/// # Ok(())
/// # }
/// ```
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages)
#[derive(Clone, Debug, Serialize)]
pub struct SendMessage<'a, C: Content> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    // Optional in Meta's prose, required in its description.
    recipient_type: &'static str,
    #[serde(flatten, serialize_with = "write_recipient")]
    to: Recipient,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_identity_key_hash: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<DirectCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl_seconds: Option<u32>,
    #[serde(flatten, serialize_with = "write_content")]
    content: C,
}

impl<'a, C: Content> SendMessage<'a, C> {
    /// Sends this content from this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, to: impl Into<Recipient>, content: C) -> Self {
        let to = to.into();
        Self {
            number,
            messaging_product: "whatsapp",
            recipient_type: recipient_type(&to),
            to,
            recipient_identity_key_hash: None,
            context: None,
            biz_opaque_callback_data: None,
            category: None,
            ttl_seconds: None,
            content,
        }
    }

    /// Shows it as a reply to this message.
    #[must_use]
    pub fn reply_to(mut self, message: MessageId) -> Self {
        self.context = Some(Context { message_id: message });
        self
    }

    /// Has the service repeat this text, of at most 512 characters, in the message's status webhooks.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.biz_opaque_callback_data = Some(tag.into().into());
        self
    }

    /// Has the message delivered only if this is still the hash of the recipient's identity key: where the identity
    /// check is switched on for the number, webhooks tell it.
    #[must_use]
    pub fn identity_key_hash(mut self, hash: impl Into<String>) -> Self {
        self.recipient_identity_key_hash = Some(hash.into().into());
        self
    }

    /// Sends a text, reply buttons, a button that opens a page or one that calls, without a template and outside of the
    /// 24 hours; the service refuses other interactive messages. Meta has to enable the account for it.
    #[must_use]
    pub fn direct(mut self, category: DirectCategory) -> Self {
        self.category = Some(category);
        self
    }

    /// Gives the delivery of a [direct](Self::direct) message up after 30 seconds to 12 hours.
    #[must_use]
    pub fn ttl_seconds(mut self, seconds: u32) -> Self {
        self.ttl_seconds = Some(seconds);
        self
    }

    fn check_fit(&self) -> Result<(), BuildError> {
        let kind = self.content.kind();
        if self.context.is_some() && kind == "reaction" {
            return Err(BuildError::new("a reaction is no reply: it names its message itself"));
        }
        let is_for_group = matches!(self.to, Recipient::Group(_));
        if is_for_group && kind == "interactive" {
            return Err(BuildError::new("a group takes no interactive message: send a text, a file or a template"));
        }
        if !is_for_group && kind == "pin" {
            return Err(BuildError::new("messages are pinned in groups only: name the group as the recipient"));
        }
        Ok(())
    }

    fn check_direct(&self) -> Result<(), BuildError> {
        let Some(category) = self.category else {
            return match self.ttl_seconds {
                None => Ok(()),
                Some(_) => Err(BuildError::new("only a direct message has a time to live: a template has its own")),
            };
        };
        if !matches!(self.content.kind(), "text" | "interactive") {
            return Err(BuildError::new("a text or an interactive message can be sent directly, and no other"));
        }
        let longest = match category {
            DirectCategory::Utility => 43_200,
            DirectCategory::Authentication => 900,
        };
        self.ttl_seconds.map_or(Ok(()), |seconds| range("the time to live in seconds", 30..=longest, seconds))
    }
}

impl<C: Content> Endpoint for SendMessage<'_, C> {
    const NAME: &'static str = "message.send";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::Message);
    type Response = MessageReceipt;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("messages")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        length("a tag", 0..=LONGEST_TAG, self.biz_opaque_callback_data.as_deref().unwrap_or_default())?;
        if let Some(hash) = &self.recipient_identity_key_hash {
            present("the hash of an identity key", hash)?;
        }
        self.check_fit()?;
        self.check_direct()?;
        self.content.check()
    }
}

/// What a message is about that is sent [directly](SendMessage::direct).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DirectCategory {
    /// It follows up on something that the person has done or asked for.
    Utility,
    /// It verifies who the person is.
    Authentication,
}

#[derive(Clone, Debug, Serialize)]
struct Context {
    message_id: MessageId,
}

fn write_content<C: Content, S: Serializer>(content: &C, serializer: S) -> Result<S::Ok, S::Error> {
    Typed(content).serialize(serializer)
}

/// Writes whom a message is for under the member that such a recipient stands in.
pub(super) fn write_recipient<S: Serializer>(to: &Recipient, serializer: S) -> Result<S::Ok, S::Error> {
    let member = match to {
        Recipient::ScopedUser(_) => "recipient",
        _ => "to",
    };
    let mut members = serializer.serialize_map(Some(1))?;
    members.serialize_entry(member, to.as_str())?;
    members.end()
}

fn recipient_type(to: &Recipient) -> &'static str {
    match to {
        Recipient::Group(_) => "group",
        _ => "individual",
    }
}

const LONGEST_TAG: usize = 512;

#[cfg(test)]
mod tests {
    use wa_types::{E164, GroupId, ScopedUserId, WhatsAppId};

    use super::*;
    use crate::{
        api::message::{ContactInfoRequest, Pin, Reaction, Template, Text, testing::SEND},
        testing::{self, Vector},
    };

    fn phone() -> E164 {
        E164::new("+1 650-555-1234").unwrap()
    }

    // Meta, "Text messages", sample request.
    #[test]
    fn sends_a_text() {
        let number = testing::number();
        Vector::at(SEND, &SendMessage::new(&number, phone(), Text::new("Hello").preview_url())).builds(
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
        let reply = SendMessage::new(&number, WhatsAppId::new("16505551234").unwrap(), Text::new("You're welcome!"))
            .reply_to(MessageId::new("wamid.HBgLMTY0").unwrap())
            .tag("order-17");
        Vector::at(SEND, &reply)
            .differs_from_description(
                "the page of message webhooks has it, the description only for marketing messages",
                "body /biz_opaque_callback_data: is not",
            )
            .builds(
                "POST /v23.0/106540352242922/messages",
                concat!(
                    r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"16505551234","#,
                    r#""context":{"message_id":"wamid.HBgLMTY0"},"biz_opaque_callback_data":"order-17","#,
                    r#""type":"text","text":{"body":"You're welcome!"}}"#,
                ),
            );
    }

    // Meta, "Template messages": the request of a template without components.
    #[test]
    fn sends_a_template() {
        let number = testing::number();
        Vector::at(SEND, &SendMessage::new(&number, phone(), Template::new("hello_world", "en_US")))
            .differs_from_description("the description wants a policy, of which there is one, as no page does", "body /template/language/policy: is missing")
            .builds(
                "POST /v23.0/106540352242922/messages",
                r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+16505551234","type":"template","template":{"name":"hello_world","language":{"code":"en_US"}}}"#,
            );
    }

    // Meta, "Group messaging", sample request.
    #[test]
    fn sends_to_a_group() {
        let number = testing::number();
        let group = GroupId::new("Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD").unwrap();
        let text = Text::new("This is another destination option: https://www.luckytravel.com/DDLmU5F1Pw");
        Vector::at(SEND, &SendMessage::new(&number, group, text.preview_url())).builds(
            "POST /v23.0/106540352242922/messages",
            concat!(
                r#"{"messaging_product":"whatsapp","recipient_type":"group","#,
                r#""to":"Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD","type":"text","#,
                r#""text":{"body":"This is another destination option: https://www.luckytravel.com/DDLmU5F1Pw","preview_url":true}}"#,
            ),
        );
    }

    // Meta, "Business-scoped user IDs": `recipient` instead of `to`.
    #[test]
    fn sends_to_a_business_scoped_user() {
        let number = testing::number();
        let user = ScopedUserId::new("US.13491208655302741918").unwrap();
        Vector::at(SEND, &SendMessage::new(&number, user, Text::new("Hello")))
            .differs_from_description("the description is older than these ids", "body /to: is missing")
            .differs_from_description("the description is older than these ids", "body /recipient: is not described")
            .builds(
                "POST /v23.0/106540352242922/messages",
                concat!(
                    r#"{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"US.13491208655302741918","#,
                    r#""type":"text","text":{"body":"Hello"}}"#,
                ),
            );
    }

    // Meta, "Direct send": `category` beside the content. The name of the hash is told by clients.
    #[test]
    fn sends_directly_to_a_known_identity() {
        let number = testing::number();
        let send = SendMessage::new(&number, phone(), Text::new("Your order has left."))
            .identity_key_hash("DF2lS5v2W6x=")
            .direct(DirectCategory::Utility)
            .ttl_seconds(600);
        Vector::at(SEND, &send)
            .differs_from_description("it is newer than the description", "body /category: is not described")
            .differs_from_description("it is newer than the description", "body /ttl_seconds: is not described")
            .differs_from_description("clients have it", "body /recipient_identity_key_hash: is not described")
            .builds(
                "POST /v23.0/106540352242922/messages",
                concat!(
                    r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+16505551234","#,
                    r#""recipient_identity_key_hash":"DF2lS5v2W6x=","category":"utility","ttl_seconds":600,"#,
                    r#""type":"text","text":{"body":"Your order has left."}}"#,
                ),
            );
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let number = testing::number();
        let message = MessageId::new("wamid.HBgLMTY0").unwrap();
        let group = GroupId::new("Y2FwaV9ncm91cDox").unwrap();
        let text = || SendMessage::new(&number, phone(), Text::new("x"));
        Vector::at(SEND, &text().tag("x".repeat(513))).refuses("a tag has at most 512 characters: this one has 513");
        Vector::at(SEND, &text().identity_key_hash("")).refuses("hash");
        Vector::at(SEND, &text().ttl_seconds(60)).refuses("only a direct message");
        Vector::at(SEND, &text().direct(DirectCategory::Authentication).ttl_seconds(901)).refuses("between 30 and 900");
        Vector::at(SEND, &text().direct(DirectCategory::Utility).ttl_seconds(29)).refuses("between 30 and 43200");
        let template = SendMessage::new(&number, phone(), Template::new("t", "en"));
        Vector::at(SEND, &template.direct(DirectCategory::Utility)).refuses("sent directly");
        let reaction = SendMessage::new(&number, phone(), Reaction::new(message.clone(), "🙂"));
        Vector::at(SEND, &reaction.reply_to(message.clone())).refuses("no reply");
        Vector::at(SEND, &SendMessage::new(&number, group, ContactInfoRequest::new("Who?")))
            .refuses("a group takes no interactive message");
        Vector::at(SEND, &SendMessage::new(&number, phone(), Pin::new(message, 1))).refuses("in groups only");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples_except::<SendMessage<'_, Text>>(
            SEND,
            &[("Send typing indicator and read receipt", "the answer of marking a message as read, another call")],
        );
    }
}
