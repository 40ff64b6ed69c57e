use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Operation, Time};

/// What was asked and answered, oldest first, without its secrets.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    counts: Counts,
    next: u64,
}

impl Journal {
    /// The entries that are kept, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How often each call was made, by number or account and operation. It counts the entries that are not kept, too.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// All entries as lines of JSON.
    #[must_use]
    pub fn to_lines(&self) -> String {
        self.entries().filter_map(|entry| serde_json::to_string(entry).ok()).map(|line| line + "\n").collect()
    }

    pub(crate) fn clear(&mut self) -> usize {
        self.counts.clear();
        self.entries.drain(..).count()
    }

    pub(crate) fn push(&mut self, mut entry: Entry, most: usize) {
        entry.sequence = self.next;
        self.next += 1;
        let operations = match self.counts.get_mut(&entry.node) {
            Some(operations) => operations,
            None => self.counts.entry(entry.node.clone()).or_default(),
        };
        *operations.entry(entry.operation).or_default() += 1;
        self.entries.push_back(entry);
        while self.entries.len() > most {
            self.entries.pop_front();
        }
    }
}

/// How often each call was made: by number or account, then by operation.
pub type Counts = BTreeMap<String, BTreeMap<&'static str, u64>>;

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its place among all.
    pub sequence: u64,
    /// When it came.
    pub at: Time,
    /// The verb.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// Which call it is; `unmodelled` if it is none.
    pub operation: &'static str,
    /// The number or account that it is about.
    pub node: String,
    /// The app that asks, if its token is known.
    pub app: Option<String>,
    /// The parameters, secrets masked.
    pub request: Value,
    /// The status of the answer.
    pub status: u16,
    /// The answer, secrets masked.
    pub answer: Value,
    /// The fault that struck.
    pub fault: Option<String>,
    /// Whether the call was carried out; false if a fault struck before.
    pub reached: bool,
    /// Whether it was carried out and not refused, whatever the caller was told.
    pub took_effect: bool,
}

impl Entry {
    /// Whether it is of an operation or of a special case of it.
    #[must_use]
    pub fn is_of(&self, operation: Operation) -> bool {
        Operation::all().any(|one| one.name() == self.operation && operation.includes(one))
    }
}

/// Replaces what could be a secret, by the name of its member, wherever it stands.
pub(crate) fn mask(members: &Map<String, Value>) -> Value {
    Value::Object(members.iter().map(|(name, value)| (name.clone(), masked(name, value))).collect())
}

/// The same for an answer, where a number named `code` is that of an error.
pub(crate) fn mask_answer(answer: &Value) -> Value {
    match answer {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| match value {
                Value::Number(_) => (name.clone(), value.clone()),
                Value::Object(_) => (name.clone(), mask_answer(value)),
                _ => (name.clone(), masked(name, value)),
            })
            .collect(),
        _ => answer.clone(),
    }
}

fn masked(name: &str, value: &Value) -> Value {
    let is_secret = || SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret));
    match value {
        Value::Object(members) => mask(members),
        Value::Array(items) => items.iter().map(|item| masked(name, item)).collect(),
        // In a form an object stands as text.
        Value::String(text) if text.starts_with(['{', '[']) => match serde_json::from_str(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => masked(name, &inner),
            _ => MASK.into(),
        },
        Value::String(_) | Value::Number(_) if is_secret() => MASK.into(),
        _ => value.clone(),
    }
}

const SECRETS: &[&str] = &[
    "pin",
    "code",
    "password",
    "data",
    "verify_token",
    "access_token",
    "appsecret_proof",
    "sip_user_password",
    "client_encryption_key",
];
const MASK: &str = "***";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let request = json!({
            "pin": "123456", "PIN": 123456, "backup": {"password": "hunter2", "data": "blob"}, "language": "en_US",
            "list": [{"verify_token": "t"}], "form": "{\"pin\":\"123456\"}", "broken": "{\"pin\":\"123456"
        });
        let text = mask(request.as_object().unwrap()).to_string();
        for secret in ["123456", "hunter2", "blob", "\"t\""] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("en_US"));
    }
}
