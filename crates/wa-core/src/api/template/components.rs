mod check;

use std::{ops::RangeInclusive, time::Duration};

use serde::{Serialize, Serializer};
use wa_types::TemplateCategory;

use super::{Authentication, Button, Card, Component, Header, LimitedTimeOffer, Text, Variable};
use crate::BuildError;

/// What a marketing or a utility template is made of.
///
/// ```
/// use wa_core::api::template::{Button, Components, Header, Text};
///
/// let body = Text::new("Shop now through {{1}} and use code {{2}} to get {{3}} off of all merchandise.")
///     .examples(["the end of August", "25OFF", "25%"]);
/// let components = Components::marketing(body)
///     .header(Header::text(Text::new("Our {{1}} is on!").examples(["Summer Sale"])))
///     .footer("Use the buttons below to manage your marketing subscriptions")
///     .button(Button::quick_reply("Unsubscribe from Promos"))
///     .button(Button::quick_reply("Unsubscribe from All"));
/// # let _ = components;
/// ```
///
/// What the service would refuse is refused before it is sent. Where Meta's pages disagree about a limit, the larger one
/// holds.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    category: TemplateCategory,
    header: Option<Header>,
    body: Text,
    footer: Option<String>,
    buttons: Vec<Button>,
    offer: Option<LimitedTimeOffer>,
    cards: Vec<Card>,
    asks_to_call: bool,
}

impl Components {
    /// For marketing, with words of at most 1,024 characters.
    #[must_use]
    pub fn marketing(body: impl Into<Text>) -> Self {
        Self::new(TemplateCategory::Marketing, body.into())
    }

    /// About something that a person has ordered or asked for, with words of at most 1,024 characters.
    #[must_use]
    pub fn utility(body: impl Into<Text>) -> Self {
        Self::new(TemplateCategory::Utility, body.into())
    }

    /// Puts something on top.
    #[must_use]
    pub fn header(mut self, header: Header) -> Self {
        self.header = Some(header);
        self
    }

    /// Puts a line of at most 60 characters without variables below the words.
    #[must_use]
    pub fn footer(mut self, text: impl Into<String>) -> Self {
        self.footer = Some(text.into());
        self
    }

    /// Adds a button: ten at most, quick replies in one block and all others in another.
    #[must_use]
    pub fn button(mut self, button: impl Into<Button>) -> Self {
        self.buttons.push(button.into());
        self
    }

    /// Makes an offer that ends soon: for marketing, with words of at most 600 characters.
    ///
    /// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/marketing-templates/limited-time-offer-templates)
    #[must_use]
    pub fn limited_time_offer(mut self, offer: LimitedTimeOffer) -> Self {
        self.offer = Some(offer);
        self
    }

    /// Shows 2 to 10 cards of the same kind: for marketing, with nothing but the words and the cards.
    ///
    /// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/marketing-templates/media-card-carousel-templates)
    #[must_use]
    pub fn cards(mut self, cards: impl IntoIterator<Item = Card>) -> Self {
        self.cards.extend(cards);
        self
    }

    /// Asks whether the business may call. There is no other button then.
    ///
    /// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/utility-templates/utility-call-permission-request-templates)
    #[must_use]
    pub fn ask_to_call(mut self) -> Self {
        self.asks_to_call = true;
        self
    }

    fn new(category: TemplateCategory, body: Text) -> Self {
        Self {
            category,
            header: None,
            body,
            footer: None,
            buttons: Vec::new(),
            offer: None,
            cards: Vec::new(),
            asks_to_call: false,
        }
    }

    fn list(&self) -> Vec<Component> {
        let body = Component::Body { text: self.body.clone(), add_security_recommendation: None };
        let footer = self.footer.clone().map(|text| Component::Footer { text, code_expiration_minutes: None });
        let buttons = (!self.buttons.is_empty()).then(|| Component::Buttons(self.buttons.clone()));
        [
            self.header.clone().map(Component::Header),
            self.offer.clone().map(Component::LimitedTimeOffer),
            Some(body),
            footer,
            (!self.cards.is_empty()).then(|| Component::Carousel(self.cards.clone())),
            self.asks_to_call.then_some(Component::CallPermissionRequest),
            buttons,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What a template is made of, by its category.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Definition {
    /// Of a marketing or a utility template.
    Components(Components),
    /// Of an authentication template.
    Authentication(Authentication),
}

impl Definition {
    pub(super) fn category(&self) -> TemplateCategory {
        match self {
            Self::Components(components) => components.category.clone(),
            Self::Authentication(_) => TemplateCategory::Authentication,
        }
    }

    pub(super) fn components(&self) -> Vec<Component> {
        match self {
            Self::Components(components) => components.list(),
            Self::Authentication(authentication) => authentication.components(),
        }
    }

    /// Whether its variables have names.
    pub(super) fn has_names(&self) -> bool {
        has_names(&self.components())
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        match self {
            Self::Components(components) => components.check(),
            Self::Authentication(authentication) => authentication.check(),
        }
    }
}

/// As the list of its parts.
impl Serialize for Definition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.components().serialize(serializer)
    }
}

impl From<Components> for Definition {
    fn from(components: Components) -> Self {
        Self::Components(components)
    }
}

impl From<Authentication> for Definition {
    fn from(authentication: Authentication) -> Self {
        Self::Authentication(authentication)
    }
}

fn has_names(components: &[Component]) -> bool {
    let is_name = |button: &Button| matches!(button.variable(), Some(Variable::Name(_)));
    texts(components).any(Text::has_names) || buttons(components).any(is_name)
}

/// All parts, and those of the cards.
fn parts(components: &[Component]) -> impl Iterator<Item = &Component> {
    components.iter().flat_map(|component| match component {
        Component::Carousel(cards) => cards.iter().flat_map(Card::components).collect(),
        other => vec![other],
    })
}

fn texts(components: &[Component]) -> impl Iterator<Item = &Text> {
    parts(components).filter_map(|component| match component {
        Component::Header(Header::Text(text)) | Component::Body { text, .. } => Some(text),
        _ => None,
    })
}

fn buttons(components: &[Component]) -> impl Iterator<Item = &Button> {
    parts(components).flat_map(|component| match component {
        Component::Buttons(buttons) => buttons.as_slice(),
        _ => &[],
    })
}

/// Refuses what cannot be a template's name.
pub(super) fn check_name(name: &str) -> Result<(), BuildError> {
    let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    match (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_allowed) {
        true => Ok(()),
        false => {
            Err(BuildError::new("a template's name has 1 to 512 small letters, digits and _: such as order_update"))
        }
    }
}

/// Refuses what cannot be a language. The list of about 110 of them is open.
pub(super) fn check_language(language: &str) -> Result<(), BuildError> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    match (2..=12).contains(&language.len()) && language.bytes().all(is_allowed) {
        true => Ok(()),
        false => Err(BuildError::new("a template's language is a code such as en or en_US")),
    }
}

/// How long the service tries to deliver, as it wants it: where 30 days are more than a category's range they are -1.
pub(super) fn ttl_seconds(category: &TemplateCategory, ttl: Duration) -> i64 {
    match i64::try_from(ttl.as_secs()) {
        Ok(THIRTY_DAYS) if !ttl_range(category).contains(&THIRTY_DAYS) => -1,
        Ok(seconds) => seconds,
        Err(_) => i64::MAX,
    }
}

pub(super) fn check_ttl(category: &TemplateCategory, seconds: i64) -> Result<(), BuildError> {
    let range = ttl_range(category);
    if range.contains(&seconds) || seconds == -1 {
        return Ok(());
    }
    let (least, most) = range.into_inner();
    let or_more = if most == THIRTY_DAYS { "" } else { ", or exactly 30 days" };
    Err(BuildError::new(format!(
        "a template of the category {category} is delivered within {least} to {most} seconds{or_more}: this is {seconds}"
    )))
}

fn ttl_range(category: &TemplateCategory) -> RangeInclusive<i64> {
    match category {
        TemplateCategory::Authentication => 30..=900,
        TemplateCategory::Utility => 30..=43_200,
        _ => 43_200..=THIRTY_DAYS,
    }
}

const LONGEST_NAME: usize = 512;
const THIRTY_DAYS: i64 = 2_592_000;
