//! Numbers that live in the WhatsApp Business app as well.

use http::Method;
use serde::Serialize;
use wa_types::{PhoneNumberId, model};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{AttemptKind, Body, BuildError, Endpoint, Route};

/// `POST /{number}/smb_app_data`
///
/// Has the contacts of the WhatsApp Business app sent, as webhooks of the field `smb_app_state_sync`.
///
/// It may be requested once, within 24 hours after the number was connected.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/onboarding-business-app-users)
#[derive(Clone, Debug, Serialize)]
pub struct SyncContacts<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    sync_type: &'static str,
}

impl<'a> SyncContacts<'a> {
    /// Requests the contacts of this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number, messaging_product: "whatsapp", sync_type: "smb_app_state_sync" }
    }
}

impl Endpoint for SyncContacts<'_> {
    const NAME: &'static str = "number.sync_business_app";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::SyncContacts);
    type Response = SyncRequested;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("smb_app_data")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }
}

/// `POST /{number}/smb_app_data`
///
/// Has the message history of the WhatsApp Business app sent, as webhooks of the field `history`.
///
/// It may be requested once, within 24 hours after the number was connected.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/onboarding-business-app-users)
#[derive(Clone, Debug, Serialize)]
pub struct SyncHistory<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    sync_type: &'static str,
}

impl<'a> SyncHistory<'a> {
    /// Requests the message history of this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number, messaging_product: "whatsapp", sync_type: "history" }
    }
}

impl Endpoint for SyncHistory<'_> {
    const NAME: &'static str = "number.sync_business_app";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::SyncHistory);
    type Response = SyncRequested;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("smb_app_data")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }
}

model! {
    /// The service's answer: what was requested comes by webhook.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SyncRequested {
        /// The id of the request, for Meta's support.
        pub request_id: Option<String>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(SyncContacts::new(number));
    to.call(SyncHistory::new(number));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const SYNC: &str = "POST /{Version}/{Phone-Number-ID}/smb_app_data";

    // Meta, "Onboarding WhatsApp Business app users", steps 2 and 3.
    #[test]
    fn requests_contacts_and_history() {
        let number = testing::number();
        Vector::at(SYNC, &SyncContacts::new(&number))
            .differs_from_description("v23.0 is older than the call", "operation: is not described")
            .builds(
                "POST /v23.0/106540352242922/smb_app_data",
                r#"{"messaging_product":"whatsapp","sync_type":"smb_app_state_sync"}"#,
            );
        Vector::at(SYNC, &SyncHistory::new(&number))
            .differs_from_description("v23.0 is older than the call", "operation: is not described")
            .builds(
                "POST /v23.0/106540352242922/smb_app_data",
                r#"{"messaging_product":"whatsapp","sync_type":"history"}"#,
            );
    }
}
