use std::{error, fmt, sync::Arc};

use async_trait::async_trait;
use wa_core::types::PhoneNumberId;

use crate::ledger::{Attempt, Attempts, Moment, Refusal, Reservation, Settlement};

/// Keeps the attempts of all numbers.
///
/// An implementation decides nothing. In one transaction, isolated from all others of the same number, it loads the entries
/// of the number, asks [`Attempts`], and writes the result, which is durable before it returns. A store with a clock of its
/// own replaces [`Moment::store`] by that clock's time. It keeps both dates of what it writes.
pub trait Ledger {
    /// Loads the attempts of a number: what [`Attempts::load`] makes of its entries.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError>;

    /// Reserves an attempt, before its request leaves: what [`Attempts::reserve`] says.
    ///
    /// # Errors
    ///
    /// None is left, somebody else was faster, or the store cannot be written. Nothing may be sent in any case.
    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError>;

    /// Notes that the request of a reserved attempt is about to be handed to a transport: what [`Attempts::mark_sent`]
    /// says. Nothing may be sent if it is false.
    ///
    /// # Errors
    ///
    /// The store cannot be written: nothing may be sent.
    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError>;

    /// Notes what became of an attempt: what [`Attempts::settle`] says. One that is never settled counts as spent.
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError>;
}

/// Keeps the attempts of all numbers without blocking; the same duties as [`Ledger`].
#[async_trait]
pub trait AsyncLedger: Send + Sync {
    /// Loads the attempts of a number.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError>;

    /// Reserves an attempt, before its request leaves.
    ///
    /// # Errors
    ///
    /// None is left, somebody else was faster, or the store cannot be written. Nothing may be sent in any case.
    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Reservation, ReserveError>;

    /// Notes that the request of a reserved attempt is about to be handed to a transport. Nothing may be sent if it is
    /// false.
    ///
    /// # Errors
    ///
    /// The store cannot be written: nothing may be sent.
    async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError>;

    /// Notes what became of an attempt. One that is never settled counts as spent.
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError>;
}

/// The store failed: nothing may be sent.
#[derive(Debug)]
pub struct LedgerError {
    doing: &'static str,
    source: Box<dyn error::Error + Send + Sync>,
}

impl LedgerError {
    /// The store failed at this, such as `reading attempts`.
    pub fn new(doing: &'static str, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { doing, source: source.into() }
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ledger of attempts failed at {}: nothing is sent without it; {}", self.doing, self.source)
    }
}

impl error::Error for LedgerError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.source()
    }
}

/// Why an attempt could not be reserved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReserveError {
    /// None is left.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody else has tried something since the attempts were loaded: load them again, and decide anew.
    #[error("somebody else has made an attempt with this number meanwhile: nothing was sent")]
    Overtaken,
    /// The store failed.
    #[error(transparent)]
    Unavailable(#[from] LedgerError),
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<L: Ledger + ?Sized> Ledger for $pointer {
            fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
                (**self).load(number, now)
            }

            fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
                (**self).reserve(number, attempt, now)
            }

            fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
                (**self).mark_sent(reservation, now)
            }

            fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
                (**self).settle(reservation, settlement, now)
            }
        }

        #[async_trait]
        impl<L: AsyncLedger + ?Sized> AsyncLedger for $pointer {
            async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
                (**self).load(number, now).await
            }

            async fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
                (**self).reserve(number, attempt, now).await
            }

            async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
                (**self).mark_sent(reservation, now).await
            }

            async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
                (**self).settle(reservation, settlement, now).await
            }
        }
    )+};
}

forward!(&L, Arc<L>);

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the statement failed")]
    struct StatementFailed(#[source] fmt::Error);

    #[test]
    fn a_failure_of_a_store_says_what_it_was_doing_and_each_cause_once() {
        let error = LedgerError::new("reserving an attempt", StatementFailed(fmt::Error));
        assert_eq!(
            error.to_string(),
            "the ledger of attempts failed at reserving an attempt: nothing is sent without it; the statement failed"
        );
        assert_eq!(error.source().map(ToString::to_string), Some(fmt::Error.to_string()));
        assert_eq!(ReserveError::from(error).source().map(ToString::to_string), Some(fmt::Error.to_string()));
    }
}
