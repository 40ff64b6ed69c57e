use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, Rules},
};
use crate::{
    BuildError,
    api::message::{
        Content,
        limit::{optional_length, range},
        words::Words,
    },
};

/// A text with a button that calls this number on WhatsApp.
///
/// To a person with an old version of WhatsApp it fails with code 131026, by webhook.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-button-messages-deep-links)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallButton(Frame<VoiceCall>);

impl CallButton {
    /// A body of at most 1,024 characters.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        Self(Frame::new(VoiceCall { parameters: None }).body(body))
    }

    /// The text of at most 20 characters on the button, instead of "Call now".
    #[must_use]
    pub fn button(mut self, text: impl Into<String>) -> Self {
        self.parameters().display_text = Some(text.into().into());
        self
    }

    /// How long the button works: 1 to 43,200 minutes, seven days if nothing is said.
    #[must_use]
    pub fn ttl_minutes(mut self, minutes: u32) -> Self {
        self.parameters().ttl_minutes = Some(minutes);
        self
    }

    /// Has the service repeat this text, of at most 512 characters, in the webhooks of the call.
    #[must_use]
    pub fn payload(mut self, payload: impl Into<String>) -> Self {
        self.parameters().payload = Some(payload.into().into());
        self
    }

    fn parameters(&mut self) -> &mut Parameters {
        self.0.action.parameters.get_or_insert_default()
    }
}

impl Content for CallButton {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::BODY)?;
        let Some(parameters) = &self.0.action.parameters else {
            return Ok(());
        };
        optional_length("the text of a button", 20, parameters.display_text.as_deref())?;
        optional_length("the payload of a call", 512, parameters.payload.as_deref())?;
        parameters.ttl_minutes.map_or(Ok(()), check_minutes)
    }
}

/// Asks a person whether this number may call them: once in 24 hours, twice in seven days.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/user-call-permissions)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallPermissionRequest(Frame<AskPermission>);

impl CallPermissionRequest {
    /// A request in WhatsApp's own words.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "a message is made on purpose")]
    pub fn new() -> Self {
        Self(Frame::new(AskPermission {}))
    }

    /// A text of at most 1,024 characters that says why.
    #[must_use]
    pub fn body(self, body: impl Into<String>) -> Self {
        Self(self.0.body(body))
    }
}

impl Content for CallPermissionRequest {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules { needs_body: false, ..Rules::BODY })
    }
}

/// Checks how long a button to call works, of a message or of a template.
pub(in crate::api::message) fn check_minutes(minutes: u32) -> Result<(), BuildError> {
    range("the number of minutes that a button works", 1..=43_200, minutes)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "voice_call")]
struct VoiceCall {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parameters: Option<Parameters>,
}

impl Action for VoiceCall {
    const TYPE: &'static str = "voice_call";
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Parameters {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_text: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<Words>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "call_permission_request")]
struct AskPermission {}

impl Action for AskPermission {
    const TYPE: &'static str = "call_permission_request";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{WITH_PARAMETERS, refusal, sends, sends_although};

    // Meta, "Send WhatsApp call button messages and deep links", request body.
    #[test]
    fn a_button_to_call_is_written_as_documented() {
        let content = CallButton::new("You can call us on WhatsApp now for faster service!");
        let full = content.button("Call on WhatsApp").ttl_minutes(100).payload("payload data");
        sends_although(
            WITH_PARAMETERS,
            &full,
            r#"{"type": "voice_call", "body": {"text": "You can call us on WhatsApp now for faster service!"},
                "action": {"name": "voice_call", "parameters": {
                    "display_text": "Call on WhatsApp", "ttl_minutes": 100, "payload": "payload data"}}}"#,
        );
        let call = || CallButton::new("x");
        assert!(refusal(&call().button("x".repeat(21))).contains("1 to 20"));
        assert!(refusal(&call().ttl_minutes(43_201)).contains("between 1 and 43200"));
        assert!(refusal(&call().payload("x".repeat(513))).contains("1 to 512"));
    }

    // Meta, "Obtain user call permissions", free form request.
    #[test]
    fn a_request_to_call_is_written_as_documented() {
        sends(
            &CallPermissionRequest::new()
                .body("We would like to call you to help support your query on Order No: ON-12853."),
            r#"{"type": "call_permission_request", "action": {"name": "call_permission_request"},
                "body": {"text": "We would like to call you to help support your query on Order No: ON-12853."}}"#,
        );
        assert!(CallPermissionRequest::new().check().is_ok());
    }
}
