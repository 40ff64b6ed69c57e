use http::Method;
use serde::Serialize;
use wa_types::{Page, TemplateCategory, model};

use super::Button;
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Cursor, Endpoint, Paged, Query, Route};

/// `GET /message_template_library`
///
/// Lists the templates that the service has written, page by page.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-library)
#[derive(Clone, Debug, Default)]
pub struct BrowseLibrary {
    search: Option<String>,
    name: Option<String>,
    topic: Option<String>,
    usecase: Option<String>,
    industry: Option<String>,
    language: Option<String>,
    cursor: Cursor,
}

impl BrowseLibrary {
    /// Lists all of them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those with this somewhere in the name or in the words.
    #[must_use]
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.search = Some(text.into());
        self
    }

    /// Only the one of this name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Only those of this topic, such as `ORDER_MANAGEMENT`.
    #[must_use]
    pub fn topic(mut self, word: impl Into<String>) -> Self {
        self.topic = Some(word.into());
        self
    }

    /// Only those for this case, such as `SHIPMENT_CONFIRMATION`.
    #[must_use]
    pub fn usecase(mut self, word: impl Into<String>) -> Self {
        self.usecase = Some(word.into());
        self
    }

    /// Only those for this industry, such as `E_COMMERCE`.
    #[must_use]
    pub fn industry(mut self, word: impl Into<String>) -> Self {
        self.industry = Some(word.into());
        self
    }

    /// Only those in this language, such as `en_US`.
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }
}

impl Endpoint for BrowseLibrary {
    const NAME: &'static str = "template.browse_library";
    const METHOD: Method = Method::GET;
    type Response = Page<LibraryTemplate>;

    fn route(&self) -> Route<'_> {
        Route::node("message_template_library")
    }

    fn query(&self, query: &mut Query) {
        for (name, value) in [
            ("search", &self.search),
            ("name", &self.name),
            ("topic", &self.topic),
            ("usecase", &self.usecase),
            ("industry", &self.industry),
            ("language", &self.language),
        ] {
            if let Some(value) = value {
                query.push(name, value);
            }
        }
        self.cursor.write(query);
    }
}

impl Paged for BrowseLibrary {
    type Item = LibraryTemplate;

    fn cursor(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

model! {
    /// A template that the service has written.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct LibraryTemplate {
        /// Its id in the library.
        pub id: Option<String>,
        /// Its name in the library, by which a template is created from it.
        pub name: String,
        /// Its language.
        pub language: Option<String>,
        /// Its category.
        pub category: Option<TemplateCategory>,
        /// What it is about, such as `PAYMENTS`.
        pub topic: Option<String>,
        /// The case that it is for, such as `LOW_BALANCE_WARNING`.
        pub usecase: Option<String>,
        /// The industries that it is for.
        pub industry: Vec<String>,
        /// The line on top.
        pub header: Option<String>,
        /// The words.
        pub body: Option<String>,
        /// A value for each variable of the words.
        pub body_params: Vec<String>,
        /// What each of them must be, such as `AMOUNT`: the service checks that when a message is sent.
        pub body_param_types: Vec<String>,
        /// The buttons. Those that open pages and call numbers are filled in when a template is created.
        pub buttons: Vec<Button>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    to.call(BrowseLibrary::new().search("payments"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const BROWSE: &str = "GET /{Version}/message_template_library";

    // Meta, "Template Library", the searches of its request syntax.
    #[test]
    fn browses() {
        let defect = "the description has no library";
        Vector::at(BROWSE, &BrowseLibrary::new())
            .differs_from_description(defect, "operation: is not described")
            .builds("GET /v23.0/message_template_library", "");
        let browse = BrowseLibrary::new()
            .search("payments")
            .topic("ORDER_MANAGEMENT")
            .usecase("SHIPMENT_CONFIRMATION")
            .industry("E_COMMERCE")
            .language("en_US")
            .name("verify_otp_usecase")
            .limit(5);
        Vector::at(BROWSE, &browse).differs_from_description(defect, "operation: is not described").builds(
            "GET /v23.0/message_template_library?search=payments&name=verify_otp_usecase&topic=ORDER_MANAGEMENT\
             &usecase=SHIPMENT_CONFIRMATION&industry=E_COMMERCE&language=en_US&limit=5",
            "",
        );
    }

    // Meta, "Template Library", example response, in the list that every listing call answers.
    #[test]
    fn a_template_of_the_library_is_read() {
        let page = testing::read::<BrowseLibrary>(
            r#"{"data":[{"name":"low_balance_warning_1","language":"en_US","category":"UTILITY","topic":"PAYMENTS",
                "usecase":"LOW_BALANCE_WARNING","industry":["FINANCIAL_SERVICES"],"header":"Your account balance is low",
                "body":"Hi {{1}},","body_params":["Jim"],"body_param_types":["TEXT"],
                "buttons":[{"type":"URL","text":"Make a deposit","url":"https://www.example.com/"},
                    {"type":"PHONE_NUMBER","text":"Call us","phone_number":"+18005551234"},{"type":"FORMS"}],
                "id":"7147013345418927"}]}"#,
        );
        let [template] = page.data.as_slice() else { panic!("{page:?}") };
        assert_eq!((template.name.as_str(), template.topic.as_deref()), ("low_balance_warning_1", Some("PAYMENTS")));
        assert_eq!((&template.body_params[0], &template.body_param_types[0]), (&"Jim".to_owned(), &"TEXT".to_owned()));
        assert_eq!(template.buttons[1], Button::phone_number("Call us", "+18005551234"));
        assert_eq!(template.buttons[2].kind(), "FORMS");
    }
}
