use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, Header, Rules},
};
use crate::{
    BuildError,
    api::message::{
        Content,
        limit::{length, link},
        words::Words,
    },
};

/// A text with a button that opens a page.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-cta-url-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CtaUrl(Frame<OpenUrl>);

impl CtaUrl {
    /// A body of at most 1,024 characters, the text of at most 20 characters on the button, and the page's address.
    #[must_use]
    pub fn new(body: impl Into<String>, button: impl Into<String>, url: impl Into<String>) -> Self {
        Self(Frame::new(OpenUrl::new(button, url)).body(body))
    }

    /// What stands above the body: a text, an image, a video or a document.
    #[must_use]
    pub fn header(self, header: impl Into<Header>) -> Self {
        Self(self.0.header(header))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for CtaUrl {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::ALL)?;
        self.0.action.check()
    }
}

/// The action of a button that opens a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "cta_url")]
pub(super) struct OpenUrl {
    parameters: Parameters,
}

impl OpenUrl {
    pub(super) fn new(button: impl Into<String>, url: impl Into<String>) -> Self {
        Self { parameters: Parameters { display_text: button.into().into(), url: url.into().into() } }
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        length("the text of a button", 1..=20, &self.parameters.display_text)?;
        link("the address that a button opens", &self.parameters.url)
    }
}

impl Action for OpenUrl {
    const TYPE: &'static str = "cta_url";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Parameters {
    display_text: Words,
    url: Words,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::{
        Image,
        testing::{WITH_PARAMETERS, refusal, sends_although},
    };

    // Meta, "Interactive call-to-action URL button messages", example request.
    #[test]
    fn a_button_to_a_page_is_written_as_documented() {
        let content = CtaUrl::new(
            "Tap the button below to see available dates.",
            "See Dates",
            "https://www.luckyshrub.com?clickID=kqDGWd24Q5TRwoEQTICY7W1JKoXvaZOXWAS7h1P76s0R7Paec4",
        )
        .header(Image::link("https://www.luckyshrub.com/assets/lucky-shrub-banner-logo-v1.png"))
        .footer("Dates subject to change.");
        sends_although(
            WITH_PARAMETERS,
            &content,
            r#"{"type": "cta_url",
                "header": {"type": "image", "image": {"link": "https://www.luckyshrub.com/assets/lucky-shrub-banner-logo-v1.png"}},
                "body": {"text": "Tap the button below to see available dates."},
                "action": {"name": "cta_url", "parameters": {"display_text": "See Dates",
                    "url": "https://www.luckyshrub.com?clickID=kqDGWd24Q5TRwoEQTICY7W1JKoXvaZOXWAS7h1P76s0R7Paec4"}},
                "footer": {"text": "Dates subject to change."}}"#,
        );
        assert!(refusal(&CtaUrl::new("x", "x".repeat(21), "https://x")).contains("1 to 20"));
        assert!(refusal(&CtaUrl::new("x", "x", "x.example")).contains("https://"));
    }
}
