//! People as businesses know them since 2026.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What is special about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Person {
    /// The name in the profile.
    pub name: String,
    /// The username, if there is one.
    pub username: Option<String>,
    /// Whether the person uses WhatsApp; messages to others fail with 131026.
    pub is_on_whatsapp: bool,
    /// Whether the person has stopped marketing messages, which fail with 131050.
    pub has_stopped_marketing: bool,
    /// The code by which every message to the person fails later.
    pub fails_with: Option<i64>,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            name: "A Person".to_owned(),
            username: None,
            is_on_whatsapp: true,
            has_stopped_marketing: false,
            fails_with: None,
        }
    }
}

/// The business-scoped user id of a person: a country, a dot, and what differs for every business.
pub(crate) fn user_id(account: &str, digits: &str) -> String {
    let country = COUNTRIES.iter().find(|(code, _)| digits.starts_with(code)).map_or("ZZ", |(_, country)| country);
    let hash = Sha256::digest(format!("{account}/{digits}"));
    let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{country}.{number}")
}

const COUNTRIES: &[(&str, &str)] =
    &[("1", "US"), ("33", "FR"), ("34", "ES"), ("41", "CH"), ("44", "GB"), ("49", "DE"), ("55", "BR"), ("91", "IN")];
