use std::{collections::BTreeMap, time::Duration};

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, TemplateId, WabaId, model};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Route};

/// `POST /{account}/migrate_message_templates`
///
/// Copies the templates of another account of the same business into this one.
///
/// Only approved templates of good or unknown quality are copied. Each call copies one page of them, and what it could
/// not copy it names in its answer. A page that takes longer than 30 seconds is cut off by the service: ask for smaller
/// ones.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-migration)
#[derive(Clone, Debug, Serialize)]
pub struct MigrateTemplates<'a> {
    #[serde(skip)]
    account: &'a WabaId,
    source_waba_id: &'a WabaId,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    template_ids: Vec<TemplateId>,
}

impl<'a> MigrateTemplates<'a> {
    /// Copies into this account from that one.
    #[must_use]
    pub fn new(account: &'a WabaId, source: &'a WabaId) -> Self {
        Self { account, source_waba_id: source, page_number: None, count: None, template_ids: Vec::new() }
    }

    /// Copies this page, which begin at 0 and have 500 templates, or as many as `count` says.
    #[must_use]
    pub fn page(mut self, page: u32) -> Self {
        self.page_number = Some(page);
        self
    }

    /// Copies so many templates in this call, 1 to 500.
    #[must_use]
    pub fn count(mut self, templates: u16) -> Self {
        self.count = Some(templates);
        self
    }

    /// Copies only these templates, at most 500: such as those that could not be copied before.
    #[must_use]
    pub fn templates(mut self, templates: impl IntoIterator<Item = TemplateId>) -> Self {
        self.template_ids.extend(templates);
        self
    }
}

impl Endpoint for MigrateTemplates<'_> {
    const NAME: &'static str = "template.migrate";
    const METHOD: Method = Method::POST;
    type Response = TemplatesMigrated;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("migrate_message_templates")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if self.account == self.source_waba_id {
            return Err(BuildError::new("templates are copied from another account: these are the same"));
        }
        if self.count.is_some_and(|count| !(1..=MOST).contains(&usize::from(count))) || self.template_ids.len() > MOST {
            return Err(BuildError::new("a call copies 1 to 500 templates"));
        }
        Ok(())
    }

    fn timeout(&self, usual: Duration) -> Duration {
        usual.max(LONGEST)
    }
}

model! {
    /// The answer to templates that were to be copied.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplatesMigrated {
        /// Those that were copied, by their ids in the account that they come from.
        pub migrated_templates: Vec<TemplateId>,
        /// Those that were not, and why.
        pub failed_templates: BTreeMap<String, String>,
    }
}

/// The service's 30 seconds, and some to answer.
const LONGEST: Duration = Duration::from_secs(45);
const MOST: usize = 500;

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let (account, source) = (&samples::account()?, &WabaId::new("104996122399160")?);
    to.call(MigrateTemplates::new(account, source).page(0));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const MIGRATE: &str = "POST /{Version}/{WABA-ID}/migrate_message_templates";
    const DEFECT: &str = "the description has no migration";

    // Meta, "Template migration", request syntax with the values of its table.
    #[test]
    fn copies_a_page_or_some() {
        let account = WabaId::new("104996122399160").unwrap();
        let source = testing::account();
        let line = "POST /v23.0/104996122399160/migrate_message_templates";
        Vector::at(MIGRATE, &MigrateTemplates::new(&account, &source).page(0).count(200))
            .differs_from_description(DEFECT, "operation: is not described")
            .builds(line, r#"{"source_waba_id":"102290129340398","page_number":0,"count":200}"#);
        let failed = ["35002248699842", "351234565148"].map(|id| TemplateId::new(id).unwrap());
        Vector::at(MIGRATE, &MigrateTemplates::new(&account, &source).templates(failed.clone()))
            .differs_from_description(DEFECT, "operation: is not described")
            .builds(line, r#"{"source_waba_id":"102290129340398","template_ids":["35002248699842","351234565148"]}"#);

        Vector::at(MIGRATE, &MigrateTemplates::new(&account, &account)).refuses("from another account");
        Vector::at(MIGRATE, &MigrateTemplates::new(&account, &source).count(501)).refuses("1 to 500");
        Vector::at(MIGRATE, &MigrateTemplates::new(&account, &source).count(0)).refuses("1 to 500");
        let many = std::iter::repeat_n(failed[0].clone(), 501);
        Vector::at(MIGRATE, &MigrateTemplates::new(&account, &source).templates(many)).refuses("1 to 500");
    }

    // Meta, "Template migration", example response.
    #[test]
    fn what_failed_is_told_with_its_reason() {
        let answer = testing::read::<MigrateTemplates<'_>>(
            r#"{"migrated_templates":["1473688840035974","6162904357082268","6147830171896170"],
                "failed_templates":{"1019496902803242":"Incorrect category","259672276895259":"Formatting error - dangling parameter","572279198452421":"Incorrect category"}}"#,
        );
        assert_eq!(answer.migrated_templates.len(), 3);
        assert_eq!(answer.failed_templates["259672276895259"], "Formatting error - dangling parameter");
        // A list where a map is described, which some services write for an empty one, costs nothing else.
        let answer = testing::read::<MigrateTemplates<'_>>(
            r#"{"migrated_templates":["1473688840035974"],"failed_templates":[]}"#,
        );
        assert_eq!((answer.migrated_templates.len(), answer.failed_templates.len()), (1, 0));
    }
}
