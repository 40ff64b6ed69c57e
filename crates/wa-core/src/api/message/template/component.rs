use std::mem::discriminant;

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};
use wa_types::Timestamp;

use super::{
    button::TemplateButton,
    check_cards,
    parameter::{Parameter, check_body},
};
use crate::{
    BuildError,
    api::message::{
        OrderStatus,
        limit::{link, present, unique},
        words::Words,
    },
};

/// What fills a template or a card of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Components(Vec<Component>);

impl Components {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn header(&mut self, parameter: Parameter) {
        self.push(Component::Header { parameters: vec![parameter] });
    }

    pub(super) fn body(&mut self, parameters: Vec<Parameter>) {
        self.push(Component::Body { parameters });
    }

    pub(super) fn button(&mut self, index: u8, button: TemplateButton) {
        let index = button.has_index().then_some(Index(index));
        self.push(Component::Button { index, button });
    }

    pub(super) fn push(&mut self, component: Component) {
        self.0.push(component);
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        let mut indices = Vec::new();
        for (place, component) in self.0.iter().enumerate() {
            match component {
                Component::Button { index, .. } => indices.extend(*index),
                _ if self.0[..place].iter().any(|other| discriminant(other) == discriminant(component)) => {
                    return Err(BuildError::new("a part of a template is filled once: header, body, offer, carousel"));
                }
                _ => {}
            }
            component.check()?;
        }
        unique("the index of a button", indices)
    }

    fn is_like(&self, other: &Self) -> bool {
        let Self(others) = other;
        self.0.len() == others.len() && self.0.iter().zip(others).all(|(one, other)| one.is_like(other))
    }
}

/// What a card of a template's carousel needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TemplateCard {
    card_index: u32,
    components: Components,
}

impl TemplateCard {
    /// A card whose header shows this image, video or product.
    #[must_use]
    pub fn new(header: impl Into<Parameter>) -> Self {
        let mut card = Self::default();
        card.components.header(header.into());
        card
    }

    /// What the variables of the card's body stand for, in their order.
    #[must_use]
    pub fn body(mut self, parameters: impl IntoIterator<Item = impl Into<Parameter>>) -> Self {
        self.components.body(parameters.into_iter().map(Into::into).collect());
        self
    }

    /// What a button of the card needs. The buttons of each card are counted from 0.
    #[must_use]
    pub fn button(mut self, index: u8, button: TemplateButton) -> Self {
        self.components.button(index, button);
        self
    }

    pub(super) fn index(&self) -> u32 {
        self.card_index
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        self.components.check()
    }

    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.components.is_like(&other.components)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Component {
    #[serde(alias = "HEADER")]
    Header {
        parameters: Vec<Parameter>,
    },
    #[serde(alias = "BODY")]
    Body {
        parameters: Vec<Parameter>,
    },
    #[serde(alias = "BUTTON")]
    Button {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<Index>,
        #[serde(flatten)]
        button: TemplateButton,
    },
    #[serde(alias = "LIMITED_TIME_OFFER")]
    LimitedTimeOffer {
        parameters: Vec<Special>,
    },
    #[serde(alias = "CAROUSEL")]
    Carousel {
        cards: Vec<TemplateCard>,
    },
    #[serde(alias = "ORDER_STATUS")]
    OrderStatus {
        parameters: Vec<Special>,
    },
    TapTargetConfiguration {
        parameters: Vec<Special>,
    },
}

impl Component {
    pub(super) fn limited_time_offer(at: Timestamp) -> Self {
        let limited_time_offer = Offer { expiration_time_ms: at.as_millis() };
        Self::LimitedTimeOffer { parameters: vec![Special::LimitedTimeOffer { limited_time_offer }] }
    }

    pub(super) fn carousel(cards: impl IntoIterator<Item = TemplateCard>) -> Self {
        let cards = cards.into_iter().zip(0..).map(|(card, card_index)| TemplateCard { card_index, ..card });
        Self::Carousel { cards: cards.collect() }
    }

    pub(super) fn order_status(order_status: OrderStatus) -> Self {
        Self::OrderStatus { parameters: vec![Special::OrderStatus { order_status }] }
    }

    pub(super) fn tap_target(url: impl Into<String>, title: impl Into<String>) -> Self {
        let target = Target { url: url.into().into(), title: title.into().into() };
        let tap_target_configuration = vec![target];
        Self::TapTargetConfiguration { parameters: vec![Special::TapTargetConfiguration { tap_target_configuration }] }
    }

    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Header { parameters }, Self::Header { parameters: others }) => {
                parameters.iter().zip(others).all(|(one, other)| one.is_like(other))
            }
            (Self::Button { index, button }, Self::Button { index: other, button: another }) => {
                index == other && button.is_like(another)
            }
            _ => discriminant(self) == discriminant(other),
        }
    }

    fn check(&self) -> Result<(), BuildError> {
        match self {
            Self::Header { parameters } => match parameters.as_slice() {
                [parameter] => parameter.check_header(),
                _ => Err(BuildError::new("the header of a template has one parameter")),
            },
            Self::Body { parameters } => check_body(parameters),
            Self::Button { index: None, button } if button.has_index() => {
                Err(BuildError::new("a button of a template is named by its index"))
            }
            Self::Button { button, .. } => button.check(),
            Self::Carousel { cards } => check_cards(cards),
            Self::LimitedTimeOffer { parameters }
            | Self::OrderStatus { parameters }
            | Self::TapTargetConfiguration { parameters } => parameters.iter().try_for_each(Special::check),
        }
    }
}

/// What a component that is named as its only parameter is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Special {
    LimitedTimeOffer { limited_time_offer: Offer },
    OrderStatus { order_status: OrderStatus },
    TapTargetConfiguration { tap_target_configuration: Vec<Target> },
}

impl Special {
    fn check(&self) -> Result<(), BuildError> {
        match self {
            Self::LimitedTimeOffer { .. } => Ok(()),
            Self::OrderStatus { order_status } => order_status.check_order(),
            Self::TapTargetConfiguration { tap_target_configuration } => {
                tap_target_configuration.iter().try_for_each(|target| {
                    link("the address that a tap opens", &target.url)?;
                    present("the title of a page that a tap opens", &target.title)
                })
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Offer {
    expiration_time_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Target {
    url: Words,
    title: Words,
}

/// Which button. It is written as text, as Meta's description has it, and its samples have it as a number too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Index(u8);

impl Serialize for Index {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Index {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IndexVisitor)
    }
}

struct IndexVisitor;

impl Visitor<'_> for IndexVisitor {
    type Value = Index;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the index of a button")
    }

    fn visit_u64<E: Error>(self, index: u64) -> Result<Index, E> {
        u8::try_from(index).map(Index).map_err(|_| E::custom("no template has so many buttons"))
    }

    fn visit_str<E: Error>(self, index: &str) -> Result<Index, E> {
        index.parse().map(Index).map_err(|_| E::custom("this is not the index of a button"))
    }
}
