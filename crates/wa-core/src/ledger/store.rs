use std::{error, fmt, sync::Arc};

use async_trait::async_trait;
use wa_types::PhoneNumberId;

use crate::{
    Attempt, Timestamp,
    ledger::{Attempts, Refusal, Settlement},
};

/// Keeps the attempts of all numbers.
///
/// An implementation makes a reservation durable before it returns, decides by [`Attempts`] alone, and lets no two
/// reservations for one number happen at once, whoever makes them.
pub trait Ledger {
    /// What is known of a number's attempts.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError>;

    /// Takes an attempt, before its request leaves.
    ///
    /// # Errors
    ///
    /// None is left, or the store cannot be written. Nothing may be sent in either case.
    fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError>;

    /// Notes what became of an attempt. One that is never settled counts as spent.
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError>;
}

/// Keeps the attempts of all numbers without blocking; the same duties as [`Ledger`].
#[async_trait]
pub trait AsyncLedger: Send + Sync {
    /// What is known of a number's attempts.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    async fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError>;

    /// Takes an attempt, before its request leaves.
    ///
    /// # Errors
    ///
    /// None is left, or the store cannot be written. Nothing may be sent in either case.
    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Reservation, ReserveError>;

    /// Notes what became of an attempt. One that is never settled counts as spent.
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    async fn settle(
        &self,
        reservation: &Reservation,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), LedgerError>;
}

/// A reserved attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reservation {
    /// Its id in the ledger.
    pub id: u64,
    /// The number.
    pub number: PhoneNumberId,
    /// What may be tried.
    pub attempt: Attempt,
}

impl Reservation {
    /// What a ledger gives out for a reservation.
    #[must_use]
    pub fn new(id: u64, number: PhoneNumberId, attempt: Attempt) -> Self {
        Self { id, number, attempt }
    }
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

/// Why an attempt could not be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReserveError {
    /// None is left.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Unavailable(#[from] LedgerError),
}

macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<L: Ledger + ?Sized> Ledger for $pointer {
            fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
                (**self).attempts(number)
            }

            fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError> {
                (**self).reserve(number, attempt, now)
            }

            fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError> {
                (**self).settle(reservation, settlement, now)
            }
        }

        #[async_trait]
        impl<L: AsyncLedger + ?Sized> AsyncLedger for $pointer {
            async fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
                (**self).attempts(number).await
            }

            async fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError> {
                (**self).reserve(number, attempt, now).await
            }

            async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError> {
                (**self).settle(reservation, settlement, now).await
            }
        }
    )+};
}

forward!(&L, Arc<L>);
