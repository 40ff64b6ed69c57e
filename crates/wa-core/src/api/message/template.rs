//! Sending an approved template with all that fills it.

mod button;
mod component;
mod parameter;

use serde::{Deserialize, Serialize};
use wa_types::Timestamp;

use super::{
    Content, OrderStatus,
    limit::{count, unique},
};
use crate::BuildError;

use component::{Component, Components};

pub use button::TemplateButton;
pub use component::TemplateCard;
pub use parameter::Parameter;

/// An approved template, the only kind of message that may begin a conversation.
///
/// What the template has variables for is given here, in the order of the template; what is fixed in it is left out.
///
/// ```
/// use wa_core::api::message::{Image, Template, TemplateButton};
/// use wa_core::types::MediaId;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let template = Template::new("order_confirmation", "en_US")
///     .header(Image::id(MediaId::new("2871834006348767")?))
///     .body(["Jessica", "SKBUP2-4CPIG9"])
///     .button(0, TemplateButton::url("SKBUP2-4CPIG9"));
/// # drop(template);
/// # Ok(())
/// # }
/// ```
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/template-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    name: String,
    language: Language,
    #[serde(default, skip_serializing_if = "Components::is_empty")]
    components: Components,
    /// What cannot be seen any more where it is checked.
    #[serde(skip)]
    mistake: Option<&'static str>,
}

impl Template {
    /// The template of this name in this language, such as `hello_world` in `en_US`.
    #[must_use]
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        let language = Language { code: language.into() };
        Self { name: name.into(), language, components: Components::default(), mistake: None }
    }

    /// What the header needs: the text for its variable, or its image, video, document, place or product. A file is needed
    /// each time, also where the template has an example of it.
    #[must_use]
    pub fn header(mut self, parameter: impl Into<Parameter>) -> Self {
        self.components.header(parameter.into());
        self
    }

    /// What the variables of the body stand for, in their order.
    #[must_use]
    pub fn body(mut self, parameters: impl IntoIterator<Item = impl Into<Parameter>>) -> Self {
        self.components.body(parameters.into_iter().map(Into::into).collect());
        self
    }

    /// What a button needs. All buttons of the template are counted, from 0.
    #[must_use]
    pub fn button(mut self, index: u8, button: TemplateButton) -> Self {
        self.components.button(index, button);
        self
    }

    /// When an offer ends.
    #[must_use]
    pub fn offer_ends(mut self, at: Timestamp) -> Self {
        self.components.push(Component::limited_time_offer(at));
        self
    }

    /// What the cards of a carousel need: each the same components.
    #[must_use]
    pub fn carousel(mut self, cards: impl IntoIterator<Item = TemplateCard>) -> Self {
        self.components.push(Component::carousel(cards));
        self
    }

    /// What has become of an order.
    #[must_use]
    pub fn order_status(mut self, status: OrderStatus) -> Self {
        self.components.push(Component::order_status(status));
        self
    }

    /// Opens this page where somebody taps the message, which shows this title.
    #[must_use]
    pub fn tap_target(mut self, url: impl Into<String>, title: impl Into<String>) -> Self {
        self.components.push(Component::tap_target(url, title));
        self
    }

    /// The one-time code of an authentication template, of at most 15 characters: its body shows it, and its button copies
    /// it or hands it to an app.
    ///
    /// It goes to a phone number: a business-scoped user id is refused with code 131062.
    #[must_use]
    pub fn one_time_code(mut self, code: &str) -> Self {
        if !(1..=LONGEST_CODE).contains(&code.chars().count()) {
            self.mistake = Some("a one-time code has 1 to 15 characters");
        }
        // Meta wants the code twice, also where the button opens no page.
        self.body([code]).button(0, TemplateButton::url(code))
    }
}

impl Content for Template {
    fn kind(&self) -> &'static str {
        "template"
    }

    fn check(&self) -> Result<(), BuildError> {
        if self.name.is_empty() || self.language.code.is_empty() {
            return Err(BuildError::new("a template has a name and a language, such as hello_world and en_US"));
        }
        if let Some(mistake) = self.mistake {
            return Err(BuildError::new(mistake));
        }
        self.components.check()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Language {
    code: String,
}

/// Checks the cards of a carousel.
fn check_cards(cards: &[TemplateCard]) -> Result<(), BuildError> {
    // Meta's page on carousels of products lets one card of a template be sent as up to ten.
    count("a carousel", 1..=10, "card", cards.len())?;
    unique("the index of a card", cards.iter().map(TemplateCard::index))?;
    cards.iter().try_for_each(TemplateCard::check)?;
    if cards.windows(2).any(|pair| matches!(pair, [one, other] if !one.is_like(other))) {
        return Err(BuildError::new("all cards of a carousel have the same components: the template's"));
    }
    Ok(())
}

const LONGEST_CODE: usize = 15;

#[cfg(test)]
mod tests;
