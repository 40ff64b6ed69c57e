use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use wa_types::lenient::{FromWire, value};

use super::{Card, Component, Header, LimitedTimeOffer, MediaKind};
use crate::api::template::{
    Text,
    text::Example,
    wire::{first, kind, member, put, text, texts, untyped},
};

impl Header {
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
