use std::time::Duration;

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, TemplateCategory, TemplateId, TemplateStatus, WabaId, model};

use super::{
    Definition,
    components::{check_language, check_name, check_ttl, ttl_seconds},
};
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Route};

/// `POST /{account}/message_templates`
///
/// Creates a template, which the service then reviews.
///
/// The answer tells the category that the service has decided on, which may be another one. An account creates 100
/// templates an hour, and has 250 at most, 6,000 if its business is verified: each language counts.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview)
#[derive(Clone, Debug, Serialize)]
pub struct CreateTemplate<'a> {
    #[serde(skip)]
    account: &'a WabaId,
    name: String,
    language: String,
    category: TemplateCategory,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_send_ttl_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cta_url_link_tracking_opted_out: Option<bool>,
    components: Definition,
}

impl<'a> CreateTemplate<'a> {
    /// Creates a template of this name of at most 512 small letters, digits and `_`, in this language, such as `en_US`.
    ///
    /// It is made of [`Components`](super::Components), or of an [`Authentication`](super::Authentication).
    #[must_use]
    pub fn new(
        account: &'a WabaId,
        name: impl Into<String>,
        language: impl Into<String>,
        definition: impl Into<Definition>,
    ) -> Self {
        let components = definition.into();
        Self {
            account,
            name: name.into(),
            language: language.into(),
            category: components.category(),
            parameter_format: components.has_names().then_some("named"),
            message_send_ttl_seconds: None,
            sub_category: None,
            display_format: None,
            cta_url_link_tracking_opted_out: None,
            components,
        }
    }

    /// Lets the service try to deliver for so long, and then drop the message: for authentication 30 to 900 seconds, for
    /// utility 30 seconds to 12 hours, for both also exactly 30 days; for marketing, with the marketing API only, 12 hours
    /// to 30 days.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.message_send_ttl_seconds = Some(ttl_seconds(&self.category, ttl));
        self
    }

    /// Says more about what it is for, such as `ORDER_STATUS`.
    #[must_use]
    pub fn sub_category(mut self, word: impl Into<String>) -> Self {
        self.sub_category = Some(word.into());
        self
    }

    /// Says how it is shown: `ORDER_DETAILS` for an order to be paid.
    #[must_use]
    pub fn display_format(mut self, word: impl Into<String>) -> Self {
        self.display_format = Some(word.into());
        self
    }

    /// Has nobody counted who presses its buttons.
    #[must_use]
    pub fn opt_out_of_link_tracking(mut self) -> Self {
        self.cta_url_link_tracking_opted_out = Some(true);
        self
    }
}

impl Endpoint for CreateTemplate<'_> {
    const NAME: &'static str = "template.create";
    const METHOD: Method = Method::POST;
    type Response = TemplateCreated;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_templates")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_name(&self.name)?;
        check_language(&self.language)?;
        self.message_send_ttl_seconds.map_or(Ok(()), |seconds| check_ttl(&self.category, seconds))?;
        self.components.check()
    }
}

model! {
    /// The answer to a template that was created.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateCreated {
        /// The new template's id.
        pub id: TemplateId = required,
        /// Whether it can be sent already.
        pub status: Option<TemplateStatus>,
        /// The category that the service has decided on.
        pub category: Option<TemplateCategory>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    use super::{Authentication, Button, Components, Text};

    let account = &samples::account()?;
    let body = Text::new("Your order {{1}} is on its way.").examples(["566701"]);
    let components = Components::utility(body).button(Button::quick_reply("Stop"));
    to.call(CreateTemplate::new(account, "order_update", "en_US", components));
    to.call(CreateTemplate::new(account, "code", "en_US", Authentication::copy_code()));
    Ok(())
}
