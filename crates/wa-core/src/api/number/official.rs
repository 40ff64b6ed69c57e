//! Becoming an official business account, the one with the badge.

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, Confirmed, OfficialBusinessAccount, PhoneNumberId, model};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Query, Route};

/// `GET /{number}/official_business_account`
///
/// Reads how far a number's application is.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/official-business-accounts)
#[derive(Clone, Debug)]
pub struct ReadOfficial<'a> {
    number: &'a PhoneNumberId,
}

impl<'a> ReadOfficial<'a> {
    /// Reads the application of this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number }
    }
}

impl Endpoint for ReadOfficial<'_> {
    const NAME: &'static str = "number.read_official";
    const METHOD: Method = Method::GET;
    type Response = OfficialBusinessAccount;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("official_business_account")
    }

    fn query(&self, query: &mut Query) {
        query.push_list("fields", ["oba_status", "status_message"]);
    }
}

/// `POST /{number}/official_business_account`
///
/// Applies, applies again after a refusal, or withdraws.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/official-business-accounts)
#[derive(Clone, Debug, Serialize)]
pub struct ApplyOfficial<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_data: Option<Application>,
}

impl<'a> ApplyOfficial<'a> {
    /// Applies for the first time.
    #[must_use]
    pub fn submit(number: &'a PhoneNumberId, application: Application) -> Self {
        Self { number, action: "SUBMIT_APPLICATION", application_data: Some(application) }
    }

    /// Applies again after a refusal.
    #[must_use]
    pub fn resubmit(number: &'a PhoneNumberId, application: Application) -> Self {
        Self { number, action: "RESUBMIT_APPLICATION", application_data: Some(application) }
    }

    /// Withdraws the application.
    #[must_use]
    pub fn withdraw(number: &'a PhoneNumberId) -> Self {
        Self { number, action: "WITHDRAW_APPLICATION", application_data: None }
    }
}

impl Endpoint for ApplyOfficial<'_> {
    const NAME: &'static str = "number.apply_official";
    const METHOD: Method = Method::POST;
    type Response = ApplicationAnswer;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("official_business_account")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        let is_longer = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.chars().count() > most);
        let Some(application) = &self.application_data else {
            return Ok(());
        };
        if is_longer(&application.business_name, 255) || is_longer(&application.business_description, 1_000) {
            return Err(BuildError::new("a business's name has at most 255 characters, its description 1,000"));
        }
        Ok(())
    }
}

/// What an application tells about the business.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Application {
    #[serde(skip_serializing_if = "Option::is_none")]
    business_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    website_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_email: Option<String>,
}

impl Application {
    /// Tells nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The business's name, of at most 255 characters.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.business_name = Some(name.into());
        self
    }

    /// What the business does, in at most 1,000 characters.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.business_description = Some(description.into());
        self
    }

    /// The business's web site.
    #[must_use]
    pub fn website(mut self, address: impl Into<String>) -> Self {
        self.website_url = Some(address.into());
        self
    }

    /// How to write to the business.
    #[must_use]
    pub fn email(mut self, address: impl Into<String>) -> Self {
        self.contact_email = Some(address.into());
        self
    }
}

model! {
    /// The answer to an application.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ApplicationAnswer {
        /// Always true: a `false` from the service becomes an error.
        pub success: Confirmed = required,
        /// What was done, in words.
        pub message: Option<String>,
        /// How far the application is now.
        pub updated_status: Option<OfficialBusinessAccount>,
        /// By what to ask for it.
        pub tracking_id: Option<String>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(ReadOfficial::new(number));
    to.call(ApplyOfficial::submit(number, Application::default()));
    to.call(ApplyOfficial::withdraw(number));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const READ: &str = "GET /{Version}/{Phone-Number-ID}/official_business_account";
    const APPLY: &str = "POST /{Version}/{Phone-Number-ID}/official_business_account";

    fn application() -> Application {
        Application::new()
            .name("Acme Corporation Ltd")
            .website("https://www.acmecorp.com")
            .email("business@acmecorp.com")
    }

    #[test]
    fn reads_the_status() {
        let number = testing::number();
        Vector::at(READ, &ReadOfficial::new(&number))
            .builds("GET /v23.0/106540352242922/official_business_account?fields=oba_status,status_message", "");
    }

    // Meta's API description v23.0, the post at official_business_account, its three examples.
    #[test]
    fn applies_and_withdraws() {
        let number = testing::number();
        let data = r#""application_data":{"business_name":"Acme Corporation Ltd","website_url":"https://www.acmecorp.com","contact_email":"business@acmecorp.com"}"#;
        let line = "POST /v23.0/106540352242922/official_business_account";
        Vector::at(APPLY, &ApplyOfficial::submit(&number, application()))
            .builds(line, &format!(r#"{{"action":"SUBMIT_APPLICATION",{data}}}"#));
        Vector::at(APPLY, &ApplyOfficial::resubmit(&number, application()))
            .builds(line, &format!(r#"{{"action":"RESUBMIT_APPLICATION",{data}}}"#));
        Vector::at(APPLY, &ApplyOfficial::withdraw(&number)).builds(line, r#"{"action":"WITHDRAW_APPLICATION"}"#);
        Vector::at(APPLY, &ApplyOfficial::submit(&number, application().description("x".repeat(1_001))))
            .refuses("1,000");
    }

    #[test]
    fn a_member_of_the_wrong_type_costs_no_other() {
        let answer = testing::read::<ApplyOfficial<'_>>(
            r#"{"success":"true","message":{},"updated_status":[],"tracking_id":7}"#,
        );
        assert_eq!((answer.message, answer.updated_status), (None, None));
        assert_eq!(answer.tracking_id.as_deref(), Some("7"));
        let official = testing::read::<ReadOfficial<'_>>(r#"{"id":null,"oba_status":7,"status_message":["x"]}"#);
        assert_eq!((official.id, official.status_message), (None, None));
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<ReadOfficial<'_>>(READ);
        testing::reads_examples::<ApplyOfficial<'_>>(APPLY);
    }
}
