use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, Visitor},
};
use wa_types::lenient::Read;

/// What the members of an answer's outermost object say about it, whatever the call answers.
///
/// The names are compared as they read, not as they are spelled, and a repeated one is seen each time. An answer without
/// nested values costs no allocation.
#[derive(Default)]
pub(super) struct Signs {
    pub(super) has_error: bool,
    says_true: bool,
    says_false: bool,
}

impl Signs {
    pub(super) fn is_failure(&self) -> bool {
        self.has_error || self.says_false
    }

    /// An answer that says both is no refusal: nobody can tell which of them holds.
    pub(super) fn is_refusal(&self) -> bool {
        self.says_false && !self.says_true
    }
}

impl<'de> Deserialize<'de> for Signs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SignsVisitor)
    }
}

struct SignsVisitor;

impl<'de> Visitor<'de> for SignsVisitor {
    type Value = Signs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Signs, A::Error> {
        let mut signs = Signs::default();
        while let Some(name) = members.next_key::<Name>()? {
            match name {
                Name::Error => signs.has_error |= members.next_value::<Option<IgnoredAny>>()?.is_some(),
                Name::Success => match members.next_value::<Read<bool>>()? {
                    Read(Some(true)) => signs.says_true = true,
                    Read(Some(false)) => signs.says_false = true,
                    Read(None) => {}
                },
                Name::Other => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(signs)
    }
}

enum Name {
    Error,
    Success,
    Other,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
        Ok(match name {
            "error" => Name::Error,
            "success" => Name::Success,
            _ => Name::Other,
        })
    }
}
