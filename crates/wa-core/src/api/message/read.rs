use http::Method;
use serde::Serialize;
use wa_types::{MessageId, PhoneNumberId};

use crate::{Body, BuildError, Endpoint, Route, Success};

/// `POST /{number}/messages` with `status`
///
/// Marks a message that a person has sent as read, and all before it.
///
/// A message can be marked within 30 days. In a group each is marked for itself.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/mark-message-as-read)
#[derive(Clone, Debug, Serialize)]
pub struct MarkRead<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    status: &'static str,
    message_id: &'a MessageId,
    #[serde(skip_serializing_if = "Option::is_none")]
    typing_indicator: Option<TypingIndicator>,
}

impl<'a> MarkRead<'a> {
    /// Marks this message, which this number has received.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, message: &'a MessageId) -> Self {
        Self { number, messaging_product: "whatsapp", status: "read", message_id: message, typing_indicator: None }
    }

    /// Shows the person that an answer is being written, until it comes or for 25 seconds.
    #[must_use]
    pub fn typing(mut self) -> Self {
        self.typing_indicator = Some(TypingIndicator { r#type: "text" });
        self
    }
}

impl Endpoint for MarkRead<'_> {
    const NAME: &'static str = "message.mark_read";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("messages")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }
}

#[derive(Clone, Debug, Serialize)]
struct TypingIndicator {
    r#type: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::message::testing::SEND,
        testing::{self, Vector},
    };

    fn vector<'a>(read: &'a MarkRead<'_>) -> Vector<'a, MarkRead<'a>> {
        let defect = "the description has the example, but no schema for it";
        Vector::at(SEND, read)
            .differs_from_description(defect, "body /recipient_type: is missing")
            .differs_from_description(defect, "body /to: is missing")
            .differs_from_description(defect, "body /type: is missing")
            .differs_from_description(defect, "body /text: is missing")
            .differs_from_description(defect, "body /message_id: is not described")
            .differs_from_description(defect, "body /status: is not described")
    }

    // Meta's API description v23.0, sendMessage, "Send typing indicator and read receipt".
    #[test]
    fn marks_as_read_and_types() {
        let number = testing::number();
        let message = MessageId::new("wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUYzMjEzNDM2RTZGQ0MzMDJBRgA=").unwrap();
        let read = MarkRead::new(&number, &message);
        vector(&read).builds(
            "POST /v23.0/106540352242922/messages",
            concat!(
                r#"{"messaging_product":"whatsapp","status":"read","#,
                r#""message_id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUYzMjEzNDM2RTZGQ0MzMDJBRgA="}"#,
            ),
        );
        vector(&read.typing()).differs_from_description("the same", "body /typing_indicator: is not described").builds(
            "POST /v23.0/106540352242922/messages",
            concat!(
                r#"{"messaging_product":"whatsapp","status":"read","#,
                r#""message_id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUYzMjEzNDM2RTZGQ0MzMDJBRgA=","#,
                r#""typing_indicator":{"type":"text"}}"#,
            ),
        );
        testing::read::<MarkRead<'_>>(r#"{"success":true}"#);
    }
}
