//! The members of a value that holds lists.

use std::fmt;

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use wa_types::{
    PhoneNumberId,
    lenient::{Names, Read},
    webhook::{Contact, Metadata},
};

use super::fields::{Member, Members, Reader};
use crate::json;

/// The value of a field with lists, which are read as `L`.
pub(super) struct Value<'a, L> {
    pub(super) number: Option<PhoneNumberId>,
    pub(super) contacts: Vec<Contact>,
    pub(super) lists: Vec<(Reader, L)>,
    pub(super) objects: Vec<(Reader, &'a RawValue)>,
    /// Whether there is a list or an object that is not known.
    pub(super) has_more: bool,
}

impl<'a, L: Deserialize<'a>> Value<'a, L> {
    pub(super) fn read(raw: &'a str, members: Members) -> Option<Self> {
        let mut value =
            Self { number: None, contacts: Vec::new(), lists: Vec::new(), objects: Vec::new(), has_more: false };
        value.add(raw, members, false)?;
        Some(value)
    }

    fn add(&mut self, raw: &'a str, members: Members, is_nested: bool) -> Option<()> {
        Filler { value: self, members, is_nested }.deserialize(&mut serde_json::Deserializer::from_str(raw)).ok()
    }
}

struct Filler<'v, 'a, L> {
    value: &'v mut Value<'a, L>,
    members: Members,
    is_nested: bool,
}

impl<'a, L: Deserialize<'a>> DeserializeSeed<'a> for Filler<'_, 'a, L> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a, L: Deserialize<'a>> Visitor<'a> for Filler<'_, 'a, L> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<(), A::Error> {
        enum Name {
            Metadata,
            Contacts,
            Member(Option<Member>),
        }

        let Self { value, members, is_nested } = self;
        let name = |name: &str| match name {
            "metadata" => Name::Metadata,
            "contacts" => Name::Contacts,
            name => Name::Member(members(name)),
        };
        while let Some(name) = object.next_key_seed(Names(&name))? {
            match name {
                Name::Metadata => {
                    let raw: &RawValue = object.next_value()?;
                    let metadata = json::from_str::<Metadata>(raw.get()).ok();
                    value.number = metadata.map(|metadata| metadata.phone_number_id).or_else(|| value.number.take());
                }
                Name::Contacts => {
                    let raw: &RawValue = object.next_value()?;
                    let contacts = json::from_str::<Read<_>>(raw.get()).ok().and_then(|Read(contacts)| contacts);
                    value.contacts.append(&mut contacts.unwrap_or_default());
                }
                Name::Member(Some(Member::List(reader))) => value.lists.push((reader, object.next_value()?)),
                Name::Member(Some(Member::One(reader))) => value.objects.push((reader, object.next_value()?)),
                Name::Member(Some(Member::Nested)) if !is_nested => {
                    let raw: &RawValue = object.next_value()?;
                    if value.add(raw.get(), members, true).is_none() {
                        if raw.get().starts_with('{') {
                            return Err(A::Error::custom("a list is no list"));
                        }
                        value.has_more |= holds_something(raw);
                    }
                }
                Name::Member(Some(Member::Nested) | None) => value.has_more |= holds_something(object.next_value()?),
            }
        }
        Ok(())
    }
}

/// The items of what should be a list, or what stands in its place.
pub(super) fn items(list: &RawValue) -> Result<Vec<&RawValue>, &RawValue> {
    serde_json::from_str(list.get()).map_err(|_| list)
}

/// Whether it is a list or an object with anything in it. Names and numbers that stand beside the lists are no events.
fn holds_something(raw: &RawValue) -> bool {
    let text = raw.get();
    let inner = text.strip_prefix(['{', '[']).map(|rest| rest.trim_end_matches(['}', ']']));
    inner.is_some_and(|inner| !inner.trim().is_empty())
}
