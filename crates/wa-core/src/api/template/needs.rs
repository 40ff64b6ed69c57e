use wa_types::TemplateCategory;

use super::{Button, Card, Component, Header, MediaKind, Template, Variable};

impl Template {
    /// What must be given to send it, and what may be given.
    ///
    /// Components that are not typed here are not counted.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let needs = Needs::of_parts(&self.components);
        if self.category == Some(TemplateCategory::Authentication) || self.components.iter().any(is_of_code) {
            return Needs { one_time_code: true, ..Needs::default() };
        }
        needs
    }
}

/// What a template must be given to be sent, and what it may be given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Needs {
    /// What the header needs.
    pub header: Option<HeaderNeed>,
    /// The variables of the body, each of which needs a value.
    pub body: Vec<Variable>,
    /// What buttons need or take.
    pub buttons: Vec<ButtonNeed>,
    /// When an offer ends.
    pub offer_end: Option<Need>,
    /// Whether it needs a one-time code, and nothing else.
    pub one_time_code: bool,
    /// The cards of a carousel.
    pub cards: Option<CardNeeds>,
}

/// Whether something can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Need {
    /// The service refuses a message without it.
    Required,
    /// It can be left out.
    Optional,
}

/// What a header needs. All of it is needed each time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderNeed {
    /// A value for this variable.
    Text(Variable),
    /// A file.
    Media(MediaKind),
    /// A place.
    Location,
    /// A product.
    Product,
}

/// What a button needs or takes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ButtonNeed {
    /// The button's place among all buttons, from 0.
    pub index: u8,
    /// What it takes.
    pub kind: ButtonValue,
    /// Whether it can be left out.
    pub need: Need,
}

/// What a button takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ButtonValue {
    /// The end of an address.
    Url,
    /// What comes back by webhook.
    QuickReply,
    /// The code of a coupon.
    CopyCode,
    /// A token and data for a flow.
    Flow,
    /// A product whose picture is shown.
    Catalog,
    /// Sections of products.
    MultiProduct,
    /// An order.
    OrderDetails,
    /// For how long it can be called.
    VoiceCall,
}

/// What the cards of a carousel need.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardNeeds {
    /// How many cards there must be at least.
    pub least: usize,
    /// How many there may be.
    pub most: usize,
    /// What each needs. Cards behind the last of these need what that one does.
    pub cards: Vec<Needs>,
}

impl Needs {
    fn of_parts(components: &[Component]) -> Self {
        let mut needs = Self::default();
        for component in components {
            match component {
                Component::Header(header) => needs.header = HeaderNeed::of_header(header),
                Component::Body { text, .. } => needs.body = text.variables(),
                Component::Buttons(buttons) => {
                    needs.buttons = (0..=u8::MAX)
                        .zip(buttons)
                        .filter_map(|(index, button)| ButtonNeed::new(index, button))
                        .collect();
                }
                Component::LimitedTimeOffer(offer) => {
                    let must_end = offer.has_expiration == Some(true);
                    needs.offer_end = Some(if must_end { Need::Required } else { Need::Optional });
                }
                Component::Carousel(cards) => needs.cards = Some(CardNeeds::of_cards(cards)),
                Component::Footer { .. } | Component::CallPermissionRequest | Component::Other { .. } => {}
            }
        }
        needs
    }
}

impl HeaderNeed {
    fn of_header(header: &Header) -> Option<Self> {
        match header {
            Header::Text(text) => text.variables().pop().map(Self::Text),
            Header::Media { kind, .. } => Some(Self::Media(*kind)),
            Header::Location => Some(Self::Location),
            Header::Product => Some(Self::Product),
        }
    }
}

impl ButtonNeed {
    fn new(index: u8, button: &Button) -> Option<Self> {
        let (kind, need) = match button {
            Button::Url { .. } => (ButtonValue::Url, button.variable().map(|_| Need::Required)?),
            Button::CopyCode { .. } => (ButtonValue::CopyCode, Need::Required),
            Button::MultiProduct { .. } => (ButtonValue::MultiProduct, Need::Required),
            Button::OrderDetails { .. } => (ButtonValue::OrderDetails, Need::Required),
            Button::Flow(_) => (ButtonValue::Flow, Need::Optional),
            Button::QuickReply { .. } => (ButtonValue::QuickReply, Need::Optional),
            Button::Catalog { .. } => (ButtonValue::Catalog, Need::Optional),
            Button::VoiceCall { .. } => (ButtonValue::VoiceCall, Need::Optional),
            Button::PhoneNumber { .. }
            | Button::SingleProduct { .. }
            | Button::RequestContactInfo { .. }
            | Button::Otp(_)
            | Button::Other { .. } => return None,
        };
        Some(Self { index, kind, need })
    }
}

impl CardNeeds {
    /// A carousel of media is sent with all its cards, one of products with up to ten.
    fn of_cards(cards: &[Card]) -> Self {
        let needs: Vec<_> = cards.iter().map(|card| Needs::of_parts(card.components())).collect();
        match needs.iter().any(|card| card.header == Some(HeaderNeed::Product)) {
            true => Self { least: 1, most: MOST_CARDS, cards: needs },
            false => Self { least: needs.len(), most: needs.len(), cards: needs },
        }
    }
}

/// Once created, the button of an authentication template is read as one that opens this page.
fn is_of_code(component: &Component) -> bool {
    let Component::Buttons(buttons) = component else { return false };
    buttons.iter().any(|button| match button {
        Button::Otp(_) => true,
        Button::Url { url, .. } => url.starts_with("https://www.whatsapp.com/otp/"),
        _ => false,
    })
}

const MOST_CARDS: usize = 10;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn needs(template: &Value) -> Needs {
        serde_json::from_value::<Template>(template.clone()).unwrap().needs()
    }

    // Meta, "Template management", both templates of its first example response.
    #[test]
    fn texts_and_files() {
        let named = needs(&json!({"id": "1", "parameter_format": "NAMED", "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.whatsapp.net/v/t61..."]}},
            {"type": "BODY", "text": "Your reservation for {{number_of_guests}} on {{day}}, {{date}}, is confirmed."},
            {"type": "FOOTER", "text": "Lucky Shrub Eatery: The Luckiest Eatery in Town!"},
            {"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Change", "url": "https://www.luckyshrubeater.com/reservations"},
                {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+16467043595"},
                {"type": "QUICK_REPLY", "text": "Cancel reservation"},
            ]},
        ]}));
        assert_eq!(named.header, Some(HeaderNeed::Media(MediaKind::Image)));
        assert_eq!(named.body, ["number_of_guests", "day", "date"].map(|name| Variable::Name(name.into())));
        assert_eq!(named.buttons, [ButtonNeed { index: 2, kind: ButtonValue::QuickReply, need: Need::Optional }]);

        let numbered = needs(&json!({"id": "1", "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Act fast, {{1}}!"},
            {"type": "BODY", "text": "Just {{2}} days for {{1}}!"},
        ]}));
        assert_eq!(numbered.header, Some(HeaderNeed::Text(Variable::Number(1))));
        assert_eq!(numbered.body, [Variable::Number(1), Variable::Number(2)]);
    }

    // Meta, "Limited-time offer templates", its example of what is sent.
    #[test]
    fn an_offer() {
        let offer = needs(&json!({"id": "1", "components": [
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Expiring offer!", "has_expiration": true}},
            {"type": "BUTTONS", "buttons": [
                {"type": "COPY_CODE", "text": "Copy offer code", "example": ["CARIBE25"]},
                {"type": "URL", "text": "Book now!", "url": "https://awesomedestinations.com/offers?code={{1}}"},
            ]},
        ]}));
        assert_eq!(offer.offer_end, Some(Need::Required));
        let kinds: Vec<_> = offer.buttons.iter().map(|button| (button.index, button.kind, button.need)).collect();
        assert_eq!(kinds, [(0, ButtonValue::CopyCode, Need::Required), (1, ButtonValue::Url, Need::Required)]);
    }

    // Meta, "Media card carousel templates" (as many cards as it was created with) and "Product card carousel templates"
    // (created with two, sent with up to ten).
    #[test]
    fn cards() {
        let card = json!({"components": [
            {"type": "HEADER", "format": "IMAGE"},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Shop", "url": "https://www.luckyshrub.com/{{1}}"}]},
        ]});
        let media = needs(&json!({"id": "1", "components": [{"type": "CAROUSEL", "cards": [card, card, card]}]}));
        let media = media.cards.unwrap();
        assert_eq!((media.least, media.most, media.cards[2].buttons[0].kind), (3, 3, ButtonValue::Url));
        let card = json!({"components": [{"type": "HEADER", "format": "PRODUCT"}]});
        let products = needs(&json!({"id": "1", "components": [{"type": "CAROUSEL", "cards": [card, card]}]}));
        let products = products.cards.unwrap();
        assert_eq!((products.least, products.most), (1, 10));
    }

    // Seen in answers kept by other projects: the button is one of a page of WhatsApp's.
    #[test]
    fn a_one_time_code() {
        let components = json!([
            {"type": "BODY", "text": "*{{1}}* is your verification code.", "example": {"body_text": [["123456"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
                "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}",
                "example": ["https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456"]}]},
        ]);
        let code = Needs { one_time_code: true, ..Needs::default() };
        assert_eq!(needs(&json!({"id": "1", "components": components})), code);
        assert_eq!(needs(&json!({"id": "1", "category": "AUTHENTICATION", "components": [{"type": "BODY"}]})), code);
    }
}
