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
