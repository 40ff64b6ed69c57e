//! The cards of a carousel: all of the same kind.

use super::{Button, Card, Component, Header, MediaKind};
use crate::BuildError;

pub(super) fn check_cards(cards: &[Card]) -> Result<(), BuildError> {
    let Some(first) = cards.first() else { return Ok(()) };
    if !(2..=MOST_CARDS).contains(&cards.len()) {
        return Err(BuildError::new(format!("a carousel has 2 to {MOST_CARDS} cards: this one has {}", cards.len())));
    }
    cards.iter().try_for_each(Card::check)?;
    match cards.iter().position(|card| card.shape() != first.shape()) {
        Some(index) => Err(BuildError::new(format!(
            "the cards of a carousel have the same parts and the same kinds of buttons: card {} differs from the first",
            index + 1
        ))),
        None => Ok(()),
    }
}

impl Card {
    fn check(&self) -> Result<(), BuildError> {
        for component in &self.components {
            match component {
                Component::Header(header) => header.check()?,
                Component::Body { text, .. } => {
                    text.check("the body of a card", LONGEST_CARD_BODY)?;
                    text.check_surroundings("the body of a card")?;
                }
                Component::Buttons(buttons) => buttons.iter().try_for_each(Button::check)?,
                _ => {}
            }
        }
        let complaint = |reason: &'static str| Err(BuildError::new(reason));
        let has_body = self.components.iter().any(|component| matches!(component, Component::Body { .. }));
        let buttons: Vec<_> = self.buttons().collect();
        match self.components.first() {
            Some(Component::Header(Header::Product)) => match buttons.as_slice() {
                [Button::SingleProduct { .. } | Button::Url { .. }] if !has_body => Ok(()),
                _ => complaint("a card with a product has one button, SPM or URL, and no words of its own"),
            },
            Some(Component::Header(Header::Media { kind: MediaKind::Image | MediaKind::Video, .. })) => {
                let is_allowed = |button: &&Button| {
                    matches!(button, Button::QuickReply { .. } | Button::Url { .. } | Button::PhoneNumber { .. })
                };
                match buttons.len() <= MOST_BUTTONS && buttons.iter().all(is_allowed) {
                    true => Ok(()),
                    false => complaint("a card has two buttons at most: quick replies, pages and numbers"),
                }
            }
            _ => complaint("a card has an image, a video or a product on top"),
        }
    }

    fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.components.iter().flat_map(|component| match component {
            Component::Buttons(buttons) => buttons.as_slice(),
            _ => &[],
        })
    }

    /// What must be the same on every card.
    fn shape(&self) -> Vec<&str> {
        let kinds = self.components.iter().map(|component| match component {
            Component::Header(Header::Media { kind, .. }) => kind.as_str(),
            other => other.kind(),
        });
        kinds.chain(self.buttons().map(Button::kind)).collect()
    }
}

pub(super) const LONGEST_CARD_BODY: usize = 160;
const MOST_CARDS: usize = 10;
const MOST_BUTTONS: usize = 2;
