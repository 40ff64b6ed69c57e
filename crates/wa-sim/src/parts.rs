//! The parts of a number's state.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Time;

/// A display name that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewName {
    /// The name.
    pub name: String,
    /// Its review, such as `PENDING_REVIEW`.
    pub status: String,
}

/// The one-time code of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Code {
    /// The code that was sent last and not used.
    pub sent: Option<SentCode>,
    /// When a code was right.
    pub verified_at: Option<Time>,
    /// When codes were sent.
    pub requests: Vec<Time>,
}

/// A code on its way to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SentCode {
    /// The six digits.
    pub code: String,
    /// When it expires.
    pub until: Time,
    /// How many wrong ones were tried.
    pub guesses: u32,
}

/// Two-step verification of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Pin {
    /// The PIN, if there is one.
    pub value: Option<String>,
    /// When wrong ones were tried.
    pub guesses: Vec<Time>,
}

/// The On-Premises deployment of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OnPremises {
    /// Whether it serves the number. A migration shuts it down whatever its outcome.
    pub is_running: bool,
    /// When it was shut down.
    pub down_since: Option<Time>,
    /// The backup that can be read; nothing takes any.
    pub backup: Option<Backup>,
    /// How many shards it has; two or more give the number higher throughput in the cloud.
    pub shards: u32,
    /// The storage region that it has and that registering must name.
    pub region: Option<String>,
}

/// A backup of an On-Premises deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Backup {
    /// Its content.
    pub data: String,
    /// What it was made with.
    pub password: String,
}

/// Where a number's messages are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Storage {
    /// In Meta's own data centres.
    #[default]
    Default,
    /// In this region.
    Local(String),
    /// Nowhere beyond an hour.
    OneHour,
}

/// What keeps a number from working.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ban {
    /// It is banned.
    Banned,
    /// It is restricted.
    Restricted,
    /// It is about to lose its quality; it still works.
    Flagged,
}

/// How people rate a number's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Quality {
    /// High quality.
    #[default]
    Green,
    /// Medium quality.
    Yellow,
    /// Low quality.
    Red,
}

impl Quality {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Green => "GREEN",
            Self::Yellow => "YELLOW",
            Self::Red => "RED",
        }
    }
}

/// What `/settings` holds besides storage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// Calling, as it was set.
    pub calling: BTreeMap<String, Value>,
    /// Whether messages wait when a recipient's identity has changed.
    pub identity_check: bool,
    /// The business's key for the encryption of payloads.
    pub encryption_key: Option<String>,
}

/// The application for the badge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Official {
    /// How far it is, such as `PENDING`; empty if there never was one.
    pub status: String,
    /// When it was applied for.
    pub applications: Vec<Time>,
}

/// What the WhatsApp Business app holds of a number that it uses, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BusinessApp {
    /// The names of its contacts by their digits.
    pub contacts: BTreeMap<String, String>,
    /// The messages of the past, the oldest first.
    pub history: Vec<PastMessage>,
    /// Whether the business shares its history.
    pub shares_history: bool,
    /// Whether the contacts were asked for, which can be done once.
    pub contacts_are_synced: bool,
    /// Whether the history was asked for, which can be done once.
    pub history_is_synced: bool,
}

impl Default for BusinessApp {
    fn default() -> Self {
        Self {
            contacts: [("16505551234".to_owned(), "Pablo Morales".to_owned())].into(),
            history: Vec::new(),
            shares_history: true,
            contacts_are_synced: false,
            history_is_synced: false,
        }
    }
}

/// A message from before a number was connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PastMessage {
    /// The person's digits.
    pub contact: String,
    /// What was written.
    pub text: String,
    /// When.
    pub at: Time,
    /// Whether the business wrote it.
    #[serde(default)]
    pub is_from_business: bool,
}
