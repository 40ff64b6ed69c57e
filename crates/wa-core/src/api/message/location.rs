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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{refusal, sends};

    // Meta, "Location messages", example request.
    #[test]
    fn a_place_is_written_as_documented() {
        let place = Location::new(37.442_162_518_686_83, -122.161_535_820_493_94)
            .name("Philz Coffee")
            .address("101 Forest Ave, Palo Alto, CA 94301");
        sends(
            &place,
            r#"{"latitude": "37.44216251868683", "longitude": "-122.16153582049394", "name": "Philz Coffee",
                "address": "101 Forest Ave, Palo Alto, CA 94301"}"#,
        );
    }

    // Meta's API description v23.0, sendMessage, "Send Location Message".
    #[test]
    fn numbers_are_read_too() {
        let read: Location = serde_json::from_str(r#"{"latitude": 37.758056, "longitude": -122.425332}"#).unwrap();
        assert_eq!(read, Location::new(37.758_056, -122.425_332));
        assert!(serde_json::from_str::<Location>(r#"{"latitude": "north", "longitude": "0"}"#).is_err());
    }

    #[test]
    fn what_is_not_on_the_map_is_refused() {
        assert!(refusal(&Location::new(-122.4, 37.7)).contains("is it the longitude?"));
        assert!(refusal(&Location::new(0.0, 180.1)).contains("a longitude"));
        assert!(refusal(&Location::new(f64::NAN, 0.0)).contains("a latitude"));
        assert!(!format!("{:?}", Location::new(37.4, -122.1)).contains("37"));
    }
}
