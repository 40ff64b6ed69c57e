use std::time::{Duration, Instant};

/// The moment at which a caller stops waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    #[allow(clippy::disallowed_methods, reason = "waiting for a lock or for a server needs a monotonic clock")]
    pub(crate) fn after(timeout: Duration) -> Self {
        // A timeout that is too long to be added never elapses.
        Self(Instant::now().checked_add(timeout))
    }

    /// How much time is left; nothing once the deadline has passed.
    #[allow(clippy::disallowed_methods, reason = "waiting for a lock or for a server needs a monotonic clock")]
    pub(crate) fn left(self) -> Duration {
        self.0.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }
}
