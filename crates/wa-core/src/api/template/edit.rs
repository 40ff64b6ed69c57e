use std::time::Duration;

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, TemplateCategory, TemplateId};

use super::{
    Definition,
    components::{check_ttl, ttl_seconds},
};
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Route, Success};

/// `POST /{template}`
///
/// Changes a template, which the service then reviews again.
///
/// It must be approved, turned down or paused. An approved one can be changed once a day and ten times in 30 days, and
/// keeps its category.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management#edit-templates)
#[derive(Clone, Debug, Serialize)]
pub struct EditTemplate<'a> {
    #[serde(skip)]
    template: &'a TemplateId,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<TemplateCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_send_ttl_seconds: Option<i64>,
    #[serde(skip)]
    ttl_of: Option<TemplateCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cta_url_link_tracking_opted_out: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Definition>,
}

impl<'a> EditTemplate<'a> {
    /// Changes this template.
    #[must_use]
    pub fn new(template: &'a TemplateId) -> Self {
        Self {
            template,
            category: None,
            message_send_ttl_seconds: None,
            ttl_of: None,
            cta_url_link_tracking_opted_out: None,
            components: None,
        }
    }

    /// Replaces all that it is made of. The category stays.
    #[must_use]
    pub fn definition(mut self, definition: impl Into<Definition>) -> Self {
        self.components = Some(definition.into());
        self
    }

    /// Gives it another category, unless it is approved.
    #[must_use]
    pub fn category(mut self, category: TemplateCategory) -> Self {
        self.category = Some(category);
        self
    }

    /// Lets the service try to deliver for so long: see [`CreateTemplate::ttl`](super::CreateTemplate::ttl). What is
    /// allowed depends on the template's category.
    #[must_use]
    pub fn ttl(mut self, category: TemplateCategory, ttl: Duration) -> Self {
        self.message_send_ttl_seconds = Some(ttl_seconds(&category, ttl));
        self.ttl_of = Some(category);
        self
    }

    /// Decides whether it is counted who presses its buttons. The service wants the template's present category with it:
    /// another one sends the template to review.
    #[must_use]
    pub fn link_tracking(mut self, category: TemplateCategory, is_on: bool) -> Self {
        self.category = Some(category);
        self.cta_url_link_tracking_opted_out = Some(!is_on);
        self
    }
}

impl Endpoint for EditTemplate<'_> {
    const NAME: &'static str = "template.edit";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.template)
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        match (&self.components, &self.category, &self.ttl_of) {
            (None, None, None) => {
                Err(BuildError::new("nothing is changed: give what the template is made of, a category or a time"))
            }
            (components, _, ttl_of) => {
                if let (Some(category), Some(seconds)) = (ttl_of, self.message_send_ttl_seconds) {
                    check_ttl(category, seconds)?;
                }
                components.as_ref().map_or(Ok(()), Definition::check)
            }
        }
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    use super::Components;

    to.call(EditTemplate::new(&TemplateId::new("1387372356726668")?).definition(Components::utility("Thank you!")));
    Ok(())
}
