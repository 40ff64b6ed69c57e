use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, TemplateCategory, WabaId};

use super::{
    SupportedApp, TemplateCreated, check_expiration,
    components::{check_language, check_name},
};
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Route};

/// `POST /{account}/message_templates` with `library_template_name`
///
/// Creates a template from one that the service has written, which needs no review.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-library#creating-templates)
#[derive(Clone, Debug, Serialize)]
pub struct CreateFromLibrary<'a> {
    #[serde(skip)]
    account: &'a WabaId,
    name: String,
    language: String,
    category: TemplateCategory,
    library_template_name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    library_template_button_inputs: Vec<LibraryButton>,
    #[serde(skip_serializing_if = "LibraryBody::is_empty")]
    library_template_body_inputs: LibraryBody,
}

impl<'a> CreateFromLibrary<'a> {
    /// Creates a utility template of this name in this language, from the one that has that name in the library.
    #[must_use]
    pub fn new(
        account: &'a WabaId,
        name: impl Into<String>,
        language: impl Into<String>,
        library_name: impl Into<String>,
    ) -> Self {
        Self {
            account,
            name: name.into(),
            language: language.into(),
            category: TemplateCategory::Utility,
            library_template_name: library_name.into(),
            library_template_button_inputs: Vec::new(),
            library_template_body_inputs: LibraryBody::default(),
        }
    }

    /// Creates one of another category. The library has templates for authentication, too.
    #[must_use]
    pub fn category(mut self, category: TemplateCategory) -> Self {
        self.category = category;
        self
    }

    /// Fills in a button: one for each that the template has in the library, in that order.
    #[must_use]
    pub fn button(mut self, button: LibraryButton) -> Self {
        self.library_template_button_inputs.push(button);
        self
    }

    /// Adds the number to call.
    #[must_use]
    pub fn contact_number(mut self) -> Self {
        self.library_template_body_inputs.add_contact_number = Some(true);
        self
    }

    /// Adds a link to learn more, where the template can have it.
    #[must_use]
    pub fn learn_more_link(mut self) -> Self {
        self.library_template_body_inputs.add_learn_more_link = Some(true);
        self
    }

    /// Adds a link to a package's whereabouts, where the template can have it.
    #[must_use]
    pub fn track_package_link(mut self) -> Self {
        self.library_template_body_inputs.add_track_package_link = Some(true);
        self
    }

    /// Says that nobody must be told the code.
    #[must_use]
    pub fn security_recommendation(mut self) -> Self {
        self.library_template_body_inputs.add_security_recommendation = Some(true);
        self
    }

    /// Says that the code expires after so many minutes: 1 to 90.
    #[must_use]
    pub fn code_expires_after(mut self, minutes: u16) -> Self {
        self.library_template_body_inputs.code_expiration_minutes = Some(minutes);
        self
    }
}

impl Endpoint for CreateFromLibrary<'_> {
    const NAME: &'static str = "template.create_from_library";
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
        check_expiration(self.library_template_body_inputs.code_expiration_minutes)?;
        match self.library_template_name.is_empty() {
            true => Err(BuildError::new("a template of the library has a name: see BrowseLibrary")),
            false => Ok(()),
        }
    }
}

/// What a button of the library's is filled in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum LibraryButton {
    /// A page.
    Url {
        /// Its address.
        url: LibraryUrl,
    },
    /// A number to call.
    PhoneNumber {
        /// The number.
        phone_number: String,
    },
    /// A one-time code.
    Otp {
        /// How it is handed over: `COPY_CODE`, `ONE_TAP` or `ZERO_TAP`.
        otp_type: String,
        /// The apps that may get it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        supported_apps: Vec<SupportedApp>,
        /// Whether the terms of zero-tap authentication are accepted.
        #[serde(skip_serializing_if = "Option::is_none")]
        zero_tap_terms_accepted: Option<bool>,
    },
}

impl LibraryButton {
    /// A page whose address ends with a variable, and the whole address with an example of it.
    #[must_use]
    pub fn url(base_url: impl Into<String>, example: impl Into<String>) -> Self {
        let url = LibraryUrl { base_url: base_url.into(), url_suffix_example: Some(example.into()) };
        Self::Url { url }
    }

    /// A page with a fixed address.
    #[must_use]
    pub fn fixed_url(base_url: impl Into<String>) -> Self {
        Self::Url { url: LibraryUrl { base_url: base_url.into(), url_suffix_example: None } }
    }

    /// A number to call.
    #[must_use]
    pub fn phone_number(phone_number: impl Into<String>) -> Self {
        Self::PhoneNumber { phone_number: phone_number.into() }
    }
}

/// The address of a page that a button of the library's opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LibraryUrl {
    /// It, with `{{1}}` at its end if it has a variable.
    pub base_url: String,
    /// The whole address with an example of the variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_suffix_example: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct LibraryBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    add_contact_number: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    add_learn_more_link: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    add_security_recommendation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    add_track_package_link: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_expiration_minutes: Option<u16>,
}

impl LibraryBody {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let account = &samples::account()?;
    to.call(
        CreateFromLibrary::new(account, "my_update", "en_US", "delivery_update_1")
            .button(LibraryButton::fixed_url("https://www.example.com/")),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const CREATE: &str = "POST /{Version}/{WABA-ID}/message_templates";

    // Meta, "Template Library", example request. It writes the buttons as a text in no language's syntax; the page's table
    // calls them an array of objects.
    #[test]
    fn creates_from_the_library() {
        let account = testing::account();
        let create = CreateFromLibrary::new(&account, "my_delivery_update", "en_US", "delivery_update_1")
            .button(LibraryButton::url("https://www.example.com/{{1}}", "https://www.example.com/order_update"))
            .button(LibraryButton::phone_number("+16315551010"))
            .contact_number();
        let defect = "the description knows only templates of one's own words";
        Vector::at(CREATE, &create)
            .differs_from_description(defect, "body /library_template_body_inputs: is not described")
            .differs_from_description(defect, "body /library_template_button_inputs: is not described")
            .differs_from_description(defect, "body /library_template_name: is not described")
            .builds(
                "POST /v23.0/102290129340398/message_templates",
                concat!(
                    r#"{"name":"my_delivery_update","language":"en_US","category":"UTILITY","#,
                    r#""library_template_name":"delivery_update_1","library_template_button_inputs":["#,
                    r#"{"type":"URL","url":{"base_url":"https://www.example.com/{{1}}","#,
                    r#""url_suffix_example":"https://www.example.com/order_update"}},"#,
                    r#"{"type":"PHONE_NUMBER","phone_number":"+16315551010"}],"#,
                    r#""library_template_body_inputs":{"add_contact_number":true}}"#,
                ),
            );
        Vector::at(CREATE, &CreateFromLibrary::new(&account, "a", "en", "")).refuses("BrowseLibrary");
        Vector::at(CREATE, &CreateFromLibrary::new(&account, "A", "en", "b")).refuses("small letters");
    }
}
