use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Content,
    words::{Words, optional_texts},
};
use crate::BuildError;

/// A place on the map.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/location-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    latitude: Degrees,
    longitude: Degrees,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Words>,
}

impl Location {
    /// The place at these decimal degrees.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Self {
        Self { latitude: Degrees(latitude), longitude: Degrees(longitude), name: None, address: None }
    }

    optional_texts! {
        /// The place's name.
        name,
        /// The place's address.
        address,
    }
}

impl Content for Location {
    fn kind(&self) -> &'static str {
        "location"
    }

    fn check(&self) -> Result<(), BuildError> {
        if !(-90.0..=90.0).contains(&self.latitude.0) {
            return Err(BuildError::new("a latitude is between -90 and 90 degrees: is it the longitude?"));
        }
        if !(-180.0..=180.0).contains(&self.longitude.0) {
            return Err(BuildError::new("a longitude is between -180 and 180 degrees"));
        }
        Ok(())
    }
}

/// Decimal degrees. They are sent as text, as Meta's page and description have them, and come back as numbers.
#[derive(Clone, Copy, PartialEq)]
struct Degrees(f64);

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }

        match Written::deserialize(deserializer)? {
            Written::Number(degrees) => Ok(Self(degrees)),
            Written::Text(text) => text.parse().map(Self).map_err(|_| D::Error::custom("these are no decimal degrees")),
        }
    }
}

/// The degrees are not shown: they say where a person is.
impl fmt::Debug for Degrees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(degrees)")
    }
}
