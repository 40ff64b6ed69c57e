use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::{Error as _, SerializeMap},
};
use serde_json::value::RawValue;
use wa_types::{Confirmed, lenient::Names};

/// The answer to a registration.
///
/// It does not say that the number is connected: read its `status`. Nor does it say that the PIN is the one that was sent:
/// under Meta's account model of 2026, registering a registered number succeeds and leaves its PIN as it was, which a
/// member says that no page names yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered {
    /// Always true: a `false` from the service becomes an error.
    pub success: Confirmed,
    /// All other members of the answer by their names, each as the JSON that it came as.
    pub other: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for Registered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RegisteredVisitor)
    }
}

struct RegisteredVisitor;

impl<'de> Visitor<'de> for RegisteredVisitor {
    type Value = Registered;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer to a registration")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Registered, A::Error> {
        let (mut success, mut other) = (None, BTreeMap::new());
        let named = |name: &str| (name != "success").then(|| name.to_owned());
        while let Some(name) = members.next_key_seed(Names(named))? {
            match name {
                Some(name) => {
                    let value: Box<RawValue> = members.next_value()?;
                    other.insert(name, Box::<str>::from(value).into());
                }
                None if success.is_some() => return Err(A::Error::duplicate_field("success")),
                None => success = Some(members.next_value()?),
            }
        }
        let success = success.ok_or_else(|| A::Error::missing_field("success"))?;
        Ok(Registered { success, other })
    }
}

impl Serialize for Registered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(1 + self.other.len()))?;
        members.serialize_entry("success", &self.success)?;
        for (name, json) in &self.other {
            let value: Box<RawValue> = serde_json::from_str(json).map_err(S::Error::custom)?;
            members.serialize_entry(name, &value)?;
        }
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use http::Response;

    use crate::{
        api::number::{Migrate, Register},
        parse, testing,
    };

    // The name of the member is ours: Meta's page says that there is one, and not how it is called.
    #[test]
    fn what_no_page_names_is_kept() {
        let json = r#"{"pin_reset":false,"success":"true","n\u00e9w": {"a": [1, 1e400]}}"#;
        let answer = testing::read::<Register<'_>>(json);
        assert!(answer.success.is_true());
        let other = [("pin_reset", "false"), ("néw", r#"{"a": [1, 1e400]}"#)];
        assert_eq!(answer.other, other.map(|(name, json)| (name.to_owned(), json.to_owned())).into());
        assert_eq!(testing::read::<Migrate<'_>>(json), answer);

        let plain = testing::read::<Register<'_>>(r#"{"success":true,"pin_reset":false}"#);
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"success":true,"pin_reset":false}"#);
        for refused in ["{}", r#"{"pin_reset":true}"#, r#"{"success":true,"success":true}"#, r#"{"success":1}"#] {
            assert!(parse::<Register<'_>>(Response::new(refused)).is_err(), "{refused}");
        }
    }
}
