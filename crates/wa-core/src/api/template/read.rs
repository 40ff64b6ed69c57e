use http::Method;
use serde::Serialize;
use wa_types::{
    ParameterFormat, QualityScore, TemplateCategory, TemplateField, TemplateId, TemplateRejection, TemplateStatus,
    model,
};

use super::Component;
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Endpoint, Query, Route};

/// `GET /{template}`
///
/// Reads a template.
///
/// Without fields the service answers its default ones: id, name, language, status, category and components.
///
/// [Meta's page](https://developers.facebook.com/docs/graph-api/reference/whats-app-business-hsm)
#[derive(Clone, Debug)]
pub struct ReadTemplate<'a> {
    template: &'a TemplateId,
    fields: Vec<TemplateField>,
}

impl<'a> ReadTemplate<'a> {
    /// Reads this template.
    #[must_use]
    pub fn new(template: &'a TemplateId) -> Self {
        Self { template, fields: Vec::new() }
    }

    /// Asks for these fields.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = TemplateField>) -> Self {
        self.fields.extend(fields);
        self
    }
}

impl Endpoint for ReadTemplate<'_> {
    const NAME: &'static str = "template.read";
    const METHOD: Method = Method::GET;
    type Response = Template;

    fn route(&self) -> Route<'_> {
        Route::node(self.template)
    }

    fn query(&self, query: &mut Query) {
        query.push_list("fields", self.fields.iter().map(TemplateField::as_str));
    }
}

model! {
    /// A message template. Which members are filled depends on the fields that were asked for.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct Template {
        /// Its id. Every language of a template has one.
        pub id: TemplateId = required,
        /// Its name, which its other languages share.
        pub name: Option<String>,
        /// Its language, such as `en_US`.
        pub language: Option<String>,
        /// Whether it can be sent.
        pub status: Option<TemplateStatus>,
        /// What it is for.
        pub category: Option<TemplateCategory>,
        /// What it was for before the service changed it.
        pub previous_category: Option<TemplateCategory>,
        /// What the service takes it for, if that is another category.
        pub correct_category: Option<TemplateCategory>,
        /// More about what it is for, such as `CUSTOM`.
        pub sub_category: Option<String>,
        /// How its variables are written.
        pub parameter_format: Option<ParameterFormat>,
        /// What it is made of.
        pub components: Vec<Component>,
        /// What the people who got it did.
        pub quality_score: Option<QualityScore>,
        /// Why it was turned down; `NONE` if it was not.
        pub rejected_reason: Option<TemplateRejection>,
        /// The template of the library that it comes from. The values of its variables are then checked when it is sent.
        pub library_template_name: Option<String>,
        /// How long the service tries to deliver; -1 for 30 days.
        pub message_send_ttl_seconds: Option<i64>,
        /// Whether nobody counts who presses its buttons.
        pub cta_url_link_tracking_opted_out: Option<bool>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    to.call(ReadTemplate::new(&TemplateId::new("1387372356726668")?).fields([TemplateField::Status]));
    Ok(())
}
