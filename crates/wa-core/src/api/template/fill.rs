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
        match needs.one_time_code {
            true => check_code(&given)?,
            false => needs.check(&given, "the template")?,
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
mod tests;
