use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use wa_types::PhoneNumberId;

use crate::{
    Attempt, Timestamp,
    ledger::{AsyncLedger, Attempts, Ledger, LedgerError, Limit, Reservation, ReserveError, Settlement},
};

/// A ledger that lasts as long as its process: for tests, and for trying things out.
#[derive(Debug, Default)]
pub struct Memory {
    limit: Limit,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    numbers: BTreeMap<PhoneNumberId, Attempts>,
}

impl Memory {
    /// An empty ledger that counts so.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self { limit, inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for Memory {
    fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        Ok(self.lock().numbers.get(number).cloned().unwrap_or_else(|| Attempts::new(self.limit)))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError> {
        let mut inner = self.lock();
        let id = inner.last + 1;
        let attempts = inner.numbers.entry(number.clone()).or_insert_with(|| Attempts::new(self.limit));
        // Only counted attempts are dated by the service's clock: by a wrong one, too much would be forgotten.
        if attempt.is_counted() {
            attempts.prune(now);
        }
        attempts.reserve(id, attempt, now)?;
        inner.last = id;
        Ok(Reservation::new(id, number.clone(), attempt))
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError> {
        if let Some(attempts) = self.lock().numbers.get_mut(&reservation.number) {
            attempts.settle(reservation.id, settlement, now);
        }
        Ok(())
    }
}

#[async_trait]
impl AsyncLedger for Memory {
    async fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        Ledger::attempts(self, number)
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Reservation, ReserveError> {
        Ledger::reserve(self, number, attempt, now)
    }

    async fn settle(
        &self,
        reservation: &Reservation,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        Ledger::settle(self, reservation, settlement, now)
    }
}
