use serde::{Deserialize, Deserializer, Serialize};

use crate::lenient::{self, FromWire};

/// The `success` member of an answer. The service may answer 200 and say `false` here: that is a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Confirmed(bool);

impl Confirmed {
    /// Whether the service did what it was asked for.
    #[must_use]
    pub const fn is_true(self) -> bool {
        self.0
    }
}

impl FromWire for Confirmed {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(bool::from_wire(deserializer)?.map(Self))
    }
}

impl<'de> Deserialize<'de> for Confirmed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::value(deserializer, "true or false")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_pages_write_it_as_text() {
        for (json, confirmed) in [("true", true), ("\"true\"", true), ("false", false), ("\"false\"", false)] {
            assert_eq!(serde_json::from_str::<Confirmed>(json).unwrap().is_true(), confirmed);
        }
        for wrong in ["null", "1", "\"yes\"", "{}"] {
            assert!(serde_json::from_str::<Confirmed>(wrong).is_err(), "{wrong}");
        }
    }
}
