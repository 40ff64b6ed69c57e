use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use wa_core::types::PhoneNumberId;

use crate::ledger::{
    AsyncLedger, Attempt, Attempts, Ledger, LedgerError, Limit, Moment, Reservation, ReserveError, Settlement,
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
    /// An empty ledger with this rule of counting.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self { limit, inner: Mutex::default() }
    }

    /// Lets this work on the attempts of a number.
    fn with<R>(&self, number: &PhoneNumberId, now: Moment, work: impl FnOnce(&mut u64, &mut Attempts) -> R) -> R {
        let mut inner: MutexGuard<'_, Inner> = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { last, numbers } = &mut *inner;
        let attempts = numbers.entry(number.clone()).or_insert_with(|| Attempts::new(self.limit, now));
        *attempts = std::mem::replace(attempts, Attempts::new(self.limit, now)).at(now);
        work(last, attempts)
    }
}

impl Ledger for Memory {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ok(self.with(number, now, |_, attempts| attempts.clone()))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        self.with(number, now, |last, attempts| {
            attempts.prune();
            attempts.reserve(*last + 1, attempt)?;
            *last += 1;
            Ok(Reservation::new(*last, number.clone(), attempt.kind))
        })
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ok(self.with(&reservation.number, now, |_, attempts| attempts.mark_sent(reservation.id)))
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        self.with(&reservation.number, now, |_, attempts| attempts.settle(reservation.id, settlement));
        Ok(())
    }
}

#[async_trait]
impl AsyncLedger for Memory {
    async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(self, number, now)
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Reservation, ReserveError> {
        Ledger::reserve(self, number, attempt, now)
    }

    async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(self, reservation, now)
    }

    async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        Ledger::settle(self, reservation, settlement, now)
    }
}
