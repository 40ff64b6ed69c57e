//! Message templates as the service keeps them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{State, Time};

/// A message template of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Template {
    /// Its id; one follows from the rest if it is empty.
    #[serde(default)]
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its language, such as `en_US`.
    pub language: String,
    /// How far it is, such as `APPROVED` or `PAUSED`.
    #[serde(default = "approved")]
    pub status: String,
    /// Its category.
    #[serde(default = "utility")]
    pub category: String,
    /// The category before the service changed it.
    #[serde(default)]
    pub previous_category: Option<String>,
    /// Whether its parameters are `POSITIONAL` or `NAMED`.
    #[serde(default = "positional")]
    pub parameter_format: String,
    /// Its components as they were made; without any, parameters are not checked.
    #[serde(default)]
    pub components: Vec<Value>,
    /// How people rate it: `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    #[serde(default = "unknown")]
    pub quality: String,
    /// Why it was rejected.
    #[serde(default)]
    pub rejected_reason: Option<String>,
    /// How long its messages live, in seconds.
    #[serde(default)]
    pub ttl: Option<i64>,
    /// When it was edited while it was approved.
    #[serde(default)]
    pub edits: Vec<Time>,
}

impl Template {
    /// An approved template without parameters.
    #[must_use]
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self {
            id: String::new(),
            name: name.into(),
            language: language.into(),
            status: approved(),
            category: utility(),
            previous_category: None,
            parameter_format: positional(),
            components: Vec::new(),
            quality: unknown(),
            rejected_reason: None,
            ttl: None,
            edits: Vec::new(),
        }
    }

    /// The one that every new account has.
    pub(crate) fn hello_world() -> Self {
        let mut template = Self::new("hello_world", "en_US");
        template.components = vec![
            json!({"type": "HEADER", "format": "TEXT", "text": "Hello World"}),
            json!({"type": "BODY", "text": "Welcome! This message shows that your number can send."}),
            json!({"type": "FOOTER", "text": "A sample of wa-sim"}),
        ];
        template
    }

    /// Its id in this account.
    #[must_use]
    pub fn id_in(&self, account: &str) -> String {
        if !self.id.is_empty() {
            return self.id.clone();
        }
        let hash = Sha256::digest(format!("{account}/{}/{}", self.name, self.language));
        let number = hash.iter().take(6).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("3{number:015}")
    }

    /// The component of a type, whatever case it is written in.
    pub(crate) fn component(&self, kind: &str) -> Option<&Value> {
        self.components.iter().find(|one| is_of(one, kind))
    }

    /// Its buttons in their order.
    pub(crate) fn buttons(&self) -> &[Value] {
        let buttons = self.component("BUTTONS").and_then(|component| component["buttons"].as_array());
        buttons.map_or(&[], |buttons| buttons)
    }
}

/// Whether a component or a button is of this type.
pub(crate) fn is_of(value: &Value, kind: &str) -> bool {
    value["type"].as_str().is_some_and(|word| word.eq_ignore_ascii_case(kind))
}

/// The names in double braces, each once, in the order in which they stand.
pub(crate) fn variables(text: &str) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let names = text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim()));
    names.filter(|name| !name.is_empty() && seen.insert(*name)).collect()
}

impl State {
    /// The account that a template belongs to, and its place there.
    pub(crate) fn template_place(&self, id: &str) -> Option<(&str, usize)> {
        // An id that follows from the rest has a form of its own, so others need not be compared with it.
        let may_follow = id.len() == 16 && id.starts_with('3');
        self.accounts.iter().find_map(|(account, known)| {
            let is_it = |template: &Template| {
                template.id == id || (may_follow && template.id.is_empty() && template.id_in(account) == id)
            };
            Some((&**account, known.templates.iter().position(is_it)?))
        })
    }
}

fn approved() -> String {
    "APPROVED".to_owned()
}

fn utility() -> String {
    "UTILITY".to_owned()
}

fn positional() -> String {
    "POSITIONAL".to_owned()
}

fn unknown() -> String {
    "UNKNOWN".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_once_in_their_order() {
        assert_eq!(variables("Hi {{2}}, {{1}} and {{2}} {{"), ["2", "1"]);
        assert_eq!(variables("Hi {{ first_name }}!"), ["first_name"]);
        assert!(variables("{{}} }} {1}").is_empty());
    }
}
