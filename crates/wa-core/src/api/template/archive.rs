use std::collections::BTreeMap;

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, TemplateId, WabaId, model};

use super::check_count;
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Host, Route, Success, api::endpoint};

/// `POST /{account}/message_templates/archive`
///
/// Archives 1 to 100 templates, which are deleted 28 days later.
///
/// It goes to `api.facebook.com`. The answer names those that could not be archived. The service archives by itself what
/// was not used for twelve months.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-archival)
#[derive(Clone, Debug, Serialize)]
pub struct ArchiveTemplates<'a> {
    #[serde(skip)]
    account: &'a WabaId,
    hsm_ids: Vec<TemplateId>,
}

impl<'a> ArchiveTemplates<'a> {
    /// Archives these templates of this account.
    #[must_use]
    pub fn new(account: &'a WabaId, templates: impl IntoIterator<Item = TemplateId>) -> Self {
        Self { account, hsm_ids: templates.into_iter().collect() }
    }
}

impl Endpoint for ArchiveTemplates<'_> {
    const NAME: &'static str = "template.archive";
    const METHOD: Method = Method::POST;
    type Response = TemplatesArchived;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_templates").edge("archive").on(Host::Api)
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_count("templates to archive", &self.hsm_ids, MOST)
    }
}

model! {
    /// The answer to templates that were to be archived.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplatesArchived {
        /// Those that are archived.
        pub archived_templates: Vec<TemplateId>,
        /// Those that are not, and why.
        pub failed_templates: BTreeMap<String, String>,
    }
}

/// `POST /{account}/message_templates/unarchive`
///
/// Takes 1 to 100 templates back from the archive, within 28 days.
///
/// It goes to `api.facebook.com`. The answer names those that could not be taken back; the others have the status that
/// they had before.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-archival)
#[derive(Clone, Debug, Serialize)]
pub struct UnarchiveTemplates<'a> {
    #[serde(skip)]
    account: &'a WabaId,
    hsm_ids: Vec<TemplateId>,
}

impl<'a> UnarchiveTemplates<'a> {
    /// Takes back these templates of this account.
    #[must_use]
    pub fn new(account: &'a WabaId, templates: impl IntoIterator<Item = TemplateId>) -> Self {
        Self { account, hsm_ids: templates.into_iter().collect() }
    }
}

impl Endpoint for UnarchiveTemplates<'_> {
    const NAME: &'static str = "template.unarchive";
    const METHOD: Method = Method::POST;
    type Response = TemplatesUnarchived;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_templates").edge("unarchive").on(Host::Api)
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_count("templates to take back", &self.hsm_ids, MOST)
    }
}

model! {
    /// The answer to templates that were to be taken back.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplatesUnarchived {
        /// Those that are taken back.
        pub unarchived_templates: Vec<TemplateId>,
        /// Those that are not, and why.
        pub failed_templates: BTreeMap<String, String>,
    }
}

endpoint! {
    /// `POST /{template}/unpause`
    ///
    /// Lets a template be sent again that was paused while the service was still judging its first messages.
    ///
    /// One that was paused for its low quality comes back by itself, after 3 hours and the second time after 6.
    ///
    /// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-pausing)
    pub struct UnpauseTemplate(template: TemplateId) = "template.unpause";
    POST / template / "unpause" -> Success
}

const MOST: usize = 100;

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let (account, template) = (&samples::account()?, &TemplateId::new("1387372356726668")?);
    to.call(ArchiveTemplates::new(account, [template.clone()]));
    to.call(UnarchiveTemplates::new(account, [template.clone()]));
    to.call(UnpauseTemplate::new(template));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const ARCHIVE: &str = "POST /{Version}/{WABA-ID}/message_templates/archive";
    const UNPAUSE: &str = "POST /{Version}/{TEMPLATE_ID}/unpause";

    fn ids() -> [TemplateId; 2] {
        ["1387372356726668", "1304694804498707"].map(|id| TemplateId::new(id).unwrap())
    }

    #[track_caller]
    fn goes_to(endpoint: &impl Endpoint, address: &str) {
        let request = testing::config().request(endpoint).unwrap();
        assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::POST, address));
        assert_eq!(&*request.body().to_bytes(), br#"{"hsm_ids":["1387372356726668","1304694804498707"]}"#);
    }

    // Meta, "Template archival", request syntax: another host, and no version.
    #[test]
    fn archives_and_takes_back() {
        let account = testing::account();
        let address = "https://api.facebook.com/102290129340398/message_templates";
        goes_to(&ArchiveTemplates::new(&account, ids()), &format!("{address}/archive"));
        goes_to(&UnarchiveTemplates::new(&account, ids()), &format!("{address}/unarchive"));
        Vector::at(ARCHIVE, &ArchiveTemplates::new(&account, [])).refuses("1 to 100 in a call: these are 0");
        let many = std::iter::repeat_n(ids()[0].clone(), 101);
        Vector::at(ARCHIVE, &UnarchiveTemplates::new(&account, many)).refuses("these are 101");
    }

    // Meta, "Template archival", example responses.
    #[test]
    fn what_failed_is_told_with_its_reason() {
        let answer = testing::read::<ArchiveTemplates<'_>>(
            r#"{"archived_templates":["1387372356726668"],"failed_templates":{"1304694804498707":"Only approved or rejected templates can be archived"}}"#,
        );
        assert_eq!(answer.archived_templates, ids()[..1]);
        let reason = answer.failed_templates.get(ids()[1].as_str()).unwrap();
        assert_eq!(reason, "Only approved or rejected templates can be archived");
        let answer = testing::read::<UnarchiveTemplates<'_>>(r#"{"unarchived_templates":["1387372356726668"]}"#);
        assert_eq!((answer.unarchived_templates.len(), answer.failed_templates.len()), (1, 0));
    }

    // Meta, "Template pausing": the endpoint has no content.
    #[test]
    fn unpauses() {
        let id = TemplateId::new("1387372356726668").unwrap();
        Vector::at(UNPAUSE, &UnpauseTemplate::new(&id))
            .differs_from_description("the description has no such call", "operation: is not described")
            .builds("POST /v23.0/1387372356726668/unpause", "");
    }
}
