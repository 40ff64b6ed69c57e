use std::fmt;

use sha2::{Digest, Sha256};
use wa_types::Timestamp;

use super::{Change, Event};

/// What an event is told apart by. A delivery that comes again holds events with the same keys.
///
/// Keep it where handled events are noted, and handle no key twice. It is visible ASCII without blanks, 200 bytes at the
/// most, and it stays the same in later versions of the library. It holds nothing of what a message says, but the ids in it
/// name phone numbers.
///
/// | event | key |
/// |---|---|
/// | message | `message:{id}`, `standby-message:{id}`, `history-message:{id}` |
/// | echo | `echo:{id}`, `standby-echo:{id}` |
/// | status | `status:{id}:{status}:{recipient}`, `standby-status:..` |
/// | call | `call:{id}:{event}`, `call-status:{id}:{status}` |
/// | anything else, also the status of a payment | `sha256:` and the digest of its JSON, field, number, account and time |
///
/// Two events of the last row that come to the letter the same are the same event, unless the delivery gives their time.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventKey(Box<str>);

impl EventKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a key that was stored.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self(text.into())
    }

    pub(super) fn of(event: &Event<'_>) -> Self {
        match &event.change {
            Change::Message(message) => Self::new("message", &[message.id.as_str()]),
            Change::StandbyMessage(message) => Self::new("standby-message", &[message.id.as_str()]),
            Change::HistoryMessage(message) => Self::new("history-message", &[message.id.as_str()]),
            Change::Echo(echo) => Self::new("echo", &[echo.id.as_str()]),
            Change::StandbyEcho(echo) => Self::new("standby-echo", &[echo.id.as_str()]),
            Change::Status(status) | Change::StandbyStatus(status) => {
                // A payment goes on under the same status: what happens to it stands deeper.
                if status.payment.is_some() {
                    return Self::of_json(event);
                }
                let kind = if matches!(event.change, Change::Status(_)) { "status" } else { "standby-status" };
                let group = || status.recipient_id.as_ref().map(|id| id.as_str());
                let recipient = status.user().map(|user| user.as_str()).or_else(group).unwrap_or_default();
                Self::new(kind, &[status.id.as_str(), status.status.as_str(), recipient])
            }
            Change::Call(call) => Self::new("call", &[call.id.as_str(), call.event.as_str()]),
            Change::CallStatus(status) => Self::new("call-status", &[status.id.as_str(), status.status.as_str()]),
            _ => Self::of_json(event),
        }
    }

    fn new(kind: &str, parts: &[&str]) -> Self {
        let is_plain = |part: &&str| part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
        let length: usize = parts.iter().map(|part| 1 + part.len()).sum();
        if parts.iter().all(is_plain) && kind.len() + length <= LONGEST {
            let mut text = String::with_capacity(kind.len() + length);
            text.push_str(kind);
            for part in parts {
                text.push(':');
                text.push_str(part);
            }
            return Self(text.into());
        }
        Self(format!("{kind}:sha256:{}", digest(parts)).into())
    }

    fn of_json(event: &Event<'_>) -> Self {
        let time = event.time.map(Timestamp::as_millis).map(|time| time.to_string());
        let parts = [
            event.account.as_ref().map(|id| id.as_str()),
            event.portfolio.as_ref().map(|id| id.as_str()),
            time.as_deref(),
            Some(&*event.field),
            event.number.as_ref().map(|id| id.as_str()),
            Some(&*event.raw),
        ];
        Self(format!("sha256:{}", digest(&parts.map(Option::unwrap_or_default))).into())
    }
}

impl AsRef<str> for EventKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventKey({})", self.0)
    }
}

/// The digest of several texts: no two lists of texts have the same bytes, since each begins with its length.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().fold(String::with_capacity(64), |text, byte| text + &format!("{byte:02x}"))
}

const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wa_types::AppSecret;

    use crate::webhook::{Unverified, Verifier};

    fn keys(field: &str, time: u64, value: &serde_json::Value) -> Vec<String> {
        let body =
            json!({"entry": [{"id": "1", "time": time, "changes": [{"field": field, "value": value}]}]}).to_string();
        let verifier = Verifier::new(&AppSecret::new("secret").unwrap());
        let signature = verifier.sign(body.as_bytes());
        let delivery = Unverified::new(Some(signature.as_bytes()), body.as_bytes()).verify(&verifier).unwrap();
        delivery.events().unwrap().iter().map(|event| event.key().to_string()).collect()
    }

    #[test]
    fn what_has_an_id_is_told_apart_by_it() {
        let value = json!({
            "metadata": {"phone_number_id": "106540352242922"},
            "messages": [{"id": "wamid.1", "from": "16505551234", "type": "text", "text": {"body": "a secret"}}],
            "statuses": [
                {"id": "wamid.2", "status": "SENT", "recipient_id": "16505551234", "timestamp": "1"},
                {"id": "wamid.2", "status": "read", "recipient_id": "G", "recipient_type": "group", "recipient_participant_id": "7"},
                {"id": "wamid.2", "status": "read", "recipient_id": "G", "recipient_type": "group"},
                {"id": "wamid.2", "status": "new"},
            ],
        });
        assert_eq!(
            keys("messages", 1, &value),
            [
                "message:wamid.1",
                "status:wamid.2:sent:16505551234",
                "status:wamid.2:read:7",
                "status:wamid.2:read:G",
                "status:wamid.2:new:",
            ]
        );
        let value = json!({"calls": [{"id": "wacid.1", "event": "connect"}], "statuses": [{"id": "wacid.1", "status": "RINGING"}]});
        assert_eq!(keys("calls", 1, &value), ["call:wacid.1:connect", "call-status:wacid.1:RINGING"]);
        let value = json!({"message_echoes": [{"id": "wamid.1", "type": "text"}]});
        assert_eq!(keys("smb_message_echoes", 1, &value), ["echo:wamid.1"]);
        assert_eq!(keys("history", 1, &value), ["history-message:wamid.1"]);
        assert_eq!(keys("standby", 1, &json!({"standby": value})), ["standby-echo:wamid.1"]);
    }

    #[test]
    fn anything_else_is_told_apart_by_its_json_number_account_and_time() {
        let key = |field, time, number: &str, code: i64| {
            let value = json!({"metadata": {"phone_number_id": number}, "errors": [{"code": code}]});
            let [key] = keys(field, time, &value).try_into().unwrap();
            key
        };
        let first = key("messages", 1, "7", 130_429);
        assert!(first.starts_with("sha256:") && first.len() == 7 + 64, "{first}");
        assert_eq!(first, key("messages", 1, "7", 130_429));
        for other in [
            key("calls", 1, "7", 130_429),
            key("messages", 2, "7", 130_429),
            key("messages", 1, "8", 130_429),
            key("messages", 1, "7", 130_430),
        ] {
            assert_ne!(other, first);
        }
        // The same status of a payment may come with another transaction.
        let payment =
            |id| json!({"statuses": [{"id": "w", "status": "captured", "payment": {"transaction": {"id": id}}}]});
        assert_ne!(keys("messages", 1, &payment("a")), keys("messages", 1, &payment("b")));
    }

    #[test]
    fn odd_ids_are_digested() {
        let key = |id: &str| keys("messages", 1, &json!({"messages": [{"id": id}]})).remove(0);
        for id in ["a b", "a:b", "\u{e9}", "\n", &"w".repeat(500)] {
            let key = key(id);
            assert!(key.starts_with("message:sha256:") && key.len() == 15 + 64, "{key}");
        }
        assert_ne!(key("a b"), key("a:b"));
        assert_eq!(key(&"w".repeat(190)).len(), 198);
    }
}
