use std::{error, fmt};

use wa_types::Timestamp;

use crate::webhook::EventKey;

/// What came of claiming an event, or of [processing](crate::webhook::Inbox::process) it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "each case needs an answer of its own")]
pub enum Claim<T = Lease> {
    /// It was nobody's: this is the lease, or what the work returned. Answer 200 once the work is done.
    New(T),
    /// It was worked on before: answer 200.
    AlreadyDone,
    /// Somebody else works on it, or the inbox has no room: answer 503, so that the delivery is repeated.
    InProgress {
        /// When that ends at the latest, by the clock of the store.
        until: Timestamp,
    },
}

/// The right to work on an event for a while. It marks nothing as done until it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Lease {
    event: EventKey,
    token: u64,
    until: Timestamp,
}

impl Lease {
    /// What an inbox returns for an event that it has leased. The token is another for each lease of the same event.
    pub fn new(event: EventKey, token: u64, until: Timestamp) -> Self {
        Self { event, token, until }
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> &EventKey {
        &self.event
    }

    /// What tells it from other leases of the same event.
    #[must_use]
    pub fn token(&self) -> u64 {
        self.token
    }

    /// When others may take the event, by the clock of the store.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }
}

/// The store of an inbox failed.
#[derive(Debug)]
pub struct InboxError {
    doing: &'static str,
    source: Box<dyn error::Error + Send + Sync>,
}

impl InboxError {
    /// The store failed at this, such as `claiming an event`.
    pub fn new(doing: &'static str, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { doing, source: source.into() }
    }
}

impl fmt::Display for InboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the inbox of webhooks failed at {}: {}", self.doing, self.source)
    }
}

impl error::Error for InboxError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.source()
    }
}
