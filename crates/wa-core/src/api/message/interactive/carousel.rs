use serde::{Deserialize, Serialize};

use super::{
    Button, KIND,
    buttons::{Answer, check_replies},
    commerce::ShowProduct,
    cta_url::OpenUrl,
    frame::{Action, Frame, Header, Paragraph, Rules},
};
use crate::{
    BuildError,
    api::message::{
        Content,
        limit::{count, length, unique},
    },
};

/// A text with cards to leaf through, each with a picture or a product.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-media-carousel-messages),
/// and [that of products](https://developers.facebook.com/documentation/business-messaging/whatsapp/catalogs/interactive-product-carousel-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Carousel(Frame<Leaf>);

impl Carousel {
    /// A body of at most 1,024 characters, and 2 to 10 cards with the same kind and number of buttons, or one product of
    /// the same catalog each.
    #[must_use]
    pub fn new(body: impl Into<String>, cards: impl IntoIterator<Item = Card>) -> Self {
        let cards = cards.into_iter().zip(0..).map(|(card, card_index)| Card { card_index, ..card }).collect();
        Self(Frame::new(Leaf { cards }).body(body))
    }
}

impl Content for Carousel {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::BODY)?;
        let cards = &self.0.action.cards;
        count("a carousel", 2..=10, "card", cards.len())?;
        unique("the index of a card", cards.iter().map(|card| card.card_index))?;
        if cards.iter().any(|card| card.card_index > 9) {
            return Err(BuildError::new("the index of a card is between 0 and 9"));
        }
        cards.iter().try_for_each(|card| card.kind.check())?;
        if cards.windows(2).any(|pair| matches!(pair, [one, other] if !one.kind.is_like(&other.kind))) {
            return Err(BuildError::new(
                "all cards of a carousel have the same kind and number of buttons, or a product of the same catalog",
            ));
        }
        Ok(())
    }
}

/// A card of a carousel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    card_index: u32,
    #[serde(flatten)]
    kind: Kind,
}

impl Card {
    /// An image or a video, and a button of at most 20 characters that opens a page.
    #[must_use]
    pub fn url(header: impl Into<Header>, button: impl Into<String>, url: impl Into<String>) -> Self {
        Self::media(header, Tap::Url(OpenUrl::new(button, url)))
    }

    /// An image or a video, and buttons to answer it.
    #[must_use]
    pub fn replies(header: impl Into<Header>, buttons: impl IntoIterator<Item = Button>) -> Self {
        let buttons = buttons.into_iter().map(|button| QuickReply { quick_reply: button.reply }).collect();
        Self::media(header, Tap::Replies { buttons })
    }

    /// The product that the seller gave this id, in the catalog of this id.
    #[must_use]
    pub fn product(catalog: impl Into<String>, product: impl Into<String>) -> Self {
        let action = ShowProduct { catalog_id: catalog.into().into(), product_retailer_id: product.into().into() };
        Self { card_index: 0, kind: Kind::Product { action } }
    }

    /// A text of at most 160 characters and two line breaks below the picture. A product has none.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        if let Kind::Media { body, .. } = &mut self.kind {
            *body = Some(Paragraph::new(text));
        }
        self
    }

    fn media(header: impl Into<Header>, action: Tap) -> Self {
        Self { card_index: 0, kind: Kind::Media { header: header.into(), body: None, action } }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Kind {
    // The type that Meta's page has for cards with any kind of button.
    #[serde(rename = "cta_url")]
    Media {
        header: Header,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Paragraph>,
        action: Tap,
    },
    #[serde(rename = "product")]
    Product { action: ShowProduct },
}

impl Kind {
    fn check(&self) -> Result<(), BuildError> {
        let (header, body, action) = match self {
            Self::Product { action } => return action.check(),
            Self::Media { header, body, action } => (header, body, action),
        };
        if !header.is_picture() {
            return Err(BuildError::new("a card of a carousel has an image or a video"));
        }
        header.check()?;
        if let Some(body) = body {
            length("the body of a card", 1..=160, &body.text)?;
            if body.text.matches('\n').count() > 2 {
                return Err(BuildError::new("the body of a card has at most two line breaks"));
            }
        }
        match action {
            Tap::Url(action) => action.check(),
            Tap::Replies { buttons } if buttons.is_empty() => Err(BuildError::new("a card has at least one button")),
            // Meta's page limits this id to 20 characters in one copy, and to 256 in a newer one.
            Tap::Replies { buttons } => check_replies(buttons.iter().map(|button| &button.quick_reply), 256),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Product { action }, Self::Product { action: other }) => action.catalog_id == other.catalog_id,
            (Self::Media { action, .. }, Self::Media { action: other, .. }) => match (action, other) {
                (Tap::Url(_), Tap::Url(_)) => true,
                (Tap::Replies { buttons }, Tap::Replies { buttons: others }) => buttons.len() == others.len(),
                _ => false,
            },
            _ => false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Tap {
    Url(OpenUrl),
    Replies { buttons: Vec<QuickReply> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "quick_reply")]
struct QuickReply {
    quick_reply: Answer,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Leaf {
    cards: Vec<Card>,
}

impl Action for Leaf {
    const TYPE: &'static str = "carousel";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::{
        Document, Image, Video,
        testing::{WITH_CARDS, refusal, sends_although},
    };

    fn image(name: &str) -> Image {
        Image::link(format!("https://www.luckyshrub.com/assets/{name}.jpeg"))
    }

    // Meta, "Interactive media carousel messages": cards with a button that opens a page.
    #[test]
    fn cards_with_pages_are_written_as_documented() {
        let card = |name: &str| {
            Card::url(image(name), "Buy now", format!("https://shop.luckyshrub.com/{name}"))
                .body("*Blue Echeveria*\n\nA succulent.")
        };
        let sample = |index: u8, name: &str| {
            format!(
                r#"{{"card_index": {index}, "type": "cta_url",
                    "header": {{"type": "image", "image": {{"link": "https://www.luckyshrub.com/assets/{name}.jpeg"}}}},
                    "body": {{"text": "*Blue Echeveria*\n\nA succulent."}},
                    "action": {{"name": "cta_url", "parameters": {{"display_text": "Buy now", "url": "https://shop.luckyshrub.com/{name}"}}}}}}"#
            )
        };
        sends_although(
            WITH_CARDS,
            &Carousel::new("Here are two of our latest arrivals:", [card("blue"), card("red")]),
            &format!(
                r#"{{"type": "carousel", "body": {{"text": "Here are two of our latest arrivals:"}},
                    "action": {{"cards": [{}, {}]}}}}"#,
                sample(0, "blue"),
                sample(1, "red"),
            ),
        );
    }

    // Meta, "Interactive media carousel messages": cards with buttons to answer.
    #[test]
    fn cards_with_answers_are_written_as_documented() {
        let card = |id: &str| Card::replies(image(id), [Button::new(id, "Learn more")]);
        let sample = |index: u8, id: &str| {
            format!(
                r#"{{"card_index": {index}, "type": "cta_url",
                    "header": {{"type": "image", "image": {{"link": "https://www.luckyshrub.com/assets/{id}.jpeg"}}}},
                    "action": {{"buttons": [{{"type": "quick_reply", "quick_reply": {{"id": "{id}", "title": "Learn more"}}}}]}}}}"#
            )
        };
        sends_although(
            WITH_CARDS,
            &Carousel::new("New:", [card("learn-blue"), card("learn-red")]),
            &format!(
                r#"{{"type": "carousel", "body": {{"text": "New:"}}, "action": {{"cards": [{}, {}]}}}}"#,
                sample(0, "learn-blue"),
                sample(1, "learn-red"),
            ),
        );
    }

    // Meta, "Interactive product carousel messages", example request.
    #[test]
    fn cards_with_products_are_written_as_documented() {
        let cards = [Card::product("123456789", "abc123xyz"), Card::product("123456789", "def456uvw")];
        sends_although(
            WITH_CARDS,
            &Carousel::new("Check out our featured products!", cards),
            r#"{"type": "carousel", "body": {"text": "Check out our featured products!"}, "action": {"cards": [
                {"card_index": 0, "type": "product", "action": {"product_retailer_id": "abc123xyz", "catalog_id": "123456789"}},
                {"card_index": 1, "type": "product", "action": {"product_retailer_id": "def456uvw", "catalog_id": "123456789"}}]}}"#,
        );
    }

    #[test]
    fn cards_are_alike() {
        let reply = |buttons: &[Button]| Card::replies(Video::link("https://x"), buttons.to_vec());
        let (one, two) = ([Button::new("a", "A")], [Button::new("a", "A"), Button::new("b", "B")]);
        let url = || Card::url(image("x"), "Open", "https://x");
        let refused = |cards: Vec<Card>| refusal(&Carousel::new("Body", cards));
        assert!(refused(vec![reply(&one), reply(&two)]).contains("the same kind and number of buttons"));
        assert!(refused(vec![reply(&one), url()]).contains("the same kind and number of buttons"));
        assert!(refused(vec![url(), Card::product("1", "2")]).contains("the same kind and number of buttons"));
        assert!(refused(vec![Card::product("1", "2"), Card::product("2", "2")]).contains("of the same catalog"));
        assert_eq!(refused(vec![url()]), "a carousel has 2 to 10 cards: this one has 1");
        assert!(refused(vec![url(); 11]).contains("2 to 10"));
        assert!(refused(vec![reply(&[]), reply(&[])]).contains("at least one button"));
        let document = || Card::url(Document::link("https://x"), "Open", "https://x");
        assert!(refused(vec![document(), document()]).contains("an image or a video"));
        assert!(refused(vec![url().body("x".repeat(161)), url()]).contains("1 to 160"));
        assert!(refused(vec![url().body("a\nb\nc\nd"), url()]).contains("two line breaks"));
    }
}
