//! Changing a number: its display name, its smaller settings.

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, PhoneNumberId, Pin, SearchVisibility, VerifyToken};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Route, Success};

/// `POST /{number}` with `new_display_name`
///
/// Asks for another display name, which Meta reviews.
///
/// Once the name is approved, the number shows it, and must be registered again within 14 days to put it in force. A
/// number gets ten changes in 30 days, and an official business account none by this call.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/display-names#updating-display-name-via-api)
#[derive(Clone, Debug, Serialize)]
pub struct SetDisplayName<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    new_display_name: String,
}

impl<'a> SetDisplayName<'a> {
    /// Asks for this name of 2 to 75 characters.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, name: impl Into<String>) -> Self {
        Self { number, new_display_name: name.into() }
    }
}

impl Endpoint for SetDisplayName<'_> {
    const NAME: &'static str = "number.set_display_name";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number)
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_name(&self.new_display_name)
    }
}

/// `POST /{number}`
///
/// Changes the smaller settings of a number; what is not set stays as it is.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/whatsapp-business-account-phone-number-api)
#[derive(Clone, Debug)]
pub struct UpdateNumber<'a> {
    number: &'a PhoneNumberId,
    search_visibility: Option<SearchVisibility>,
    username: Option<String>,
    callback: Option<Callback>,
    api_data: Option<ApiData>,
}

#[derive(Clone, Debug)]
struct Callback {
    address: String,
    verify_token: Option<VerifyToken>,
}

#[derive(Clone, Debug, Default)]
struct ApiData {
    pin: Option<Pin>,
    show_security_notifications: Option<bool>,
    notify_user_change_number: Option<bool>,
}

impl<'a> UpdateNumber<'a> {
    /// Changes nothing yet.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number, search_visibility: None, username: None, callback: None, api_data: None }
    }

    /// Lets people find the number by searching, or not.
    #[must_use]
    pub fn search_visibility(mut self, visibility: SearchVisibility) -> Self {
        self.search_visibility = Some(visibility);
        self
    }

    /// Sets the username.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// Sends this number's webhooks to this address instead of the app's. The service calls it with the token first.
    #[must_use]
    pub fn callback(mut self, address: impl Into<String>, verify_token: VerifyToken) -> Self {
        self.callback = Some(Callback { address: address.into(), verify_token: Some(verify_token) });
        self
    }

    /// Sends this number's webhooks to the app's address again.
    #[must_use]
    pub fn default_callback(mut self) -> Self {
        self.callback = Some(Callback { address: String::new(), verify_token: None });
        self
    }

    /// Sets the PIN, by the older of the two ways: [`SetPin`](crate::api::number::SetPin) is the other.
    #[must_use]
    pub fn api_pin(mut self, pin: Pin) -> Self {
        self.api_data.get_or_insert_default().pin = Some(pin);
        self
    }

    /// Shows security notifications, or not.
    #[must_use]
    pub fn security_notifications(mut self, show: bool) -> Self {
        self.api_data.get_or_insert_default().show_security_notifications = Some(show);
        self
    }

    /// Tells when a person's number changes, or not.
    #[must_use]
    pub fn notify_of_changed_numbers(mut self, notify: bool) -> Self {
        self.api_data.get_or_insert_default().notify_user_change_number = Some(notify);
        self
    }
}

impl Endpoint for UpdateNumber<'_> {
    const NAME: &'static str = "number.update";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number)
    }

    fn body(&self) -> Result<Body, BuildError> {
        #[derive(Serialize)]
        struct Request<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            whatsapp_business_api_data: Option<Data<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            search_visibility: Option<&'a SearchVisibility>,
            #[serde(skip_serializing_if = "Option::is_none")]
            webhook_configuration: Option<Override<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            username: Option<&'a str>,
        }

        #[derive(Serialize)]
        struct Data<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            pin: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            show_security_notifications: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            notify_user_change_number: Option<bool>,
        }

        #[derive(Serialize)]
        struct Override<'a> {
            override_callback_uri: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            verify_token: Option<&'a str>,
        }

        Body::json(&Request {
            whatsapp_business_api_data: self.api_data.as_ref().map(|data| Data {
                pin: data.pin.as_ref().map(Pin::expose),
                show_security_notifications: data.show_security_notifications,
                notify_user_change_number: data.notify_user_change_number,
            }),
            search_visibility: self.search_visibility.as_ref(),
            webhook_configuration: self.callback.as_ref().map(|callback| Override {
                override_callback_uri: &callback.address,
                verify_token: callback.verify_token.as_ref().map(VerifyToken::expose),
            }),
            username: self.username.as_deref(),
        })
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        let is_empty = self.api_data.is_none()
            && self.search_visibility.is_none()
            && self.callback.is_none()
            && self.username.is_none();
        if is_empty {
            return Err(BuildError::new("nothing to change: set at least one of the number's settings"));
        }
        if self.username.as_deref() == Some("") {
            return Err(BuildError::new("a username must not be empty"));
        }
        if self.callback.as_ref().is_some_and(|callback| callback.address.len() > LONGEST_CALLBACK) {
            return Err(BuildError::new("a callback address has at most 200 characters"));
        }
        Ok(())
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), BuildError> {
    if (2..=75).contains(&name.chars().count()) {
        Ok(())
    } else {
        Err(BuildError::new("a display name has 2 to 75 characters"))
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(SetDisplayName::new(number, "Café Zürich"));
    to.call(UpdateNumber::new(number).username("mybusiness"));
    to.call(
        UpdateNumber::new(number).api_pin(samples::pin()?).callback("https://example.com", samples::verify_token()?),
    );
    Ok(())
}

const LONGEST_CALLBACK: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const UPDATE: &str = "POST /{Version}/{Phone-Number-ID}";

    // Meta's API description v23.0, updatePhoneNumberStatus, example update_display_name.
    #[test]
    fn asks_for_a_display_name() {
        let number = testing::number();
        Vector::at(UPDATE, &SetDisplayName::new(&number, "My New Business Name"))
            .builds("POST /v23.0/106540352242922", r#"{"new_display_name":"My New Business Name"}"#);
        Vector::at(UPDATE, &SetDisplayName::new(&number, "é".repeat(75)))
            .builds("POST /v23.0/106540352242922", &format!(r#"{{"new_display_name":"{}"}}"#, "é".repeat(75)));
        Vector::at(UPDATE, &SetDisplayName::new(&number, "é".repeat(76))).refuses("2 to 75 characters");
    }

    // Meta's API description v23.0, updatePhoneNumberStatus, example comprehensive_update without the
    // members that no document explains.
    #[test]
    fn changes_the_smaller_settings() {
        let number = testing::number();
        let update = UpdateNumber::new(&number)
            .api_pin(Pin::new("012345").unwrap())
            .security_notifications(true)
            .notify_of_changed_numbers(false)
            .search_visibility(SearchVisibility::Visible)
            .callback("https://your-domain.com/webhook/override", VerifyToken::new("YOUR_VERIFY_TOKEN").unwrap())
            .username("mybusiness");
        Vector::at(UPDATE, &update).builds(
            "POST /v23.0/106540352242922",
            concat!(
                r#"{"whatsapp_business_api_data":{"pin":"012345","#,
                r#""show_security_notifications":true,"notify_user_change_number":false},"search_visibility":"VISIBLE","#,
                r#""webhook_configuration":{"override_callback_uri":"https://your-domain.com/webhook/override","#,
                r#""verify_token":"YOUR_VERIFY_TOKEN"},"username":"mybusiness"}"#,
            ),
        );
        // Meta, "Webhooks overrides": an empty address takes the override away.
        Vector::at(UPDATE, &UpdateNumber::new(&number).default_callback())
            .builds("POST /v23.0/106540352242922", r#"{"webhook_configuration":{"override_callback_uri":""}}"#);
        Vector::at(UPDATE, &UpdateNumber::new(&number)).refuses("nothing to change");
        Vector::at(UPDATE, &UpdateNumber::new(&number).username("")).refuses("username");
        let long = format!("https://example.com/{}", "x".repeat(200));
        Vector::at(UPDATE, &UpdateNumber::new(&number).callback(long, VerifyToken::new("t").unwrap()))
            .refuses("200 characters");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples_except::<UpdateNumber<'_>>(
            UPDATE,
            &[("message_sent", "a message's answer, listed with another call")],
        );
    }
}
