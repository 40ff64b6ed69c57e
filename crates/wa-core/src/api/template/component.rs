use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use wa_types::{
    Json,
    lenient::{FromWire, value},
};

use super::{
    Button, Text,
    text::Example,
    wire::{first, kind, member, put, text, texts, untyped},
};
use crate::BuildError;

/// A part of a template as the service writes it.
///
/// Whoever creates a template writes [`Components`](super::Components) or an [`Authentication`](super::Authentication).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Component {
    /// What stands on top.
    Header(Header),
    /// The words.
    Body {
        /// They. An authentication template is created without, and read with them.
        text: Text,
        /// Whether they end by saying that nobody must be told the code.
        add_security_recommendation: Option<bool>,
    },
    /// The line below the words.
    Footer {
        /// It. An authentication template is created without, and read with it.
        text: String,
        /// After how many minutes it says that the code expires.
        code_expiration_minutes: Option<u16>,
    },
    /// The buttons.
    Buttons(Vec<Button>),
    /// An offer that ends soon.
    LimitedTimeOffer(LimitedTimeOffer),
    /// Cards side by side.
    Carousel(Vec<Card>),
    /// Asks whether the business may call.
    CallPermissionRequest,
    /// One that is not listed here.
    Other {
        /// Its type.
        kind: String,
        /// All of it.
        json: Json,
    },
}

/// What stands on top of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Header {
    /// A line of at most 60 characters with at most one variable.
    Text(Text),
    /// An image, a video, a document or an animation, chosen when the template is sent.
    Media {
        /// Which of them.
        kind: MediaKind,
        /// An example: a handle when the template is created, an address when it is read.
        example: String,
    },
    /// A place, chosen when the template is sent.
    Location,
    /// A product, chosen when the template is sent.
    Product,
}

/// The kinds of media that a template's header can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// An image.
    Image,
    /// A video.
    Video,
    /// A document.
    Document,
    /// An animation, which is an MP4 of at most 3.5 MB.
    Gif,
}

impl MediaKind {
    /// As the service writes it, such as `IMAGE`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "IMAGE",
            Self::Video => "VIDEO",
            Self::Document => "DOCUMENT",
            Self::Gif => "GIF",
        }
    }
}

impl Header {
    /// A line of at most 60 characters with at most one variable.
    #[must_use]
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// An image, with the handle of an example that was uploaded in pieces.
    #[must_use]
    pub fn image(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Image, example: handle.into() }
    }

    /// A video, with the handle of an example that was uploaded in pieces.
    #[must_use]
    pub fn video(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Video, example: handle.into() }
    }

    /// A document, with the handle of an example that was uploaded in pieces.
    #[must_use]
    pub fn document(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Document, example: handle.into() }
    }

    /// An animation, with the handle of an example that was uploaded in pieces. Only the marketing API sends it.
    #[must_use]
    pub fn gif(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Gif, example: handle.into() }
    }

    /// A place.
    #[must_use]
    pub fn location() -> Self {
        Self::Location
    }

    /// A product.
    #[must_use]
    pub fn product() -> Self {
        Self::Product
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        match self {
            Self::Text(text) => check_line(text),
            Self::Media { kind, example } if example.is_empty() => Err(BuildError::new(format!(
                "a header with {} needs an example: upload a file in pieces and give its handle",
                kind.as_str()
            ))),
            Self::Media { .. } | Self::Location | Self::Product => Ok(()),
        }
    }

    fn format(&self) -> &'static str {
        match self {
            Self::Text(_) => "TEXT",
            Self::Media { kind, .. } => kind.as_str(),
            Self::Location => "LOCATION",
            Self::Product => "PRODUCT",
        }
    }

    fn read(value: &Value) -> Option<Self> {
        let media = |kind| {
            let example = value.get("example").and_then(|example| first(example, "header_handle"));
            Self::Media { kind, example: example.unwrap_or_default() }
        };
        Some(match value.get("format")?.as_str()?.to_ascii_uppercase().as_str() {
            "TEXT" => Self::Text(read_text(value, "header_text")?),
            "IMAGE" => media(MediaKind::Image),
            "VIDEO" => media(MediaKind::Video),
            "DOCUMENT" => media(MediaKind::Document),
            "GIF" => media(MediaKind::Gif),
            "LOCATION" => Self::Location,
            "PRODUCT" => Self::Product,
            _ => return None,
        })
    }
}

fn check_line(text: &Text) -> Result<(), BuildError> {
    text.check("a header", LONGEST_HEADER)?;
    if text.variables().len() > 1 {
        return Err(BuildError::new("a header has one variable at most"));
    }
    if text.as_str().contains(['\n', '\r', '*']) {
        return Err(BuildError::new("a header is one line without asterisks"));
    }
    Ok(())
}

/// An offer that ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitedTimeOffer {
    /// What is offered, in at most 16 characters.
    pub text: String,
    /// Whether the message counts the time down to the offer's end.
    pub has_expiration: Option<bool>,
}

impl LimitedTimeOffer {
    /// An offer of at most 16 characters.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), has_expiration: None }
    }

    /// Counts the time down to the offer's end, which is given when the template is sent. It needs a button that copies a
    /// code.
    #[must_use]
    pub fn expires(mut self) -> Self {
        self.has_expiration = Some(true);
        self
    }
}

/// One card of a carousel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    pub(super) components: Vec<Component>,
}

impl Card {
    /// A card with an image or a video on top, or a product.
    #[must_use]
    pub fn new(header: Header) -> Self {
        Self { components: vec![Component::Header(header)] }
    }

    /// Puts words of at most 160 characters below it.
    #[must_use]
    pub fn body(mut self, text: impl Into<Text>) -> Self {
        self.components.retain(|component| !matches!(component, Component::Body { .. }));
        self.components.insert(1, Component::Body { text: text.into(), add_security_recommendation: None });
        self
    }

    /// Adds a button.
    #[must_use]
    pub fn button(mut self, button: impl Into<Button>) -> Self {
        match self.components.last_mut() {
            Some(Component::Buttons(buttons)) => buttons.push(button.into()),
            _ => self.components.push(Component::Buttons(vec![button.into()])),
        }
        self
    }

    /// What it is made of.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }
}

impl Serialize for Card {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut wire = serializer.serialize_map(Some(1))?;
        wire.serialize_entry("components", &self.components)?;
        wire.end()
    }
}

impl FromWire for Card {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(member(&value, "components").map(|components| Self { components }))
    }
}

impl Serialize for Component {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Other { json, .. } = self {
            return json.serialize(serializer);
        }
        let mut wire = serializer.serialize_map(None)?;
        wire.serialize_entry("type", self.kind())?;
        match self {
            Self::Header(header) => {
                wire.serialize_entry("format", header.format())?;
                match header {
                    Header::Text(text) => write_text(&mut wire, text, "header_text")?,
                    Header::Media { example, .. } if !example.is_empty() => {
                        wire.serialize_entry("example", &Named("header_handle", [example]))?;
                    }
                    Header::Media { .. } | Header::Location | Header::Product => {}
                }
            }
            Self::Body { text, add_security_recommendation } => {
                write_text(&mut wire, text, "body_text")?;
                put(&mut wire, "add_security_recommendation", add_security_recommendation.as_ref())?;
            }
            Self::Footer { text, code_expiration_minutes } => {
                put(&mut wire, "text", Some(text).filter(|text| !text.is_empty()))?;
                put(&mut wire, "code_expiration_minutes", code_expiration_minutes.as_ref())?;
            }
            Self::Buttons(buttons) => wire.serialize_entry("buttons", buttons)?,
            Self::LimitedTimeOffer(offer) => wire.serialize_entry("limited_time_offer", &Offer(offer))?,
            Self::Carousel(cards) => wire.serialize_entry("cards", cards)?,
            Self::CallPermissionRequest | Self::Other { .. } => {}
        }
        wire.end()
    }
}

impl Component {
    /// The type as the service names it, such as `HEADER`.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Header(_) => "HEADER",
            Self::Body { .. } => "BODY",
            Self::Footer { .. } => "FOOTER",
            Self::Buttons(_) => "BUTTONS",
            Self::LimitedTimeOffer(_) => "LIMITED_TIME_OFFER",
            Self::Carousel(_) => "CAROUSEL",
            Self::CallPermissionRequest => "CALL_PERMISSION_REQUEST",
            Self::Other { kind, .. } => kind,
        }
    }

    fn read(value: &Value) -> Option<Self> {
        Some(match kind(value)?.as_str() {
            "HEADER" => Self::Header(Header::read(value)?),
            "BODY" => Self::Body {
                text: read_text(value, "body_text").unwrap_or_default(),
                add_security_recommendation: member(value, "add_security_recommendation"),
            },
            "FOOTER" => Self::Footer {
                text: text(value, "text").unwrap_or_default(),
                code_expiration_minutes: member(value, "code_expiration_minutes"),
            },
            "BUTTONS" => Self::Buttons(member(value, "buttons")?),
            "LIMITED_TIME_OFFER" => {
                let offer = value.get("limited_time_offer")?;
                let has_expiration = member(offer, "has_expiration");
                Self::LimitedTimeOffer(LimitedTimeOffer { text: text(offer, "text")?, has_expiration })
            }
            "CAROUSEL" => Self::Carousel(member(value, "cards")?),
            "CALL_PERMISSION_REQUEST" => Self::CallPermissionRequest,
            _ => return None,
        })
    }
}

impl FromWire for Component {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if !value.is_object() {
            return Ok(None);
        }
        Ok(Self::read(&value).or_else(|| match untyped(value) {
            (kind, Some(json)) => Some(Self::Other { kind, json }),
            (_, None) => None,
        }))
    }
}

impl<'de> Deserialize<'de> for Component {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value(deserializer, "a component of a template")
    }
}

/// A text with its examples, which stand under `header_text` or `body_text`, or with their names.
fn write_text<M: SerializeMap>(wire: &mut M, text: &Text, name: &'static str) -> Result<(), M::Error> {
    put(wire, "text", Some(&text.text).filter(|text| !text.is_empty()))?;
    let named: Vec<_> = text.examples.iter().filter_map(NamedExample::new).collect();
    if !named.is_empty() {
        let name = if name == "body_text" { "body_text_named_params" } else { "header_text_named_params" };
        return wire.serialize_entry("example", &Named(name, named));
    }
    let values: Vec<_> = text.examples.iter().map(|example| &example.value).collect();
    match (values.is_empty(), name) {
        (true, _) => Ok(()),
        // The service takes a flat list too, and answers this one.
        (false, "body_text") => wire.serialize_entry("example", &Named(name, [values])),
        (false, _) => wire.serialize_entry("example", &Named(name, values)),
    }
}

fn read_text(value: &Value, name: &str) -> Option<Text> {
    let whole = text(value, "text")?;
    let mut examples = Vec::new();
    if let Some(example) = value.get("example") {
        let named = example.get(format!("{name}_named_params")).and_then(Value::as_array);
        for param in named.into_iter().flatten() {
            if let (Some(name), Some(value)) = (text(param, "param_name"), text(param, "example")) {
                examples.push(Example { name: Some(name), value });
            }
        }
        if examples.is_empty() {
            examples.extend(texts(example, name).into_iter().map(|value| Example { name: None, value }));
        }
    }
    Some(Text { text: whole, examples })
}

/// An object with one member.
struct Named<T>(&'static str, T);

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut wire = serializer.serialize_map(Some(1))?;
        wire.serialize_entry(self.0, &self.1)?;
        wire.end()
    }
}

#[derive(Serialize)]
struct NamedExample<'a> {
    param_name: &'a str,
    example: &'a str,
}

impl<'a> NamedExample<'a> {
    fn new(example: &'a Example) -> Option<Self> {
        Some(Self { param_name: example.name.as_deref()?, example: &example.value })
    }
}

struct Offer<'a>(&'a LimitedTimeOffer);

impl Serialize for Offer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut wire = serializer.serialize_map(None)?;
        wire.serialize_entry("text", &self.0.text)?;
        put(&mut wire, "has_expiration", self.0.has_expiration.as_ref())?;
        wire.end()
    }
}

const LONGEST_HEADER: usize = 60;
