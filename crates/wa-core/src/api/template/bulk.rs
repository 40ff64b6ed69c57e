use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, Page, TemplateCategory, TemplateId, TemplateStatus, WabaId, model};

use super::{
    Authentication,
    authentication::check_expiration,
    check_count,
    components::{check_language, check_name},
};
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Query, Route};

/// `POST /{account}/upsert_message_templates`
///
/// Creates an authentication template in several languages, and replaces those that there are.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/authentication-templates/bulk-management)
#[derive(Clone, Debug, Serialize)]
pub struct UpsertTemplates<'a> {
    #[serde(skip)]
    account: &'a WabaId,
    name: String,
    languages: Vec<String>,
    category: TemplateCategory,
    components: Authentication,
}

impl<'a> UpsertTemplates<'a> {
    /// Creates or replaces the template of this name in these languages. Its button has the service's own labels.
    #[must_use]
    pub fn new(
        account: &'a WabaId,
        name: impl Into<String>,
        languages: impl IntoIterator<Item = impl Into<String>>,
        authentication: Authentication,
    ) -> Self {
        let languages = languages.into_iter().map(Into::into).collect();
        let category = TemplateCategory::Authentication;
        Self { account, name: name.into(), languages, category, components: authentication }
    }
}

impl Endpoint for UpsertTemplates<'_> {
    const NAME: &'static str = "template.upsert";
    const METHOD: Method = Method::POST;
    type Response = Page<UpsertedTemplate>;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("upsert_message_templates")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_name(&self.name)?;
        check_count("languages", &self.languages, MOST_LANGUAGES)?;
        self.languages.iter().try_for_each(|language| check_language(language))?;
        if self.components.has_labels() {
            return Err(BuildError::new(
                "in several languages the button has the service's labels: leave out your own",
            ));
        }
        self.components.check()
    }
}

model! {
    /// A template that was created or replaced in one language.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct UpsertedTemplate {
        /// Its id.
        pub id: TemplateId = required,
        /// Whether it can be sent already.
        pub status: Option<TemplateStatus>,
        /// Its language.
        pub language: Option<String>,
    }
}

/// `GET /{account}/message_template_previews`
///
/// Shows the words of an authentication template, in all languages or some.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/authentication-templates/template-preview)
#[derive(Clone, Debug)]
pub struct PreviewTemplates<'a> {
    account: &'a WabaId,
    languages: Vec<String>,
    add_security_recommendation: bool,
    code_expiration_minutes: Option<u16>,
}

impl<'a> PreviewTemplates<'a> {
    /// Shows the words in all languages.
    #[must_use]
    pub fn new(account: &'a WabaId) -> Self {
        Self { account, languages: Vec::new(), add_security_recommendation: false, code_expiration_minutes: None }
    }

    /// Shows them in these languages only.
    #[must_use]
    pub fn languages(mut self, languages: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.languages.extend(languages.into_iter().map(Into::into));
        self
    }

    /// Shows that nobody must be told the code.
    #[must_use]
    pub fn security_recommendation(mut self) -> Self {
        self.add_security_recommendation = true;
        self
    }

    /// Shows that the code expires after so many minutes, 1 to 90.
    #[must_use]
    pub fn code_expires_after(mut self, minutes: u16) -> Self {
        self.code_expiration_minutes = Some(minutes);
        self
    }
}

impl Endpoint for PreviewTemplates<'_> {
    const NAME: &'static str = "template.preview";
    const METHOD: Method = Method::GET;
    type Response = Page<TemplatePreview>;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("message_template_previews")
    }

    fn query(&self, query: &mut Query) {
        query.push("category", TemplateCategory::Authentication);
        query.push_list("languages", self.languages.iter().map(String::as_str));
        if self.add_security_recommendation {
            query.push("add_security_recommendation", true);
        }
        if let Some(minutes) = self.code_expiration_minutes {
            query.push("code_expiration_minutes", minutes);
        }
        query.push("button_types", "OTP");
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        self.languages.iter().try_for_each(|language| check_language(language))?;
        check_expiration(self.code_expiration_minutes)
    }
}

model! {
    /// The words of an authentication template in one language.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplatePreview {
        /// The language.
        pub language: Option<String>,
        /// The words, with `{{1}}` for the code.
        pub body: Option<String>,
        /// The line below them.
        pub footer: Option<String>,
        /// The labels of the buttons.
        pub buttons: Vec<PreviewButton>,
    }
}

model! {
    /// The labels of a button that hands over a code.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PreviewButton {
        /// If it copies the code.
        pub text: Option<String>,
        /// If it hands the code to an app.
        pub autofill_text: Option<String>,
    }
}

/// More than there are.
const MOST_LANGUAGES: usize = 200;

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let account = &samples::account()?;
    to.call(UpsertTemplates::new(account, "code", ["en_US", "fr"], Authentication::copy_code()));
    to.call(PreviewTemplates::new(account).languages(["en_US"]));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::template::SupportedApp,
        testing::{self, Vector},
    };

    const UPSERT: &str = "POST /{Version}/{WABA-ID}/upsert_message_templates";
    const PREVIEW: &str = "GET /{Version}/{WABA-ID}/message_template_previews";
    const DEFECT: &str = "the description has no such call";

    // Meta, "Bulk management", example one-tap autofill request.
    #[test]
    fn creates_in_several_languages() {
        let account = testing::account();
        let authentication = Authentication::one_tap([SupportedApp::new("com.example.luckyshrub", "K8a/AINcGX7")])
            .security_recommendation()
            .code_expires_after(15);
        let upsert = |authentication| {
            let languages = ["en_US", "es_ES", "fr"];
            UpsertTemplates::new(&account, "authentication_code_autofill_button", languages, authentication)
        };
        Vector::at(UPSERT, &upsert(authentication.clone())).differs_from_description(DEFECT, "operation: is not described").builds(
            "POST /v23.0/102290129340398/upsert_message_templates",
            concat!(
                r#"{"name":"authentication_code_autofill_button","languages":["en_US","es_ES","fr"],"#,
                r#""category":"AUTHENTICATION","components":[{"type":"BODY","add_security_recommendation":true},"#,
                r#"{"type":"FOOTER","code_expiration_minutes":15},"#,
                r#"{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"ONE_TAP","#,
                r#""supported_apps":[{"package_name":"com.example.luckyshrub","signature_hash":"K8a/AINcGX7"}]}]}]}"#,
            ),
        );
        Vector::at(UPSERT, &upsert(authentication.label("Copy"))).refuses("leave out your own");
        let none: [&str; 0] = [];
        Vector::at(UPSERT, &UpsertTemplates::new(&account, "a", none, Authentication::copy_code()))
            .refuses("languages are 1 to");
    }

    // Meta, "Bulk management", example response.
    #[test]
    fn each_language_has_its_own_id() {
        let page = testing::read::<UpsertTemplates<'_>>(
            r#"{"data":[{"id":"954638012257287","status":"APPROVED","language":"en_US"},{"id":"969725527415202","status":"APPROVED","language":"es_ES"}]}"#,
        );
        assert_eq!(page.data[1].id.as_str(), "969725527415202");
        assert_eq!(page.data[1].language.as_deref(), Some("es_ES"));
        assert_eq!(page.data[0].status, Some(TemplateStatus::Approved));
    }

    // Meta, "Template previews", example request and response.
    #[test]
    fn previews() {
        let account = testing::account();
        let preview = PreviewTemplates::new(&account)
            .languages(["en_US", "es_ES"])
            .security_recommendation()
            .code_expires_after(10);
        Vector::at(PREVIEW, &preview).differs_from_description(DEFECT, "operation: is not described").builds(
            "GET /v23.0/102290129340398/message_template_previews?category=AUTHENTICATION&languages=en_US,es_ES\
             &add_security_recommendation=true&code_expiration_minutes=10&button_types=OTP",
            "",
        );
        Vector::at(PREVIEW, &PreviewTemplates::new(&account).code_expires_after(91))
            .refuses("1 to 90 minutes: this is 91");
        let page = testing::read::<PreviewTemplates<'_>>(
            r#"{"data":[{"body":"*{{1}}* is your verification code. For your security, do not share this code.",
                "buttons":[{"autofill_text":"Autofill","text":"Copy code"}],
                "footer":"This code expires in 10 minutes.","language":"en_US"}]}"#,
        );
        let [english] = page.data.as_slice() else { panic!("{page:?}") };
        assert_eq!(english.footer.as_deref(), Some("This code expires in 10 minutes."));
        assert_eq!(english.buttons[0].autofill_text.as_deref(), Some("Autofill"));
    }
}
