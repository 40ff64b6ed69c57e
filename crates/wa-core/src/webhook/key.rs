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
                let recipient = status.user().map(|user| user.as_str());
                let recipient = recipient.or(status.recipient_id.as_ref().map(|id| id.as_str())).unwrap_or_default();
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
