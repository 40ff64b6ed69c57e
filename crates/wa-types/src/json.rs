use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::lenient::FromWire;

/// JSON as the service wrote it, of a value that is not typed here.
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a type of your own.
    ///
    /// # Errors
    ///
    /// It is of another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, UnexpectedJson> {
        read(self.as_str())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.as_str())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl FromWire for Json {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let raw: Box<RawValue> = Deserialize::deserialize(deserializer)?;
        Ok((raw.get() != "null").then_some(Self(raw)))
    }
}

/// JSON that is not of the wanted shape. It tells where, and nothing of what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the JSON is not of the wanted shape at line {line}, column {column}")]
pub struct UnexpectedJson {
    line: usize,
    column: usize,
}

pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, UnexpectedJson> {
    serde_json::from_str(text).map_err(|error| UnexpectedJson { line: error.line(), column: error.column() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lenient::Read;

    #[test]
    fn any_value_but_null_is_kept_to_the_letter() {
        for text in [r#"{"a": [1e2, "\ud800"]}"#, "\"a\"", "18446744073709551616", "false"] {
            let Read(json) = serde_json::from_str::<Read<Json>>(text).unwrap();
            assert_eq!(json.unwrap().as_str(), text);
        }
        assert_eq!(serde_json::from_str::<Read<Json>>("null").unwrap().0, None);
        assert!(serde_json::from_str::<Read<Json>>("{").is_err());
    }

    #[test]
    fn an_error_shows_nothing_of_what_was_read() {
        let Read(json) = serde_json::from_str::<Read<Json>>(r#"{"a":"secret"}"#).unwrap();
        let error = json.unwrap().read::<Vec<u8>>().unwrap_err();
        assert_eq!(error.to_string(), "the JSON is not of the wanted shape at line 1, column 0");
    }
}
