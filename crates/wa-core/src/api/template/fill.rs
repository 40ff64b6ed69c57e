use std::collections::BTreeSet;

use serde_json::Value;

use super::{ButtonValue, HeaderNeed, MediaKind, Need, Needs, Template, Variable};
use crate::{
    BuildError,
    api::message::{self, Content},
};

impl Template {
    /// Fills it, and refuses what is missing, too much or of another kind than it was created with.
    ///
    /// The closure gets a message with the template's name and language:
    ///
    /// ```
    /// use wa_core::api::{message::{Image, TemplateButton}, template::Template};
    /// use wa_core::types::MediaId;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let json = r#"{"id":"1","name":"order_confirmation","language":"en_US","components":[
    /// #     {"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Hi {{1}}, it is {{2}}!"}]}"#;
    /// # let template: Template = serde_json::from_str(json)?;
    /// let image = Image::id(MediaId::new("2871834006348767")?);
    /// let message = template.fill(|message| message.header(image).body(["Jessica", "SKBUP2-4CPIG9"]))?;
    /// assert!(template.fill(|message| message.body(["Jessica"])).is_err());
    /// # drop(message);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A component that is not typed here is not looked at.
    ///
    /// # Errors
    ///
    /// Says which part does not fit, without repeating what was given. A template that was read without its name, its
    /// language or its components cannot be filled.
    pub fn fill(
        &self,
        fill: impl FnOnce(message::Template) -> message::Template,
    ) -> Result<message::Template, BuildError> {
        let (Some(name), Some(language)) = (&self.name, &self.language) else {
            return Err(BuildError::new("the template was read without its name or its language: ask for both fields"));
        };
        if self.components.is_empty() {
            return Err(BuildError::new("the template was read without its components: ask for that field"));
        }
        let message = fill(message::Template::new(name, language));
        message.check()?;
        let wire =
            serde_json::to_value(&message).map_err(|_| BuildError::new("the message cannot be written as JSON"))?;
        let given = Given::new(wire.get("components"));
        let needs = self.needs();
        if needs.one_time_code {
            check_code(&given)?
        } else {
            needs.check(&given, "the template")?
        }
        Ok(message)
    }
}

/// What a message gives, as it stands on the wire: there is nothing that the service would see and this would not.
#[derive(Default)]
struct Given<'a> {
    header: Option<&'a Value>,
    body: Vec<&'a Value>,
    buttons: Vec<GivenButton<'a>>,
    has_offer: bool,
    cards: Vec<Self>,
}

struct GivenButton<'a> {
    index: Option<u8>,
    kind: &'a str,
    parameter: Option<&'a Value>,
}

impl<'a> Given<'a> {
    fn new(components: Option<&'a Value>) -> Self {
        let mut given = Self::default();
        for component in list(components) {
            let parameters = list(component.get("parameters"));
            match word(component, "type") {
                "header" => given.header = parameters.first(),
                "body" => given.body = parameters.iter().collect(),
                "button" => given.buttons.push(GivenButton {
                    index: word(component, "index").parse().ok(),
                    kind: word(component, "sub_type"),
                    parameter: parameters.first(),
                }),
                "limited_time_offer" => given.has_offer = true,
                "carousel" => {
                    let cards = list(component.get("cards")).iter();
                    given.cards = cards.map(|card| Self::new(card.get("components"))).collect();
                }
                _ => {}
            }
        }
        given
    }
}

impl Needs {
    fn check(&self, given: &Given<'_>, what: &str) -> Result<(), BuildError> {
        check_header(self.header.as_ref(), given.header, what)?;
        check_body(&self.body, &given.body, what)?;
        self.check_buttons(&given.buttons, what)?;
        match (self.offer_end, given.has_offer) {
            (Some(Need::Required), false) => {
                return Err(BuildError::new(format!("{what} makes an offer that ends: say when with offer_ends")));
            }
            (None, true) => return Err(BuildError::new(format!("{what} makes no offer: leave out offer_ends"))),
            _ => {}
        }
        match &self.cards {
            None if given.cards.is_empty() => Ok(()),
            None => Err(BuildError::new(format!("{what} has no carousel: leave out the cards"))),
            Some(cards) => {
                let found = given.cards.len();
                if !(cards.least..=cards.most).contains(&found) {
                    return Err(BuildError::new(format!(
                        "the carousel of {what} has {} to {} cards: these are {found}",
                        cards.least, cards.most
                    )));
                }
                for (index, card) in given.cards.iter().enumerate() {
                    if let Some(needs) = cards.cards.get(index).or_else(|| cards.cards.last()) {
                        needs.check(card, &format!("card {} of {what}", index + 1))?;
                    }
                }
                Ok(())
            }
        }
    }

    fn check_buttons(&self, given: &[GivenButton<'_>], what: &str) -> Result<(), BuildError> {
        for button in given {
            // The button to call is the only one that is not counted.
            let fits = |index: u8, kind: ButtonValue| {
                button.index.is_none_or(|given| given == index) && kind.as_wire() == button.kind
            };
            if !self.buttons.iter().any(|need| fits(need.index, need.kind)) {
                let place = button.index.map(|index| format!(" at {index}")).unwrap_or_default();
                return Err(BuildError::new(format!(
                    "{what} has no button{place} that takes {}: its buttons are counted from 0, those that take nothing too",
                    button.kind
                )));
            }
        }
        let is_given = |index: u8| given.iter().any(|button| button.index == Some(index));
        match self.buttons.iter().find(|need| need.need == Need::Required && !is_given(need.index)) {
            Some(need) => Err(BuildError::new(format!(
                "button {} of {what} needs a value: give it {}",
                need.index,
                need.kind.as_wire()
            ))),
            None => Ok(()),
        }
    }
}

impl ButtonValue {
    fn as_wire(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::QuickReply => "quick_reply",
            Self::CopyCode => "copy_code",
            Self::Flow => "flow",
            Self::Catalog => "catalog",
            Self::MultiProduct => "mpm",
            Self::OrderDetails => "order_details",
            Self::VoiceCall => "voice_call",
        }
    }
}

fn check_header(need: Option<&HeaderNeed>, given: Option<&Value>, what: &str) -> Result<(), BuildError> {
    let wanted = match need {
        None => "nothing",
        Some(HeaderNeed::Text(_)) => "text",
        Some(HeaderNeed::Media(MediaKind::Image)) => "image",
        Some(HeaderNeed::Media(MediaKind::Video)) => "video",
        Some(HeaderNeed::Media(MediaKind::Document)) => "document",
        Some(HeaderNeed::Media(MediaKind::Gif)) => "gif",
        Some(HeaderNeed::Location) => "location",
        Some(HeaderNeed::Product) => "product",
    };
    let found = given.map_or("nothing", |given| word(given, "type"));
    if wanted != found {
        return Err(BuildError::new(format!("the header of {what} needs {wanted}: it is given {found}")));
    }
    match (need, given) {
        (Some(HeaderNeed::Text(variable)), Some(given)) => {
            check_names(std::slice::from_ref(variable), &[given], &format!("the header of {what}"))
        }
        _ => Ok(()),
    }
}

fn check_body(variables: &[Variable], given: &[&Value], what: &str) -> Result<(), BuildError> {
    if variables.len() != given.len() {
        return Err(BuildError::new(format!(
            "the body of {what} has {} variables: it is given {} values",
            variables.len(),
            given.len()
        )));
    }
    check_names(variables, given, &format!("the body of {what}"))
}

/// The service refuses a name where there are numbers, and a value without one where there are names.
fn check_names(variables: &[Variable], given: &[&Value], what: &str) -> Result<(), BuildError> {
    let names: BTreeSet<_> = variables
        .iter()
        .filter_map(|variable| match variable {
            Variable::Name(name) => Some(name.as_str()),
            Variable::Number(_) => None,
        })
        .collect();
    let found: BTreeSet<_> = given.iter().filter_map(|given| given.get("parameter_name")?.as_str()).collect();
    if names == found {
        return Ok(());
    }
    Err(BuildError::new(match names.is_empty() {
        true => format!("the variables of {what} have numbers: give the values without names, in their order"),
        false => format!(
            "the variables of {what} have names: give a value for each of {}, with Parameter::named",
            names.into_iter().collect::<Vec<_>>().join(", ")
        ),
    }))
}

/// The same code in the body and in the button, and nothing else.
fn check_code(given: &Given<'_>) -> Result<(), BuildError> {
    let code = |parameter: &Value| word(parameter, "text").to_owned();
    let is_whole = match (given.body.as_slice(), given.buttons.as_slice()) {
        ([body], [GivenButton { index: Some(0), kind: "url", parameter: Some(button) }]) => code(body) == code(button),
        _ => false,
    };
    match is_whole && given.header.is_none() && given.cards.is_empty() && !given.has_offer {
        true => Ok(()),
        false => {
            Err(BuildError::new("an authentication template is given its code and nothing else: use one_time_code"))
        }
    }
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wa_types::{MediaId, Timestamp};

    use super::*;
    use crate::api::message::{Document, Image, Parameter, TemplateButton, TemplateCard, Video};

    fn template(components: &Value) -> Template {
        serde_json::from_value(json!({"id": "1", "name": "n", "language": "en_US", "components": components})).unwrap()
    }

    fn image() -> Image {
        Image::id(MediaId::new("1602186516975000").unwrap())
    }

    #[track_caller]
    fn refused(template: &Template, fill: impl FnOnce(message::Template) -> message::Template, reason: &str) {
        let told = template.fill(fill).unwrap_err().to_string();
        assert!(told.contains(reason), "{told}");
    }

    fn offer() -> Template {
        template(&json!([
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.whatsapp.net/1"]}},
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Expiring offer!", "has_expiration": true}},
            {"type": "BODY", "text": "Good news, {{1}}! Use code {{2}} to get 25% off!"},
            {"type": "BUTTONS", "buttons": [
                {"type": "COPY_CODE", "text": "Copy offer code", "example": ["CARIBE25"]},
                {"type": "URL", "text": "Book now!", "url": "https://awesomedestinations.com/offers?code={{1}}"},
            ]},
        ]))
    }

    // Meta, "Limited-time offer templates", the example that creates it and the one that sends it.
    #[test]
    fn a_whole_message_is_what_metas_page_sends() {
        let message = offer()
            .fill(|message| {
                message
                    .header(image())
                    .body(["Pablo", "CARIBE25"])
                    .offer_ends(Timestamp::from_millis(1_209_600_000))
                    .button(0, TemplateButton::coupon_code("CARIBE25"))
                    .button(1, TemplateButton::url("n3mtql"))
            })
            .unwrap();
        assert_eq!(
            serde_json::to_value(&message).unwrap(),
            json!({"name": "n", "language": {"code": "en_US"}, "components": [
                {"type": "header", "parameters": [{"type": "image", "image": {"id": "1602186516975000"}}]},
                {"type": "body", "parameters": [{"type": "text", "text": "Pablo"}, {"type": "text", "text": "CARIBE25"}]},
                {"type": "limited_time_offer", "parameters": [
                    {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_209_600_000}},
                ]},
                {"type": "button", "sub_type": "copy_code", "index": "0",
                    "parameters": [{"type": "coupon_code", "coupon_code": "CARIBE25"}]},
                {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "n3mtql"}]},
            ]})
        );
    }

    #[test]
    fn a_refusal_names_the_part() {
        let offer = offer();
        let ends = Timestamp::from_millis(1);
        let code = || TemplateButton::coupon_code("CARIBE25");
        let page = || TemplateButton::url("n3mtql");
        refused(&offer, |m| m, "the header of the template needs image: it is given nothing");
        refused(&offer, |m| m.header("text"), "it is given text");
        let document = Document::id(MediaId::new("1").unwrap());
        refused(&offer, |m| m.header(document), "it is given document");
        refused(&offer, |m| m.header(image()), "has 2 variables: it is given 0 values");
        refused(&offer, |m| m.header(image()).body(["a", "b", "c"]), "it is given 3 values");
        let named = || [Parameter::text("a").named("x"), Parameter::text("b").named("y")];
        refused(&offer, |m| m.header(image()).body(named()), "have numbers");
        let whole = |m: message::Template| m.header(image()).body(["secret", "b"]);
        refused(&offer, |m| whole(m).button(1, page()), "button 0 of the template needs a value: give it copy_code");
        refused(&offer, |m| whole(m).button(0, page()), "no button at 0 that takes url");
        refused(&offer, |m| whole(m).button(2, page()), "no button at 2");
        refused(&offer, |m| whole(m).button(0, code()).button(1, page()), "say when with offer_ends");
        refused(
            &offer,
            |m| whole(m).button(0, code()).button(1, page()).offer_ends(ends).carousel([TemplateCard::new(image())]),
            "no carousel",
        );
        let told = offer.fill(|m| whole(m).button(1, page())).unwrap_err();
        assert!(!format!("{told:?}").contains("secret"));

        let plain = template(&json!([{"type": "BODY", "text": "Hi"}]));
        refused(&plain, |m| m.header("x"), "needs nothing: it is given text");
        refused(&plain, |m| m.body(["x"]), "has 0 variables");
        refused(&plain, |m| m.offer_ends(ends), "makes no offer");
        refused(&plain, |m| m.button(0, TemplateButton::voice_call(5)), "no button that takes voice_call");
        plain.fill(|m| m).unwrap();
        // What the content itself refuses is refused here too.
        refused(&offer, |m| m.header(Image::link("ftp://x")), "http");
    }

    // Meta, "Template components", "URL encoding" and the overview's named parameters.
    #[test]
    fn names_are_asked_for() {
        let named = template(&json!([
            {"type": "HEADER", "format": "TEXT", "text": "Our new sale starts {{sale_start_date}}!"},
            {"type": "BODY", "text": "Thank you, {{first_name}}! Your order number is {{order_number}}."},
        ]));
        let header = || Parameter::text("December 1st").named("sale_start_date");
        let body = |names: [&str; 2]| names.map(|name| Parameter::text("x").named(name));
        named.fill(|m| m.header(header()).body(body(["order_number", "first_name"]))).unwrap();
        refused(
            &named,
            |m| m.header("December 1st").body(["a", "b"]),
            "the variables of the header of the template have names",
        );
        refused(
            &named,
            |m| m.header(header()).body(["a", "b"]),
            "for each of first_name, order_number, with Parameter::named",
        );
        refused(&named, |m| m.header(header()).body(body(["first_name", "first_name"])), "have names");
    }

    // Meta, "Copy code authentication templates": the code stands in the body and in the button.
    #[test]
    fn a_one_time_code_is_given_twice() {
        let code = template(&json!([
            {"type": "BODY", "text": "*{{1}}* is your verification code."},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
                "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]},
        ]));
        let message = code.fill(|m| m.one_time_code("J$FpnYnP")).unwrap();
        let wire = serde_json::to_value(&message).unwrap();
        assert_eq!(wire["components"][0]["parameters"][0]["text"], "J$FpnYnP");
        assert_eq!(wire["components"][1]["parameters"][0]["text"], "J$FpnYnP");
        refused(&code, |m| m.body(["1234"]), "use one_time_code");
        refused(&code, |m| m.body(["1234"]).button(0, TemplateButton::url("4321")), "use one_time_code");
        refused(&code, |m| m.one_time_code("1234").header("x"), "use one_time_code");
        refused(&code, |m| m.one_time_code("1234567890123456"), "1 to 15 characters");
    }

    // Meta, "Media card carousel templates" and "Product card carousel templates": how many cards are sent.
    #[test]
    fn cards_are_as_many_as_the_kind_wants() {
        let card = json!({"components": [
            {"type": "HEADER", "format": "VIDEO"},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "More"},
                {"type": "URL", "text": "Shop", "url": "https://www.luckyshrub.com/{{1}}"},
            ]},
        ]});
        let media = template(&json!([{"type": "BODY", "text": "Hi"}, {"type": "CAROUSEL", "cards": [card, card]}]));
        let video = || Video::id(MediaId::new("1").unwrap());
        let card = || TemplateCard::new(video()).button(1, TemplateButton::url("BLUE_ELF"));
        media.fill(|m| m.carousel([card(), card()])).unwrap();
        refused(&media, |m| m, "has 2 to 2 cards: these are 0");
        refused(&media, |m| m.carousel([card(), card(), card()]), "these are 3");
        let other = || TemplateCard::new(image()).button(1, TemplateButton::url("x"));
        refused(&media, |m| m.carousel([other(), other()]), "card 1 of the template needs video: it is given image");
        let bare = || TemplateCard::new(video());
        refused(&media, |m| m.carousel([bare(), bare()]), "button 1 of card 1 of the template needs a value");

        let card = json!({"components": [{"type": "HEADER", "format": "PRODUCT"},
            {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]}]});
        let products = template(&json!([{"type": "BODY", "text": "Hi"}, {"type": "CAROUSEL", "cards": [card, card]}]));
        let card = || TemplateCard::new(Parameter::product("194836987003835", "nqryix03ez"));
        products.fill(|m| m.carousel([card(), card(), card()])).unwrap();
        refused(&products, |m| m.carousel([card(), TemplateCard::new(image())]), "same components");
    }

    #[test]
    fn a_template_that_was_read_in_part_cannot_be_filled() {
        let read = |json: Value| serde_json::from_value::<Template>(json).unwrap();
        refused(&read(json!({"id": "1", "name": "n", "language": "en"})), |m| m, "without its components");
        let nameless = json!({"id": "1", "components": [{"type": "BODY", "text": "Hi"}]});
        refused(&read(nameless), |m| m, "without its name or its language");
    }
}
