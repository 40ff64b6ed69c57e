use http::Method;
use wa_types::{ApiVersion, TemplateId, WabaId};

use super::{Ids, check_count, components::check_name};
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{BuildError, Endpoint, Query, Route, Success};

/// `DELETE /{account}/message_templates`
///
/// Deletes a template in all its languages, or in one.
///
/// The name of an approved template cannot be used again for 30 days. A disabled template cannot be deleted. What was
/// sent with it is still delivered: until then it is `PENDING_DELETION`.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management#delete-templates)
#[derive(Clone, Debug)]
pub struct DeleteTemplate<'a> {
    account: &'a WabaId,
    name: String,
    template: Option<&'a TemplateId>,
}

impl<'a> DeleteTemplate<'a> {
    /// Deletes the template of this name in all its languages.
    #[must_use]
    pub fn all_languages(account: &'a WabaId, name: impl Into<String>) -> Self {
        Self { account, name: name.into(), template: None }
    }

    /// Deletes this template of this name, in its one language.
    #[must_use]
    pub fn one(account: &'a WabaId, name: impl Into<String>, template: &'a TemplateId) -> Self {
        Self { account, name: name.into(), template: Some(template) }
    }
}

impl Endpoint for DeleteTemplate<'_> {
    const NAME: &'static str = "template.delete";
    const METHOD: Method = Method::DELETE;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_templates")
    }

    fn query(&self, query: &mut Query) {
        if let Some(template) = self.template {
            query.push("hsm_id", template);
        }
        query.push("name", &self.name);
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_name(&self.name)
    }
}

/// `DELETE /{account}/message_templates` with `hsm_ids`
///
/// Deletes 1 to 100 templates, each in its one language: all of them or none.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management#delete-templates)
#[derive(Clone, Debug)]
pub struct DeleteTemplates<'a> {
    account: &'a WabaId,
    templates: Vec<TemplateId>,
}

impl<'a> DeleteTemplates<'a> {
    /// Deletes these templates.
    #[must_use]
    pub fn new(account: &'a WabaId, templates: impl IntoIterator<Item = TemplateId>) -> Self {
        Self { account, templates: templates.into_iter().collect() }
    }
}

impl Endpoint for DeleteTemplates<'_> {
    const NAME: &'static str = "template.delete_several";
    const METHOD: Method = Method::DELETE;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_templates")
    }

    fn query(&self, query: &mut Query) {
        query.push("hsm_ids", Ids(&self.templates));
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_count("templates to delete", &self.templates, 100)
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let (account, template) = (&samples::account()?, &TemplateId::new("1387372356726668")?);
    to.call(DeleteTemplate::all_languages(account, "order_update"));
    to.call(DeleteTemplate::one(account, "order_update", template));
    to.call(DeleteTemplates::new(account, [template.clone()]));
    Ok(())
}
