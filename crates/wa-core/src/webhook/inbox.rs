use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use wa_types::Timestamp;

use crate::webhook::EventKey;

mod lease;
mod memory;

pub use lease::{Claim, InboxError, Lease};
pub use memory::MemoryInbox;

/// Remembers which events are being worked on and which are done, so that a repeated delivery is not worked on twice.
///
/// The service repeats a delivery for seven days if it is not answered with 200, and may deliver twice what was. Only a
/// [`Lease`] can be confirmed, and claiming leaves nothing that outlives it: if the process dies at its work, the lease
/// expires, and the repeated delivery is worked on again. [`process`](Self::process) claims, works and confirms in this
/// order. An event whose work was done but not confirmed is worked on once more: work must bear that.
///
/// An implementation makes each step atomic, and durable before it returns. A store with a clock of its own counts by that
/// clock rather than by `now`. It keeps what is done for [`RETENTION`].
pub trait Inbox {
    /// Takes an event for so long, unless it is done or somebody else has taken it.
    ///
    /// # Errors
    ///
    /// The store cannot be used: answer 503, so that the delivery is repeated.
    fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError>;

    /// Notes that an event is done. Returns false if the lease had expired, and somebody else has taken the event or it
    /// was forgotten since: nothing is noted then.
    ///
    /// # Errors
    ///
    /// The store cannot be used: the event may be worked on again.
    fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError>;

    /// Gives an event back that could not be worked on, so that it can be taken again at once.
    ///
    /// # Errors
    ///
    /// The store cannot be used: the lease expires in its time.
    fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError>;

    /// Forgets for good what is over, and returns how much that was. A program that runs for long calls it daily.
    ///
    /// # Errors
    ///
    /// The store cannot be used. Part may be forgotten by then.
    fn prune(&self, now: Timestamp) -> Result<usize, InboxError>;

    /// Takes an event, works on it, and confirms it; or gives it back if the work fails.
    ///
    /// # Errors
    ///
    /// The work or the store failed: answer 500, so that the delivery is repeated.
    fn process<T, E: From<InboxError>>(
        &self,
        event: &EventKey,
        lease: Duration,
        clock: impl Fn() -> Timestamp,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<Claim<T>, E>
    where
        Self: Sized,
    {
        let lease = match self.claim(event, lease, clock())? {
            Claim::New(lease) => lease,
            Claim::AlreadyDone => return Ok(Claim::AlreadyDone),
            Claim::InProgress { until } => return Ok(Claim::InProgress { until }),
        };
        match work() {
            Ok(result) => {
                self.confirm(&lease, clock())?;
                Ok(Claim::New(result))
            }
            Err(error) => {
                // Should this fail too, the lease expires in its time.
                let _ = self.release(&lease, clock());
                Err(error)
            }
        }
    }
}

/// Remembers events without blocking; the same duties as [`Inbox`].
#[async_trait]
pub trait AsyncInbox: Send + Sync {
    /// Takes an event for so long, unless it is done or somebody else has taken it.
    ///
    /// # Errors
    ///
    /// The store cannot be used: answer 503, so that the delivery is repeated.
    async fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError>;

    /// Notes that an event is done. Returns false if the lease had expired, and somebody else has taken the event or it
    /// was forgotten since: nothing is noted then.
    ///
    /// # Errors
    ///
    /// The store cannot be used: the event may be worked on again.
    async fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError>;

    /// Gives an event back that could not be worked on, so that it can be taken again at once.
    ///
    /// # Errors
    ///
    /// The store cannot be used: the lease expires in its time.
    async fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError>;

    /// Forgets for good what is over, and returns how much that was. A program that runs for long calls it daily.
    ///
    /// # Errors
    ///
    /// The store cannot be used. Part may be forgotten by then.
    async fn prune(&self, now: Timestamp) -> Result<usize, InboxError>;

    /// Takes an event, works on it, and confirms it; or gives it back if the work fails.
    ///
    /// If this future is dropped before it is ready, the lease expires in its time.
    ///
    /// # Errors
    ///
    /// The work or the store failed: answer 500, so that the delivery is repeated.
    async fn process<T, E>(
        &self,
        event: &EventKey,
        lease: Duration,
        clock: impl Fn() -> Timestamp + Send + Sync,
        work: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<Claim<T>, E>
    where
        Self: Sized,
        T: Send,
        E: From<InboxError> + Send,
    {
        let lease = match self.claim(event, lease, clock()).await? {
            Claim::New(lease) => lease,
            Claim::AlreadyDone => return Ok(Claim::AlreadyDone),
            Claim::InProgress { until } => return Ok(Claim::InProgress { until }),
        };
        match work.await {
            Ok(result) => {
                self.confirm(&lease, clock()).await?;
                Ok(Claim::New(result))
            }
            Err(error) => {
                let _ = self.release(&lease, clock()).await;
                Err(error)
            }
        }
    }
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<I: Inbox + ?Sized> Inbox for $pointer {
            fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError> {
                (**self).claim(event, lease, now)
            }

            fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError> {
                (**self).confirm(lease, now)
            }

            fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError> {
                (**self).release(lease, now)
            }

            fn prune(&self, now: Timestamp) -> Result<usize, InboxError> {
                (**self).prune(now)
            }
        }

        #[async_trait]
        impl<I: AsyncInbox + ?Sized> AsyncInbox for $pointer {
            async fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError> {
                (**self).claim(event, lease, now).await
            }

            async fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError> {
                (**self).confirm(lease, now).await
            }

            async fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError> {
                (**self).release(lease, now).await
            }

            async fn prune(&self, now: Timestamp) -> Result<usize, InboxError> {
                (**self).prune(now).await
            }
        }
    )+};
}

forward!(&I, Arc<I>);

/// How long what is done is remembered: the seven days in which the service repeats a delivery, and a day more.
pub const RETENTION: Duration = Duration::from_secs(8 * 24 * 3_600);

#[cfg(test)]
mod tests {
    use std::{
        cell::Cell,
        panic::{AssertUnwindSafe, catch_unwind},
        sync::Mutex,
    };

    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    #[derive(Debug, PartialEq)]
    struct Failed;

    impl From<InboxError> for Failed {
        fn from(_: InboxError) -> Self {
            Self
        }
    }

    fn key() -> EventKey {
        EventKey::from_stored("message wamid.1")
    }

    #[test]
    fn an_event_is_done_only_after_its_work() {
        let (inbox, clock) = (Mutex::new(MemoryInbox::new(10)), Cell::new(0));
        let process = |work: &dyn Fn() -> Result<u8, Failed>| {
            Inbox::process(&inbox, &key(), LEASE, || Timestamp::from_secs(clock.get()), work)
        };
        let fails = || {
            let other = process(&|| Ok(0));
            assert_eq!(other, Ok(Claim::InProgress { until: Timestamp::from_secs(60) }), "while it is worked on");
            Err(Failed)
        };
        assert_eq!(process(&fails), Err(Failed));
        clock.set(1);
        assert!(catch_unwind(AssertUnwindSafe(|| process(&|| panic!("a test panics")))).is_err());
        clock.set(60);
        assert_eq!(process(&|| Ok(0)), Ok(Claim::InProgress { until: Timestamp::from_secs(61) }));
        clock.set(61);
        assert_eq!(process(&|| Ok(7)), Ok(Claim::New(7)));
        assert_eq!(process(&|| Ok(8)), Ok(Claim::AlreadyDone));
    }

    #[test]
    fn a_future_that_is_dropped_at_its_work_leaves_a_lease() {
        let (inbox, now) = (Mutex::new(MemoryInbox::new(10)), || Timestamp::from_secs(0));
        let (event, late) = (key(), || Timestamp::from_secs(60));
        {
            let never = std::future::pending::<Result<u8, Failed>>();
            let mut work = std::pin::pin!(AsyncInbox::process(&inbox, &event, LEASE, now, never));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(work.as_mut().poll(&mut context).is_pending());
        }
        let again = |clock: fn() -> Timestamp| {
            let work = async { Ok::<_, Failed>(7) };
            pollster::block_on(AsyncInbox::process(&inbox, &event, LEASE, clock, work))
        };
        assert_eq!(again(now), Ok(Claim::InProgress { until: Timestamp::from_secs(60) }));
        assert_eq!(again(late), Ok(Claim::New(7)));
        assert_eq!(again(late), Ok(Claim::AlreadyDone));
    }
}
