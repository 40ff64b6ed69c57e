use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::BuildError;

/// A JSON object of the caller's own shape. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Data(Value);

impl Data {
    /// Keeps a value; what cannot be JSON is refused by `check`.
    pub(super) fn new(value: &impl Serialize) -> Self {
        Self(serde_json::to_value(value).unwrap_or_default())
    }

    pub(super) fn check(&self, what: &str) -> Result<(), BuildError> {
        match self.0.as_object() {
            Some(members) if !members.is_empty() => Ok(()),
            _ => Err(BuildError::new(format!("{what} is a JSON object with at least one member"))),
        }
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(JSON)")
    }
}
