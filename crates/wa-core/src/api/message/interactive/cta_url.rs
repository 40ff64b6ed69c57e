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
