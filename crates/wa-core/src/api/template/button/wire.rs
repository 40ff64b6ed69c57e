use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use wa_types::lenient::{FromWire, value};

use super::{Button, Flow, FlowButton};
use crate::api::template::{
    Otp,
    wire::{first, kind, put, text, untyped},
};

impl Serialize for Button {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Other { json, .. } => return json.serialize(serializer),
            Self::Otp(otp) => return otp.serialize(serializer),
            _ => {}
        }
        let mut wire = serializer.serialize_map(None)?;
        wire.serialize_entry("type", self.kind())?;
        match self {
            Self::QuickReply { text }
            | Self::VoiceCall { text }
            | Self::Catalog { text }
            | Self::MultiProduct { text }
            | Self::SingleProduct { text }
            | Self::OrderDetails { text } => wire.serialize_entry("text", text)?,
            Self::RequestContactInfo { text } => put(&mut wire, "text", text.as_ref())?,
            Self::Url { text, url, example } => {
                wire.serialize_entry("text", text)?;
                wire.serialize_entry("url", url)?;
                put(&mut wire, "example", example.as_ref().map(|example| [example]))?;
            }
            Self::PhoneNumber { text, phone_number } => {
                wire.serialize_entry("text", text)?;
                wire.serialize_entry("phone_number", phone_number)?;
            }
            Self::CopyCode { text, example } => {
                put(&mut wire, "text", text.as_ref())?;
                wire.serialize_entry("example", example)?;
            }
            Self::Flow(FlowButton { text, flow, action, screen }) => {
                wire.serialize_entry("text", text)?;
                match flow {
                    Some(Flow::Id(id)) => wire.serialize_entry("flow_id", id)?,
                    Some(Flow::Name(name)) => wire.serialize_entry("flow_name", name)?,
                    Some(Flow::Json(json)) => wire.serialize_entry("flow_json", json)?,
                    None => {}
                }
                put(&mut wire, "flow_action", action.as_ref())?;
                put(&mut wire, "navigate_screen", screen.as_ref())?;
            }
            Self::Otp(_) | Self::Other { .. } => {}
        }
        wire.end()
    }
}

impl Button {
    fn read(value: &Value) -> Option<Self> {
        let label = || text(value, "text");
        Some(match kind(value)?.as_str() {
            "QUICK_REPLY" => Self::QuickReply { text: label()? },
            "URL" => Self::Url { text: label()?, url: text(value, "url")?, example: first(value, "example") },
            "PHONE_NUMBER" => Self::PhoneNumber { text: label()?, phone_number: text(value, "phone_number")? },
            "COPY_CODE" => Self::CopyCode { text: label(), example: first(value, "example")? },
            "VOICE_CALL" => Self::VoiceCall { text: label()? },
            "FLOW" => Self::Flow(FlowButton {
                text: label()?,
                flow: (text(value, "flow_id").map(Flow::Id))
                    .or_else(|| text(value, "flow_name").map(Flow::Name))
                    .or_else(|| text(value, "flow_json").map(Flow::Json)),
                action: text(value, "flow_action"),
                screen: text(value, "navigate_screen"),
            }),
            "CATALOG" => Self::Catalog { text: label()? },
            "MPM" => Self::MultiProduct { text: label()? },
            "SPM" => Self::SingleProduct { text: label()? },
            "ORDER_DETAILS" => Self::OrderDetails { text: label()? },
            "REQUEST_CONTACT_INFO" => Self::RequestContactInfo { text: label() },
            "OTP" => Self::Otp(Otp::read(value)?),
            _ => return None,
        })
    }
}

impl FromWire for Button {
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

impl<'de> Deserialize<'de> for Button {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value(deserializer, "a button of a template")
    }
}
