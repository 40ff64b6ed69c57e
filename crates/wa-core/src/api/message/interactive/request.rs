use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, Rules},
};
use crate::{BuildError, api::message::Content};

/// A text with a button by which the person sends where they are.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/location-request-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocationRequest(Frame<SendLocation>);

impl LocationRequest {
    /// A body of at most 1,024 characters.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        Self(Frame::new(SendLocation {}).body(body))
    }
}

impl Content for LocationRequest {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::BODY)
    }
}

/// A text with a button by which the person sends their phone number, which is hidden behind a user name.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactInfoRequest(Frame<RequestContactInfo>);

impl ContactInfoRequest {
    /// A body of at most 1,024 characters.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        Self(Frame::new(RequestContactInfo {}).body(body))
    }
}

impl Content for ContactInfoRequest {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::BODY)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "send_location")]
struct SendLocation {}

impl Action for SendLocation {
    const TYPE: &'static str = "location_request_message";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "request_contact_info")]
struct RequestContactInfo {}

impl Action for RequestContactInfo {
    const TYPE: &'static str = "request_contact_info";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{NAMED, refusal, sends_although};

    // Meta, "Location request messages", example request.
    #[test]
    fn a_request_for_the_place_is_written_as_documented() {
        let text = "Let's start with your pickup. You can either manually *enter an address* or *share your current location*.";
        sends_although(
            NAMED,
            &LocationRequest::new(text),
            &format!(
                r#"{{"type": "location_request_message", "body": {{"text": "{text}"}}, "action": {{"name": "send_location"}}}}"#
            ),
        );
        assert!(refusal(&LocationRequest::new("x".repeat(1_025))).contains("1 to 1,024"));
    }

    // Meta, "Business-scoped user IDs", requesting contact information.
    #[test]
    fn a_request_for_the_number_is_written_as_documented() {
        sends_although(
            NAMED,
            &ContactInfoRequest::new("Share your number?"),
            r#"{"type": "request_contact_info", "body": {"text": "Share your number?"},
                "action": {"name": "request_contact_info"}}"#,
        );
    }

    #[test]
    fn one_request_is_not_read_as_another() {
        let json = serde_json::to_string(&LocationRequest::new("Where?")).unwrap();
        let error = serde_json::from_str::<ContactInfoRequest>(&json).unwrap_err().to_string();
        assert!(error.contains("another interactive message than a request_contact_info"), "{error}");
        let headed = r#"{"type": "location_request_message", "header": {"type": "text", "text": "Hi"},
            "body": {"text": "Where?"}, "action": {"name": "send_location"}}"#;
        assert!(refusal(&serde_json::from_str::<LocationRequest>(headed).unwrap()).contains("no header"));
        let bodiless = r#"{"type": "location_request_message", "action": {"name": "send_location"}}"#;
        assert!(refusal(&serde_json::from_str::<LocationRequest>(bodiless).unwrap()).contains("needs a body"));
    }
}
