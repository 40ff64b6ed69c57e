use serde::{Deserialize, Serialize};
use wa_types::MessageId;

use super::{Content, limit::range};
use crate::BuildError;

/// A message that is kept at the top of a group. Only an admin may pin, and a fourth pin takes the place of the oldest.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/groups-messaging)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    r#type: Operation,
    message_id: MessageId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expiration_days: Option<u32>,
}

impl Pin {
    /// Pins a message for 1 to 30 days.
    #[must_use]
    pub fn new(message: MessageId, days: u32) -> Self {
        Self { r#type: Operation::Pin, message_id: message, expiration_days: Some(days) }
    }

    /// Takes a pinned message down.
    #[must_use]
    pub fn remove(message: MessageId) -> Self {
        Self { r#type: Operation::Unpin, message_id: message, expiration_days: None }
    }
}

impl Content for Pin {
    fn kind(&self) -> &'static str {
        "pin"
    }

    fn check(&self) -> Result<(), BuildError> {
        match (self.r#type, self.expiration_days) {
            (Operation::Pin, None) => {
                Err(BuildError::new("a message is pinned for a number of days: say for how many"))
            }
            (_, Some(days)) => range("the number of days that a message is pinned", 1..=30, days),
            (Operation::Unpin, None) => Ok(()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Operation {
    Pin,
    Unpin,
}

#[cfg(test)]
mod tests {
    use wa_types::GroupId;

    use super::*;
    use crate::{
        api::message::{
            SendMessage,
            testing::{SEND, refusal},
        },
        testing::{self, Vector},
    };

    fn vector<'a>(send: &'a SendMessage<'_, Pin>) -> Vector<'a, SendMessage<'a, Pin>> {
        let defect = "the description has no pins";
        Vector::at(SEND, send)
            .differs_from_description(defect, "body /text: is missing")
            .differs_from_description(defect, "body /type: ")
            .differs_from_description(defect, "body /pin: is not described")
    }

    // Meta, "Group messaging", pinning a message.
    #[test]
    fn a_pin_is_written_as_documented() {
        let number = testing::number();
        let group = GroupId::new("Y2FwaV9ncm91cDox").unwrap();
        let message = MessageId::new("wamid.HBgLMTY0").unwrap();
        let send = |pin| SendMessage::new(&number, group.clone(), pin);
        vector(&send(Pin::new(message.clone(), 7))).builds(
            "POST /v23.0/106540352242922/messages",
            concat!(
                r#"{"messaging_product":"whatsapp","recipient_type":"group","to":"Y2FwaV9ncm91cDox","type":"pin","#,
                r#""pin":{"type":"pin","message_id":"wamid.HBgLMTY0","expiration_days":7}}"#,
            ),
        );
        vector(&send(Pin::remove(message.clone()))).builds(
            "POST /v23.0/106540352242922/messages",
            concat!(
                r#"{"messaging_product":"whatsapp","recipient_type":"group","to":"Y2FwaV9ncm91cDox","type":"pin","#,
                r#""pin":{"type":"unpin","message_id":"wamid.HBgLMTY0"}}"#,
            ),
        );
        assert!(refusal(&Pin::new(message, 31)).contains("between 1 and 30"));
        let endless: Pin = serde_json::from_str(r#"{"type":"pin","message_id":"wamid.HBgLMTY0"}"#).unwrap();
        assert!(refusal(&endless).contains("say for how many"));
    }
}
