use http::Method;
use serde::Serialize;
use wa_types::{Page, QualityRating, TemplateCategory, TemplateField, TemplateStatus, WabaId, model};

use super::Template;
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Cursor, Endpoint, Paged, Query, Route};

/// `GET /{account}/message_templates`
///
/// Lists an account's templates, page by page.
///
/// Each language of a template stands for itself.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management)
#[derive(Clone, Debug)]
pub struct ListTemplates<'a> {
    account: &'a WabaId,
    fields: Vec<TemplateField>,
    filters: Vec<TemplateFilter>,
    cursor: Cursor,
}

impl<'a> ListTemplates<'a> {
    /// Lists the templates of this account.
    #[must_use]
    pub fn new(account: &'a WabaId) -> Self {
        Self { account, fields: Vec::new(), filters: Vec::new(), cursor: Cursor::default() }
    }

    /// Asks for these fields.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = TemplateField>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Lists only templates that pass this filter, and the ones added before.
    #[must_use]
    pub fn filter(mut self, filter: TemplateFilter) -> Self {
        self.filters.push(filter);
        self
    }
}

impl Endpoint for ListTemplates<'_> {
    const NAME: &'static str = "template.list";
    const METHOD: Method = Method::GET;
    type Response = Page<Template>;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_templates")
    }

    fn query(&self, query: &mut Query) {
        query.push_list("fields", self.fields.iter().map(TemplateField::as_str));
        for filter in &self.filters {
            filter.write(query);
        }
        self.cursor.write(query);
    }
}

impl Paged for ListTemplates<'_> {
    type Item = Template;

    fn cursor(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

/// What listed templates have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateFilter {
    /// This name, or a part of it: see `name` of what is listed.
    Name(String),
    /// This somewhere in the words.
    Content(String),
    /// This in the name or somewhere in the words.
    NameOrContent(String),
    /// This category.
    Category(TemplateCategory),
    /// This language.
    Language(String),
    /// This status.
    Status(TemplateStatus),
    /// This quality.
    Quality(QualityRating),
}

impl TemplateFilter {
    fn write(&self, query: &mut Query) {
        match self {
            Self::Name(name) => query.push("name", name),
            Self::Content(content) => query.push("content", content),
            Self::NameOrContent(text) => query.push("name_or_content", text),
            Self::Category(category) => query.push("category", category),
            Self::Language(language) => query.push("language", language),
            Self::Status(status) => query.push("status", status),
            Self::Quality(quality) => query.push("quality_score", quality),
        }
    }
}

/// `GET /{account}/message_templates` with `summary`
///
/// Counts an account's templates, and tells how many it may have.
///
/// [Meta's page](https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates/)
#[derive(Clone, Debug)]
pub struct CountTemplates<'a> {
    account: &'a WabaId,
}

impl<'a> CountTemplates<'a> {
    /// Counts the templates of this account.
    #[must_use]
    pub fn new(account: &'a WabaId) -> Self {
        Self { account }
    }
}

impl Endpoint for CountTemplates<'_> {
    const NAME: &'static str = "template.count";
    const METHOD: Method = Method::GET;
    type Response = TemplateCounts;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_templates")
    }

    fn query(&self, query: &mut Query) {
        query.push("fields", "id");
        query.push_list("summary", ["total_count", "message_template_count", "message_template_limit"]);
        query.push("limit", 1);
    }
}

model! {
    /// The answer that counts templates.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateCounts {
        /// The numbers.
        pub summary: TemplateSummary = required,
    }
}

model! {
    /// How many templates an account has.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateSummary {
        /// How many are in the list.
        pub total_count: Option<i64>,
        /// How many count against the limit.
        pub message_template_count: Option<i64>,
        /// How many there may be.
        pub message_template_limit: Option<i64>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let account = &samples::account()?;
    to.call(ListTemplates::new(account).filter(TemplateFilter::Status(TemplateStatus::Approved)).limit(5));
    to.call(CountTemplates::new(account));
    Ok(())
}
