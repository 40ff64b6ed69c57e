//! How components and buttons stand on the wire.

use serde::{Deserialize, Serialize, ser::SerializeMap};
use serde_json::Value;
use wa_types::{
    Json,
    lenient::{FromWire, Read},
};

/// The type and the JSON of what is not typed here, to the letter but for white space.
pub(super) fn untyped(value: Value) -> (String, Option<Json>) {
    let kind = text(&value, "type").unwrap_or_default();
    (kind, Json::from_wire(value).ok().flatten())
}

/// The type of a component or a button. Meta's pages write it in small letters, too.
pub(super) fn kind(value: &Value) -> Option<String> {
    Some(value.get("type")?.as_str()?.to_ascii_uppercase())
}

/// A member, if it is of this type.
pub(super) fn member<T: FromWire>(value: &Value, name: &str) -> Option<T> {
    Read::deserialize(value.get(name)?).ok()?.0
}

pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    member(value, name)
}

/// A member's texts: the service writes one by itself, in a list, or in a list of lists of which the first counts.
pub(super) fn texts(value: &Value, name: &str) -> Vec<String> {
    match value.get(name) {
        Some(Value::Array(items)) => match items.first() {
            Some(row @ Value::Array(_)) => member_of(row),
            _ => member(value, name),
        },
        Some(_) => text(value, name).map(|text| vec![text]),
        None => None,
    }
    .unwrap_or_default()
}

/// The first of a member's texts.
pub(super) fn first(value: &Value, name: &str) -> Option<String> {
    texts(value, name).into_iter().next()
}

/// Writes a member that is there.
pub(super) fn put<M: SerializeMap>(
    map: &mut M,
    name: &'static str,
    value: Option<impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

fn member_of<T: FromWire>(value: &Value) -> Option<T> {
    Read::deserialize(value).ok()?.0
}
