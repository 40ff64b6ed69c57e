//! What numbers and people have written to each other.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Number, Time};

/// A message of a number to a person, or of a person to a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ChatMessage {
    /// Its id, which begins with `wamid.`.
    pub id: String,
    /// The person's digits; the user id of a person whose digits nobody knows.
    pub person: String,
    /// Whether the person wrote it.
    pub is_inbound: bool,
    /// When.
    pub at: Time,
    /// Its type, such as `text`.
    pub kind: String,
    /// What the member named like its type holds.
    pub content: Value,
    /// The message that it replies to.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// What became of it: `accepted`, `sent`, `delivered`, `read`, `played` or `failed`; `received` or `read` if a person wrote it.
    pub status: String,
    /// The code by which it failed.
    #[serde(default)]
    pub error: Option<i64>,
    /// What its sender wants to see again in the statuses.
    #[serde(default)]
    pub tag: Option<String>,
    /// The category of its template.
    #[serde(default)]
    pub category: Option<String>,
    /// Whether the business pays for it.
    #[serde(default)]
    pub is_billable: bool,
}

impl ChatMessage {
    /// Notes a status, unless a later one is known.
    pub(crate) fn reach(&mut self, status: &str, error: Option<i64>) {
        let rank = |status: &str| STATUSES.iter().position(|known| *known == status);
        if rank(status) > rank(&self.status) {
            self.status = status.to_owned();
            self.error = error;
        }
    }
}

impl Number {
    /// Keeps a message, and forgets the oldest of what is too much. Of a huge one only the fact is kept.
    pub(crate) fn keep_message(&mut self, mut message: ChatMessage) {
        let mut left = LARGEST_CONTENT;
        if !fits(&message.content, &mut left) {
            message.content = Value::Null;
        }
        if self.messages.len() >= MOST_MESSAGES {
            self.messages.remove(0);
        }
        self.messages.push(message);
    }

    pub(crate) fn message(&self, id: &str) -> Option<&ChatMessage> {
        self.messages.iter().rev().find(|message| message.id == id)
    }

    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut ChatMessage> {
        self.messages.iter_mut().rev().find(|message| message.id == id)
    }
}

/// Whether a value needs no more than so many bytes, more or less.
fn fits(value: &Value, left: &mut usize) -> bool {
    let (own, inner): (usize, Vec<&Value>) = match value {
        Value::String(text) => (text.len(), Vec::new()),
        Value::Array(items) => (8, items.iter().collect()),
        Value::Object(members) => (members.keys().map(|name| name.len() + 8).sum(), members.values().collect()),
        _ => (8, Vec::new()),
    };
    match left.checked_sub(own) {
        Some(rest) => *left = rest,
        None => return false,
    }
    inner.into_iter().all(|value| fits(value, left))
}

/// In the order in which they follow each other.
const STATUSES: &[&str] = &["accepted", "received", "sent", "delivered", "read", "played", "failed"];
const MOST_MESSAGES: usize = 500;
const LARGEST_CONTENT: usize = 64 << 10;
